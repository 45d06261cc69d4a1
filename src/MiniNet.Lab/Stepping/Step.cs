using System.Diagnostics;
using System.Globalization;
using MiniNet.Graphs;
using MiniNet.Tensors;

namespace MiniNet.Stepping;

/// <summary>Specifies what a step does.</summary>
public enum StepKind
{
    /// <summary>Computes the value of a node from the values of its sources.</summary>
    Forward,

    /// <summary>Computes the value of a loss, or of a node that depends on one.</summary>
    Loss,

    /// <summary>Sets the gradients of all parameters to 0.</summary>
    ZeroGradients,

    /// <summary>Applies the chain rule at one node: passes its gradient on to its sources and parameters.</summary>
    Backward,

    /// <summary>Scales all gradients down to the maximum total norm.</summary>
    Clip,

    /// <summary>Updates one parameter with the optimizer.</summary>
    Update,
}

/// <summary>Represents one step of a <see cref="BackpropStepper"/> with copies of its numbers, which later steps do not change.</summary>
[DebuggerDisplay("{ToString(),nq}")]
[DebuggerStepThrough]
public sealed class Step
{
    internal Step(StepKind kind, string name, string operation, Equations equations) =>
        (Kind, Name, Operation, Equations) = (kind, name, operation, equations);

    /// <summary>Gets the kind of step.</summary>
    public StepKind Kind { get; }

    /// <summary>Gets the name of the node or, for an update, of the parameter, such as <c>hidden1.weight</c>.</summary>
    public string Name { get; }

    /// <summary>Gets the type of the layer, loss or optimizer, such as <c>Linear</c>.</summary>
    public string Operation { get; }

    /// <summary>Gets the description and equations.</summary>
    public Equations Equations { get; }

    /// <summary>Gets the node; null for an update, for clipping, and for setting the gradients to 0.</summary>
    public Node? Node { get; internal init; }

    /// <summary>
    /// Gets the inputs of the equations, named by their symbols, such as x, W and b. For an update, w and its gradient g.
    /// </summary>
    public IReadOnlyList<Tensor> Inputs { get; internal init; } = [];

    /// <summary>
    /// Gets the other tensors in the equations: the targets t of a loss (classes as a column of indices), and tensors that the operation
    /// caches in the forward pass, such as probabilities p or a mask m.
    /// </summary>
    public IReadOnlyList<Tensor> Cached { get; internal init; } = [];

    /// <summary>
    /// Gets the result: the value of the node, the updated parameter, or the norm of the gradients before clipping. In the backward pass,
    /// the value from the forward pass.
    /// </summary>
    public Tensor? Output { get; internal init; }

    /// <summary>Gets ∂L/∂y, the incoming gradient in the backward pass, summed over all uses of the value.</summary>
    public Tensor? Incoming { get; internal init; }

    /// <summary>
    /// Gets ∂y/∂x in the backward pass of an elementwise operation (<see cref="Equations.IsElementwise"/>) with one source; otherwise,
    /// null.
    /// </summary>
    public Tensor? LocalDerivative { get; internal init; }

    /// <summary>Gets, in the backward pass, the contributions to the gradients of the parameters and sources.</summary>
    public IReadOnlyList<Contribution> Contributions { get; internal init; } = [];

    /// <summary>
    /// Gets where the step produced a NaN or infinite number, such as <c>the value of hidden1</c>; null if all numbers are finite.
    /// </summary>
    public string? NotFinite => Kind switch
    {
        StepKind.Backward => Contributions.FirstOrDefault(each => !each.Added.IsFinite || !each.Accumulated.IsFinite) is { } bad
            ? $"the gradient of {bad.To}, from {Name}"
            : null,
        _ when Output is null or { IsFinite: true } => null,
        StepKind.Clip => "the norm of the gradients",
        StepKind.Update => $"{Name} after its update",
        _ => $"the value of {Name}",
    };

    /// <summary>
    /// Describes the step by name, operation and equation with shapes, such as
    /// <c>hidden1 · Linear · dW += xᵀ·dY   [4x16] = [8x4]ᵀ·[8x16]</c>.
    /// </summary>
    /// <returns>One line of text.</returns>
    public override string ToString()
    {
        string what = Kind switch
        {
            StepKind.Backward => string.Join(";  ", Contributions),
            StepKind.Forward when Output is { } y => Equations.Value.WithShapes([.. Inputs, y]),
            StepKind.Loss when Output is { Shape.Length: 1 } loss =>
                string.Create(CultureInfo.InvariantCulture, $"{Equations.Value}   {loss.Span[0]:G6}"),
            StepKind.Clip when Output is { } norm => string.Create(
                CultureInfo.InvariantCulture, $"{Equations.Value}   ‖g‖ = {norm.Span[0]:G6}"),
            StepKind.Update when Output is { } w => $"{Equations.Value}   {w.Shape.Display}",
            _ => Equations.Value.Text,
        };
        return $"{Name} · {Operation} · {what}";
    }
}

/// <summary>Represents what one step of the backward pass adds to one gradient.</summary>
/// <param name="Equation">The equation as in the source file of the layer, such as <c>dW += xᵀ·dY</c>.</param>
/// <param name="To">The name of the source or parameter that receives the gradient, such as <c>hidden1.weight</c>.</param>
/// <param name="Added">The tensor that is added, named by the symbol of the gradient.</param>
/// <param name="Accumulated">
/// The gradient after the step: the sum so far. If a node reads a value twice, as in Multiply(b, b), both entries contain the sum after
/// both contributions.
/// </param>
/// <param name="Factors">The tensors in the equation, named by their symbols.</param>
[DebuggerDisplay("{ToString(),nq}")]
[DebuggerStepThrough]
public sealed record Contribution(Equation Equation, string To, Tensor Added, Tensor Accumulated, IReadOnlyList<Tensor> Factors)
{
    /// <summary>Formats the equation, followed by the equation with shapes.</summary>
    /// <returns>One line of text.</returns>
    public override string ToString() => Equation.WithShapes([.. Factors, Added]);
}
