namespace MiniNet.Kernels;

// Operations between one number per channel and the pixels of that channel in all rows.
internal static partial class PlainKernels
{
    /// <summary>y[n, c, k] = b[c] for every row n and pixel k</summary>
    public static void SetChannels(ReadOnlySpan<float> b, in ChannelsView y)
    {
        for (int n = 0; n < y.Rows; n++)
        {
            for (int c = 0; c < y.Channels; c++)
            {
                for (int k = 0; k < y.Pixels; k++)
                {
                    y[n, c, k] = b[c];
                }
            }
        }
    }

    /// <summary>y[n, c, k] += γ[c] · x[n, c, k]</summary>
    public static void AddScaledChannels(ReadOnlySpan<float> gamma, in ChannelsView x, in ChannelsView y)
    {
        for (int n = 0; n < y.Rows; n++)
        {
            for (int c = 0; c < y.Channels; c++)
            {
                for (int k = 0; k < y.Pixels; k++)
                {
                    y[n, c, k] += gamma[c] * x[n, c, k];
                }
            }
        }
    }

    /// <summary>db[c] += Σ dY[n, c, k], summed over n and k</summary>
    public static void AddChannelSums(in ChannelsView dY, Span<float> db)
    {
        for (int c = 0; c < dY.Channels; c++)
        {
            double sum = 0;
            for (int n = 0; n < dY.Rows; n++)
            {
                for (int k = 0; k < dY.Pixels; k++)
                {
                    sum += dY[n, c, k];
                }
            }

            db[c] += (float)sum;
        }
    }

    /// <summary>dγ[c] += Σ dY[n, c, k] · x[n, c, k], summed over n and k</summary>
    public static void AddChannelDots(in ChannelsView dY, in ChannelsView x, Span<float> dGamma)
    {
        for (int c = 0; c < dY.Channels; c++)
        {
            double sum = 0;
            for (int n = 0; n < dY.Rows; n++)
            {
                for (int k = 0; k < dY.Pixels; k++)
                {
                    sum += (double)dY[n, c, k] * x[n, c, k];
                }
            }

            dGamma[c] += (float)sum;
        }
    }
}
