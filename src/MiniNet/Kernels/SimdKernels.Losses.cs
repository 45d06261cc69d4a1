using System.Numerics;
using System.Numerics.Tensors;

namespace MiniNet.Kernels;

internal static partial class SimdKernels
{
    /// <inheritdoc cref="PlainKernels.Softmax"/>
    public static void Softmax(MatrixView z, MatrixView p)
    {
        for (int i = 0; i < z.Rows; i++)
        {
            SoftmaxRow(z.Row(i), p.Row(i));
        }
    }

    /// <inheritdoc cref="PlainKernels.SoftmaxCrossEntropy"/>
    public static float SoftmaxCrossEntropy(MatrixView z, ReadOnlySpan<int> classes, MatrixView p)
    {
        double loss = 0;
        for (int i = 0; i < z.Rows; i++)
        {
            (float max, double sum) = SoftmaxRow(z.Row(i), p.Row(i));
            loss -= z[i, classes[i]] - max - Math.Log(sum);
        }

        return (float)(loss / z.Rows);
    }

    // TensorPrimitives.SoftMax does not subtract the maximum, and so gives NaN where an exponential overflows.
    private static (float Max, double Sum) SoftmaxRow(ReadOnlySpan<float> z, Span<float> p)
    {
        int top = TensorPrimitives.IndexOfMax(z);
        float max = z[top];
        TensorPrimitives.Subtract(z, max, p);
        TensorPrimitives.Exp(p, p);

        // The greatest apart from the others, whose sum keeps its digits then however small it is.
        float greatest = p[top];
        p[top] = 0;
        double sum = (double)greatest + TensorPrimitives.Sum<float>(p);
        p[top] = greatest;
        TensorPrimitives.Divide(p, (float)sum, p);
        return (max, sum);
    }

    /// <inheritdoc cref="PlainKernels.SoftmaxCrossEntropyBackward"/>
    public static void SoftmaxCrossEntropyBackward(MatrixView p, ReadOnlySpan<int> classes, float dL, MatrixView dZ)
    {
        float share = dL / p.Rows;
        for (int i = 0; i < p.Rows; i++)
        {
            Span<float> row = p.Row(i);
            int t = classes[i];
            float others = TensorPrimitives.Sum<float>(row[..t]) + TensorPrimitives.Sum<float>(row[(t + 1)..]), before = dZ[i, t];
            TensorPrimitives.MultiplyAdd(row, share, dZ.Row(i), dZ.Row(i));
            dZ[i, t] = before - (share * others);
        }
    }

    /// <inheritdoc cref="PlainKernels.MeanSquaredError"/>
    public static float MeanSquaredError(ReadOnlySpan<float> p, ReadOnlySpan<float> t)
    {
        const int Piece = 256; // short enough for a sum in float to keep its digits; the pieces are summed in double
        double sum = 0;
        for (int i = 0; i < p.Length; i += Piece)
        {
            int end = Math.Min(i + Piece, p.Length);
            double distance = TensorPrimitives.Distance(p[i..end], t[i..end]);
            sum += distance * distance;
        }

        return (float)(sum / p.Length); // the mean of nothing is 0/0, NaN
    }

    /// <inheritdoc cref="PlainKernels.MeanSquaredErrorBackward"/>
    public static void MeanSquaredErrorBackward(ReadOnlySpan<float> p, ReadOnlySpan<float> t, float dL, Span<float> dP)
    {
        ReadOnlySpan<Vector<float>> ps = Vectors(p), ts = Vectors(t);
        Span<Vector<float>> dPs = Vectors(dP);
        float share = dL * 2 / p.Length;
        for (int i = 0; i < dPs.Length; i++)
        {
            dPs[i] += (ps[i] - ts[i]) * share;
        }

        for (int i = dPs.Length * Vector<float>.Count; i < p.Length; i++)
        {
            dP[i] += (p[i] - t[i]) * share;
        }
    }
}
