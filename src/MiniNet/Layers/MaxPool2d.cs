using System.Diagnostics;
using MiniNet.Graphs;
using MiniNet.Kernels;
using MiniNet.Tensors;

namespace MiniNet.Layers;

/// <summary>
/// Computes the maximum of each window that slides over each channel:
/// <code>
/// x [n, C, H, W]   y [n, C, H', W']      H' = ⌊(H + 2p − k)/s⌋ + 1, likewise W'
///
/// yₙ꜀ᵢⱼ = max x[n, c, i·s + u − p, j·s + v − p]      over the u and v that lie within the image: padding never wins
/// ∂yₙ꜀ᵢⱼ/∂x = 1 at the first maximum, row after row, else 0
/// dX[first maximum of window i, j] += dYₙ꜀ᵢⱼ
/// </code>
/// </summary>
/// <remarks>
/// Goodfellow, Bengio and Courville, "Deep Learning", 2016, section 9.3. PyTorch's <c>MaxPool2d</c>, without its dilation. Ties and NaN are
/// handled as in PyTorch: NaN is passed on.
/// </remarks>
public sealed class MaxPool2d : WindowLayer
{
    /// <summary>Initializes a new instance of the <see cref="MaxPool2d"/> class.</summary>
    /// <param name="kernelSize">k, at least 1.</param>
    /// <param name="stride">s, at least 1. The default is the window size, so that windows do not overlap.</param>
    /// <param name="padding">p, from 0 to half the window size.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is out of range.</exception>
    public MaxPool2d(Size2d kernelSize, Size2d? stride = null, Size2d padding = default)
        : base(kernelSize, stride ?? kernelSize, padding, (kernelSize.Height / 2, kernelSize.Width / 2))
    {
    }

    /// <inheritdoc/>
    [DebuggerStepThrough]
    public override Shape OutputShape(Shape input) => PoolShape(input);

    /// <inheritdoc/>
    public override Equations Equations => new(
        "takes the maximum of each window", "y = max x", "∂y/∂x = 1 at the first maximum, else 0", "dX += dY, to the first maximum");

    /// <inheritdoc/>
    public override ElementDependencies DependenciesFor(Shape input, Shape output, NodeContext context) =>
        ElementDependencies.Windows("maximum", Window, input, output);

    /// <inheritdoc/>
    public override void Forward(Tensor x, Tensor y, NodeContext context) => Kernel.MaxPool(x.Channels, y.Channels, Window);    // y = max x

    /// <inheritdoc/>
    public override void Backward(Tensor x, Tensor y, Tensor dY, Tensor? dX, NodeContext context)
    {
        if (dX is not null)
        {
            Kernel.MaxPoolBackward(x.Channels, dY.Channels, dX.Channels, Window);    // dX[first maximum] += dY
        }
    }
}
