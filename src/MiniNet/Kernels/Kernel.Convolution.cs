namespace MiniNet.Kernels;

public static partial class Kernel
{
    /// <inheritdoc cref="PlainKernels.Convolution"/>
    internal static void Convolution(in ChannelsView x, in ChannelsView w, ReadOnlySpan<float> b, in ChannelsView y, Window window)
    {
        if (IsSimd) { SimdKernels.Convolution(x, w, b, y, window); } else { PlainKernels.Convolution(x, w, b, y, window); }
    }

    /// <inheritdoc cref="PlainKernels.ConvolutionBackwardW"/>
    internal static void ConvolutionBackwardW(in ChannelsView x, in ChannelsView dY, in ChannelsView dW, Span<float> db, Window window)
    {
        if (IsSimd)
        {
            SimdKernels.ConvolutionBackwardW(x, dY, dW, db, window);
        }
        else
        {
            PlainKernels.ConvolutionBackwardW(x, dY, dW, db, window);
        }
    }

    /// <inheritdoc cref="PlainKernels.ConvolutionBackwardX"/>
    internal static void ConvolutionBackwardX(in ChannelsView dY, in ChannelsView w, in ChannelsView dX, Window window)
    {
        if (IsSimd) { SimdKernels.ConvolutionBackwardX(dY, w, dX, window); } else { PlainKernels.ConvolutionBackwardX(dY, w, dX, window); }
    }
}
