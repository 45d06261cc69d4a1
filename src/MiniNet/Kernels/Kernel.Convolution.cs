namespace MiniNet.Kernels;

public static partial class Kernel
{
    /// <inheritdoc cref="PlainKernels.Convolution"/>
    internal static void Convolution(ChannelsView x, ChannelsView w, ChannelsView y, Window window, MatrixView columns)
    {
        if (Simd) { SimdKernels.Convolution(x, w, y, window, columns); } else { PlainKernels.Convolution(x, w, y, window, columns); }
    }

    /// <inheritdoc cref="PlainKernels.ConvolutionBackwardW"/>
    internal static void ConvolutionBackwardW(ChannelsView x, ChannelsView dY, ChannelsView dW, Window window, MatrixView columns)
    {
        if (Simd) { SimdKernels.ConvolutionBackwardW(x, dY, dW, window, columns); } else { PlainKernels.ConvolutionBackwardW(x, dY, dW, window, columns); }
    }

    /// <inheritdoc cref="PlainKernels.ConvolutionBackwardX"/>
    internal static void ConvolutionBackwardX(ChannelsView dY, ChannelsView w, ChannelsView dX, Window window, MatrixView columns)
    {
        if (Simd) { SimdKernels.ConvolutionBackwardX(dY, w, dX, window, columns); } else { PlainKernels.ConvolutionBackwardX(dY, w, dX, window, columns); }
    }
}
