using System.Diagnostics;
using MiniNet.Graphs;
using MiniNet.Kernels;
using MiniNet.Tensors;

namespace MiniNet.Layers;

/// <summary>
/// Applies the logistic function to each element:
/// <code>
/// y = 1 / (1 + e⁻ˣ)            x and y of the same shape, any; y in [0, 1]
/// ∂y/∂x = y(1 − y)
/// dX += dY · y(1 − y)
/// </code>
/// </summary>
/// <remarks>Goodfellow, Bengio and Courville, "Deep Learning", 2016, section 3.10, equations 3.30 and 3.34.</remarks>
public sealed class Sigmoid : Layer
{
    /// <inheritdoc/>
    [DebuggerStepThrough]
    public override Shape OutputShape(Shape input) => input;

    /// <inheritdoc/>
    public override Equations Equations => new(
        "maps each element to a value between 0 and 1", "y = 1/(1 + e⁻ˣ)", "∂y/∂x = y(1 − y)", "dX += dY ⊙ ∂y/∂x")
    { IsElementwise = true };

    /// <inheritdoc/>
    public override void Forward(Tensor x, Tensor y, NodeContext context) => Kernel.Sigmoid(x.Span, y.Span);    // y = 1 / (1 + e⁻ˣ)

    /// <inheritdoc/>
    public override void Backward(Tensor x, Tensor y, Tensor dY, Tensor? dX, NodeContext context)
    {
        if (dX is not null)
        {
            Kernel.SigmoidBackward(y.Span, dY.Span, dX.Span);    // dX += dY · y(1 − y)
        }
    }
}
