using System.Diagnostics;
using Mono.Cecil;
using Mono.Cecil.Cil;

namespace MiniNet.Tests.Conventions;

/// <summary>
/// Checks that F11 stops only in the math. With the plain kernels, a debugger that steps into every call of a training loop stops only in
/// the graph's short loops, in Forward and Backward, in gradient clipping, in the optimizer's update and in the plain kernels. All other
/// code that runs has [DebuggerStepThrough]. The test reads the compiled code and follows every possible call, independent of the data.
/// </summary>
public class SteppingTests
{
    private static readonly string[] GraphLoops =
        ["Forward", "Loss", "ZeroGradients", "Backward", "BackwardFrom", "ForwardAt", "BackwardAt"];

    // The libraries share a resolver, so that a call from one into the other leads to the definition that was read here.
    private static readonly DefaultAssemblyResolver Resolver = new();

    // The symbols say which methods have source lines at all; in the others no debugger can stop.
    private static readonly ModuleDefinition[] Libraries =
        [Read(typeof(MiniNet.Graphs.Graph)), Read(typeof(MiniNet.Stepping.BackpropStepper))];
    private static readonly List<MethodDefinition> Methods =
        [.. Libraries.SelectMany(library => library.GetTypes()).SelectMany(type => type.Methods)];
    private static readonly HashSet<MethodDefinition> Reached = Walk(Methods.Where(IsStart));

    [Fact]
    public void F11_InTrainingLoop_StopsOnlyInMath() =>
        AssertNone("needs [DebuggerStepThrough]", Reached.Where(method =>
            method.DebugInformation.HasSequencePoints
                && !IsMath(method) && !IsSteppedThrough(method) && !method.IsGetter && !method.IsSetter));

    [Fact]
    public void F11_InTrainingLoop_StopsInAllMath()
    {
        AssertNone("must not be stepped through", Reached.Where(method => IsMath(method) && IsSteppedThrough(method)));

        // All math is part of training; otherwise, the test does not read the code correctly.
        AssertNone("is not found from the loop", Methods.Where(method => method.HasBody && IsMath(method) && !Reached.Contains(method)));
    }

    [Fact]
    public void Math_HasSequencePointsAndNoIterators() =>
        AssertNone("has no source lines", Methods.Where(method => method.HasBody && IsMath(method)
            && (!method.DebugInformation.HasSequencePoints || method.CustomAttributes.Any(
                attribute => attribute.AttributeType.Name.EndsWith("StateMachineAttribute", StringComparison.Ordinal)))));

    private static void AssertNone(string trouble, IEnumerable<MethodDefinition> methods)
    {
        string found = string.Join('\n', methods.Select(method => $"{method.DeclaringType.FullName}.{method.Name} {trouble}"));
        Assert.True(found.Length == 0, found);
    }

    // What the training loop calls, the stepper, and the texts that the debugger and errors show.
    private static bool IsStart(MethodDefinition method) => method.DeclaringType.FullName switch
    {
        "MiniNet.Data.DataLoader" => method.Name == "GetEnumerator",
        "MiniNet.Graphs.Graph" => GraphLoops.Contains(method.Name),
        "MiniNet.Data.DataLoader/Enumerator" => method is { IsPublic: true, IsConstructor: false },
        "MiniNet.Optimizers.Optimizer" => method.Name == "Step",
        "MiniNet.Optimizers.GradientClipping" => method.IsPublic,
        "MiniNet.Stepping.BackpropStepper" => method.Name is "Next" or "GetEnumerator",
        "MiniNet.Stepping.BackpropStepper/StepEnumerator" => method.IsPublic,
        "MiniNet.Calculus.Function" => method.Name is "PartialDerivative" or "Gradient" or "Jacobian" or "Evaluate",
        "MiniNet.Graphs.ModelSummary" => false, // not used in the training loop
        _ =>
            method.Name == "ToString" && Array.IndexOf(
                LayeringTests.LayerOrder, LayeringTests.LayerOf(method.DeclaringType)) is >= 0 and var layer
            && layer <= Array.IndexOf(LayeringTests.LayerOrder, "Optimizers"),
    };

    // Lambdas and local functions do not count: the compiler gives them names with '<'.
    private static bool IsMath(MethodDefinition method) => !method.Name.Contains('<') && !method.DeclaringType.Name.Contains('<') && (
        (method.DeclaringType.Name == "Graph" && GraphLoops.Contains(method.Name))
        || (method.DeclaringType.Name is "PlainKernels" or "GradientClipping")
        || (method.Name is "Forward" or "Backward" && Is(method.DeclaringType, "MiniNet.Graphs.Operation")
            && method.DeclaringType.Name != "BinaryLayer") // passes two inputs on by name
        || (method.Name is "Value" or "Derivative" && !method.IsGetter && Is(method.DeclaringType, "MiniNet.Layers.ElementwiseLayer"))
        || (method.Name is "Step" or "StepAt" or "Update" && Is(method.DeclaringType, "MiniNet.Optimizers.Optimizer")));

    // Like the runtime: checks the method and its declaring type, but not outer or base types.
    private static bool IsSteppedThrough(MethodDefinition method) => HasMark(method) || HasMark(method.DeclaringType);

    private static bool HasMark(ICustomAttributeProvider marked) =>
        marked.CustomAttributes.Any(attribute => attribute.AttributeType.FullName == typeof(DebuggerStepThroughAttribute).FullName);

    private static HashSet<MethodDefinition> Walk(IEnumerable<MethodDefinition> starts)
    {
        var reached = new HashSet<MethodDefinition>();
        var open = new Stack<MethodDefinition>(starts);
        while (open.TryPop(out MethodDefinition? method))
        {
            // The SIMD kernels are not for stepping. Calls in code that is stepped through are followed, because they may lead to math.
            if (method.HasBody && method.DeclaringType.Name != "SimdKernels" && reached.Add(method))
            {
                method.Body.Instructions.SelectMany(Callees).ToList().ForEach(open.Push);
                method.DeclaringType.Methods.Where(other => other is { IsConstructor: true, IsStatic: true }).ToList().ForEach(open.Push);
            }
        }

        return reached;
    }

    // A virtual or interface call can reach every override. A delegate that is created counts as called. Calls of methods of object are
    // ignored, because the relevant ToString methods are among the starts.
    private static IEnumerable<MethodDefinition> Callees(Instruction instruction)
    {
        if (instruction.Operand is not MethodReference call || call.DeclaringType.FullName == "System.Object")
        {
            return [];
        }

        if (instruction.OpCode.Code is not (Code.Callvirt or Code.Ldvirtftn))
        {
            return IsOurs(call.DeclaringType) ? [call.Resolve()] : [];
        }

        TypeReference on = instruction.Previous is
        {
            OpCode.Code: Code.Constrained,
            Operand: TypeReference { IsGenericParameter: false } known
        }
            ? known
            : call.DeclaringType;
        return Methods.Where(method => method.Parameters.Count == call.Parameters.Count
            && (method.Name == call.Name || method.Overrides.Any(implemented => implemented.Name == call.Name))
            && Is(method.DeclaringType, on.GetElementType().FullName));
    }

    private static bool Is(TypeDefinition type, string name) =>
        type.FullName == name
        || type.Interfaces.Any(implemented => implemented.InterfaceType.GetElementType().FullName == name)
        || (type.BaseType is { } parent && (parent.FullName == name || (IsOurs(parent) && Is(parent.Resolve(), name))));

    private static bool IsOurs(TypeReference type) =>
        Libraries.Any(library => type.Scope == library || type.Scope.Name == library.Assembly.Name.Name);

    private static ModuleDefinition Read(Type type)
    {
        Resolver.AddSearchDirectory(Path.GetDirectoryName(type.Assembly.Location));
        return Resolver.Resolve(
            AssemblyNameReference.Parse(type.Assembly.FullName),
            new ReaderParameters
            {
                ReadSymbols = true,
                SymbolReaderProvider = new EmbeddedPortablePdbReaderProvider(),
                AssemblyResolver = Resolver,
            }).MainModule;
    }
}
