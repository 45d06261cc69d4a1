namespace MiniNet.Kernels;

// Without vectors, but the part of each window that lies within the image is found once, not asked for at every pixel.
internal static partial class SimdKernels
{
    /// <inheritdoc cref="PlainKernels.MaxPool"/>
    public static void MaxPool(ChannelsView x, ChannelsView y, Window window)
    {
        for (int channel = 0; channel < y.Rows * y.Channels; channel++)
        {
            ReadOnlySpan<float> from = x.Channel(0, channel);
            Span<float> to = y.Channel(0, channel);
            for (int k = 0; k < to.Length; k++)
            {
                to[k] = from[Largest(from, x.Width, Part(k, x, y, window))];
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
            for (int k = 0; k < gradient.Length; k++)
            {
                to[Largest(from, x.Width, Part(k, x, dY, window))] += gradient[k];
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
            for (int k = 0; k < to.Length; k++)
            {
                (int top, int bottom, int left, int right) = Part(k, x, y, window);
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

    /// <inheritdoc cref="PlainKernels.AveragePoolBackward"/>
    public static void AveragePoolBackward(ChannelsView dY, ChannelsView dX, Window window)
    {
        float count = (float)window.Height * window.Width;
        for (int channel = 0; channel < dY.Rows * dY.Channels; channel++)
        {
            ReadOnlySpan<float> gradient = dY.Channel(0, channel);
            Span<float> to = dX.Channel(0, channel);
            for (int k = 0; k < gradient.Length; k++)
            {
                (int top, int bottom, int left, int right) = Part(k, dX, dY, window);
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

    /// <summary>The rows and columns of x, the last ones excluded, that pixel k of y has under its window.</summary>
    private static (int Top, int Bottom, int Left, int Right) Part(int k, ChannelsView x, ChannelsView y, Window window)
    {
        (int i, int j) = Math.DivRem(k, y.Width);
        int top = (i * window.S1) - window.P1, left = (j * window.S2) - window.P2;
        return (Math.Max(top, 0), Math.Min(top + window.Height, x.Height), Math.Max(left, 0), Math.Min(left + window.Width, x.Width));
    }

    private static int Largest(ReadOnlySpan<float> x, int width, (int Top, int Bottom, int Left, int Right) part)
    {
        int largest = (part.Top * width) + part.Left;
        for (int row = part.Top; row < part.Bottom; row++)
        {
            for (int at = (row * width) + part.Left; at < (row * width) + part.Right; at++)
            {
                largest = x[at] > x[largest] || float.IsNaN(x[at]) ? at : largest;
            }
        }

        return largest;
    }
}
