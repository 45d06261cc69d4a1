namespace MiniNet.Kernels;

public static partial class Kernel
{
    /// <inheritdoc cref="PlainKernels.DescentStep"/>
    internal static void DescentStep(Span<float> w, ReadOnlySpan<float> g, float learningRate, float weightDecay)
    {
        if (IsSimd)
        {
            SimdKernels.DescentStep(w, g, learningRate, weightDecay);
        }
        else
        {
            PlainKernels.DescentStep(w, g, learningRate, weightDecay);
        }
    }

    /// <inheritdoc cref="PlainKernels.MomentumStep"/>
    internal static void MomentumStep(Span<float> w, ReadOnlySpan<float> g, Span<float> v, in MomentumFactors factors)
    {
        if (IsSimd) { SimdKernels.MomentumStep(w, g, v, in factors); } else { PlainKernels.MomentumStep(w, g, v, in factors); }
    }

    /// <inheritdoc cref="PlainKernels.AdamStep"/>
    internal static void AdamStep(Span<float> w, ReadOnlySpan<float> g, Span<float> m, Span<float> v, in AdamFactors factors)
    {
        if (IsSimd) { SimdKernels.AdamStep(w, g, m, v, in factors); } else { PlainKernels.AdamStep(w, g, m, v, in factors); }
    }

    /// <inheritdoc cref="PlainKernels.NAdamStep"/>
    internal static void NAdamStep(Span<float> w, ReadOnlySpan<float> g, Span<float> m, Span<float> v, in NAdamFactors factors)
    {
        if (IsSimd) { SimdKernels.NAdamStep(w, g, m, v, in factors); } else { PlainKernels.NAdamStep(w, g, m, v, in factors); }
    }

    /// <inheritdoc cref="PlainKernels.RMSPropStep"/>
    internal static void RMSPropStep(
        Span<float> w,
        ReadOnlySpan<float> g,
        Span<float> s,
        Span<float> m,
        Span<float> v,
        in RMSPropFactors factors)
    {
        if (IsSimd) { SimdKernels.RMSPropStep(w, g, s, m, v, in factors); } else { PlainKernels.RMSPropStep(w, g, s, m, v, in factors); }
    }

    /// <inheritdoc cref="PlainKernels.AdagradStep"/>
    internal static void AdagradStep(
        Span<float> w,
        ReadOnlySpan<float> g,
        Span<float> s,
        float learningRate,
        float epsilon,
        float weightDecay)
    {
        if (IsSimd)
        {
            SimdKernels.AdagradStep(w, g, s, learningRate, epsilon, weightDecay);
        }
        else
        {
            PlainKernels.AdagradStep(w, g, s, learningRate, epsilon, weightDecay);
        }
    }

    /// <inheritdoc cref="PlainKernels.RPropStep"/>
    internal static void RPropStep(Span<float> w, ReadOnlySpan<float> g, Span<float> s, Span<float> p, in RPropFactors factors)
    {
        if (IsSimd) { SimdKernels.RPropStep(w, g, s, p, in factors); } else { PlainKernels.RPropStep(w, g, s, p, in factors); }
    }

    /// <inheritdoc cref="PlainKernels.SumOfSquares"/>
    internal static double SumOfSquares(ReadOnlySpan<float> g) => IsSimd ? SimdKernels.SumOfSquares(g) : PlainKernels.SumOfSquares(g);

    /// <inheritdoc cref="PlainKernels.Scale"/>
    internal static void Scale(Span<float> w, float factor)
    {
        if (IsSimd) { SimdKernels.Scale(w, factor); } else { PlainKernels.Scale(w, factor); }
    }

    /// <inheritdoc cref="PlainKernels.Clip"/>
    internal static void Clip(Span<float> g, float limit)
    {
        if (IsSimd) { SimdKernels.Clip(g, limit); } else { PlainKernels.Clip(g, limit); }
    }
}
