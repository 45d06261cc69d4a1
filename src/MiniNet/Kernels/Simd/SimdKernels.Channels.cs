using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using MiniNet.Kernels.Vectors;

namespace MiniNet.Kernels;

// If channels have one pixel, the lanes are channels of a row; otherwise, they are pixels of a channel.
internal static unsafe partial class SimdKernels
{
    /// <inheritdoc cref="PlainKernels.SetChannels"/>
    public static void SetChannels(ReadOnlySpan<float> b, in ChannelsView y)
    {
        for (int n = 0; n < y.Rows; n++)
        {
            for (int c = 0; c < y.Channels && y.Pixels != 1; c++)
            {
                y.Channel(n, c).Fill(b[c]);
            }

            if (y.Pixels == 1)
            {
                b[..y.Channels].CopyTo(y.Row(n).Span);
            }
        }
    }

    /// <inheritdoc cref="PlainKernels.AddScaledChannels"/>
    public static void AddScaledChannels(ReadOnlySpan<float> gamma, in ChannelsView x, in ChannelsView y)
    {
        for (int n = 0; n < y.Rows; n++)
        {
            for (int c = 0; c < y.Channels && y.Pixels != 1; c++)
            {
                Map(new ScaleAddOperator(gamma[c]), y.Channel(n, c), x.Channel(n, c), y.Channel(n, c));
            }

            if (y.Pixels == 1)
            {
                Map(default(MultiplyAddOperator), y.Row(n).Span, x.Row(n).Span, gamma, y.Row(n).Span);
            }
        }
    }

    /// <inheritdoc cref="PlainKernels.AddChannelSums"/>
    public static void AddChannelSums(in ChannelsView dY, Span<float> db)
    {
        if (dY.Pixels == 1)
        {
            AddColumnSums(dY.Matrix, db);
        }
        else
        {
            AddPixels(dY.Matrix.Span, [], db, dY.Rows, dY.Channels, dY.Pixels);
        }
    }

    /// <inheritdoc cref="PlainKernels.AddChannelDots"/>
    public static void AddChannelDots(in ChannelsView dY, in ChannelsView x, Span<float> dGamma)
    {
        for (int n = 0; n < dY.Rows && dY.Pixels == 1; n++)
        {
            Map(default(MultiplyAddOperator), dGamma[..dY.Channels], dY.Row(n).Span, x.Row(n).Span, dGamma[..dY.Channels]);
        }

        if (dY.Pixels != 1)
        {
            AddPixels(dY.Matrix.Span, x.Matrix.Span, dGamma, dY.Rows, dY.Channels, dY.Pixels);
        }
    }

    // sums[c] += Σ a, or Σ a·b if there is a b, over the pixels of a channel in all rows. Float precision within an image, double over the
    // rows.
    private static void AddPixels(ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> sums, int rows, int channels, int pixels)
    {
        fixed (float* pa = a, pb = b.IsEmpty ? b : b[..a.Length])
        {
            for (int c = 0; c < channels; c++)
            {
                sums[c] += (float)SumOfPixels(pa, pb, c, rows, channels, pixels);
            }
        }
    }

    private static double SumOfPixels(float* a, float* b, int c, int rows, int channels, int pixels) =>
        Vector512.IsHardwareAccelerated ? SumOfPixels<Floats512>(a, b, c, rows, channels, pixels)
        : Vector256.IsHardwareAccelerated ? SumOfPixels<Floats256>(a, b, c, rows, channels, pixels)
        : SumOfPixels<Floats128>(a, b, c, rows, channels, pixels);

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static double SumOfPixels<T>(float* a, float* b, int c, int rows, int channels, int pixels)
        where T : unmanaged, IVector<T>
    {
        double sum = 0;
        for (int n = 0; n < rows; n++)
        {
            nint from = (((nint)n * channels) + c) * pixels;
            sum += T.SumAsDouble(b is null ? SumOf<T>(a + from, pixels) : DotOf<T>(a + from, b + from, pixels));
        }

        return sum;
    }

    // Returns one partial sum per lane.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T DotOf<T>(float* a, float* b, int length)
        where T : unmanaged, IVector<T>
    {
        T sum = T.Broadcast(0), sum2 = sum;
        int j = 0;
        for (; j <= length - (2 * T.Count); j += 2 * T.Count)
        {
            sum = T.MultiplyAdd(T.Load(a + j), T.Load(b + j), sum);
            sum2 = T.MultiplyAdd(T.Load(a + j + T.Count), T.Load(b + j + T.Count), sum2);
        }

        for (; j < length; j += T.Count)
        {
            sum = T.MultiplyAdd(LoadPartial<T>(a + j, length - j), LoadPartial<T>(b + j, length - j), sum);
        }

        return sum + sum2;
    }
}
