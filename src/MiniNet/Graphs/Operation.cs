using System.Diagnostics;
using MiniNet.Tensors;

namespace MiniNet.Graphs;

/// <summary>
/// Represents what a node computes: a <see cref="Layer"/> (one input), a <see cref="BinaryLayer"/> (two inputs), another
/// <see cref="MergeLayer"/> (any number of inputs) or a <see cref="Loss"/> (a prediction and its targets).
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
    /// Gets a value indicating whether the gradients of the inputs exist. It is false if the inputs hold indices, as in an embedding;
    /// then no gradient flows to earlier nodes.
    /// </summary>
    public virtual bool HasInputGradient => true;

    /// <summary>
    /// Gets a description of the operation and its equations. A custom operation does not have to override it; the stepper then shows
    /// general equations.
    /// </summary>
    public virtual Equations Equations => new("computes the function in its Forward method", "y = f(x)", "∂y/∂x: see its Backward method");

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

    /// <summary>Gets which elements of the inputs each element of the value depends on, which pages show.</summary>
    /// <param name="input">The shape of the first input.</param>
    /// <param name="output">The shape of the output. Both numbers of rows are known.</param>
    /// <param name="context">The context of a node, after its forward pass.</param>
    /// <returns>
    /// The dependencies. By default, <see cref="ElementDependencies.SamePosition"/> if <see cref="Equations.IsElementwise"/> is true;
    /// otherwise, <see cref="ElementDependencies.Unknown"/>.
    /// </returns>
    public virtual ElementDependencies DependenciesFor(Shape input, Shape output, NodeContext context) =>
        Equations.IsElementwise ? ElementDependencies.SamePosition : ElementDependencies.Unknown;

    internal bool IsInitialized { get; set; }

    /// <summary>Gets a value indicating whether the operation is defined outside MiniNet.</summary>
    internal bool IsCustom => GetType().Assembly != typeof(Operation).Assembly;

    /// <summary>Sets the initial values of the parameters. A graph calls it once, when the operation is first added to a graph.</summary>
    /// <param name="random">The random numbers for this operation.</param>
    protected internal virtual void Initialize(RandomStream random)
    {
    }

    // The members below are one way to run any operation, for code that examines operations. A graph's nodes call the methods of Layer,
    // MergeLayer and Loss directly.

    /// <summary>Gets the number of inputs; null if any number is possible.</summary>
    internal abstract int? InputCount { get; }

    /// <summary>Gets the name of an input in messages: x; a, b, c, ...; or p.</summary>
    internal abstract string InputName(int index);

    /// <summary>Gets the symbol of the value in the equations.</summary>
    internal virtual string ValueSymbol => "y";

    /// <summary>Gets the shape of the value for the shapes of the inputs.</summary>
    internal abstract Shape OutputShape(IReadOnlyList<Tensor> inputs);

    /// <summary>Adds a node for the operation, with one source for each input.</summary>
    internal abstract Node AddTo(Graph graph, string name, IReadOnlyList<Node> sources);

    /// <summary>Computes the value. Only a loss uses the targets.</summary>
    internal abstract void RunForward(IReadOnlyList<Tensor> inputs, Targets? targets, Tensor y, NodeContext context);

    /// <summary>Adds to the gradients of the inputs, except those that are null, and to the gradients of the parameters.</summary>
    internal abstract void RunBackward(
        IReadOnlyList<Tensor> inputs, Targets? targets, Tensor y, Tensor dY, IReadOnlyList<Tensor?> inputGradients, NodeContext context);

    /// <summary>Describes the operation by its name and options, such as <c>Linear 4 -> 16</c>.</summary>
    /// <returns>The text.</returns>
    [DebuggerStepThrough]
    public override string ToString() => GetType().Name;
}
