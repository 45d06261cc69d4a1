using System.Diagnostics;
using MiniNet.Graphs;
using MiniNet.Tensors;

namespace MiniNet.Layers;

/// <summary>
/// A function of each number for itself, stated as a function and its derivative; the loops over the numbers stand here:
/// <code>
/// y = f(x)                     x and y of the same shape, any
/// dX += dY · ∂y/∂x
/// </code>
/// </summary>
/// <remarks>The shortest way to a function of one's own: two lines, and <see cref="Operation.Rule"/> for the stepper to show. It is written to be read; it is not fast.</remarks>
/// <example>
/// <code>
/// public sealed class Cube : ElementwiseLayer
/// {
///     protected override float Value(float x) => x * x * x;
///
///     protected override float Derivative(float x, float y) => 3 * x * x;
/// }
/// </code>
/// </example>
public abstract class ElementwiseLayer : Layer
{
    /// <inheritdoc/>
    [DebuggerStepThrough]
    public override Shape OutputShape(Shape input) => input;

    /// <inheritdoc/>
    public override Rule Rule => new("does to each number what its Value says", "y = f(x)", "∂y/∂x as its Derivative says", "dX += dY ⊙ ∂y/∂x") { IsElementwise = true };

    /// <inheritdoc/>
    public sealed override void Forward(Tensor x, Tensor y, Pass pass)
    {
        for (int i = 0; i < x.Span.Length; i++)
        {
            y.Span[i] = Value(x.Span[i]);    // y = f(x)
        }
    }

    /// <inheritdoc/>
    public sealed override void Backward(Tensor x, Tensor y, Tensor dY, Tensor? dX, Pass pass)
    {
        for (int i = 0; dX is not null && i < x.Span.Length; i++)
        {
            dX.Span[i] += dY.Span[i] * Derivative(x.Span[i], y.Span[i]);    // dX += dY · ∂y/∂x
        }
    }

    /// <summary>y = f(x), of one number.</summary>
    /// <param name="x">Any number, NaN and infinity too.</param>
    /// <returns>y.</returns>
    protected abstract float Value(float x);

    /// <summary>∂y/∂x, of one number.</summary>
    /// <param name="x">The number that <see cref="Value"/> was given.</param>
    /// <param name="y">What it gave: often the shortest way to the derivative.</param>
    /// <returns>∂y/∂x.</returns>
    protected abstract float Derivative(float x, float y);
}
