namespace MiniNet.Kernels;

internal static partial class SimdKernels
{
    /// <inheritdoc cref="PlainKernels.ReLU"/>
    public static void ReLU(ReadOnlySpan<float> x, Span<float> y) => Map(default(ReLUValue), x, y);

    /// <inheritdoc cref="PlainKernels.ReLUBackward"/>
    /// <remarks>If <paramref name="overwrite"/> is true, dX is overwritten instead of added to.</remarks>
    public static void ReLUBackward(ReadOnlySpan<float> x, ReadOnlySpan<float> dY, Span<float> dX, bool overwrite = false)
    {
        if (overwrite) { Map(default(ReLUMask), x, dY, dX); } else { Map(default(ReLUGradient), dX, x, dY, dX); }
    }

    /// <inheritdoc cref="PlainKernels.Sigmoid"/>
    public static void Sigmoid(ReadOnlySpan<float> x, Span<float> y) => Map(default(SigmoidValue), x, y);

    /// <inheritdoc cref="PlainKernels.SigmoidBackward"/>
    public static void SigmoidBackward(ReadOnlySpan<float> y, ReadOnlySpan<float> dY, Span<float> dX) =>
        Map(default(SigmoidGradient), dX, y, dY, dX);

    /// <inheritdoc cref="PlainKernels.Tanh"/>
    public static void Tanh(ReadOnlySpan<float> x, Span<float> y) => Map(default(TanhValue), x, y);

    /// <inheritdoc cref="PlainKernels.TanhBackward"/>
    public static void TanhBackward(ReadOnlySpan<float> y, ReadOnlySpan<float> dY, Span<float> dX) =>
        Map(default(TanhGradient), dX, y, dY, dX);

    /// <inheritdoc cref="PlainKernels.LeakyReLU"/>
    public static void LeakyReLU(ReadOnlySpan<float> x, float a, Span<float> y) => Map(new LeakyReLUValue(a), x, y);

    /// <inheritdoc cref="PlainKernels.LeakyReLUBackward"/>
    public static void LeakyReLUBackward(ReadOnlySpan<float> x, float a, ReadOnlySpan<float> dY, Span<float> dX) =>
        AddDerivativeProduct(new LeakyReLUDerivative(a), x, dY, dX);

    /// <inheritdoc cref="PlainKernels.ELU"/>
    public static void ELU(ReadOnlySpan<float> x, float alpha, Span<float> y) => Map(new ELUValue(alpha), x, y);

    /// <inheritdoc cref="PlainKernels.ELUBackward"/>
    public static void ELUBackward(ReadOnlySpan<float> x, float alpha, ReadOnlySpan<float> dY, Span<float> dX) =>
        AddDerivativeProduct(new ELUDerivative(alpha), x, dY, dX);

    /// <inheritdoc cref="PlainKernels.GELU"/>
    public static void GELU(ReadOnlySpan<float> x, Span<float> y) => Map(default(GELUValue), x, y);

    /// <inheritdoc cref="PlainKernels.GELUBackward"/>
    public static void GELUBackward(ReadOnlySpan<float> x, ReadOnlySpan<float> dY, Span<float> dX) =>
        AddDerivativeProduct(default(GELUDerivative), x, dY, dX);

    /// <inheritdoc cref="PlainKernels.GELUTanh"/>
    public static void GELUTanh(ReadOnlySpan<float> x, Span<float> y) => Map(default(GELUTanhValue), x, y);

    /// <inheritdoc cref="PlainKernels.GELUTanhBackward"/>
    public static void GELUTanhBackward(ReadOnlySpan<float> x, ReadOnlySpan<float> dY, Span<float> dX) =>
        AddDerivativeProduct(default(GELUTanhDerivative), x, dY, dX);

    /// <inheritdoc cref="PlainKernels.SiLU"/>
    public static void SiLU(ReadOnlySpan<float> x, Span<float> y) => Map(default(SiLUValue), x, y);

    /// <inheritdoc cref="PlainKernels.SiLUBackward"/>
    public static void SiLUBackward(ReadOnlySpan<float> x, ReadOnlySpan<float> dY, Span<float> dX) =>
        AddDerivativeProduct(default(SiLUDerivative), x, dY, dX);

    /// <inheritdoc cref="PlainKernels.Softplus"/>
    public static void Softplus(ReadOnlySpan<float> x, float beta, float threshold, Span<float> y) =>
        Map(new SoftplusValue(beta, threshold), x, y);

    /// <inheritdoc cref="PlainKernels.SoftplusBackward"/>
    public static void SoftplusBackward(ReadOnlySpan<float> x, float beta, float threshold, ReadOnlySpan<float> dY, Span<float> dX) =>
        AddDerivativeProduct(new SoftplusDerivative(beta, threshold), x, dY, dX);

    /// <inheritdoc cref="PlainKernels.Multiply"/>
    public static void Multiply(ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> y) => Map(default(MultiplyOperator), a, b, y);

    /// <inheritdoc cref="PlainKernels.MultiplyBackward"/>
    public static void MultiplyBackward(ReadOnlySpan<float> b, ReadOnlySpan<float> dY, Span<float> dA) =>
        Map(default(MultiplyAddOperator), dA, dY, b, dA);
}
