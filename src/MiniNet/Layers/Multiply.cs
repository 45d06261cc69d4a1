using System.Diagnostics;
using MiniNet.Graphs;
using MiniNet.Kernels;
using MiniNet.Tensors;

namespace MiniNet.Layers;

/// <summary>
/// Multiplies two tensors element by element, as in a gate:
/// <code>
/// y = a ⊙ b                    a, b and y of the same shape, any
/// ∂y/∂a = b,  ∂y/∂b = a
/// dA += dY ⊙ b,  dB += dY ⊙ a
/// </code>
/// If a and b are the same tensor, its gradient receives both contributions: 2 dY ⊙ a, the derivative of y = a².
/// </summary>
/// <remarks>Srivastava, Greff and Schmidhuber, "Highway Networks", 2015, arXiv:1505.00387, equation 2, uses such gates.</remarks>
public sealed class Multiply : BinaryLayer
{
    /// <inheritdoc/>
    [DebuggerStepThrough]
    public override Shape OutputShape(Shape a, Shape b) => SameShape(a, b);

    /// <inheritdoc/>
    public override Equations Equations => new(
        "multiplies two tensors, element by element",
        "y = a ⊙ b", "∂y/∂a = b,  ∂y/∂b = a", "dA += dY ⊙ b", "dB += dY ⊙ a")
    { IsElementwise = true };

    /// <inheritdoc/>
    // y = a ⊙ b
    public override void Forward(Tensor a, Tensor b, Tensor y, NodeContext context) => Kernel.Multiply(a.Span, b.Span, y.Span);

    /// <inheritdoc/>
    public override void Backward(Tensor a, Tensor b, Tensor y, Tensor dY, Tensor? dA, Tensor? dB, NodeContext context)
    {
        if (dA is not null)
        {
            Kernel.MultiplyBackward(b.Span, dY.Span, dA.Span);    // dA += dY ⊙ b
        }

        if (dB is not null)
        {
            Kernel.MultiplyBackward(a.Span, dY.Span, dB.Span);    // dB += dY ⊙ a
        }
    }
}
