using System.Runtime.CompilerServices;

namespace MiniNet.Kernels;

// Without vectors, but what of each window lies within the image is found once a line, and the comparisons take no branches.
internal static partial class SimdKernels
{
    /// <inheritdoc cref="PlainKernels.MaxPool"/>
    public static void MaxPool(ChannelsView x, ChannelsView y, Window window)
    {
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
                    to[k] = Largest(from, x.Width, top, bottom, left, right);
                }
            }
        }
    }

    /// <inheritdoc cref="PlainKernels.MaxPoolBackward"/>
    public static void MaxPoolBackward(ChannelsView x, ChannelsView dY, ChannelsView dX, Window window)
    {
        for (int channel = 0; channel < dY.Rows * dY.Channels; channel++)
        {
            ReadOnlySpan<float> from = x.Channel(0, channel), gradient = dY.Channel(0, channel);
            Span<float> to = dX.Channel(0, channel);
            for (int k = 0, i = 0; i < dY.Height; i++)
            {
                (int top, int bottom) = Part(i, window.S1, window.P1, window.Height, x.Height);
                for (int j = 0; j < dY.Width; j++, k++)
                {
                    (int left, int right) = Part(j, window.S2, window.P2, window.Width, x.Width);
                    to[FirstLargest(from, x.Width, top, bottom, left, right)] += gradient[k];
                }
            }
        }
    }

    /// <inheritdoc cref="PlainKernels.AveragePool"/>
    public static void AveragePool(ChannelsView x, ChannelsView y, Window window)
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
    public static void AveragePoolBackward(ChannelsView dY, ChannelsView dX, Window window)
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

    /// <summary>The rows, or columns, of x under the window for row, or column, i of y; the last one excluded.</summary>
    private static (int First, int Last) Part(int i, int stride, int padding, int length, int imageLength)
    {
        int first = (i * stride) - padding;
        return (Math.Max(first, 0), Math.Min(first + length, imageLength));
    }

    private static float Largest(ReadOnlySpan<float> x, int width, int top, int bottom, int left, int right)
    {
        float max = float.NegativeInfinity;
        for (int row = top; row < bottom; row++)
        {
            for (int at = (row * width) + left; at < (row * width) + right; at++)
            {
                max = MathF.Max(max, x[at]); // NaN, if one of them is
            }
        }

        return max;
    }

    /// <summary>The place of the first maximum; where there is a NaN, of the last.</summary>
    private static int FirstLargest(ReadOnlySpan<float> x, int width, int top, int bottom, int left, int right)
    {
        float max = Largest(x, width, top, bottom, left, right);
        int first = -1;
        for (int row = bottom - 1; row >= top; row--)
        {
            for (int at = (row * width) + right - 1; at >= (row * width) + left; at--)
            {
                int here = -Unsafe.BitCast<bool, byte>(x[at] == max); // every bit, or none
                first = (at & here) | (first & ~here);
            }
        }

        for (int row = top; row < bottom && float.IsNaN(max); row++)
        {
            for (int at = (row * width) + left; at < (row * width) + right; at++)
            {
                first = float.IsNaN(x[at]) ? at : first;
            }
        }

        return first;
    }
}
