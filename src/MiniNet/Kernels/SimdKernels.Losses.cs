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
            (float max, float sum) = SoftmaxRow(z.Row(i), p.Row(i));
            loss -= z[i, classes[i]] - max - MathF.Log(sum);
        }

        return (float)(loss / z.Rows);
    }

    // TensorPrimitives.SoftMax does not subtract the maximum, and so gives NaN where an exponential overflows.
    private static (float Max, float Sum) SoftmaxRow(ReadOnlySpan<float> z, Span<float> p)
    {
        float max = TensorPrimitives.Max(z);
        TensorPrimitives.Subtract(z, max, p);
        TensorPrimitives.Exp(p, p);
        float sum = TensorPrimitives.Sum<float>(p);
        TensorPrimitives.Divide(p, sum, p);
        return (max, sum);
    }

    /// <inheritdoc cref="PlainKernels.SoftmaxCrossEntropyBackward"/>
    public static void SoftmaxCrossEntropyBackward(MatrixView p, ReadOnlySpan<int> classes, float dL, MatrixView dZ)
    {
        float share = dL / p.Rows;
        TensorPrimitives.MultiplyAdd(p.Span, share, dZ.Span, dZ.Span);
        for (int i = 0; i < p.Rows; i++)
        {
            dZ[i, classes[i]] -= share;
        }
    }

    /// <inheritdoc cref="PlainKernels.MeanSquaredError"/>
    public static float MeanSquaredError(ReadOnlySpan<float> p, ReadOnlySpan<float> t)
    {
        float distance = p.IsEmpty ? 0 : TensorPrimitives.Distance(p, t); // it takes no empty spans; the mean of nothing is 0/0, NaN
        return distance * distance / p.Length;
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
