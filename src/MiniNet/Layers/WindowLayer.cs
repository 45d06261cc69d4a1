using System.Diagnostics;
using MiniNet.Graphs;
using MiniNet.Kernels;
using MiniNet.Tensors;

namespace MiniNet.Layers;

/// <summary>
/// Provides the base class for convolution and pooling: a window of size k that slides over images with stride s and padding p at each
/// edge:
/// <code>x [n, C, H, W]   y [n, ·, ⌊(H + 2p − k)/s⌋ + 1, ⌊(W + 2p − k)/s⌋ + 1]</code>
/// </summary>
public abstract class WindowLayer : Layer
{
    private protected WindowLayer(Size2d kernelSize, Size2d stride, Size2d padding, Size2d? maxPadding = null)
    {
        Require.AtLeast1(Math.Min(kernelSize.Height, kernelSize.Width), nameof(kernelSize));
        Require.AtLeast1(Math.Min(stride.Height, stride.Width), nameof(stride));
        Require.NonNegative(Math.Min(padding.Height, padding.Width), nameof(padding));
        if (maxPadding is { } max && (padding.Height > max.Height || padding.Width > max.Width))
        {
            throw new ArgumentOutOfRangeException(nameof(padding), padding, $"It must be at most half the window, {max}.");
        }

        (KernelSize, Stride, Padding) = (kernelSize, stride, padding);
        Window = new Window(kernelSize.Height, kernelSize.Width, stride.Height, stride.Width, padding.Height, padding.Width);
    }

    /// <summary>Gets k, the size of the window.</summary>
    public Size2d KernelSize { get; }

    /// <summary>Gets s, the distance that the window moves between adjacent pixels of y.</summary>
    public Size2d Stride { get; }

    /// <summary>Gets p, the number of pixels that the window extends beyond the edges of x.</summary>
    public Size2d Padding { get; }

    private protected Window Window { get; }

    /// <summary>Describes the layer by window, stride and padding, such as <c>Conv2d 1 -> 8, 3x3, stride 2x2, padding 1x1</c>.</summary>
    /// <returns>The text.</returns>
    [DebuggerStepThrough]
    public override string ToString() =>
        $"{GetType().Name} {Channels}{KernelSize}{(Stride == 1 ? "" : $", stride {Stride}")}{(Padding == 0 ? "" : $", padding {Padding}")}";

    private protected virtual string Channels => "";

    /// <summary>Gets the shape of y if it has the same number of channels as x.</summary>
    [DebuggerStepThrough]
    private protected Shape PoolShape(Shape input) =>
        input.Rank == 4 ? SlideShape(input, input[1]) : throw new ShapeException($"expects [n, channels, h, w], got {input}");

    /// <summary>Gets the shape of y with the specified number of channels.</summary>
    [DebuggerStepThrough]
    private protected Shape SlideShape(Shape input, int channels)
    {
        int height = OutputSize(input[2], KernelSize.Height, Stride.Height, Padding.Height),
            width = OutputSize(input[3], KernelSize.Width, Stride.Width, Padding.Width);
        return height > 0 && width > 0
            ? new Shape(input.Rows, channels, height, width)
            : throw new ShapeException(
                $"expects images with room for its window of {KernelSize}, got {input}; choose a smaller window or more padding");
    }

    [DebuggerStepThrough]
    private static int OutputSize(int size, int kernel, int stride, int padding)
    {
        long padded = size + (2L * padding);
        return size >= 1 && padded >= kernel && padded <= Array.MaxLength ? (int)((padded - kernel) / stride) + 1 : 0;
    }
}
