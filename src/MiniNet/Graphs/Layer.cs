using MiniNet.Tensors;

namespace MiniNet.Graphs;

/// <summary>
/// A function of one tensor, y = f(x), and its derivative. A layer states the maths over what it is handed; it keeps nothing between calls
/// but its parameters and state, so one layer can serve several nodes, and several threads at inference.
/// </summary>
/// <example>
/// A layer of one's own:
/// <code>
/// public sealed class Square : Layer
/// {
///     public override Shape OutputShape(Shape input) => input;
///
///     public override void Forward(Tensor x, Tensor y, Pass pass)
///     {
///         for (int i = 0; i &lt; x.Span.Length; i++)
///             y.Span[i] = x.Span[i] * x.Span[i];
///     }
///
///     public override void Backward(Tensor x, Tensor y, Tensor dY, Tensor? dX, Pass pass)
///     {
///         for (int i = 0; dX is not null &amp;&amp; i &lt; x.Span.Length; i++)
///             dX.Span[i] += dY.Span[i] * 2 * x.Span[i];
///     }
/// }
/// </code>
/// </example>
public abstract class Layer : Operation
{
    /// <summary>The shape of the input, where the layer's own parameters fix it; null where any shape may come.</summary>
    public virtual Shape? InputShape => null;

    /// <summary>Whether there is a ∂y/∂x: false where x holds indices, as in an embedding. Nothing is then passed on to the nodes before.</summary>
    public virtual bool HasInputGradient => true;

    /// <summary>The shape of y for a shape of x. Called before any arithmetic.</summary>
    /// <param name="input">The shape of x; its rows may be <see cref="Shape.Any"/>.</param>
    /// <returns>The shape of y.</returns>
    /// <exception cref="ShapeException">The layer cannot take this shape.</exception>
    public abstract Shape OutputShape(Shape input);

    /// <summary>y = f(x). Every element of y is to be written; what it held before is undefined.</summary>
    /// <param name="x">The input, not to be changed.</param>
    /// <param name="y">The output.</param>
    /// <param name="pass">Phase, random numbers, and what is kept for <see cref="Backward"/>.</param>
    public abstract void Forward(Tensor x, Tensor y, Pass pass);

    /// <summary>dX += dY · ∂y/∂x, and dW += dY · ∂y/∂W for each parameter. Adding, never assigning, is what makes a value that is used twice come out right.</summary>
    /// <param name="x">The input of the last <see cref="Forward"/>.</param>
    /// <param name="y">Its output.</param>
    /// <param name="dY">∂L/∂y.</param>
    /// <param name="dX">∂L/∂x, to be added to; null where nobody needs it.</param>
    /// <param name="pass">The same as in <see cref="Forward"/>.</param>
    public abstract void Backward(Tensor x, Tensor y, Tensor dY, Tensor? dX, Pass pass);
}
