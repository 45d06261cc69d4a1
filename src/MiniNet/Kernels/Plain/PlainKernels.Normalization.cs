namespace MiniNet.Kernels;

internal static partial class PlainKernels
{
    /// <summary>μ[c] = (1/N) Σ x[n, c, k];  v[c] = (1/N) Σ (x[n, c, k] − μ[c])²;  s[c] = 1/√(v[c] + ε);  x̂ = (x − μ)·s</summary>
    public static void Normalize(
        in ChannelsView x,
        float epsilon,
        Span<float> mean,
        Span<float> variance,
        Span<float> s,
        in ChannelsView xHat)
    {
        double count = (double)x.Rows * x.Pixels;
        for (int c = 0; c < x.Channels; c++)
        {
            double sum = 0, squares = 0;
            for (int n = 0; n < x.Rows; n++)
            {
                for (int k = 0; k < x.Pixels; k++)
                {
                    sum += x[n, c, k];
                }
            }

            double mu = sum / count;
            for (int n = 0; n < x.Rows; n++)
            {
                for (int k = 0; k < x.Pixels; k++)
                {
                    squares += (x[n, c, k] - mu) * (x[n, c, k] - mu);
                }
            }

            double v = squares / count;
            mean[c] = (float)mu;
            variance[c] = (float)v;
            s[c] = Standardize(x, c, mu, v, epsilon, xHat);
        }
    }

    /// <summary>s[c] = 1/√(v[c] + ε);  x̂ = (x − μ)·s, with the given μ and v</summary>
    public static void NormalizeBy(
        ReadOnlySpan<float> mean,
        ReadOnlySpan<float> variance,
        in ChannelsView x,
        float epsilon,
        Span<float> s,
        in ChannelsView xHat)
    {
        for (int c = 0; c < x.Channels; c++)
        {
            s[c] = Standardize(x, c, mean[c], variance[c], epsilon, xHat);
        }
    }

    private static float Standardize(in ChannelsView x, int c, double mu, double v, float epsilon, in ChannelsView xHat)
    {
        double s = 1 / Math.Sqrt(v + epsilon);
        for (int n = 0; n < x.Rows; n++)
        {
            for (int k = 0; k < x.Pixels; k++)
            {
                xHat[n, c, k] = (float)((x[n, c, k] - mu) * s);
            }
        }

        return (float)s;
    }

    /// <summary>dX += s · (dX̂ − (1/N) Σ dX̂ − x̂ · (1/N) Σ dX̂·x̂), each sum over a channel</summary>
    public static void NormalizeBackward(in ChannelsView xHat, ReadOnlySpan<float> s, in ChannelsView dXHat, in ChannelsView dX)
    {
        double count = (double)dX.Rows * dX.Pixels;
        for (int c = 0; c < dX.Channels; c++)
        {
            double sum = 0, dot = 0;
            for (int n = 0; n < dX.Rows; n++)
            {
                for (int k = 0; k < dX.Pixels; k++)
                {
                    sum += dXHat[n, c, k];
                    dot += (double)dXHat[n, c, k] * xHat[n, c, k];
                }
            }

            for (int n = 0; n < dX.Rows; n++)
            {
                for (int k = 0; k < dX.Pixels; k++)
                {
                    dX[n, c, k] += (float)(s[c] * (dXHat[n, c, k] - (sum / count) - (xHat[n, c, k] * (dot / count))));
                }
            }
        }
    }
}
