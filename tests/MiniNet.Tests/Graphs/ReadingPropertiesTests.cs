using System.Collections;
using System.Reflection;
using System.Reflection.Emit;
using MiniNet.Graphs;
using MiniNet.Layers;
using MiniNet.Losses;
using MiniNet.Optimizers;
using MiniNet.Tensors;

namespace MiniNet.Tests.Graphs;

/// <summary>
/// A debugger reads properties at any time, so reading one must never change what is computed. Between all phases of a training step, the
/// test reads every public and internal property of every object that a graph and an optimizer refer to.
/// </summary>
public class ReadingPropertiesTests
{
    private readonly Dictionary<Type, List<Func<object, object?>>> getters = [];

    // In both orders, because reading one property could repair what reading another one broke.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void TrainingSteps_WithAllPropertiesRead_GiveTheSameBits(bool lastFirst)
    {
        (Graph graph, Targets targets, Tensor[] inputs) = Create();
        (Graph read, _, _) = Create();
        Adam optimizer = new(graph.Parameters, 0.01f), readOptimizer = new(read.Parameters, 0.01f);
        int objects = 0;
        for (int step = 0; step < 3; step++)
        {
            Run(graph, targets, inputs, optimizer, () => { });
            Run(read, targets, inputs, readOptimizer, () => objects = ReadAll(lastFirst, read, readOptimizer));
            foreach ((Tensor expected, Tensor actual) in TensorsOf(graph).Zip(TensorsOf(read)))
            {
                Assert.Equal(Bits(expected), Bits(actual));
            }
        }

        Assert.InRange(objects, 300, 100_000);
        Assert.Contains(getters.Keys, type => type == typeof(NodeContext));
    }

    private static void Run(Graph graph, Targets targets, Tensor[] inputs, Optimizer optimizer, Action between)
    {
        between();
        graph.BeginForward(inputs, Phase.Training);
        foreach (Node node in graph.Nodes.Where(node => !node.NeedsTargets))
        {
            graph.ForwardAt(node);
            between();
        }

        graph.BeginLoss(targets);
        foreach (Node node in graph.Nodes.Where(node => node.NeedsTargets))
        {
            graph.ForwardAt(node);
        }

        between();
        graph.ZeroGradients();
        between();
        graph.BeginBackward();
        between();
        foreach (Node node in graph.Nodes.Reverse())
        {
            graph.BackwardAt(node);
            between();
        }

        GradientClipping.ByNorm(graph.Parameters, 0.5f);
        between();
        optimizer.Step();
        between();
    }

    // Returns the number of objects found.
    private int ReadAll(bool lastFirst, params object[] roots)
    {
        var seen = new HashSet<object>(roots, ReferenceEqualityComparer.Instance);
        var open = new Queue<object>(roots);
        while (open.TryDequeue(out object? next))
        {
            IEnumerable<object?> found = next is IEnumerable items and not string ? items.Cast<object?>() : Properties(next, lastFirst);
            foreach (object? value in found)
            {
                if (value is not null and not string and not Type && !value.GetType().IsPrimitive && IsOurs(value) && seen.Add(value))
                {
                    open.Enqueue(value);
                }
            }
        }

        return seen.Count;
    }

    private static bool IsOurs(object value) => value is IEnumerable || value.GetType().Assembly == typeof(Graph).Assembly;

    private List<object?> Properties(object of, bool lastFirst)
    {
        Type type = of.GetType();
        if (!getters.TryGetValue(type, out List<Func<object, object?>>? ofType))
        {
            const BindingFlags All = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;
            getters[type] = ofType =
            [
                .. type.GetProperties(All)
                    .Where(property => property.GetMethod is { } getter && getter.GetParameters().Length == 0 && !getter.IsPrivate)
                    .Select(property => Getter(property.GetMethod!)),
            ];
        }

        List<object?> values = [];
        foreach (Func<object, object?> getter in lastFirst ? ofType.AsEnumerable().Reverse() : ofType)
        {
            try
            {
                values.Add(getter(of));
            }
            catch (Exception e) when (e is TargetInvocationException or InvalidOperationException or IndexOutOfRangeException)
            {
                // such as the targets of a loss before they are set, or the second dimension of a vector
            }
        }

        return values;
    }

    // Reflection cannot call a getter that returns a Span, so that call is compiled, and its result is discarded.
    private static Func<object, object?> Getter(MethodInfo getter)
    {
        if (!getter.ReturnType.IsByRefLike)
        {
            return of => getter.Invoke(of, null);
        }

        var method = new DynamicMethod("Read", typeof(object), [typeof(object)], typeof(Graph).Module, skipVisibility: true);
        ILGenerator code = method.GetILGenerator();
        code.Emit(OpCodes.Ldarg_0);
        code.Emit(getter.DeclaringType!.IsValueType ? OpCodes.Unbox : OpCodes.Castclass, getter.DeclaringType);
        code.Emit(OpCodes.Call, getter);
        code.Emit(OpCodes.Pop);
        code.Emit(OpCodes.Ldnull);
        code.Emit(OpCodes.Ret);
        return method.CreateDelegate<Func<object, object?>>();
    }

    private static IEnumerable<Tensor> TensorsOf(Graph graph) =>
        graph.Nodes.SelectMany(node => new[] { node.Value, node.Gradient }).OfType<Tensor>()
            .Concat(graph.Parameters.SelectMany(parameter => new[] { parameter.Value, parameter.Gradient }))
            .Concat(graph.NamedTensors().Select(entry => entry.Tensor));

    private static int[] Bits(Tensor tensor) => [.. tensor.Span.ToArray().Select(BitConverter.SingleToInt32Bits)];

    private static (Graph Graph, Targets Targets, Tensor[] Inputs) Create()
    {
        var graph = new Graph(seed: 3);
        Node x = graph.Input("x", Shape.Batch(16), needsGradient: true);
        Node image = graph.Add("conv", new Conv2d(1, 2, 3, padding: 1), graph.Add("image", new Unflatten(1, 4, 4), x));
        image = graph.Add("pooled", new MaxPool2d(2), graph.Add("norm", new BatchNorm2d(2), image));
        Node h = graph.Add("h", new Linear(16, 8), x), relu = graph.Add("relu", new ReLU(), h);
        Node more = graph.Add("more", new Linear(8, 8), graph.Add("dropped", new Dropout(0.3f), relu));
        Node residual = graph.Add("residual", new Add(), graph.Add("tanh", new Tanh(), more), relu);
        Node all = graph.Add("all", new Concat(), residual, graph.Add("flat", new Flatten(), image), residual);
        Node scores = graph.Add("scores", new Linear(24, 3), graph.Add("row norm", new LayerNorm(24), all));
        Node values = graph.Add("values", new Linear(24, 2, bias: false), all);
        graph.AddLoss(new SoftmaxCrossEntropy(), scores);
        graph.AddLoss(new Huber(), values, weight: 0.5f);
        return (
            graph,
            Targets.ForEachLoss(new[] { 0, 2, 1, 1, 0, 2 }, Samples.Tensor(new Shape(6, 2), 8)),
            [Samples.Tensor(new Shape(6, 16), 9)]);
    }
}
