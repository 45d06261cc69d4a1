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

    /// <inheritdoc cref="PlainKernels.CrossEntropy"/>
    internal static float CrossEntropy(MatrixView z, MatrixView a, MatrixView p) => PlainKernels.CrossEntropy(z, a, p);

    /// <inheritdoc cref="PlainKernels.CrossEntropyBackward"/>
    internal static void CrossEntropyBackward(MatrixView p, MatrixView a, float dL, MatrixView dZ) =>
        PlainKernels.CrossEntropyBackward(p, a, dL, dZ);

    /// <inheritdoc cref="PlainKernels.MeanAbsoluteError"/>
    internal static float MeanAbsoluteError(ReadOnlySpan<float> p, ReadOnlySpan<float> t) => PlainKernels.MeanAbsoluteError(p, t);

    /// <inheritdoc cref="PlainKernels.MeanAbsoluteErrorBackward"/>
    internal static void MeanAbsoluteErrorBackward(ReadOnlySpan<float> p, ReadOnlySpan<float> t, float dL, Span<float> dP) =>
        PlainKernels.MeanAbsoluteErrorBackward(p, t, dL, dP);

    /// <inheritdoc cref="PlainKernels.Huber"/>
    internal static float Huber(ReadOnlySpan<float> p, ReadOnlySpan<float> t, float delta) => PlainKernels.Huber(p, t, delta);

    /// <inheritdoc cref="PlainKernels.HuberBackward"/>
    internal static void HuberBackward(ReadOnlySpan<float> p, ReadOnlySpan<float> t, float delta, float dL, Span<float> dP) =>
        PlainKernels.HuberBackward(p, t, delta, dL, dP);

    /// <inheritdoc cref="PlainKernels.KullbackLeibler"/>
    internal static float KullbackLeibler(MatrixView p, MatrixView t) => PlainKernels.KullbackLeibler(p, t);

    /// <inheritdoc cref="PlainKernels.KullbackLeiblerBackward"/>
    internal static void KullbackLeiblerBackward(MatrixView t, float dL, MatrixView dP) =>
        PlainKernels.KullbackLeiblerBackward(t, dL, dP);

    /// <inheritdoc cref="PlainKernels.BinaryCrossEntropy"/>
    internal static float BinaryCrossEntropy(MatrixView z, MatrixView t, float[]? weights) => PlainKernels.BinaryCrossEntropy(z, t, weights);

    /// <inheritdoc cref="PlainKernels.BinaryCrossEntropyBackward"/>
    internal static void BinaryCrossEntropyBackward(MatrixView z, MatrixView t, float[]? weights, float dL, MatrixView dZ) =>
        PlainKernels.BinaryCrossEntropyBackward(z, t, weights, dL, dZ);
}
