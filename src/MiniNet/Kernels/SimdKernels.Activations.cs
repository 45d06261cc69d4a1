using System.Numerics;
using System.Numerics.Tensors;

namespace MiniNet.Kernels;

internal static partial class SimdKernels
{
    /// <inheritdoc cref="PlainKernels.ReLU"/>
    public static void ReLU(ReadOnlySpan<float> x, Span<float> y) => TensorPrimitives.Max(x, 0f, y);

    /// <inheritdoc cref="PlainKernels.ReLUBackward"/>
    public static void ReLUBackward(ReadOnlySpan<float> x, ReadOnlySpan<float> dY, Span<float> dX)
    {
        ReadOnlySpan<Vector<float>> xs = Vectors(x), dYs = Vectors(dY);
        Span<Vector<float>> dXs = Vectors(dX);
        for (int i = 0; i < dXs.Length; i++)
        {
            dXs[i] += Vector.ConditionalSelect(Vector.GreaterThan(xs[i], Vector<float>.Zero), dYs[i], Vector<float>.Zero);
        }

        int done = dXs.Length * Vector<float>.Count;
        PlainKernels.ReLUBackward(x[done..], dY[done..], dX[done..]);
    }

    /// <inheritdoc cref="PlainKernels.Sigmoid"/>
    public static void Sigmoid(ReadOnlySpan<float> x, Span<float> y)
    {
        if (!x.IsEmpty) // TensorPrimitives takes no empty spans here
        {
            TensorPrimitives.Sigmoid(x, y);
        }
    }

    /// <inheritdoc cref="PlainKernels.SigmoidBackward"/>
    public static void SigmoidBackward(ReadOnlySpan<float> y, ReadOnlySpan<float> dY, Span<float> dX)
    {
        ReadOnlySpan<Vector<float>> ys = Vectors(y), dYs = Vectors(dY);
        Span<Vector<float>> dXs = Vectors(dX);
        for (int i = 0; i < dXs.Length; i++)
        {
            dXs[i] += dYs[i] * ys[i] * (Vector<float>.One - ys[i]);
        }

        int done = dXs.Length * Vector<float>.Count;
        PlainKernels.SigmoidBackward(y[done..], dY[done..], dX[done..]);
    }

    /// <inheritdoc cref="PlainKernels.Tanh"/>
    public static void Tanh(ReadOnlySpan<float> x, Span<float> y) => TensorPrimitives.Tanh(x, y);

    /// <inheritdoc cref="PlainKernels.TanhBackward"/>
    public static void TanhBackward(ReadOnlySpan<float> y, ReadOnlySpan<float> dY, Span<float> dX)
    {
        ReadOnlySpan<Vector<float>> ys = Vectors(y), dYs = Vectors(dY);
        Span<Vector<float>> dXs = Vectors(dX);
        for (int i = 0; i < dXs.Length; i++)
        {
            dXs[i] += dYs[i] * (Vector<float>.One - (ys[i] * ys[i]));
        }

        int done = dXs.Length * Vector<float>.Count;
        PlainKernels.TanhBackward(y[done..], dY[done..], dX[done..]);
    }
}
