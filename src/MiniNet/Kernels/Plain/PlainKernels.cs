namespace MiniNet.Kernels;

/// <summary>
/// Provides the arithmetic of MiniNet as readable loops: for stepping with F11, and as the reference for <see cref="SimdKernels"/>.
/// It is deliberately slow: one mathematical term per statement, and no library calls except <see cref="Math"/> and <see cref="MathF"/>.
/// Sums are in double precision, so that a million terms cost no digits.
/// </summary>
internal static partial class PlainKernels
{
    /// <summary>y = x·w + b, or x·w if b is empty</summary>
    public static void SetProduct(in MatrixView x, in MatrixView w, ReadOnlySpan<float> b, in MatrixView y)
    {
        for (int i = 0; i < y.Rows; i++)
        {
            for (int j = 0; j < y.Columns; j++)
            {
                double sum = b.IsEmpty ? 0 : b[j];
                for (int k = 0; k < x.Columns; k++)
                {
                    sum += (double)x[i, k] * w[k, j];
                }

                y[i, j] = (float)sum;
            }
        }
    }

    /// <summary>y += x·w</summary>
    public static void AddProduct(in MatrixView x, in MatrixView w, in MatrixView y)
    {
        for (int i = 0; i < y.Rows; i++)
        {
            for (int j = 0; j < y.Columns; j++)
            {
                double sum = y[i, j];
                for (int k = 0; k < x.Columns; k++)
                {
                    sum += (double)x[i, k] * w[k, j];
                }

                y[i, j] = (float)sum;
            }
        }
    }

    /// <summary>dW += xᵀ·dY</summary>
    public static void AddTransposedProduct(in MatrixView x, in MatrixView dY, in MatrixView dW)
    {
        for (int k = 0; k < dW.Rows; k++)
        {
            for (int j = 0; j < dW.Columns; j++)
            {
                double sum = dW[k, j];
                for (int i = 0; i < x.Rows; i++)
                {
                    sum += (double)x[i, k] * dY[i, j];
                }

                dW[k, j] = (float)sum;
            }
        }
    }

    /// <summary>dX += dY·wᵀ</summary>
    public static void AddProductTransposed(in MatrixView dY, in MatrixView w, in MatrixView dX)
    {
        for (int i = 0; i < dX.Rows; i++)
        {
            for (int k = 0; k < dX.Columns; k++)
            {
                double sum = dX[i, k];
                for (int j = 0; j < dY.Columns; j++)
                {
                    sum += (double)dY[i, j] * w[k, j];
                }

                dX[i, k] = (float)sum;
            }
        }
    }

    /// <summary>db += Σᵢ dYᵢ</summary>
    public static void AddColumnSums(in MatrixView dY, Span<float> db)
    {
        for (int j = 0; j < dY.Columns; j++)
        {
            double sum = db[j];
            for (int i = 0; i < dY.Rows; i++)
            {
                sum += dY[i, j];
            }

            db[j] = (float)sum;
        }
    }

    /// <summary>y = a + b</summary>
    public static void Sum(ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> y)
    {
        for (int i = 0; i < y.Length; i++)
        {
            y[i] = a[i] + b[i];
        }
    }

    /// <summary>dX += dY</summary>
    public static void Accumulate(ReadOnlySpan<float> dY, Span<float> dX)
    {
        for (int i = 0; i < dX.Length; i++)
        {
            dX[i] += dY[i];
        }
    }
}
