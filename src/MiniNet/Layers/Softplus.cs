using System.Diagnostics;
using MiniNet.Graphs;
using MiniNet.Kernels;
using MiniNet.Tensors;

namespace MiniNet.Layers;

/// <summary>
/// Applies softplus, a smooth approximation of the rectifier, to each element:
/// <code>
/// y = log(1 + e^βx) / β,  and y = x where βx &gt; threshold       x and y of the same shape, any; y above 0 with the defaults
/// ∂y/∂x = e^βx / (1 + e^βx) = 1 / (1 + e^−βx),  and 1 where βx &gt; threshold
/// dX += dY / (1 + e^−βx),  and dX += dY where βx &gt; threshold
/// </code>
/// </summary>
/// <remarks>
/// Dugas, Bengio, Bélisle, Nadeau and Garcia, "Incorporating Second-Order Functional Knowledge for Better Option Pricing", NIPS 2000.
/// The threshold is the one of PyTorch. It is not needed to prevent overflow, and the jump at the default of 20, e⁻²⁰/β, is below the
/// precision of a float.
/// </remarks>
/// <param name="beta">β, finite and not 0. Larger values make the bend sharper.</param>
/// <param name="threshold">The value of βx above which y = x, finite.</param>
/// <exception cref="ArgumentOutOfRangeException">A value is out of range.</exception>
public sealed class Softplus(float beta = 1, float threshold = 20) : Layer
{
    /// <summary>Gets β.</summary>
    public float Beta { get; } = float.IsFinite(beta) && beta != 0
        ? beta : throw new ArgumentOutOfRangeException(nameof(beta), beta, "It must be finite and not 0.");

    /// <summary>Gets the value of βx above which y = x.</summary>
    public float Threshold { get; } = Require.Finite(threshold);

    /// <inheritdoc/>
    [DebuggerStepThrough]
    public override Shape OutputShape(Shape input) => input;

    /// <inheritdoc/>
    public override Equations Equations => new(
        "computes a smooth version of max(x, 0)",
        "y = log(1 + e^βx)/β", "∂y/∂x = 1/(1 + e^−βx)", "dX += dY ⊙ ∂y/∂x")
    { IsElementwise = true, Constants = [new("β", Beta)] };

    /// <inheritdoc/>
    public override void Forward(Tensor x, Tensor y, NodeContext context) =>
        Kernel.Softplus(x.Span, Beta, Threshold, y.Span);    // y = log(1 + e^βx) / β

    /// <inheritdoc/>
    public override void Backward(Tensor x, Tensor y, Tensor dY, Tensor? dX, NodeContext context)
    {
        if (dX is not null)
        {
            Kernel.SoftplusBackward(x.Span, Beta, Threshold, dY.Span, dX.Span);    // dX += dY / (1 + e^−βx)
        }
    }

    /// <inheritdoc/>
    [DebuggerStepThrough]
    public override string ToString() => FormattableString.Invariant($"Softplus {Beta} up to {Threshold}");
}
