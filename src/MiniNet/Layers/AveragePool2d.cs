using System.Diagnostics;
using MiniNet.Graphs;
using MiniNet.Kernels;
using MiniNet.Tensors;

namespace MiniNet.Layers;

/// <summary>
/// Computes the mean of each window of k₁·k₂ pixels that slides over each channel:
/// <code>
/// x [n, C, H, W]   y [n, C, H', W']      H' = ⌊(H + 2p − k)/s⌋ + 1, likewise W'
///
/// yₙ꜀ᵢⱼ = 1/(k₁k₂) Σ x[n, c, i·s + u − p, j·s + v − p]      over u and v; padding is 0 and counts in the mean
/// dX[n, c, i·s + u − p, j·s + v − p] += dYₙ꜀ᵢⱼ / (k₁k₂)     for every i, j, u, v
/// </code>
/// </summary>
/// <remarks>
/// LeCun, Bottou, Bengio and Haffner, "Gradient-Based Learning Applied to Document Recognition", 1998, section II. PyTorch's
/// <c>AvgPool2d</c>.
/// </remarks>
public sealed class AveragePool2d : WindowLayer
{
    /// <summary>Initializes a new instance of the <see cref="AveragePool2d"/> class.</summary>
    /// <param name="kernelSize">k, at least 1.</param>
    /// <param name="stride">s, at least 1. The default is the window size, so that windows do not overlap.</param>
    /// <param name="padding">p, from 0 to half the window size.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is out of range.</exception>
    public AveragePool2d(Size2d kernelSize, Size2d? stride = null, Size2d padding = default)
        : base(kernelSize, stride ?? kernelSize, padding, (kernelSize.Height / 2, kernelSize.Width / 2))
    {
    }

    /// <inheritdoc/>
    [DebuggerStepThrough]
    public override Shape OutputShape(Shape input) => PoolShape(input);

    /// <inheritdoc/>
    public override Equations Equations => new(
        "averages each window", "y = mean x", "∂y/∂x = 1/(k₁k₂) within the window", "dX += dY / (k₁k₂), to each of the window");

    /// <inheritdoc/>
    public override ElementDependencies DependenciesFor(Shape input, Shape output, NodeContext context) =>
        ElementDependencies.Windows("average", Window, input, output);

    /// <inheritdoc/>
    // y = mean x
    public override void Forward(Tensor x, Tensor y, NodeContext context) => Kernel.AveragePool(x.Channels, y.Channels, Window);

    /// <inheritdoc/>
    public override void Backward(Tensor x, Tensor y, Tensor dY, Tensor? dX, NodeContext context)
    {
        if (dX is not null)
        {
            Kernel.AveragePoolBackward(dY.Channels, dX.Channels, Window);    // dX += dY / k₁k₂
        }
    }
}
