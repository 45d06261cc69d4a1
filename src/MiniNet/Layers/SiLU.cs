using System.Diagnostics;
using MiniNet.Graphs;
using MiniNet.Kernels;
using MiniNet.Tensors;

namespace MiniNet.Layers;

/// <summary>
/// Applies the sigmoid linear unit, also called swish, to each element:
/// <code>
/// y = x s,  s = 1 / (1 + e⁻ˣ)            x and y of the same shape, any; y above −0.279
/// ∂s/∂x = s(1 − s),  so
/// ∂y/∂x = s + x s(1 − s)
/// dX += dY · (s + x s(1 − s))
/// </code>
/// </summary>
/// <remarks>
/// Elfwing, Uchibe and Doya, "Sigmoid-Weighted Linear Units for Neural Network Function Approximation in Reinforcement Learning",
/// Neural Networks 107, 2018, equations 9 and 10. As in PyTorch, x = −∞ gives NaN (−∞·0).
/// </remarks>
public sealed class SiLU : Layer
{
    /// <inheritdoc/>
    [DebuggerStepThrough]
    public override Shape OutputShape(Shape input) => input;

    /// <inheritdoc/>
    public override Equations Equations => new(
        "multiplies each element by its sigmoid",
        "y = x s, s = 1/(1 + e⁻ˣ)", "∂y/∂x = s + x s(1 − s)", "dX += dY ⊙ ∂y/∂x")
    { IsElementwise = true };

    /// <inheritdoc/>
    public override void Forward(Tensor x, Tensor y, NodeContext context) => Kernel.SiLU(x.Span, y.Span);    // y = x s

    /// <inheritdoc/>
    public override void Backward(Tensor x, Tensor y, Tensor dY, Tensor? dX, NodeContext context)
    {
        if (dX is not null)
        {
            Kernel.SiLUBackward(x.Span, dY.Span, dX.Span);    // dX += dY · (s + x s(1 − s))
        }
    }
}
