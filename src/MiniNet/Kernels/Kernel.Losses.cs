namespace MiniNet.Kernels;

public static partial class Kernel
{
    /// <inheritdoc cref="PlainKernels.Softmax"/>
    internal static void Softmax(in MatrixView z, in MatrixView p)
    {
        if (IsSimd) { SimdKernels.Softmax(z, p); } else { PlainKernels.Softmax(z, p); }
    }

    /// <inheritdoc cref="PlainKernels.SoftmaxCrossEntropy"/>
    internal static float SoftmaxCrossEntropy(in MatrixView z, ReadOnlySpan<int> classes, in MatrixView p) =>
        IsSimd ? SimdKernels.SoftmaxCrossEntropy(z, classes, p) : PlainKernels.SoftmaxCrossEntropy(z, classes, p);

    /// <inheritdoc cref="PlainKernels.SoftmaxCrossEntropyBackward"/>
    internal static void SoftmaxCrossEntropyBackward(in MatrixView p, ReadOnlySpan<int> classes, float dL, in MatrixView dZ)
    {
        if (IsSimd)
        {
            SimdKernels.SoftmaxCrossEntropyBackward(p, classes, dL, dZ);
        }
        else
        {
            PlainKernels.SoftmaxCrossEntropyBackward(p, classes, dL, dZ);
        }
    }

    /// <inheritdoc cref="PlainKernels.CrossEntropy"/>
    internal static float CrossEntropy(in MatrixView z, in MatrixView a, in MatrixView p) =>
        IsSimd ? SimdKernels.CrossEntropy(z, a, p) : PlainKernels.CrossEntropy(z, a, p);

    /// <inheritdoc cref="PlainKernels.CrossEntropyBackward"/>
    internal static void CrossEntropyBackward(in MatrixView p, in MatrixView a, float dL, in MatrixView dZ)
    {
        if (IsSimd) { SimdKernels.CrossEntropyBackward(p, a, dL, dZ); } else { PlainKernels.CrossEntropyBackward(p, a, dL, dZ); }
    }

    /// <inheritdoc cref="PlainKernels.WeightTargets"/>
    internal static void WeightTargets(ReadOnlySpan<float> w, float s, double d, in MatrixView a) => PlainKernels.WeightTargets(w, s, d, a);

    /// <inheritdoc cref="PlainKernels.BinaryCrossEntropy"/>
    internal static float BinaryCrossEntropy(ReadOnlySpan<float> z, ReadOnlySpan<float> t, ReadOnlySpan<float> w) =>
        IsSimd ? SimdKernels.BinaryCrossEntropy(z, t, w) : PlainKernels.BinaryCrossEntropy(z, t, w);

    /// <inheritdoc cref="PlainKernels.BinaryCrossEntropyBackward"/>
    internal static void BinaryCrossEntropyBackward(
        ReadOnlySpan<float> z,
        ReadOnlySpan<float> t,
        ReadOnlySpan<float> w,
        float dL,
        Span<float> dZ)
    {
        if (IsSimd)
        {
            SimdKernels.BinaryCrossEntropyBackward(z, t, w, dL, dZ);
        }
        else
        {
            PlainKernels.BinaryCrossEntropyBackward(z, t, w, dL, dZ);
        }
    }

    /// <inheritdoc cref="PlainKernels.MeanSquaredError"/>
    internal static float MeanSquaredError(ReadOnlySpan<float> p, ReadOnlySpan<float> t) =>
        IsSimd ? SimdKernels.MeanSquaredError(p, t) : PlainKernels.MeanSquaredError(p, t);

    /// <inheritdoc cref="PlainKernels.MeanSquaredErrorBackward"/>
    internal static void MeanSquaredErrorBackward(ReadOnlySpan<float> p, ReadOnlySpan<float> t, float dL, Span<float> dP)
    {
        if (IsSimd) { SimdKernels.MeanSquaredErrorBackward(p, t, dL, dP); } else { PlainKernels.MeanSquaredErrorBackward(p, t, dL, dP); }
    }

    /// <inheritdoc cref="PlainKernels.MeanAbsoluteError"/>
    internal static float MeanAbsoluteError(ReadOnlySpan<float> p, ReadOnlySpan<float> t) =>
        IsSimd ? SimdKernels.MeanAbsoluteError(p, t) : PlainKernels.MeanAbsoluteError(p, t);

    /// <inheritdoc cref="PlainKernels.MeanAbsoluteErrorBackward"/>
    internal static void MeanAbsoluteErrorBackward(ReadOnlySpan<float> p, ReadOnlySpan<float> t, float dL, Span<float> dP)
    {
        if (IsSimd) { SimdKernels.MeanAbsoluteErrorBackward(p, t, dL, dP); } else { PlainKernels.MeanAbsoluteErrorBackward(p, t, dL, dP); }
    }

    /// <inheritdoc cref="PlainKernels.Huber"/>
    internal static float Huber(ReadOnlySpan<float> p, ReadOnlySpan<float> t, float delta) =>
        IsSimd ? SimdKernels.Huber(p, t, delta) : PlainKernels.Huber(p, t, delta);

    /// <inheritdoc cref="PlainKernels.HuberBackward"/>
    internal static void HuberBackward(ReadOnlySpan<float> p, ReadOnlySpan<float> t, float delta, float dL, Span<float> dP)
    {
        if (IsSimd) { SimdKernels.HuberBackward(p, t, delta, dL, dP); } else { PlainKernels.HuberBackward(p, t, delta, dL, dP); }
    }

    /// <inheritdoc cref="PlainKernels.KullbackLeibler"/>
    internal static float KullbackLeibler(ReadOnlySpan<float> x, ReadOnlySpan<float> t, int n) =>
        IsSimd ? SimdKernels.KullbackLeibler(x, t, n) : PlainKernels.KullbackLeibler(x, t, n);

    /// <inheritdoc cref="PlainKernels.KullbackLeiblerBackward"/>
    internal static void KullbackLeiblerBackward(ReadOnlySpan<float> t, int n, float dL, Span<float> dX)
    {
        if (IsSimd) { SimdKernels.KullbackLeiblerBackward(t, n, dL, dX); } else { PlainKernels.KullbackLeiblerBackward(t, n, dL, dX); }
    }
}
