namespace MiniNet.Kernels;

public static partial class Kernel
{
    /// <inheritdoc cref="PlainKernels.SoftmaxBackward"/>
    internal static void SoftmaxBackward(in MatrixView y, in MatrixView dY, in MatrixView dX)
    {
        if (IsSimd) { SimdKernels.SoftmaxBackward(y, dY, dX); } else { PlainKernels.SoftmaxBackward(y, dY, dX); }
    }

    /// <inheritdoc cref="PlainKernels.LogSoftmax"/>
    internal static void LogSoftmax(in MatrixView x, in MatrixView y)
    {
        if (IsSimd) { SimdKernels.LogSoftmax(x, y); } else { PlainKernels.LogSoftmax(x, y); }
    }

    /// <inheritdoc cref="PlainKernels.LogSoftmaxBackward"/>
    internal static void LogSoftmaxBackward(in MatrixView y, in MatrixView dY, in MatrixView dX)
    {
        if (IsSimd) { SimdKernels.LogSoftmaxBackward(y, dY, dX); } else { PlainKernels.LogSoftmaxBackward(y, dY, dX); }
    }
}
