namespace MiniNet.Kernels;

public static partial class Kernel
{
    /// <inheritdoc cref="PlainKernels.Convolution"/>
    internal static void Convolution(ChannelsView x, ChannelsView w, ReadOnlySpan<float> b, ChannelsView y, Window window)
    {
        if (Simd) { SimdKernels.Convolution(x, w, b, y, window); } else { PlainKernels.Convolution(x, w, b, y, window); }
    }

    /// <inheritdoc cref="PlainKernels.ConvolutionBackwardW"/>
    internal static void ConvolutionBackwardW(ChannelsView x, ChannelsView dY, ChannelsView dW, Span<float> db, Window window)
    {
        if (Simd) { SimdKernels.ConvolutionBackwardW(x, dY, dW, db, window); } else { PlainKernels.ConvolutionBackwardW(x, dY, dW, db, window); }
    }

    /// <inheritdoc cref="PlainKernels.ConvolutionBackwardX"/>
    internal static void ConvolutionBackwardX(ChannelsView dY, ChannelsView w, ChannelsView dX, Window window)
    {
        if (Simd) { SimdKernels.ConvolutionBackwardX(dY, w, dX, window); } else { PlainKernels.ConvolutionBackwardX(dY, w, dX, window); }
    }
}
