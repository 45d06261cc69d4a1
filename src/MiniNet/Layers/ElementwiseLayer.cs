using System.Diagnostics;
using MiniNet.Graphs;
using MiniNet.Tensors;

namespace MiniNet.Layers;

/// <summary>
/// Represents a function that is applied to each element separately. A derived class defines the function and its derivative; this class
/// contains the loops over the elements:
/// <code>
/// y = f(x)                     x and y of the same shape, any
/// dX += dY · ∂y/∂x
/// </code>
/// </summary>
/// <remarks>
/// This is the shortest way to write a custom function: two lines, and <see cref="Operation.Equations"/> for the stepper. It is meant to be
/// readable, not fast.
/// </remarks>
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
    public override Equations Equations => new(
        "applies its Value method to each element",
        "y = f(x)", "∂y/∂x: see its Derivative method", "dX += dY ⊙ ∂y/∂x")
    { IsElementwise = true };

    /// <inheritdoc/>
    public sealed override void Forward(Tensor x, Tensor y, NodeContext context)
    {
        for (int i = 0; i < x.Span.Length; i++)
        {
            y.Span[i] = Value(x.Span[i]);    // y = f(x)
        }
    }

    /// <inheritdoc/>
    public sealed override void Backward(Tensor x, Tensor y, Tensor dY, Tensor? dX, NodeContext context)
    {
        for (int i = 0; dX is not null && i < x.Span.Length; i++)
        {
            dX.Span[i] += dY.Span[i] * Derivative(x.Span[i], y.Span[i]);    // dX += dY · ∂y/∂x
        }
    }

    /// <summary>Computes y = f(x) for one element.</summary>
    /// <param name="x">The element, which can be NaN or infinite.</param>
    /// <returns>y.</returns>
    protected abstract float Value(float x);

    /// <summary>Computes ∂y/∂x for one element.</summary>
    /// <param name="x">The argument of <see cref="Value"/>.</param>
    /// <param name="y">The result of <see cref="Value"/>, which often simplifies the derivative.</param>
    /// <returns>∂y/∂x.</returns>
    protected abstract float Derivative(float x, float y);
}
