using System.Diagnostics;
using MiniNet.Graphs;
using MiniNet.Kernels;
using MiniNet.Tensors;

namespace MiniNet.Layers;

/// <summary>
/// Applies the Gaussian error linear unit to each element: x times the probability Φ(x) that a standard normal variable is less than x.
/// <code>
/// y = x Φ(x)                             x and y of the same shape, any; y above −0.17
/// Φ(x) = (1 + erf(x/√2)) / 2,  φ(x) = ∂Φ/∂x = e^(−x²/2) / √(2π)
/// ∂y/∂x = Φ(x) + x φ(x)
/// dX += dY · (Φ(x) + x φ(x))
/// </code>
/// or the approximation with tanh instead of erf, used by GPT-2 and others, whose error is at most 0.0005:
/// <code>
/// y = ½x(1 + t),  t = tanh u,  u = √(2/π) (x + 0.044715x³)
/// ∂t/∂x = (1 − t²) ∂u/∂x,  ∂u/∂x = √(2/π) (1 + 3·0.044715x²),  so
/// ∂y/∂x = ½(1 + t) + ½x(1 − t²) √(2/π) (1 + 3·0.044715x²)
/// dX += dY · ∂y/∂x
/// </code>
/// </summary>
/// <remarks>
/// Hendrycks and Gimpel, "Gaussian Error Linear Units (GELUs)", 2016, arXiv:1606.08415, section 2. As in PyTorch, x = −∞ gives NaN (−∞·0).
/// </remarks>
/// <param name="tanhApproximation">true to use the approximation with tanh, PyTorch's <c>approximate='tanh'</c>; otherwise, false.</param>
public sealed class GELU(bool tanhApproximation = false) : Layer
{
    /// <summary>Gets a value indicating whether the approximation with tanh is used.</summary>
    public bool TanhApproximation { get; } = tanhApproximation;

    /// <inheritdoc/>
    [DebuggerStepThrough]
    public override Shape OutputShape(Shape input) => input;

    /// <inheritdoc/>
    public override Equations Equations => new(
        "multiplies each element by the probability of smaller values",
        TanhApproximation ? "y ≈ x Φ(x)" : "y = x Φ(x)",
        TanhApproximation ? "∂y/∂x ≈ Φ(x) + x φ(x)" : "∂y/∂x = Φ(x) + x φ(x)",
        "dX += dY ⊙ ∂y/∂x")
    { IsElementwise = true };

    /// <inheritdoc/>
    public override void Forward(Tensor x, Tensor y, NodeContext context)
    {
        if (TanhApproximation)
        {
            Kernel.GELUTanh(x.Span, y.Span);    // y = ½x(1 + t)
        }
        else
        {
            Kernel.GELU(x.Span, y.Span);        // y = x Φ(x)
        }
    }

    /// <inheritdoc/>
    public override void Backward(Tensor x, Tensor y, Tensor dY, Tensor? dX, NodeContext context)
    {
        if (dX is not null && TanhApproximation)
        {
            Kernel.GELUTanhBackward(x.Span, dY.Span, dX.Span);    // dX += dY · (½(1 + t) + ½x(1 − t²) ∂u/∂x)
        }
        else if (dX is not null)
        {
            Kernel.GELUBackward(x.Span, dY.Span, dX.Span);        // dX += dY · (Φ(x) + x φ(x))
        }
    }

    /// <inheritdoc/>
    [DebuggerStepThrough]
    public override string ToString() => TanhApproximation ? "GELU by tanh" : "GELU";
}
