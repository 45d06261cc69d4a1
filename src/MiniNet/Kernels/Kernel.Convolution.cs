namespace MiniNet.Kernels;

public static partial class Kernel
{
    /// <inheritdoc cref="PlainKernels.Convolution"/>
    internal static void Convolution(ChannelsView x, ChannelsView w, ChannelsView y, Window window, MatrixView room)
    {
        if (Simd) { SimdKernels.Convolution(x, w, y, window, room); } else { PlainKernels.Convolution(x, w, y, window, room); }
    }

    /// <inheritdoc cref="PlainKernels.ConvolutionBackwardW"/>
    internal static void ConvolutionBackwardW(ChannelsView x, ChannelsView dY, ChannelsView dW, Window window, MatrixView room)
    {
        if (Simd) { SimdKernels.ConvolutionBackwardW(x, dY, dW, window, room); } else { PlainKernels.ConvolutionBackwardW(x, dY, dW, window, room); }
    }

    /// <inheritdoc cref="PlainKernels.ConvolutionBackwardX"/>
    internal static void ConvolutionBackwardX(ChannelsView dY, ChannelsView w, ChannelsView dX, Window window, MatrixView room)
    {
        if (Simd) { SimdKernels.ConvolutionBackwardX(dY, w, dX, window, room); } else { PlainKernels.ConvolutionBackwardX(dY, w, dX, window, room); }
    }
}
