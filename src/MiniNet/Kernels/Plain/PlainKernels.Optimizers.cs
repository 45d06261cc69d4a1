namespace MiniNet.Kernels;

internal static partial class PlainKernels
{
    /// <summary>w −= η(g + λw)</summary>
    public static void DescentStep(Span<float> w, ReadOnlySpan<float> g, float learningRate, float weightDecay)
    {
        for (int i = 0; i < w.Length; i++)
        {
            w[i] -= learningRate * (g[i] + (weightDecay * w[i]));
        }
    }

    /// <summary>d = g + λw; v = μv + d; w −= ηv, with Nesterov w −= η(d + μv)</summary>
    public static void MomentumStep(Span<float> w, ReadOnlySpan<float> g, Span<float> v, in MomentumFactors factors)
    {
        for (int i = 0; i < w.Length; i++)
        {
            float d = g[i] + (factors.WeightDecay * w[i]);
            v[i] = (factors.Momentum * v[i]) + d;
            float step = factors.Nesterov ? d + (factors.Momentum * v[i]) : v[i];
            w[i] -= factors.LearningRate * step;
        }
    }

    /// <summary>d = g + λw; m = β₁m + (1−β₁)d; v = β₂v + (1−β₂)d²; w −= η · m/c₁ / (√(v/c₂) + ε)</summary>
    public static void AdamStep(Span<float> w, ReadOnlySpan<float> g, Span<float> m, Span<float> v, in AdamFactors factors)
    {
        for (int i = 0; i < w.Length; i++)
        {
            float d = g[i] + (factors.WeightDecay * w[i]);
            m[i] = (float)((factors.Beta1 * m[i]) + ((1 - factors.Beta1) * d));
            v[i] = (float)((factors.Beta2 * v[i]) + ((1 - factors.Beta2) * d * d));
            float unbiasedM = m[i] / factors.Correction1;
            float unbiasedV = v[i] / factors.Correction2;
            w[i] -= factors.LearningRate * unbiasedM / (MathF.Sqrt(unbiasedV) + factors.Epsilon);
        }
    }

    /// <summary>d = g + λw; m = β₁m + (1−β₁)d; v = β₂v + (1−β₂)d²; w −= (ad + bm) / (√(v/c₂) + ε)</summary>
    public static void NAdamStep(Span<float> w, ReadOnlySpan<float> g, Span<float> m, Span<float> v, in NAdamFactors factors)
    {
        for (int i = 0; i < w.Length; i++)
        {
            float d = g[i] + (factors.WeightDecay * w[i]);
            m[i] = (float)((factors.Beta1 * m[i]) + ((1 - factors.Beta1) * d));
            v[i] = (float)((factors.Beta2 * v[i]) + ((1 - factors.Beta2) * d * d));
            float unbiasedV = v[i] / factors.Correction2;
            w[i] -= ((factors.GradientRate * d) + (factors.MeanRate * m[i])) / (MathF.Sqrt(unbiasedV) + factors.Epsilon);
        }
    }

    /// <summary>d = g + λw; s = αs + (1−α)d²; m = αm + (1−α)d; v = μv + d / (√s + ε), with s − m² for s if centered; w −= ηv</summary>
    public static void RMSPropStep(
        Span<float> w,
        ReadOnlySpan<float> g,
        Span<float> s,
        Span<float> m,
        Span<float> v,
        in RMSPropFactors factors)
    {
        for (int i = 0; i < w.Length; i++)
        {
            float d = g[i] + (factors.WeightDecay * w[i]);
            s[i] = (float)((factors.Alpha * s[i]) + ((1 - factors.Alpha) * d * d));
            m[i] = (float)((factors.Alpha * m[i]) + ((1 - factors.Alpha) * d));
            float spread = factors.Centered ? MathF.Max(0, MathF.FusedMultiplyAdd(-m[i], m[i], s[i])) : s[i];   // s − m², rounded once
            v[i] = (factors.Momentum * v[i]) + (d / (MathF.Sqrt(spread) + factors.Epsilon));
            w[i] -= factors.LearningRate * v[i];
        }
    }

    /// <summary>d = g + λw; s += d²; w −= η · d / (√s + ε)</summary>
    public static void AdagradStep(
        Span<float> w,
        ReadOnlySpan<float> g,
        Span<float> s,
        float learningRate,
        float epsilon,
        float weightDecay)
    {
        for (int i = 0; i < w.Length; i++)
        {
            float d = g[i] + (weightDecay * w[i]);
            s[i] += d * d;
            w[i] -= learningRate * d / (MathF.Sqrt(s[i]) + epsilon);
        }
    }

    /// <summary>
    /// s = η₊s where g has the sign of p, η₋s where the signs are opposite, s where one of them is 0, clipped to the limits;
    /// p = g, but 0 where the signs are opposite; w −= s · sign(p)
    /// </summary>
    public static void RPropStep(Span<float> w, ReadOnlySpan<float> g, Span<float> s, Span<float> p, in RPropFactors factors)
    {
        for (int i = 0; i < w.Length; i++)
        {
            double agreement = (double)g[i] * p[i];     // a double product of two floats cannot underflow
            float factor = agreement > 0 ? factors.EtaPlus : agreement < 0 ? factors.EtaMinus : 1;
            s[i] = Math.Clamp(factor * s[i], factors.MinStep, factors.MaxStep);
            p[i] = agreement < 0 ? 0 : g[i];
            w[i] -= p[i] > 0 ? s[i] : p[i] < 0 ? -s[i] : 0;
        }
    }

    /// <summary>Σᵢ gᵢ²</summary>
    public static double SumOfSquares(ReadOnlySpan<float> g)
    {
        double sum = 0;
        for (int i = 0; i < g.Length; i++)
        {
            sum += (double)g[i] * g[i];
        }

        return sum;
    }

    /// <summary>w = factor · w</summary>
    public static void Scale(Span<float> w, float factor)
    {
        for (int i = 0; i < w.Length; i++)
        {
            w[i] *= factor;
        }
    }

    /// <summary>Clips every element of g to −limit..limit; NaN stays NaN</summary>
    public static void Clip(Span<float> g, float limit)
    {
        for (int i = 0; i < g.Length; i++)
        {
            g[i] = Math.Clamp(g[i], -limit, limit);
        }
    }
}
