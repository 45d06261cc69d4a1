using System.Diagnostics;
using MiniNet.Tensors;

namespace MiniNet.Graphs;

/// <summary>
/// Represents a function of two tensors, y = f(a, b), and its derivatives: like <see cref="Layer"/>, but with two inputs.
/// </summary>
public abstract class BinaryLayer : MergeLayer
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
    /// <param name="context">The phase, the random numbers, and the tensors cached for Backward.</param>
    public abstract void Forward(Tensor a, Tensor b, Tensor y, NodeContext context);

    /// <summary>Computes dA += dY · ∂y/∂a, dB += dY · ∂y/∂b, and dW += dY · ∂y/∂W for each parameter.</summary>
    /// <param name="a">The first input of the last Forward.</param>
    /// <param name="b">The second input of the last Forward.</param>
    /// <param name="y">The output of the last Forward.</param>
    /// <param name="dY">∂L/∂y.</param>
    /// <param name="dA">∂L/∂a, to add to; null if it is not needed.</param>
    /// <param name="dB">∂L/∂b, to add to; null if it is not needed. It can be the same tensor as dA.</param>
    /// <param name="context">The same object as in Forward.</param>
    public abstract void Backward(Tensor a, Tensor b, Tensor y, Tensor dY, Tensor? dA, Tensor? dB, NodeContext context);

    internal sealed override int? InputCount => 2;

    /// <inheritdoc/>
    [DebuggerStepThrough]
    public sealed override Shape OutputShape(IReadOnlyList<Shape> inputs) => OutputShape(inputs[0], inputs[1]);

    /// <inheritdoc/>
    [DebuggerStepThrough]
    public sealed override void Forward(IReadOnlyList<Tensor> inputs, Tensor y, NodeContext context) =>
        Forward(inputs[0], inputs[1], y, context);

    /// <inheritdoc/>
    [DebuggerStepThrough]
    public sealed override void Backward(
        IReadOnlyList<Tensor> inputs, Tensor y, Tensor dY, IReadOnlyList<Tensor?> inputGradients, NodeContext context) =>
        Backward(inputs[0], inputs[1], y, dY, inputGradients[0], inputGradients[1], context);

    [DebuggerStepThrough]
    private protected static Shape SameShape(Shape a, Shape b) =>
        a == b ? a : throw new ShapeException($"expects two inputs of the same shape, got {a} and {b}");
}
