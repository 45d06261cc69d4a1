using System.Diagnostics;
using MiniNet.Graphs;
using MiniNet.Kernels;
using MiniNet.Tensors;

namespace MiniNet.Layers;

/// <summary>
/// Adds two tensors element by element, as in a residual connection:
/// <code>
/// y = a + b                    a, b and y of the same shape, any
/// ∂y/∂a = ∂y/∂b = 1
/// dA += dY,  dB += dY
/// </code>
/// </summary>
/// <remarks>He, Zhang, Ren and Sun, "Deep Residual Learning for Image Recognition", CVPR 2016, equation 1.</remarks>
public sealed class Add : BinaryLayer
{
    /// <inheritdoc/>
    [DebuggerStepThrough]
    public override Shape OutputShape(Shape a, Shape b) => SameShape(a, b);

    /// <inheritdoc/>
    public override Equations Equations => new(
        "adds two tensors", "y = a + b", "∂y/∂a = 1,  ∂y/∂b = 1", "dA += dY", "dB += dY")
    { IsElementwise = true };

    /// <inheritdoc/>
    public override void Forward(Tensor a, Tensor b, Tensor y, NodeContext context) => Kernel.Sum(a.Span, b.Span, y.Span);    // y = a + b

    /// <inheritdoc/>
    public override void Backward(Tensor a, Tensor b, Tensor y, Tensor dY, Tensor? dA, Tensor? dB, NodeContext context)
    {
        dA?.Add(dY);        // dA += dY
        dB?.Add(dY);        // dB += dY
    }
}
