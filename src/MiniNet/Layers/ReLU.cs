using System.Diagnostics;
using MiniNet.Graphs;
using MiniNet.Kernels;
using MiniNet.Tensors;

namespace MiniNet.Layers;

/// <summary>
/// Applies the rectified linear unit to each element:
/// <code>
/// y = max(x, 0)                x and y of the same shape, any
/// ∂y/∂x = 1 where x &gt; 0, else 0;   at the kink x = 0 the derivative is taken to be 0
/// dX += dY where x &gt; 0
/// </code>
/// </summary>
/// <remarks>
/// Nair and Hinton, "Rectified Linear Units Improve Restricted Boltzmann Machines", ICML 2010. The derivative at 0 is the same as in
/// PyTorch.
/// </remarks>
public sealed class ReLU : Layer
{
    /// <inheritdoc/>
    [DebuggerStepThrough]
    public override Shape OutputShape(Shape input) => input;

    /// <inheritdoc/>
    public override Equations Equations => new(
        "keeps positive elements and sets the others to 0",
        "y = max(x, 0)", "∂y/∂x = 1 where x > 0, else 0", "dX += dY ⊙ ∂y/∂x")
    { IsElementwise = true };

    /// <inheritdoc/>
    public override void Forward(Tensor x, Tensor y, NodeContext context) => Kernel.ReLU(x.Span, y.Span);    // y = max(x, 0)

    /// <inheritdoc/>
    public override void Backward(Tensor x, Tensor y, Tensor dY, Tensor? dX, NodeContext context)
    {
        if (dX is not null)
        {
            Kernel.ReLUBackward(x.Span, dY.Span, dX.BeginSum());     // dX += dY where x > 0
        }
    }
}
