using System.Runtime.Intrinsics;
using MiniNet.Kernels.Images;
using MiniNet.Kernels.Vectors;

namespace MiniNet.Kernels;

// Average pooling does not use vectors, but computes the overlap of window and image once per line.
internal static unsafe partial class SimdKernels
{
    /// <inheritdoc cref="PlainKernels.MaxPool"/>
    public static void MaxPool(in ChannelsView x, in ChannelsView y, Window window)
    {
        fixed (float* px = x.Span, py = y.Span)
        {
            MaxPooling pooling = Over(x, px, y, py, window);
            if (!pooling.CanTranspose)
            {
                PlainKernels.MaxPool(x, y, window);
            }
            else if (Vector512.IsHardwareAccelerated) { pooling.Forward<Floats512>(); }
            else if (Vector256.IsHardwareAccelerated) { pooling.Forward<Floats256>(); }
            else { pooling.Forward<Floats128>(); }
        }
    }

    /// <inheritdoc cref="PlainKernels.MaxPoolBackward"/>
    public static void MaxPoolBackward(in ChannelsView x, in ChannelsView dY, in ChannelsView dX, Window window)
    {
        Require(dX.Span.Length == x.Span.Length, nameof(dX));
        fixed (float* px = x.Span, py = dY.Span, to = dX.Span)
        {
            MaxPooling pooling = Over(x, px, dY, py, window);
            if (!pooling.CanTranspose)
            {
                PlainKernels.MaxPoolBackward(x, dY, dX, window);
            }
            else if (Vector512.IsHardwareAccelerated) { pooling.Backward<Floats512>(to); }
            else if (Vector256.IsHardwareAccelerated) { pooling.Backward<Floats256>(to); }
            else { pooling.Backward<Floats128>(to); }
        }
    }

    private static MaxPooling Over(in ChannelsView x, float* px, in ChannelsView y, float* py, Window window)
    {
        Require(x.Rows == y.Rows && x.Channels == y.Channels, nameof(y));
        Require(
            Slides(x.Height, window.Height, window.S1, window.P1, y.Height) && Slides(x.Width, window.Width, window.S2, window.P2, y.Width),
            nameof(window));
        return new MaxPooling
        {
            X = px,
            Y = py,
            Channels = x.Rows * x.Channels,
            In = (x.Height, x.Width),
            Out = (y.Height, y.Width),
            Window = window,
        };
    }

    /// <inheritdoc cref="PlainKernels.AveragePool"/>
    public static void AveragePool(in ChannelsView x, in ChannelsView y, Window window)
    {
        double count = (double)window.Height * window.Width;
        for (int channel = 0; channel < y.Rows * y.Channels; channel++)
        {
            ReadOnlySpan<float> from = x.Channel(0, channel);
            Span<float> to = y.Channel(0, channel);
            for (int k = 0, i = 0; i < y.Height; i++)
            {
                (int top, int bottom) = Part(i, window.S1, window.P1, window.Height, x.Height);
                for (int j = 0; j < y.Width; j++, k++)
                {
                    (int left, int right) = Part(j, window.S2, window.P2, window.Width, x.Width);
                    double sum = 0;
                    for (int row = top; row < bottom; row++)
                    {
                        for (int at = (row * x.Width) + left; at < (row * x.Width) + right; at++)
                        {
                            sum += from[at];
                        }
                    }

                    to[k] = (float)(sum / count);
                }
            }
        }
    }

    /// <inheritdoc cref="PlainKernels.AveragePoolBackward"/>
    public static void AveragePoolBackward(in ChannelsView dY, in ChannelsView dX, Window window)
    {
        float count = (float)window.Height * window.Width;
        for (int channel = 0; channel < dY.Rows * dY.Channels; channel++)
        {
            ReadOnlySpan<float> gradient = dY.Channel(0, channel);
            Span<float> to = dX.Channel(0, channel);
            for (int k = 0, i = 0; i < dY.Height; i++)
            {
                (int top, int bottom) = Part(i, window.S1, window.P1, window.Height, dX.Height);
                for (int j = 0; j < dY.Width; j++, k++)
                {
                    (int left, int right) = Part(j, window.S2, window.P2, window.Width, dX.Width);
                    float share = gradient[k] / count;
                    for (int row = top; row < bottom; row++)
                    {
                        for (int at = (row * dX.Width) + left; at < (row * dX.Width) + right; at++)
                        {
                            to[at] += share;
                        }
                    }
                }
            }
        }
    }

    /// <summary>Returns the rows, or columns, of x under the window for row, or column, i of y. The end is exclusive.</summary>
    private static (int First, int Last) Part(int i, int stride, int padding, int length, int imageLength)
    {
        int first = (i * stride) - padding;
        return (Math.Max(first, 0), Math.Min(first + length, imageLength));
    }
}
