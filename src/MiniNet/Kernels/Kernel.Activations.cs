namespace MiniNet.Kernels;

public static partial class Kernel
{
    /// <inheritdoc cref="PlainKernels.ReLU"/>
    internal static void ReLU(ReadOnlySpan<float> x, Span<float> y)
    {
        if (IsSimd) { SimdKernels.ReLU(x, y); } else { PlainKernels.ReLU(x, y); }
    }

    /// <inheritdoc cref="PlainKernels.ReLUBackward"/>
    internal static void ReLUBackward(ReadOnlySpan<float> x, ReadOnlySpan<float> dY, in MatrixView dX)
    {
        if (IsSimd) { SimdKernels.ReLUBackward(x, dY, dX.Span, dX.Overwrite); } else { PlainKernels.ReLUBackward(x, dY, dX.Span); }
    }

    /// <inheritdoc cref="PlainKernels.Sigmoid"/>
    internal static void Sigmoid(ReadOnlySpan<float> x, Span<float> y)
    {
        if (IsSimd) { SimdKernels.Sigmoid(x, y); } else { PlainKernels.Sigmoid(x, y); }
    }

    /// <inheritdoc cref="PlainKernels.SigmoidBackward"/>
    internal static void SigmoidBackward(ReadOnlySpan<float> y, ReadOnlySpan<float> dY, Span<float> dX)
    {
        if (IsSimd) { SimdKernels.SigmoidBackward(y, dY, dX); } else { PlainKernels.SigmoidBackward(y, dY, dX); }
    }

    /// <inheritdoc cref="PlainKernels.Tanh"/>
    internal static void Tanh(ReadOnlySpan<float> x, Span<float> y)
    {
        if (IsSimd) { SimdKernels.Tanh(x, y); } else { PlainKernels.Tanh(x, y); }
    }

    /// <inheritdoc cref="PlainKernels.TanhBackward"/>
    internal static void TanhBackward(ReadOnlySpan<float> y, ReadOnlySpan<float> dY, Span<float> dX)
    {
        if (IsSimd) { SimdKernels.TanhBackward(y, dY, dX); } else { PlainKernels.TanhBackward(y, dY, dX); }
    }

    /// <inheritdoc cref="PlainKernels.LeakyReLU"/>
    internal static void LeakyReLU(ReadOnlySpan<float> x, float a, Span<float> y)
    {
        if (IsSimd) { SimdKernels.LeakyReLU(x, a, y); } else { PlainKernels.LeakyReLU(x, a, y); }
    }

    /// <inheritdoc cref="PlainKernels.LeakyReLUBackward"/>
    internal static void LeakyReLUBackward(ReadOnlySpan<float> x, float a, ReadOnlySpan<float> dY, Span<float> dX)
    {
        if (IsSimd) { SimdKernels.LeakyReLUBackward(x, a, dY, dX); } else { PlainKernels.LeakyReLUBackward(x, a, dY, dX); }
    }

    /// <inheritdoc cref="PlainKernels.ELU"/>
    internal static void ELU(ReadOnlySpan<float> x, float alpha, Span<float> y)
    {
        if (IsSimd) { SimdKernels.ELU(x, alpha, y); } else { PlainKernels.ELU(x, alpha, y); }
    }

    /// <inheritdoc cref="PlainKernels.ELUBackward"/>
    internal static void ELUBackward(ReadOnlySpan<float> x, float alpha, ReadOnlySpan<float> dY, Span<float> dX)
    {
        if (IsSimd) { SimdKernels.ELUBackward(x, alpha, dY, dX); } else { PlainKernels.ELUBackward(x, alpha, dY, dX); }
    }

    /// <inheritdoc cref="PlainKernels.GELU"/>
    internal static void GELU(ReadOnlySpan<float> x, Span<float> y)
    {
        if (IsSimd) { SimdKernels.GELU(x, y); } else { PlainKernels.GELU(x, y); }
    }

    /// <inheritdoc cref="PlainKernels.GELUBackward"/>
    internal static void GELUBackward(ReadOnlySpan<float> x, ReadOnlySpan<float> dY, Span<float> dX)
    {
        if (IsSimd) { SimdKernels.GELUBackward(x, dY, dX); } else { PlainKernels.GELUBackward(x, dY, dX); }
    }

    /// <inheritdoc cref="PlainKernels.GELUTanh"/>
    internal static void GELUTanh(ReadOnlySpan<float> x, Span<float> y)
    {
        if (IsSimd) { SimdKernels.GELUTanh(x, y); } else { PlainKernels.GELUTanh(x, y); }
    }

    /// <inheritdoc cref="PlainKernels.GELUTanhBackward"/>
    internal static void GELUTanhBackward(ReadOnlySpan<float> x, ReadOnlySpan<float> dY, Span<float> dX)
    {
        if (IsSimd) { SimdKernels.GELUTanhBackward(x, dY, dX); } else { PlainKernels.GELUTanhBackward(x, dY, dX); }
    }

    /// <inheritdoc cref="PlainKernels.SiLU"/>
    internal static void SiLU(ReadOnlySpan<float> x, Span<float> y)
    {
        if (IsSimd) { SimdKernels.SiLU(x, y); } else { PlainKernels.SiLU(x, y); }
    }

    /// <inheritdoc cref="PlainKernels.SiLUBackward"/>
    internal static void SiLUBackward(ReadOnlySpan<float> x, ReadOnlySpan<float> dY, Span<float> dX)
    {
        if (IsSimd) { SimdKernels.SiLUBackward(x, dY, dX); } else { PlainKernels.SiLUBackward(x, dY, dX); }
    }

    /// <inheritdoc cref="PlainKernels.Softplus"/>
    internal static void Softplus(ReadOnlySpan<float> x, float beta, float threshold, Span<float> y)
    {
        if (IsSimd) { SimdKernels.Softplus(x, beta, threshold, y); } else { PlainKernels.Softplus(x, beta, threshold, y); }
    }

    /// <inheritdoc cref="PlainKernels.SoftplusBackward"/>
    internal static void SoftplusBackward(ReadOnlySpan<float> x, float beta, float threshold, ReadOnlySpan<float> dY, Span<float> dX)
    {
        if (IsSimd)
        {
            SimdKernels.SoftplusBackward(x, beta, threshold, dY, dX);
        }
        else
        {
            PlainKernels.SoftplusBackward(x, beta, threshold, dY, dX);
        }
    }

    /// <inheritdoc cref="PlainKernels.Multiply"/>
    internal static void Multiply(ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> y)
    {
        if (IsSimd) { SimdKernels.Multiply(a, b, y); } else { PlainKernels.Multiply(a, b, y); }
    }

    /// <inheritdoc cref="PlainKernels.MultiplyBackward"/>
    internal static void MultiplyBackward(ReadOnlySpan<float> b, ReadOnlySpan<float> dY, Span<float> dA)
    {
        if (IsSimd) { SimdKernels.MultiplyBackward(b, dY, dA); } else { PlainKernels.MultiplyBackward(b, dY, dA); }
    }
}
