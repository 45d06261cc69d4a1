using System.Numerics.Tensors;

namespace MiniNet.Kernels;

// Where a channel is one pixel, the vectors lie across the channels of a row; else along the pixels of a channel.
internal static partial class SimdKernels
{
    /// <inheritdoc cref="PlainKernels.SetChannels"/>
    public static void SetChannels(ReadOnlySpan<float> b, ChannelsView y)
    {
        for (int n = 0; n < y.Rows; n++)
        {
            for (int c = 0; c < y.Channels && y.Pixels != 1; c++)
            {
                y.Channel(n, c).Fill(b[c]);
            }

            if (y.Pixels == 1)
            {
                b.CopyTo(y.Row(n).Span);
            }
        }
    }

    /// <inheritdoc cref="PlainKernels.AddScaledChannels"/>
    public static void AddScaledChannels(ReadOnlySpan<float> gamma, ChannelsView x, ChannelsView y)
    {
        for (int n = 0; n < y.Rows; n++)
        {
            for (int c = 0; c < y.Channels && y.Pixels != 1; c++)
            {
                TensorPrimitives.MultiplyAdd(x.Channel(n, c), gamma[c], y.Channel(n, c), y.Channel(n, c));
            }

            if (y.Pixels == 1)
            {
                TensorPrimitives.MultiplyAdd(x.Row(n).Span, gamma, y.Row(n).Span, y.Row(n).Span);
            }
        }
    }

    /// <inheritdoc cref="PlainKernels.AddChannelSums"/>
    public static void AddChannelSums(ChannelsView dY, Span<float> db)
    {
        if (dY.Pixels == 1)
        {
            AddColumnSums(dY.Matrix, db);
            return;
        }

        for (int c = 0; c < dY.Channels; c++)
        {
            double sum = 0;
            for (int n = 0; n < dY.Rows; n++)
            {
                sum += TensorPrimitives.Sum<float>(dY.Channel(n, c));
            }

            db[c] += (float)sum;
        }
    }

    /// <inheritdoc cref="PlainKernels.AddChannelDots"/>
    public static void AddChannelDots(ChannelsView dY, ChannelsView x, Span<float> dGamma)
    {
        for (int n = 0; n < dY.Rows && dY.Pixels == 1; n++)
        {
            TensorPrimitives.MultiplyAdd(dY.Row(n).Span, x.Row(n).Span, dGamma, dGamma);
        }

        for (int c = 0; c < dY.Channels && dY.Pixels != 1; c++)
        {
            double sum = 0;
            for (int n = 0; n < dY.Rows; n++)
            {
                sum += TensorPrimitives.Dot<float>(dY.Channel(n, c), x.Channel(n, c));
            }

            dGamma[c] += (float)sum;
        }
    }
}
