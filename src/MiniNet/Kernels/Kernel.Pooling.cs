namespace MiniNet.Kernels;

public static partial class Kernel
{
    /// <inheritdoc cref="PlainKernels.MaxPool"/>
    internal static void MaxPool(in ChannelsView x, in ChannelsView y, Window window)
    {
        if (IsSimd) { SimdKernels.MaxPool(x, y, window); } else { PlainKernels.MaxPool(x, y, window); }
    }

    /// <inheritdoc cref="PlainKernels.MaxPoolBackward"/>
    internal static void MaxPoolBackward(in ChannelsView x, in ChannelsView dY, in ChannelsView dX, Window window)
    {
        if (IsSimd) { SimdKernels.MaxPoolBackward(x, dY, dX, window); } else { PlainKernels.MaxPoolBackward(x, dY, dX, window); }
    }

    /// <inheritdoc cref="PlainKernels.AveragePool"/>
    internal static void AveragePool(in ChannelsView x, in ChannelsView y, Window window)
    {
        if (IsSimd) { SimdKernels.AveragePool(x, y, window); } else { PlainKernels.AveragePool(x, y, window); }
    }

    /// <inheritdoc cref="PlainKernels.AveragePoolBackward"/>
    internal static void AveragePoolBackward(in ChannelsView dY, in ChannelsView dX, Window window)
    {
        if (IsSimd) { SimdKernels.AveragePoolBackward(dY, dX, window); } else { PlainKernels.AveragePoolBackward(dY, dX, window); }
    }
}
