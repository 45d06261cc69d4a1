namespace MiniNet.Kernels;

// x[n, c] and y[n, o] are images, w[o, c] are windows.
internal static partial class PlainKernels
{
    /// <summary>
    /// y[n, o, i, j] = b[o] + Σ x[n, c, i·s₁ + u − p₁, j·s₂ + v − p₂] · w[o, c, u, v], summed over c, u and v;
    /// x is 0 in the padding, and an empty b means zeros
    /// </summary>
    public static void Convolution(in ChannelsView x, in ChannelsView w, ReadOnlySpan<float> b, in ChannelsView y, Window window)
    {
        (_, _, int s1, int s2, int p1, int p2) = window;
        for (int n = 0; n < y.Rows; n++)
        {
            for (int o = 0; o < y.Channels; o++)
            {
                for (int i = 0; i < y.Height; i++)
                {
                    for (int j = 0; j < y.Width; j++)
                    {
                        y[n, o, i, j] = b.IsEmpty ? 0 : b[o];
                        for (int c = 0; c < w.Channels; c++)
                        {
                            for (int u = 0; u < w.Height; u++)
                            {
                                for (int v = 0; v < w.Width; v++)
                                {
                                    y[n, o, i, j] += x.Padded(n, c, (i * s1) + u - p1, (j * s2) + v - p2) * w[o, c, u, v];
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    /// <summary>
    /// dW[o, c, u, v] += Σ x[n, c, i·s₁ + u − p₁, j·s₂ + v − p₂] · dY[n, o, i, j], and db[o] += Σ dY[n, o, i, j] unless db is empty,
    /// summed over n, i and j
    /// </summary>
    public static void ConvolutionBackwardW(in ChannelsView x, in ChannelsView dY, in ChannelsView dW, Span<float> db, Window window)
    {
        (_, _, int s1, int s2, int p1, int p2) = window;
        for (int o = 0; o < dW.Rows; o++)
        {
            for (int c = 0; c < dW.Channels; c++)
            {
                for (int u = 0; u < dW.Height; u++)
                {
                    for (int v = 0; v < dW.Width; v++)
                    {
                        double sum = 0;
                        for (int n = 0; n < dY.Rows; n++)
                        {
                            for (int i = 0; i < dY.Height; i++)
                            {
                                for (int j = 0; j < dY.Width; j++)
                                {
                                    sum += (double)x.Padded(n, c, (i * s1) + u - p1, (j * s2) + v - p2) * dY[n, o, i, j];
                                }
                            }
                        }

                        dW[o, c, u, v] += (float)sum;
                    }
                }
            }
        }

        if (!db.IsEmpty)
        {
            AddChannelSums(dY, db);
        }
    }

    /// <summary>dX[n, c, i·s₁ + u − p₁, j·s₂ + v − p₂] += dY[n, o, i, j] · w[o, c, u, v] for every o, i, j, u and v</summary>
    public static void ConvolutionBackwardX(in ChannelsView dY, in ChannelsView w, in ChannelsView dX, Window window)
    {
        (_, _, int s1, int s2, int p1, int p2) = window;
        for (int n = 0; n < dX.Rows; n++)
        {
            for (int c = 0; c < dX.Channels; c++)
            {
                for (int o = 0; o < dY.Channels; o++)
                {
                    for (int i = 0; i < dY.Height; i++)
                    {
                        for (int j = 0; j < dY.Width; j++)
                        {
                            for (int u = 0; u < w.Height; u++)
                            {
                                for (int v = 0; v < w.Width; v++)
                                {
                                    int row = (i * s1) + u - p1, column = (j * s2) + v - p2;
                                    if (dX.Contains(row, column))
                                    {
                                        dX[n, c, row, column] += dY[n, o, i, j] * w[o, c, u, v];
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}
