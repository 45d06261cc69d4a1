using System.Diagnostics;
using MiniNet.Tensors;

namespace MiniNet.Graphs;

/// <summary>A function of two tensors, y = f(a, b), and its derivatives: the sibling of <see cref="Layer"/> with two inputs.</summary>
public abstract class MergeLayer : Operation
{
    /// <summary>The shape of y for the shapes of a and b. Called before any arithmetic.</summary>
    /// <param name="a">The shape of a; its rows may be <see cref="Shape.Any"/>.</param>
    /// <param name="b">The shape of b, likewise.</param>
    /// <returns>The shape of y.</returns>
    /// <exception cref="ShapeException">The layer cannot take these shapes.</exception>
    public abstract Shape OutputShape(Shape a, Shape b);

    /// <summary>y = f(a, b). Every element of y is to be written.</summary>
    /// <param name="a">The first input, not to be changed.</param>
    /// <param name="b">The second input, not to be changed; it may be the same tensor as a.</param>
    /// <param name="y">The output.</param>
    /// <param name="pass">Phase, random numbers, and what is kept for <see cref="Backward"/>.</param>
    public abstract void Forward(Tensor a, Tensor b, Tensor y, Pass pass);

    /// <summary>dA += dY · ∂y/∂a, dB += dY · ∂y/∂b, and dW += dY · ∂y/∂W for each parameter.</summary>
    /// <param name="a">The first input of the last <see cref="Forward"/>.</param>
    /// <param name="b">The second input.</param>
    /// <param name="y">Its output.</param>
    /// <param name="dY">∂L/∂y.</param>
    /// <param name="dA">∂L/∂a, to be added to; null where nobody needs it.</param>
    /// <param name="dB">∂L/∂b, likewise; it may be the same tensor as dA.</param>
    /// <param name="pass">The same as in <see cref="Forward"/>.</param>
    public abstract void Backward(Tensor a, Tensor b, Tensor y, Tensor dY, Tensor? dA, Tensor? dB, Pass pass);

    [DebuggerStepThrough]
    private protected static Shape SameShape(Shape a, Shape b) => a == b ? a : throw new ShapeException($"expects two of one shape, got {a} and {b}");
}
