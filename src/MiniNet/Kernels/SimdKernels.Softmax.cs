using System.Numerics;
using System.Numerics.Tensors;

namespace MiniNet.Kernels;

internal static partial class SimdKernels
{
    /// <inheritdoc cref="PlainKernels.SoftmaxBackward"/>
    /// <remarks>Here dY is counted from its element at the greatest y: that y, whose rounding is the largest, then meets a 0 in the sum.</remarks>
    public static void SoftmaxBackward(MatrixView y, MatrixView dY, MatrixView dX)
    {
        for (int i = 0; i < y.Rows; i++)
        {
            ReadOnlySpan<float> yRow = y.Row(i), dYRow = dY.Row(i);
            ReadOnlySpan<Vector<float>> ys = Vectors(yRow), dYs = Vectors(dYRow);
            Span<Vector<float>> dXs = Vectors(dX.Row(i));
            float from = dYRow[TensorPrimitives.IndexOfMax(yRow)];
            Vector<float> froms = new(from), products = Vector<float>.Zero;
            for (int j = 0; j < dXs.Length; j++)
            {
                products += ys[j] * (dYs[j] - froms);
            }

            float mean = Vector.Sum(products);
            for (int j = dXs.Length * Vector<float>.Count; j < y.Columns; j++)
            {
                mean += yRow[j] * (dYRow[j] - from);
            }

            for (int j = 0; j < dXs.Length; j++)
            {
                dXs[j] += ys[j] * (dYs[j] - froms - new Vector<float>(mean));
            }

            for (int j = dXs.Length * Vector<float>.Count; j < y.Columns; j++)
            {
                dX[i, j] += yRow[j] * (dYRow[j] - from - mean);
            }
        }
    }

    /// <inheritdoc cref="PlainKernels.LogSoftmax"/>
    public static void LogSoftmax(MatrixView x, MatrixView y)
    {
        for (int i = 0; i < x.Rows; i++)
        {
            Span<float> row = y.Row(i);
            TensorPrimitives.Subtract(x.Row(i), TensorPrimitives.Max<float>(x.Row(i)), row);
            TensorPrimitives.Subtract(row, (float)Math.Log(SumOfExp(row)), row);
        }
    }

    private static double SumOfExp(ReadOnlySpan<float> x)
    {
        ReadOnlySpan<Vector<float>> xs = Vectors(x);
        Vector<float> sums = Vector<float>.Zero;
        for (int j = 0; j < xs.Length; j++)
        {
            sums += Exp(xs[j]);
        }

        double sum = Vector.Sum(sums);
        for (int j = xs.Length * Vector<float>.Count; j < x.Length; j++)
        {
            sum += MathF.Exp(x[j]);
        }

        return sum;
    }

    /// <inheritdoc cref="PlainKernels.LogSoftmaxBackward"/>
    public static void LogSoftmaxBackward(MatrixView y, MatrixView dY, MatrixView dX)
    {
        for (int i = 0; i < y.Rows; i++)
        {
            ReadOnlySpan<float> yRow = y.Row(i), dYRow = dY.Row(i);
            ReadOnlySpan<Vector<float>> ys = Vectors(yRow), dYs = Vectors(dYRow);
            Span<Vector<float>> dXs = Vectors(dX.Row(i));
            float sum = TensorPrimitives.Sum(dYRow);
            for (int j = 0; j < dXs.Length; j++)
            {
                dXs[j] += dYs[j] - (sum * Exp(ys[j]));
            }

            for (int j = dXs.Length * Vector<float>.Count; j < y.Columns; j++)
            {
                dX[i, j] += dYRow[j] - (sum * MathF.Exp(yRow[j]));
            }
        }
    }
}
