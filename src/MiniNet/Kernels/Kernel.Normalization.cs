namespace MiniNet.Kernels;

public static partial class Kernel
{
    /// <inheritdoc cref="PlainKernels.Normalize"/>
    internal static void Normalize(
        in ChannelsView x,
        float epsilon,
        Span<float> mean,
        Span<float> variance,
        Span<float> s,
        in ChannelsView xHat)
    {
        if (IsSimd)
        {
            SimdKernels.Normalize(x, epsilon, mean, variance, s, xHat);
        }
        else
        {
            PlainKernels.Normalize(x, epsilon, mean, variance, s, xHat);
        }
    }

    /// <inheritdoc cref="PlainKernels.NormalizeBy"/>
    internal static void NormalizeBy(
        ReadOnlySpan<float> mean,
        ReadOnlySpan<float> variance,
        in ChannelsView x,
        float epsilon,
        Span<float> s,
        in ChannelsView xHat)
    {
        if (IsSimd)
        {
            SimdKernels.NormalizeBy(mean, variance, x, epsilon, s, xHat);
        }
        else
        {
            PlainKernels.NormalizeBy(mean, variance, x, epsilon, s, xHat);
        }
    }

    /// <inheritdoc cref="PlainKernels.NormalizeBackward"/>
    internal static void NormalizeBackward(in ChannelsView xHat, ReadOnlySpan<float> s, in ChannelsView dXHat, in ChannelsView dX)
    {
        if (IsSimd) { SimdKernels.NormalizeBackward(xHat, s, dXHat, dX); } else { PlainKernels.NormalizeBackward(xHat, s, dXHat, dX); }
    }
}
