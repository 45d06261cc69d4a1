using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using MiniNet.Graphs;
using MiniNet.Initializers;
using MiniNet.Layers;
using MiniNet.Losses;
using MiniNet.Tensors;

namespace MiniNet.Tests.Conventions;

/// <summary>
/// Checks that public constructors and methods of the core report null with the name of the parameter. Exempt are: operations and
/// initializers, whose methods a graph calls with its own tensors; the arithmetic of tensors and formulas, where null fails at once;
/// records, which only hold values; and exceptions. A graph checks after it knows its inputs, so it is tested by itself.
/// </summary>
public class NullArgumentTests
{
    private static readonly Type[] Exempt =
    [
        typeof(Operation), typeof(Initializer), typeof(NodeOperators), typeof(Tensor), typeof(NodeContext), typeof(Exception),
        typeof(Graph),
    ];

    public static TheoryData<Type> Types =>
    [
        .. typeof(Graph).Assembly.GetExportedTypes().Where(type =>
            !Array.Exists(Exempt, of => of.IsAssignableFrom(type)) && !IsRecord(type) && !type.IsSubclassOf(typeof(Delegate))
            && type.DeclaringType is null && MembersOf(type).Any()),
    ];

    [Theory]
    [MemberData(nameof(Types))]
    public void PublicMembers_NullArguments_ThrowArgumentNullException(Type type)
    {
        var failures = new List<string>();
        foreach (MethodBase member in MembersOf(type))
        {
            ParameterInfo[] parameters = member.GetParameters();
            Exception? thrown = Record.Exception(() => Call(type, member, parameters));
            if (thrown is not TargetInvocationException { InnerException: ArgumentNullException inner }
                || !Array.Exists(parameters, parameter => parameter.Name == inner.ParamName))
            {
                string names = string.Join(", ", parameters.Select(parameter => parameter.Name));
                failures.Add($"{member.Name}({names}): {thrown?.InnerException}");
            }
        }

        Assert.Equal([], failures);
    }

    [Fact]
    public void Graph_NullArguments_ThrowArgumentNullException()
    {
        var graph = new Sequential(new Linear(2, 1));
        Node y = graph.Output;
        graph.AddLoss(new MeanSquaredError());
        Assert.All(
            (Action[])
            [
                () => graph.Forward((Tensor)null!), () => graph.Forward([null!]), () => graph.Loss(null!), () => graph.Predict(null!),
                () => graph.ForwardAt(null!), () => graph.BackwardAt(null!), () => graph.BackwardFrom(null!, new Tensor(new Shape(1, 1))),
                () => graph.Input(null!, Shape.Batch(1)), () => graph.Add(null!, new ReLU(), y), () => graph.Add((ReLU)null!, y),
                () => graph.Add("a", (Layer)null!, y), () => graph.Add("a", new ReLU(), null!), () => graph.Add(new Add(), y, null!),
                () => graph.Add("a", (Block)null!, y), () => graph.AddLoss(null!), () => graph.RandomState = null!,
                () => _ = graph[null!], () => _ = new Sequential(null!), () => _ = new Sequential(Shape.Batch(1), null!),
            ],
            call => Assert.Throws<ArgumentNullException>(call));
    }

    // All references are null, and all values are valid for most methods. Methods must check null before they use a field.
    private static void Call(Type type, MethodBase member, ParameterInfo[] parameters)
    {
        object?[] arguments =
        [
            .. parameters.Select(parameter => parameter.HasDefaultValue ? parameter.DefaultValue
                : parameter.ParameterType.IsPrimitive ? Convert.ChangeType(1, parameter.ParameterType, CultureInfo.InvariantCulture)
                : parameter.ParameterType.IsValueType ? Activator.CreateInstance(parameter.ParameterType)
                : null),
        ];
        _ = member is ConstructorInfo constructor
            ? constructor.Invoke(arguments)
            : member.Invoke(member.IsStatic ? null : RuntimeHelpers.GetUninitializedObject(type), arguments);
    }

    private static IEnumerable<MethodBase> MembersOf(Type type)
    {
        const BindingFlags Public = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
        var nullability = new NullabilityInfoContext();
        return type.GetMethods(Public).Where(method => !method.IsAbstract && (method.IsStatic || !type.IsAbstract)).Cast<MethodBase>()
            .Concat(type.IsAbstract ? [] : type.GetConstructors())
            .Where(member => !member.ContainsGenericParameters
                && !Array.Exists(member.GetParameters(), parameter => parameter.ParameterType.IsByRefLike)
                && Array.Exists(member.GetParameters(), parameter => !parameter.ParameterType.IsValueType && !parameter.HasDefaultValue
                    && nullability.Create(parameter).WriteState == NullabilityState.NotNull));
    }

    private static bool IsRecord(Type type) => type.GetMethod("<Clone>$") is not null || type.GetMethod("Deconstruct") is not null;
}
