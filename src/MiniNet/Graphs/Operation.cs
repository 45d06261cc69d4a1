using System.Diagnostics;
using MiniNet.Tensors;

namespace MiniNet.Graphs;

/// <summary>
/// Represents what a node computes: a <see cref="Layer"/> (one input), a <see cref="MergeLayer"/> (two inputs) or a <see cref="Loss"/> (a
/// prediction and its targets).
/// </summary>
/// <remarks>
/// An operation owns its parameters but no activations. The graph owns all values and gradients and passes them to the operation.
/// </remarks>
public abstract class Operation
{
    private protected Operation()
    {
    }

    /// <summary>Gets the trainable parameters, in the order of the equation. Empty by default.</summary>
    public virtual IReadOnlyList<Parameter> Parameters => [];

    /// <summary>
    /// Gets named tensors that are saved and loaded with the model but not trained, such as a running mean. Empty by default.
    /// </summary>
    public virtual IReadOnlyList<Tensor> State => [];

    /// <summary>
    /// Gets a description of the operation and its equations. A custom operation does not have to override it; the stepper then shows
    /// general equations.
    /// </summary>
    public virtual Equations Equations => new("computes the function in its Forward method", "y = f(x)", "∂y/∂x as its Backward says");

    /// <summary>
    /// Gets the description and equations for one pass, for an operation that works differently at inference or with other targets.
    /// </summary>
    /// <param name="context">The context of a node, after its forward pass.</param>
    /// <returns>The description and equations; <see cref="Equations"/> by default.</returns>
    [DebuggerStepThrough]
    public virtual Equations EquationsFor(NodeContext context) => Equations;

    /// <summary>
    /// Gets the number of multiply-add operations in the products of one forward pass, which <see cref="Graph.Summary"/> shows. 0 by
    /// default.
    /// </summary>
    /// <param name="input">The shape of the first input.</param>
    /// <param name="output">The shape of the output. Both numbers of rows are known.</param>
    /// <returns>The number of multiplications, each with one addition.</returns>
    public virtual long CountMultiplications(Shape input, Shape output) => 0;

    internal bool IsInitialized { get; set; }

    /// <summary>Sets the initial values of the parameters. A graph calls it once, when the operation is first added to a graph.</summary>
    /// <param name="random">The random numbers for this operation.</param>
    protected internal virtual void Initialize(RandomStream random)
    {
    }

    /// <summary>Describes the operation by its name and options, such as <c>Linear 4 -> 16</c>.</summary>
    /// <returns>The text.</returns>
    [DebuggerStepThrough]
    public override string ToString() => GetType().Name;
}
