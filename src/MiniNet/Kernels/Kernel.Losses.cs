namespace MiniNet.Kernels;

public static partial class Kernel
{
    /// <inheritdoc cref="PlainKernels.Softmax"/>
    internal static void Softmax(MatrixView z, MatrixView p)
    {
        if (Simd) { SimdKernels.Softmax(z, p); } else { PlainKernels.Softmax(z, p); }
    }

    /// <inheritdoc cref="PlainKernels.SoftmaxCrossEntropy"/>
    internal static float SoftmaxCrossEntropy(MatrixView z, ReadOnlySpan<int> classes, MatrixView p) =>
        Simd ? SimdKernels.SoftmaxCrossEntropy(z, classes, p) : PlainKernels.SoftmaxCrossEntropy(z, classes, p);

    /// <inheritdoc cref="PlainKernels.SoftmaxCrossEntropyBackward"/>
    internal static void SoftmaxCrossEntropyBackward(MatrixView p, ReadOnlySpan<int> classes, float dL, MatrixView dZ)
    {
        if (Simd) { SimdKernels.SoftmaxCrossEntropyBackward(p, classes, dL, dZ); } else { PlainKernels.SoftmaxCrossEntropyBackward(p, classes, dL, dZ); }
    }

    /// <inheritdoc cref="PlainKernels.MeanSquaredError"/>
    internal static float MeanSquaredError(ReadOnlySpan<float> p, ReadOnlySpan<float> t) =>
        Simd ? SimdKernels.MeanSquaredError(p, t) : PlainKernels.MeanSquaredError(p, t);

    /// <inheritdoc cref="PlainKernels.MeanSquaredErrorBackward"/>
    internal static void MeanSquaredErrorBackward(ReadOnlySpan<float> p, ReadOnlySpan<float> t, float dL, Span<float> dP)
    {
        if (Simd) { SimdKernels.MeanSquaredErrorBackward(p, t, dL, dP); } else { PlainKernels.MeanSquaredErrorBackward(p, t, dL, dP); }
    }
}
