using System.Diagnostics;
using MiniNet.Graphs;
using MiniNet.Kernels;
using MiniNet.Tensors;

namespace MiniNet.Layers;

/// <summary>
/// Applies the leaky rectified linear unit to each element, which multiplies negative elements by a small slope:
/// <code>
/// y = x where x &gt; 0, else ax       x and y of the same shape, any; a is 0.01 by default
/// ∂y/∂x = 1 where x &gt; 0, else a;   at the kink x = 0 the derivative is taken to be a
/// dX += dY where x &gt; 0, else dX += a dY
/// </code>
/// </summary>
/// <remarks>
/// Maas, Hannun and Ng, "Rectifier Nonlinearities Improve Neural Network Acoustic Models", ICML 2013. The derivative at 0 is the same as in
/// PyTorch.
/// </remarks>
/// <param name="negativeSlope">a, finite; PyTorch's <c>negative_slope</c>.</param>
/// <exception cref="ArgumentOutOfRangeException">The slope is NaN or infinite.</exception>
public sealed class LeakyReLU(float negativeSlope = 0.01f) : Layer
{
    /// <summary>Gets a, the slope for negative elements.</summary>
    public float NegativeSlope { get; } = Require.Finite(negativeSlope);

    /// <inheritdoc/>
    [DebuggerStepThrough]
    public override Shape OutputShape(Shape input) => input;

    /// <inheritdoc/>
    public override Equations Equations => new(
        "keeps positive elements and multiplies the others by a",
        "y = x where x > 0, else a x", "∂y/∂x = 1 where x > 0, else a", "dX += dY ⊙ ∂y/∂x")
    { IsElementwise = true, Constants = [new("a", NegativeSlope)] };

    /// <inheritdoc/>
    public override void Forward(Tensor x, Tensor y, NodeContext context) =>
        Kernel.LeakyReLU(x.Span, NegativeSlope, y.Span);    // y = x where x > 0, else ax

    /// <inheritdoc/>
    public override void Backward(Tensor x, Tensor y, Tensor dY, Tensor? dX, NodeContext context)
    {
        if (dX is not null)
        {
            Kernel.LeakyReLUBackward(x.Span, NegativeSlope, dY.Span, dX.Span);    // dX += dY where x > 0, else dX += a dY
        }
    }

    /// <inheritdoc/>
    [DebuggerStepThrough]
    public override string ToString() => FormattableString.Invariant($"LeakyReLU {NegativeSlope}");
}
