using System.Diagnostics;
using System.Globalization;
using MiniNet.Debugging;
using MiniNet.Graphs;
using MiniNet.Tensors;

namespace MiniNet.Stepping;

/// <summary>What a step does.</summary>
public enum StepKind
{
    /// <summary>A node's value from those of its sources.</summary>
    Forward,

    /// <summary>The same, of a loss or what is made of one.</summary>
    Loss,

    /// <summary>The parameters' gradients, set to 0.</summary>
    ZeroGradients,

    /// <summary>The chain rule at one node: its gradient, passed on to its sources and parameters.</summary>
    Backward,

    /// <summary>All gradients together, shortened to the greatest norm allowed.</summary>
    Clip,

    /// <summary>One parameter, changed by the optimizer.</summary>
    Update,
}

/// <summary>One step of a <see cref="BackpropStepper"/>, with the numbers as they were: copies, which later steps do not change.</summary>
[DebuggerDisplay("{ToString(),nq}")]
[DebuggerStepThrough]
public sealed class Step
{
    internal Step(StepKind kind, string name, string operation, Rule rule) => (Kind, Name, Operation, Rule) = (kind, name, operation, rule);

    /// <summary>What it did.</summary>
    public StepKind Kind { get; }

    /// <summary>The node's name; of an update the parameter's, <c>hidden1.weight</c>.</summary>
    public string Name { get; }

    /// <summary>The kind of layer, loss or optimizer: <c>Linear</c>.</summary>
    public string Operation { get; }

    /// <summary>What it does, in words and letters.</summary>
    public Rule Rule { get; }

    /// <summary>The node; null for an update and where gradients are set to 0.</summary>
    public Node? Node { get; internal init; }

    /// <summary>What the rule reads, under the letters it has there: x, W and b. Of an update w and its gradient g.</summary>
    public IReadOnlyList<Tensor> Inputs { get; internal init; } = [];

    /// <summary>What else the rule reads: a loss's targets t (classes as a column of indices), and what the operation keeps from the way forward, such as p or a mask m.</summary>
    public IReadOnlyList<Tensor> Kept { get; internal init; } = [];

    /// <summary>What it computed: the node's value, the changed parameter, or the gradients' norm before they were clipped. On the way back the value that the way forward left.</summary>
    public Tensor? Output { get; internal init; }

    /// <summary>∂L/∂y, the gradient that came in on the way back, summed over all who use the value.</summary>
    public Tensor? Incoming { get; internal init; }

    /// <summary>∂y/∂x on the way back, where each number depends on one alone (<see cref="Rule.IsElementwise"/>) and there is one source.</summary>
    public Tensor? LocalDerivative { get; internal init; }

    /// <summary>On the way back, what goes out: to each parameter and each source.</summary>
    public IReadOnlyList<Contribution> Contributions { get; internal init; } = [];

    /// <summary>Where it left a number that is NaN or infinite: <c>the value of hidden1</c>; null where all are finite.</summary>
    public string? NotFinite => Kind switch
    {
        StepKind.Backward => Contributions.FirstOrDefault(each => !each.Added.IsFinite || !each.Accumulated.IsFinite) is { } bad ? $"the gradient of {bad.To}, from {Name}" : null,
        _ when Output is null or { IsFinite: true } => null,
        StepKind.Clip => "the norm of the gradients",
        StepKind.Update => $"{Name} after its update",
        _ => $"the value of {Name}",
    };

    /// <summary>Name, operation and rule, and the shapes put into it: <c>hidden1 · Linear · dW += xᵀ·dY   [4x16] = [8x4]ᵀ·[8x16]</c>.</summary>
    /// <returns>One line.</returns>
    public override string ToString()
    {
        string what = Kind switch
        {
            StepKind.Backward => string.Join(";  ", Contributions),
            StepKind.Forward when Output is { } y => Letters.WithShapes(Rule.Value, [.. Inputs, y]),
            StepKind.Loss when Output is { Shape.Length: 1 } loss => string.Create(CultureInfo.InvariantCulture, $"{Rule.Value}   {loss.Span[0]:G6}"),
            StepKind.Clip when Output is { } norm => string.Create(CultureInfo.InvariantCulture, $"{Rule.Value}   ‖g‖ = {norm.Span[0]:G6}"),
            StepKind.Update when Output is { } w => $"{Rule.Value}   {Letters.Describe(w.Shape)}",
            _ => Rule.Value,
        };
        return $"{Name} · {Operation} · {what}";
    }
}

/// <summary>What one step of the way back adds to one gradient.</summary>
/// <param name="Equation">As the layer's file states it: <c>dW += xᵀ·dY</c>.</param>
/// <param name="To">Whose gradient it is: the name of the source, or of the parameter, <c>hidden1.weight</c>.</param>
/// <param name="Added">What is added, under the gradient's letter.</param>
/// <param name="Accumulated">The gradient after the step: the sum so far. Where one node reads a value twice, as Multiply(b, b), both entries have the sum after both shares.</param>
/// <param name="Factors">What the equation reads, under its letters.</param>
[DebuggerDisplay("{ToString(),nq}")]
[DebuggerStepThrough]
public sealed record Contribution(string Equation, string To, Tensor Added, Tensor Accumulated, IReadOnlyList<Tensor> Factors)
{
    /// <summary>The equation, and the shapes put into it.</summary>
    /// <returns>One line.</returns>
    public override string ToString() => Letters.WithShapes(Equation, [.. Factors, Added]);
}
