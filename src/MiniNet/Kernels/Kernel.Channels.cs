namespace MiniNet.Kernels;

public static partial class Kernel
{
    /// <inheritdoc cref="PlainKernels.SetChannels"/>
    internal static void SetChannels(ReadOnlySpan<float> b, in ChannelsView y)
    {
        if (IsSimd) { SimdKernels.SetChannels(b, y); } else { PlainKernels.SetChannels(b, y); }
    }

    /// <inheritdoc cref="PlainKernels.AddScaledChannels"/>
    internal static void AddScaledChannels(ReadOnlySpan<float> gamma, in ChannelsView x, in ChannelsView y)
    {
        if (IsSimd) { SimdKernels.AddScaledChannels(gamma, x, y); } else { PlainKernels.AddScaledChannels(gamma, x, y); }
    }

    /// <inheritdoc cref="PlainKernels.AddChannelSums"/>
    internal static void AddChannelSums(in ChannelsView dY, Span<float> db)
    {
        if (IsSimd) { SimdKernels.AddChannelSums(dY, db); } else { PlainKernels.AddChannelSums(dY, db); }
    }

    /// <inheritdoc cref="PlainKernels.AddChannelDots"/>
    internal static void AddChannelDots(in ChannelsView dY, in ChannelsView x, Span<float> dGamma)
    {
        if (IsSimd) { SimdKernels.AddChannelDots(dY, x, dGamma); } else { PlainKernels.AddChannelDots(dY, x, dGamma); }
    }
}
