using System.Diagnostics;
using MiniNet.Tensors;

namespace MiniNet.Graphs;

/// <summary>
/// Represents a function of one tensor, y = f(x), and its derivative. Between calls a layer keeps only its parameters and state, so several
/// nodes can share one layer, and several threads can use it at inference.
/// </summary>
/// <example>
/// A custom layer:
/// <code>
/// public sealed class Square : Layer
/// {
///     public override Shape OutputShape(Shape input) => input;
///
///     public override void Forward(Tensor x, Tensor y, NodeContext context)
///     {
///         for (int i = 0; i &lt; x.Span.Length; i++)
///             y.Span[i] = x.Span[i] * x.Span[i];
///     }
///
///     public override void Backward(Tensor x, Tensor y, Tensor dY, Tensor? dX, NodeContext context)
///     {
///         for (int i = 0; dX is not null &amp;&amp; i &lt; x.Span.Length; i++)
///             dX.Span[i] += dY.Span[i] * 2 * x.Span[i];
///     }
/// }
/// </code>
/// </example>
public abstract class Layer : Operation, IModule
{
    /// <summary>Gets the shape of the input if the layer's parameters determine it; otherwise, null.</summary>
    public virtual Shape? InputShape => null;

    /// <summary>Gets the shape of y for a shape of x. It is called before any computation.</summary>
    /// <param name="input">The shape of x. The number of rows can be <see cref="Shape.Any"/>.</param>
    /// <returns>The shape of y.</returns>
    /// <exception cref="ShapeException">The layer does not accept this shape.</exception>
    public abstract Shape OutputShape(Shape input);

    /// <summary>Computes y = f(x). It must write every element of y, whose previous content is undefined.</summary>
    /// <param name="x">The input. Do not change it.</param>
    /// <param name="y">The output.</param>
    /// <param name="context">The phase, the random numbers, and the tensors cached for <see cref="Backward"/>.</param>
    public abstract void Forward(Tensor x, Tensor y, NodeContext context);

    /// <summary>
    /// Computes dX += dY · ∂y/∂x, and dW += dY · ∂y/∂W for each parameter. Always add and never assign: a value that is used twice receives
    /// two contributions.
    /// </summary>
    /// <param name="x">The input of the last <see cref="Forward"/>.</param>
    /// <param name="y">The output of the last <see cref="Forward"/>.</param>
    /// <param name="dY">∂L/∂y.</param>
    /// <param name="dX">∂L/∂x, to add to; null if it is not needed.</param>
    /// <param name="context">The same object as in <see cref="Forward"/>.</param>
    public abstract void Backward(Tensor x, Tensor y, Tensor dY, Tensor? dX, NodeContext context);

    internal sealed override int? InputCount => 1;

    [DebuggerStepThrough]
    internal sealed override string InputName(int index) => "x";

    [DebuggerStepThrough]
    internal sealed override Shape OutputShape(IReadOnlyList<Tensor> inputs) => OutputShape(inputs[0].Shape);

    Node IModule.AddTo(Graph graph, string name, Node x) => graph.Add(name, this, x);

    internal sealed override Node AddTo(Graph graph, string name, IReadOnlyList<Node> sources) => graph.Add(name, this, sources[0]);

    [DebuggerStepThrough]
    internal sealed override void RunForward(IReadOnlyList<Tensor> inputs, Targets? targets, Tensor y, NodeContext context) =>
        Forward(inputs[0], y, context);

    [DebuggerStepThrough]
    internal sealed override void RunBackward(
        IReadOnlyList<Tensor> inputs, Targets? targets, Tensor y, Tensor dY, IReadOnlyList<Tensor?> inputGradients, NodeContext context) =>
        Backward(inputs[0], y, dY, HasInputGradient ? inputGradients[0] : null, context);
}
