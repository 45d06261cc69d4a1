using System.Numerics;
using System.Numerics.Tensors;

namespace MiniNet.Kernels;

internal static partial class SimdKernels
{
    /// <inheritdoc cref="PlainKernels.MomentumStep"/>
    public static void MomentumStep(Span<float> w, ReadOnlySpan<float> g, Span<float> v, in MomentumFactors factors)
    {
        Span<Vector<float>> ws = Vectors(w), vs = Vectors(v);
        ReadOnlySpan<Vector<float>> gs = Vectors(g);
        (float learningRate, float momentum, bool nesterov, float weightDecay) = factors;
        for (int i = 0; i < ws.Length; i++)
        {
            Vector<float> d = gs[i] + (ws[i] * weightDecay);
            Vector<float> velocity = (vs[i] * momentum) + d;
            vs[i] = velocity;
            ws[i] -= (nesterov ? d + (velocity * momentum) : velocity) * learningRate;
        }

        int done = ws.Length * Vector<float>.Count;
        PlainKernels.MomentumStep(w[done..], g[done..], v[done..], factors);
    }

    /// <inheritdoc cref="PlainKernels.AdamStep"/>
    public static void AdamStep(Span<float> w, ReadOnlySpan<float> g, Span<float> m, Span<float> v, in AdamFactors factors)
    {
        Span<Vector<float>> ws = Vectors(w), ms = Vectors(m), vs = Vectors(v);
        ReadOnlySpan<Vector<float>> gs = Vectors(g);
        var epsilon = new Vector<float>(factors.Epsilon);
        float beta1 = (float)factors.Beta1, rest1 = (float)(1 - factors.Beta1);
        float beta2 = (float)factors.Beta2, rest2 = (float)(1 - factors.Beta2);
        for (int i = 0; i < ws.Length; i++)
        {
            Vector<float> d = gs[i] + (ws[i] * factors.WeightDecay);
            ms[i] = (ms[i] * beta1) + (d * rest1);
            vs[i] = (vs[i] * beta2) + (d * rest2 * d);
            Vector<float> unbiasedM = ms[i] / factors.Correction1;
            Vector<float> unbiasedV = vs[i] / factors.Correction2;
            ws[i] -= unbiasedM * factors.LearningRate / (Vector.SquareRoot(unbiasedV) + epsilon);
        }

        int done = ws.Length * Vector<float>.Count;
        PlainKernels.AdamStep(w[done..], g[done..], m[done..], v[done..], factors);
    }

    /// <inheritdoc cref="PlainKernels.NAdamStep"/>
    public static void NAdamStep(Span<float> w, ReadOnlySpan<float> g, Span<float> m, Span<float> v, in NAdamFactors factors)
    {
        Span<Vector<float>> ws = Vectors(w), ms = Vectors(m), vs = Vectors(v);
        ReadOnlySpan<Vector<float>> gs = Vectors(g);
        var epsilon = new Vector<float>(factors.Epsilon);
        float beta1 = (float)factors.Beta1, rest1 = (float)(1 - factors.Beta1);
        float beta2 = (float)factors.Beta2, rest2 = (float)(1 - factors.Beta2);
        for (int i = 0; i < ws.Length; i++)
        {
            Vector<float> d = gs[i] + (ws[i] * factors.WeightDecay);
            ms[i] = (ms[i] * beta1) + (d * rest1);
            vs[i] = (vs[i] * beta2) + (d * rest2 * d);
            Vector<float> unbiasedV = vs[i] / factors.Correction2;
            ws[i] -= ((d * factors.GradientRate) + (ms[i] * factors.MeanRate)) / (Vector.SquareRoot(unbiasedV) + epsilon);
        }

        int done = ws.Length * Vector<float>.Count;
        PlainKernels.NAdamStep(w[done..], g[done..], m[done..], v[done..], factors);
    }

    /// <inheritdoc cref="PlainKernels.RMSPropStep"/>
    public static void RMSPropStep(Span<float> w, ReadOnlySpan<float> g, Span<float> s, Span<float> m, Span<float> v, in RMSPropFactors factors)
    {
        Span<Vector<float>> ws = Vectors(w), ss = Vectors(s), ms = Vectors(m), vs = Vectors(v);
        ReadOnlySpan<Vector<float>> gs = Vectors(g);
        var epsilon = new Vector<float>(factors.Epsilon);
        float alpha = (float)factors.Alpha, rest = (float)(1 - factors.Alpha);
        for (int i = 0; i < ws.Length; i++)
        {
            Vector<float> d = gs[i] + (ws[i] * factors.WeightDecay);
            ss[i] = (ss[i] * alpha) + (d * rest * d);
            ms[i] = (ms[i] * alpha) + (d * rest);
            Vector<float> spread = factors.Centered ? Vector.Max(Vector<float>.Zero, Vector.FusedMultiplyAdd(-ms[i], ms[i], ss[i])) : ss[i];
            vs[i] = (vs[i] * factors.Momentum) + (d / (Vector.SquareRoot(spread) + epsilon));
            ws[i] -= vs[i] * factors.LearningRate;
        }

        int done = ws.Length * Vector<float>.Count;
        PlainKernels.RMSPropStep(w[done..], g[done..], s[done..], m[done..], v[done..], factors);
    }

    /// <inheritdoc cref="PlainKernels.AdagradStep"/>
    public static void AdagradStep(Span<float> w, ReadOnlySpan<float> g, Span<float> s, float learningRate, float epsilon, float weightDecay)
    {
        Span<Vector<float>> ws = Vectors(w), ss = Vectors(s);
        ReadOnlySpan<Vector<float>> gs = Vectors(g);
        var epsilons = new Vector<float>(epsilon);
        for (int i = 0; i < ws.Length; i++)
        {
            Vector<float> d = gs[i] + (ws[i] * weightDecay);
            ss[i] += d * d;
            ws[i] -= d * learningRate / (Vector.SquareRoot(ss[i]) + epsilons);
        }

        int done = ws.Length * Vector<float>.Count;
        PlainKernels.AdagradStep(w[done..], g[done..], s[done..], learningRate, epsilon, weightDecay);
    }

    /// <inheritdoc cref="PlainKernels.RPropStep"/>
    public static void RPropStep(Span<float> w, ReadOnlySpan<float> g, Span<float> s, Span<float> p, in RPropFactors factors)
    {
        Span<Vector<float>> ws = Vectors(w), ss = Vectors(s), ps = Vectors(p);
        ReadOnlySpan<Vector<float>> gs = Vectors(g);
        Vector<float> zero = Vector<float>.Zero, shrink = new(factors.EtaMinus), grow = new(factors.EtaPlus);
        Vector<float> min = new(factors.MinStep), max = new(factors.MaxStep);
        for (int i = 0; i < ws.Length; i++)
        {
            // By signs: the product of two floats could underflow to 0.
            Vector<int> above = Vector.GreaterThan(gs[i], zero), below = Vector.LessThan(gs[i], zero);
            Vector<int> wasAbove = Vector.GreaterThan(ps[i], zero), wasBelow = Vector.LessThan(ps[i], zero);
            Vector<int> same = (above & wasAbove) | (below & wasBelow), turned = (above & wasBelow) | (below & wasAbove);
            Vector<float> factor = Vector.ConditionalSelect(same, grow, Vector.ConditionalSelect(turned, shrink, Vector<float>.One));
            ss[i] = Vector.Min(Vector.Max(ss[i] * factor, min), max);
            ps[i] = Vector.ConditionalSelect(turned, zero, gs[i]);
            Vector<float> step = Vector.ConditionalSelect(above, ss[i], Vector.ConditionalSelect(below, -ss[i], zero));
            ws[i] -= Vector.ConditionalSelect(turned, zero, step);
        }

        int done = ws.Length * Vector<float>.Count;
        PlainKernels.RPropStep(w[done..], g[done..], s[done..], p[done..], factors);
    }

    /// <inheritdoc cref="PlainKernels.SumOfSquares"/>
    public static double SumOfSquares(ReadOnlySpan<float> g)
    {
        ReadOnlySpan<Vector<float>> gs = Vectors(g);
        Vector<double> sums = Vector<double>.Zero;
        for (int i = 0; i < gs.Length; i++)
        {
            Vector.Widen(gs[i], out Vector<double> low, out Vector<double> high);
            sums += (low * low) + (high * high);
        }

        return Vector.Sum(sums) + PlainKernels.SumOfSquares(g[(gs.Length * Vector<float>.Count)..]);
    }

    /// <inheritdoc cref="PlainKernels.Scale"/>
    public static void Scale(Span<float> w, float factor) => TensorPrimitives.Multiply(w, factor, w);

    /// <inheritdoc cref="PlainKernels.Clip"/>
    public static void Clip(Span<float> g, float limit) => TensorPrimitives.Clamp(g, -limit, limit, g);
}
