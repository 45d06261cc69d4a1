namespace MiniNet.Kernels;

/// <summary>
/// The arithmetic of MiniNet as sums one can read: what F11 lands in, and the judge of <see cref="SimdKernels"/>.
/// Nothing here is fast, on purpose; one mathematical term a statement, no library calls but <see cref="Math"/> and <see cref="MathF"/>.
/// </summary>
internal static partial class PlainKernels
{
    /// <summary>y = x·w + b, or x·w where there is no b</summary>
    public static void SetProduct(in MatrixView x, in MatrixView w, ReadOnlySpan<float> b, in MatrixView y)
    {
        for (int i = 0; i < y.Rows; i++)
        {
            for (int j = 0; j < y.Columns; j++)
            {
                y[i, j] = b.IsEmpty ? 0 : b[j];
                for (int k = 0; k < x.Columns; k++)
                {
                    y[i, j] += x[i, k] * w[k, j];
                }
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
                for (int k = 0; k < x.Columns; k++)
                {
                    y[i, j] += x[i, k] * w[k, j];
                }
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
                for (int i = 0; i < x.Rows; i++)
                {
                    dW[k, j] += x[i, k] * dY[i, j];
                }
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
                for (int j = 0; j < dY.Columns; j++)
                {
                    dX[i, k] += dY[i, j] * w[k, j];
                }
            }
        }
    }

    /// <summary>db += Σᵢ dYᵢ</summary>
    public static void AddColumnSums(in MatrixView dY, Span<float> db)
    {
        for (int i = 0; i < dY.Rows; i++)
        {
            for (int j = 0; j < dY.Columns; j++)
            {
                db[j] += dY[i, j];
            }
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
