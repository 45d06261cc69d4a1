namespace MiniNet.Kernels;

internal static partial class PlainKernels
{
    /// <summary>v = μv + g; w −= ηv</summary>
    public static void MomentumStep(Span<float> w, ReadOnlySpan<float> g, Span<float> v, float learningRate, float momentum)
    {
        for (int i = 0; i < w.Length; i++)
        {
            v[i] = (momentum * v[i]) + g[i];
            w[i] -= learningRate * v[i];
        }
    }

    /// <summary>m = β₁m + (1−β₁)g; v = β₂v + (1−β₂)g²; w −= η · m/c₁ / (√(v/c₂) + ε)</summary>
    public static void AdamStep(Span<float> w, ReadOnlySpan<float> g, Span<float> m, Span<float> v, in AdamFactors factors)
    {
        for (int i = 0; i < w.Length; i++)
        {
            m[i] = (factors.Beta1 * m[i]) + ((1 - factors.Beta1) * g[i]);
            v[i] = (factors.Beta2 * v[i]) + ((1 - factors.Beta2) * g[i] * g[i]);
            float unbiasedM = m[i] / factors.Correction1;
            float unbiasedV = v[i] / factors.Correction2;
            w[i] -= factors.LearningRate * unbiasedM / (MathF.Sqrt(unbiasedV) + factors.Epsilon);
        }
    }
}
