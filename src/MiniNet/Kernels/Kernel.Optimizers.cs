namespace MiniNet.Kernels;

public static partial class Kernel
{
    /// <inheritdoc cref="PlainKernels.MomentumStep"/>
    internal static void MomentumStep(Span<float> w, ReadOnlySpan<float> g, Span<float> v, float learningRate, float momentum)
    {
        if (Simd) { SimdKernels.MomentumStep(w, g, v, learningRate, momentum); } else { PlainKernels.MomentumStep(w, g, v, learningRate, momentum); }
    }

    /// <inheritdoc cref="PlainKernels.AdamStep"/>
    internal static void AdamStep(Span<float> w, ReadOnlySpan<float> g, Span<float> m, Span<float> v, in AdamFactors factors)
    {
        if (Simd) { SimdKernels.AdamStep(w, g, m, v, in factors); } else { PlainKernels.AdamStep(w, g, m, v, in factors); }
    }
}
