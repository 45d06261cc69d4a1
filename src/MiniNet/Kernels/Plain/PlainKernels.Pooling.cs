namespace MiniNet.Kernels;

internal static partial class PlainKernels
{
    /// <summary>y[n, c, i, j] = max x[n, c, i·s₁ + u − p₁, j·s₂ + v − p₂] over the u and v that lie within the image</summary>
    public static void MaxPool(in ChannelsView x, in ChannelsView y, Window window)
    {
        for (int n = 0; n < y.Rows; n++)
        {
            for (int c = 0; c < y.Channels; c++)
            {
                for (int i = 0; i < y.Height; i++)
                {
                    for (int j = 0; j < y.Width; j++)
                    {
                        (int row, int column) = Largest(x, n, c, i, j, window);
                        y[n, c, i, j] = x[n, c, row, column];
                    }
                }
            }
        }
    }

    /// <summary>dX[n, c, row, column] += dY[n, c, i, j] at the first maximum of x in the window</summary>
    public static void MaxPoolBackward(in ChannelsView x, in ChannelsView dY, in ChannelsView dX, Window window)
    {
        for (int n = 0; n < dY.Rows; n++)
        {
            for (int c = 0; c < dY.Channels; c++)
            {
                for (int i = 0; i < dY.Height; i++)
                {
                    for (int j = 0; j < dY.Width; j++)
                    {
                        (int row, int column) = Largest(x, n, c, i, j, window);
                        dX[n, c, row, column] += dY[n, c, i, j];
                    }
                }
            }
        }
    }

    // The first maximum in row-major order. NaN counts as larger than any number, so that it propagates.
    private static (int Row, int Column) Largest(in ChannelsView x, int n, int c, int i, int j, Window window)
    {
        (int height, int width, int s1, int s2, int p1, int p2) = window;
        (int Row, int Column) first = (-1, -1);
        for (int u = 0; u < height; u++)
        {
            for (int v = 0; v < width; v++)
            {
                int row = (i * s1) + u - p1, column = (j * s2) + v - p2;
                if (x.Contains(row, column)
                    && (first.Row < 0 || x[n, c, row, column] > x[n, c, first.Row, first.Column] || float.IsNaN(x[n, c, row, column])))
                {
                    first = (row, column);
                }
            }
        }

        return first;
    }

    /// <summary>
    /// y[n, c, i, j] = (1/k) Σ x[n, c, i·s₁ + u − p₁, j·s₂ + v − p₂] over all k positions u and v of the window; x is 0 in the padding
    /// </summary>
    public static void AveragePool(in ChannelsView x, in ChannelsView y, Window window)
    {
        (int height, int width, int s1, int s2, int p1, int p2) = window;
        for (int n = 0; n < y.Rows; n++)
        {
            for (int c = 0; c < y.Channels; c++)
            {
                for (int i = 0; i < y.Height; i++)
                {
                    for (int j = 0; j < y.Width; j++)
                    {
                        double sum = 0;
                        for (int u = 0; u < height; u++)
                        {
                            for (int v = 0; v < width; v++)
                            {
                                sum += x.Padded(n, c, (i * s1) + u - p1, (j * s2) + v - p2);
                            }
                        }

                        y[n, c, i, j] = (float)(sum / ((double)height * width));
                    }
                }
            }
        }
    }

    /// <summary>dX[n, c, i·s₁ + u − p₁, j·s₂ + v − p₂] += dY[n, c, i, j] / k for every i, j, u and v</summary>
    public static void AveragePoolBackward(in ChannelsView dY, in ChannelsView dX, Window window)
    {
        (int height, int width, int s1, int s2, int p1, int p2) = window;
        for (int n = 0; n < dY.Rows; n++)
        {
            for (int c = 0; c < dY.Channels; c++)
            {
                for (int i = 0; i < dY.Height; i++)
                {
                    for (int j = 0; j < dY.Width; j++)
                    {
                        for (int u = 0; u < height; u++)
                        {
                            for (int v = 0; v < width; v++)
                            {
                                int row = (i * s1) + u - p1, column = (j * s2) + v - p2;
                                if (dX.Contains(row, column))
                                {
                                    dX[n, c, row, column] += dY[n, c, i, j] / ((float)height * width);
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}
