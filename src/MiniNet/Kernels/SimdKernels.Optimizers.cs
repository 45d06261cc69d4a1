using System.Numerics;

namespace MiniNet.Kernels;

internal static partial class SimdKernels
{
    /// <inheritdoc cref="PlainKernels.MomentumStep"/>
    public static void MomentumStep(Span<float> w, ReadOnlySpan<float> g, Span<float> v, float learningRate, float momentum)
    {
        Span<Vector<float>> ws = Vectors(w), vs = Vectors(v);
        ReadOnlySpan<Vector<float>> gs = Vectors(g);
        for (int i = 0; i < ws.Length; i++)
        {
            vs[i] = (vs[i] * momentum) + gs[i];
            ws[i] -= vs[i] * learningRate;
        }

        int done = ws.Length * Vector<float>.Count;
        PlainKernels.MomentumStep(w[done..], g[done..], v[done..], learningRate, momentum);
    }

    /// <inheritdoc cref="PlainKernels.AdamStep"/>
    public static void AdamStep(Span<float> w, ReadOnlySpan<float> g, Span<float> m, Span<float> v, in AdamFactors factors)
    {
        Span<Vector<float>> ws = Vectors(w), ms = Vectors(m), vs = Vectors(v);
        ReadOnlySpan<Vector<float>> gs = Vectors(g);
        var epsilon = new Vector<float>(factors.Epsilon);
        for (int i = 0; i < ws.Length; i++)
        {
            ms[i] = (ms[i] * factors.Beta1) + (gs[i] * (1 - factors.Beta1));
            vs[i] = (vs[i] * factors.Beta2) + (gs[i] * (1 - factors.Beta2) * gs[i]);
            Vector<float> unbiasedM = ms[i] / factors.Correction1;
            Vector<float> unbiasedV = vs[i] / factors.Correction2;
            ws[i] -= unbiasedM * factors.LearningRate / (Vector.SquareRoot(unbiasedV) + epsilon);
        }

        int done = ws.Length * Vector<float>.Count;
        PlainKernels.AdamStep(w[done..], g[done..], m[done..], v[done..], factors);
    }
}
