using System.Diagnostics;
using MiniNet.Tensors;

namespace MiniNet.Graphs;

/// <summary>
/// Represents a function of two tensors, y = f(a, b), and its derivatives: like <see cref="Layer"/>, but with two inputs.
/// </summary>
public abstract class MergeLayer : Operation
{
    /// <summary>Gets the shape of y for the shapes of a and b. It is called before any computation.</summary>
    /// <param name="a">The shape of a. The number of rows can be <see cref="Shape.Any"/>.</param>
    /// <param name="b">The shape of b. The number of rows can be <see cref="Shape.Any"/>.</param>
    /// <returns>The shape of y.</returns>
    /// <exception cref="ShapeException">The layer does not accept these shapes.</exception>
    public abstract Shape OutputShape(Shape a, Shape b);

    /// <summary>Computes y = f(a, b). It must write every element of y, whose previous content is undefined.</summary>
    /// <param name="a">The first input. Do not change it.</param>
    /// <param name="b">The second input. Do not change it. It can be the same tensor as a.</param>
    /// <param name="y">The output.</param>
    /// <param name="context">The phase, the random numbers, and the tensors cached for <see cref="Backward"/>.</param>
    public abstract void Forward(Tensor a, Tensor b, Tensor y, NodeContext context);

    /// <summary>Computes dA += dY · ∂y/∂a, dB += dY · ∂y/∂b, and dW += dY · ∂y/∂W for each parameter.</summary>
    /// <param name="a">The first input of the last <see cref="Forward"/>.</param>
    /// <param name="b">The second input of the last <see cref="Forward"/>.</param>
    /// <param name="y">The output of the last <see cref="Forward"/>.</param>
    /// <param name="dY">∂L/∂y.</param>
    /// <param name="dA">∂L/∂a, to add to; null if it is not needed.</param>
    /// <param name="dB">∂L/∂b, to add to; null if it is not needed. It can be the same tensor as dA.</param>
    /// <param name="context">The same object as in <see cref="Forward"/>.</param>
    public abstract void Backward(Tensor a, Tensor b, Tensor y, Tensor dY, Tensor? dA, Tensor? dB, NodeContext context);

    internal sealed override IReadOnlyList<string> InputNames => ["a", "b"];

    [DebuggerStepThrough]
    internal sealed override Shape OutputShape(IReadOnlyList<Tensor> inputs) => OutputShape(inputs[0].Shape, inputs[^1].Shape);

    internal sealed override Node AddTo(Graph graph, string name, IReadOnlyList<Node> sources) =>
        graph.Add(name, this, sources[0], sources[1]);

    [DebuggerStepThrough]
    internal sealed override void RunForward(IReadOnlyList<Tensor> inputs, Targets? targets, Tensor y, NodeContext context) =>
        Forward(inputs[0], inputs[^1], y, context);

    [DebuggerStepThrough]
    internal sealed override void RunBackward(
        IReadOnlyList<Tensor> inputs, Targets? targets, Tensor y, Tensor dY, IReadOnlyList<Tensor?> inputGradients, NodeContext context) =>
        Backward(inputs[0], inputs[^1], y, dY, inputGradients[0], inputGradients[^1], context);

    [DebuggerStepThrough]
    private protected static Shape SameShape(Shape a, Shape b) =>
        a == b ? a : throw new ShapeException($"expects two inputs of the same shape, got {a} and {b}");
}
