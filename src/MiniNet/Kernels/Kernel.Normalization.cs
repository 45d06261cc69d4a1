namespace MiniNet.Kernels;

public static partial class Kernel
{
    /// <inheritdoc cref="PlainKernels.Normalize"/>
    internal static void Normalize(ChannelsView x, float epsilon, Span<float> mean, Span<float> variance, Span<float> s, ChannelsView xHat)
    {
        if (Simd) { SimdKernels.Normalize(x, epsilon, mean, variance, s, xHat); } else { PlainKernels.Normalize(x, epsilon, mean, variance, s, xHat); }
    }

    /// <inheritdoc cref="PlainKernels.NormalizeBy"/>
    internal static void NormalizeBy(ReadOnlySpan<float> mean, ReadOnlySpan<float> variance, ChannelsView x, float epsilon, Span<float> s, ChannelsView xHat)
    {
        if (Simd) { SimdKernels.NormalizeBy(mean, variance, x, epsilon, s, xHat); } else { PlainKernels.NormalizeBy(mean, variance, x, epsilon, s, xHat); }
    }

    /// <inheritdoc cref="PlainKernels.NormalizeBackward"/>
    internal static void NormalizeBackward(ChannelsView xHat, ReadOnlySpan<float> s, ChannelsView dXHat, ChannelsView dX)
    {
        if (Simd) { SimdKernels.NormalizeBackward(xHat, s, dXHat, dX); } else { PlainKernels.NormalizeBackward(xHat, s, dXHat, dX); }
    }
}
