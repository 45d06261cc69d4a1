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
    public static void Sigmoid(ReadOnlySpan<float> x, Span<float> y) => Map(default(SigmoidValue), x, y);

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
    public static void Tanh(ReadOnlySpan<float> x, Span<float> y) => Map(default(TanhValue), x, y);

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

    /// <inheritdoc cref="PlainKernels.LeakyReLU"/>
    public static void LeakyReLU(ReadOnlySpan<float> x, float a, Span<float> y) => Map(new LeakyReLUValue(a), x, y);

    /// <inheritdoc cref="PlainKernels.LeakyReLUBackward"/>
    public static void LeakyReLUBackward(ReadOnlySpan<float> x, float a, ReadOnlySpan<float> dY, Span<float> dX) => AddMultiple(new LeakyReLUSlope(a), x, dY, dX);

    /// <inheritdoc cref="PlainKernels.ELU"/>
    public static void ELU(ReadOnlySpan<float> x, float alpha, Span<float> y) => Map(new ELUValue(alpha), x, y);

    /// <inheritdoc cref="PlainKernels.ELUBackward"/>
    public static void ELUBackward(ReadOnlySpan<float> x, float alpha, ReadOnlySpan<float> dY, Span<float> dX) => AddMultiple(new ELUSlope(alpha), x, dY, dX);

    /// <inheritdoc cref="PlainKernels.GELU"/>
    public static void GELU(ReadOnlySpan<float> x, Span<float> y) => Map(default(GELUValue), x, y);

    /// <inheritdoc cref="PlainKernels.GELUBackward"/>
    public static void GELUBackward(ReadOnlySpan<float> x, ReadOnlySpan<float> dY, Span<float> dX) => AddMultiple(default(GELUSlope), x, dY, dX);

    /// <inheritdoc cref="PlainKernels.GELUTanh"/>
    public static void GELUTanh(ReadOnlySpan<float> x, Span<float> y) => Map(default(GELUTanhValue), x, y);

    /// <inheritdoc cref="PlainKernels.GELUTanhBackward"/>
    public static void GELUTanhBackward(ReadOnlySpan<float> x, ReadOnlySpan<float> dY, Span<float> dX) => AddMultiple(default(GELUTanhSlope), x, dY, dX);

    /// <inheritdoc cref="PlainKernels.SiLU"/>
    public static void SiLU(ReadOnlySpan<float> x, Span<float> y) => Map(default(SiLUValue), x, y);

    /// <inheritdoc cref="PlainKernels.SiLUBackward"/>
    public static void SiLUBackward(ReadOnlySpan<float> x, ReadOnlySpan<float> dY, Span<float> dX) => AddMultiple(default(SiLUSlope), x, dY, dX);

    /// <inheritdoc cref="PlainKernels.Softplus"/>
    public static void Softplus(ReadOnlySpan<float> x, float beta, float threshold, Span<float> y) => Map(new SoftplusValue(beta, threshold), x, y);

    /// <inheritdoc cref="PlainKernels.SoftplusBackward"/>
    public static void SoftplusBackward(ReadOnlySpan<float> x, float beta, float threshold, ReadOnlySpan<float> dY, Span<float> dX) =>
        AddMultiple(new SoftplusSlope(beta, threshold), x, dY, dX);

    /// <inheritdoc cref="PlainKernels.Multiply"/>
    public static void Multiply(ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> y) => TensorPrimitives.Multiply(a, b, y);

    /// <inheritdoc cref="PlainKernels.MultiplyBackward"/>
    public static void MultiplyBackward(ReadOnlySpan<float> b, ReadOnlySpan<float> dY, Span<float> dA) => TensorPrimitives.MultiplyAdd(dY, b, dA, dA);
}
