namespace MiniNet.Kernels;

internal static partial class PlainKernels
{
    /// <summary>dXᵢⱼ += yᵢⱼ (dYᵢⱼ − Σₖ dYᵢₖ yᵢₖ / Σₖ yᵢₖ)</summary>
    /// <remarks>
    /// The last sum is 1 except for the rounding of y. Without it, that rounding error would dominate the difference where one yᵢⱼ is
    /// nearly 1.
    /// </remarks>
    public static void SoftmaxBackward(in MatrixView y, in MatrixView dY, in MatrixView dX)
    {
        for (int i = 0; i < y.Rows; i++)
        {
            double product = 0, sum = 0;
            for (int k = 0; k < y.Columns; k++)
            {
                product += (double)dY[i, k] * y[i, k];
                sum += y[i, k];
            }

            for (int j = 0; j < y.Columns; j++)
            {
                dX[i, j] += (float)(y[i, j] * (dY[i, j] - (product / sum)));
            }
        }
    }

    /// <summary>yᵢⱼ = (xᵢⱼ − mᵢ) − log Σₖ e^(xᵢₖ − mᵢ), where mᵢ = maxₖ xᵢₖ keeps every exponent at or below 0</summary>
    public static void LogSoftmax(in MatrixView x, in MatrixView y)
    {
        for (int i = 0; i < x.Rows; i++)
        {
            float max = float.NegativeInfinity;
            for (int k = 0; k < x.Columns; k++)
            {
                max = MathF.Max(max, x[i, k]);
            }

            double sum = 0;
            for (int k = 0; k < x.Columns; k++)
            {
                sum += Math.Exp((double)x[i, k] - max);
            }

            for (int j = 0; j < x.Columns; j++)
            {
                y[i, j] = (float)((double)x[i, j] - max - Math.Log(sum));
            }
        }
    }

    /// <summary>dXᵢⱼ += dYᵢⱼ − e^yᵢⱼ Σₖ dYᵢₖ</summary>
    public static void LogSoftmaxBackward(in MatrixView y, in MatrixView dY, in MatrixView dX)
    {
        for (int i = 0; i < y.Rows; i++)
        {
            double sum = 0;
            for (int k = 0; k < y.Columns; k++)
            {
                sum += dY[i, k];
            }

            for (int j = 0; j < y.Columns; j++)
            {
                dX[i, j] += (float)(dY[i, j] - (Math.Exp(y[i, j]) * sum));
            }
        }
    }
}
