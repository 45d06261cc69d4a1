using System.Diagnostics;
using MiniNet.Graphs;
using MiniNet.Kernels;
using MiniNet.Tensors;

namespace MiniNet.Layers;

/// <summary>
/// Computes the hyperbolic tangent of each element:
/// <code>
/// y = tanh x                   x and y of the same shape, any; y in [−1, 1]
/// ∂y/∂x = 1 − y²
/// dX += dY · (1 − y²)
/// </code>
/// </summary>
/// <remarks>Goodfellow, Bengio and Courville, "Deep Learning", 2016, section 6.3.2.</remarks>
public sealed class Tanh : Layer
{
    /// <inheritdoc/>
    [DebuggerStepThrough]
    public override Shape OutputShape(Shape input) => input;

    /// <inheritdoc/>
    public override Equations Equations => new(
        "maps each element to a value between −1 and 1", "y = tanh x", "∂y/∂x = 1 − y²", "dX += dY ⊙ ∂y/∂x")
    { IsElementwise = true };

    /// <inheritdoc/>
    public override void Forward(Tensor x, Tensor y, NodeContext context) => Kernel.Tanh(x.Span, y.Span);    // y = tanh x

    /// <inheritdoc/>
    public override void Backward(Tensor x, Tensor y, Tensor dY, Tensor? dX, NodeContext context)
    {
        if (dX is not null)
        {
            Kernel.TanhBackward(y.Span, dY.Span, dX.Span);    // dX += dY · (1 − y²)
        }
    }
}
