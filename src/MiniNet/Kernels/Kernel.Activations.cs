namespace MiniNet.Kernels;

public static partial class Kernel
{
    /// <inheritdoc cref="PlainKernels.ReLU"/>
    internal static void ReLU(ReadOnlySpan<float> x, Span<float> y)
    {
        if (Simd) { SimdKernels.ReLU(x, y); } else { PlainKernels.ReLU(x, y); }
    }

    /// <inheritdoc cref="PlainKernels.ReLUBackward"/>
    internal static void ReLUBackward(ReadOnlySpan<float> x, ReadOnlySpan<float> dY, Span<float> dX)
    {
        if (Simd) { SimdKernels.ReLUBackward(x, dY, dX); } else { PlainKernels.ReLUBackward(x, dY, dX); }
    }

    /// <inheritdoc cref="PlainKernels.Sigmoid"/>
    internal static void Sigmoid(ReadOnlySpan<float> x, Span<float> y)
    {
        if (Simd) { SimdKernels.Sigmoid(x, y); } else { PlainKernels.Sigmoid(x, y); }
    }

    /// <inheritdoc cref="PlainKernels.SigmoidBackward"/>
    internal static void SigmoidBackward(ReadOnlySpan<float> y, ReadOnlySpan<float> dY, Span<float> dX)
    {
        if (Simd) { SimdKernels.SigmoidBackward(y, dY, dX); } else { PlainKernels.SigmoidBackward(y, dY, dX); }
    }

    /// <inheritdoc cref="PlainKernels.Tanh"/>
    internal static void Tanh(ReadOnlySpan<float> x, Span<float> y)
    {
        if (Simd) { SimdKernels.Tanh(x, y); } else { PlainKernels.Tanh(x, y); }
    }

    /// <inheritdoc cref="PlainKernels.TanhBackward"/>
    internal static void TanhBackward(ReadOnlySpan<float> y, ReadOnlySpan<float> dY, Span<float> dX)
    {
        if (Simd) { SimdKernels.TanhBackward(y, dY, dX); } else { PlainKernels.TanhBackward(y, dY, dX); }
    }
}
