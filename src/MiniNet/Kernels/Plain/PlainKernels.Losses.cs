namespace MiniNet.Kernels;

internal static partial class PlainKernels
{
    /// <summary>pᵢⱼ = e^(zᵢⱼ − mᵢ) / Σₖ e^(zᵢₖ − mᵢ), where mᵢ = maxₖ zᵢₖ keeps every exponent at or below 0</summary>
    public static void Softmax(in MatrixView z, in MatrixView p)
    {
        for (int i = 0; i < z.Rows; i++)
        {
            SoftmaxRow(z, p, i);
        }
    }

    /// <summary>
    /// p = softmax(z); returns L = −(1/n) Σᵢ log pᵢₜ, where t is the class of row i and log pᵢₜ = zᵢₜ − mᵢ − log Σₖ e^(zᵢₖ − mᵢ)
    /// </summary>
    /// <remarks>log pᵢₜ is computed from z, not from p, which may have underflowed to 0 or been rounded to 1.</remarks>
    public static float SoftmaxCrossEntropy(in MatrixView z, ReadOnlySpan<int> classes, in MatrixView p)
    {
        double loss = 0;
        for (int i = 0; i < z.Rows; i++)
        {
            (float max, double logSum) = SoftmaxRow(z, p, i);
            loss -= (double)z[i, classes[i]] - max - logSum;
        }

        return (float)(loss / z.Rows);
    }

    /// <summary>p = softmax(z); returns L = −Σᵢⱼ aᵢⱼ log pᵢⱼ, where 0 log 0 is 0</summary>
    public static float CrossEntropy(in MatrixView z, in MatrixView a, in MatrixView p)
    {
        double loss = 0;
        for (int i = 0; i < z.Rows; i++)
        {
            (float max, double logSum) = SoftmaxRow(z, p, i);
            for (int j = 0; j < z.Columns; j++)
            {
                double logP = (double)z[i, j] - max - logSum;
                loss -= a[i, j] * Math.Max(logP, double.MinValue); // not −∞, because 0 · ∞ is NaN
            }
        }

        return (float)loss;
    }

    // Returns m and log Σₖ e^(zₖ − m). If one score is far above the others, the sum is 1, from that score, plus a tiny rest. Adding the
    // rest to the 1 would lose its digits, so the two are kept separate.
    private static (float Max, double LogSum) SoftmaxRow(in MatrixView z, in MatrixView p, int i)
    {
        int top = IndexOfMax(z, i);
        double rest = 0;
        for (int j = 0; j < z.Columns; j++)
        {
            double e = Math.Exp((double)z[i, j] - z[i, top]);
            p[i, j] = (float)e;
            rest += j == top ? e - 1 : e; // e⁰ − 1 = 0; NaN if the maximum is infinite, and then the whole row becomes NaN
        }

        for (int j = 0; j < z.Columns; j++)
        {
            p[i, j] = (float)(p[i, j] / (1 + rest));
        }

        return (z[i, top], LogP1(rest));
    }

    private static int IndexOfMax(in MatrixView z, int i)
    {
        int top = 0;
        for (int j = 1; j < z.Columns; j++)
        {
            top = z[i, j] > z[i, top] ? j : top;
        }

        return top;
    }

    // log(1 + x) for x ≥ 0. The factor x / ((1 + x) − 1) corrects the rounding of 1 + x: Goldberg, "What Every Computer Scientist Should
    // Know About Floating-Point Arithmetic", ACM Computing Surveys 23, 1991, theorem 4.
    private static double LogP1(double x)
    {
        double sum = 1 + x;
        return sum == 1 ? x : Math.Log(sum) * (x / (sum - 1));
    }

    /// <summary>dZᵢⱼ += dL · (pᵢⱼ − 1[j = t]) / n, where pᵢₜ − 1 = −Σₖ≠ₜ pᵢₖ, which loses no digits when pᵢₜ is nearly 1</summary>
    public static void SoftmaxCrossEntropyBackward(in MatrixView p, ReadOnlySpan<int> classes, float dL, in MatrixView dZ)
    {
        for (int i = 0; i < p.Rows; i++)
        {
            double others = 0;
            for (int j = 0; j < p.Columns; j++)
            {
                others += j == classes[i] ? 0 : p[i, j];
            }

            for (int j = 0; j < p.Columns; j++)
            {
                double difference = j == classes[i] ? -others : p[i, j];
                dZ[i, j] += (float)(dL * difference / p.Rows);
            }
        }
    }

    /// <summary>
    /// dZᵢⱼ += dL · (pᵢⱼ Σₖ aᵢₖ − aᵢⱼ) = dL · (pᵢⱼ Σₖ≠ⱼ aᵢₖ − aᵢⱼ (1 − pᵢⱼ)), where 1 − pᵢⱼ is Σₖ≠ⱼ pᵢₖ for the largest p of a row
    /// </summary>
    public static void CrossEntropyBackward(in MatrixView p, in MatrixView a, float dL, in MatrixView dZ)
    {
        for (int i = 0; i < p.Rows; i++)
        {
            int top = IndexOfMax(p, i);
            double sumOfA = 0, others = 0;
            for (int j = 0; j < p.Columns; j++)
            {
                sumOfA += a[i, j];
                others += j == top ? 0 : p[i, j];
            }

            for (int j = 0; j < p.Columns; j++)
            {
                double notP = j == top ? others : 1.0 - p[i, j];
                dZ[i, j] += (float)(dL * ((p[i, j] * (sumOfA - a[i, j])) - (a[i, j] * notP)));
            }
        }
    }

    /// <summary>
    /// aᵢⱼ = wⱼ ((1 − s) qᵢⱼ + s/classes) / D, where a initially holds q; w = 1 if w is empty, and all elements are 0 if D is 0
    /// </summary>
    public static void WeightTargets(ReadOnlySpan<float> w, float s, double d, in MatrixView a)
    {
        for (int i = 0; i < a.Rows; i++)
        {
            for (int j = 0; j < a.Columns; j++)
            {
                double smooth = ((1.0 - s) * a[i, j]) + ((double)s / a.Columns);
                a[i, j] = d == 0 ? 0 : (float)((w.IsEmpty ? 1 : w[j]) * smooth / d);
            }
        }
    }

    /// <summary>
    /// L = (1/N) Σᵢ (wᵢ tᵢ ζ(−zᵢ) + (1 − tᵢ) ζ(zᵢ)), where ζ(z) = max(z, 0) + log(1 + e^−|z|); one w per column, 1 if w is empty
    /// </summary>
    public static float BinaryCrossEntropy(ReadOnlySpan<float> z, ReadOnlySpan<float> t, ReadOnlySpan<float> w)
    {
        double loss = 0;
        for (int i = 0; i < z.Length; i++)
        {
            float wi = w.IsEmpty ? 1 : w[i % w.Length];
            double bend = LogP1(Math.Exp(-Math.Abs((double)z[i])));
            loss += (double)wi * t[i] * (Math.Max(-z[i], 0) + bend);
            loss += (1.0 - t[i]) * (Math.Max(z[i], 0) + bend);
        }

        return (float)(loss / z.Length);
    }

    /// <summary>dZ += dL · ((1 − t) σ(z) − w t σ(−z)) / N, where σ(z) = 1 / (1 + e⁻ᶻ)</summary>
    public static void BinaryCrossEntropyBackward(
        ReadOnlySpan<float> z,
        ReadOnlySpan<float> t,
        ReadOnlySpan<float> w,
        float dL,
        Span<float> dZ)
    {
        for (int i = 0; i < z.Length; i++)
        {
            float wi = w.IsEmpty ? 1 : w[i % w.Length];
            double yes = 1 / (1 + Math.Exp(-z[i])), no = 1 / (1 + Math.Exp(z[i]));
            dZ[i] += (float)(dL * (((1.0 - t[i]) * yes) - ((double)wi * t[i] * no)) / z.Length);
        }
    }

    /// <summary>L = (1/N) Σᵢ (pᵢ − tᵢ)²</summary>
    public static float MeanSquaredError(ReadOnlySpan<float> p, ReadOnlySpan<float> t)
    {
        double sum = 0;
        for (int i = 0; i < p.Length; i++)
        {
            double difference = (double)p[i] - t[i];
            sum += difference * difference;
        }

        return (float)(sum / p.Length);
    }

    /// <summary>dP += dL · 2(p − t)/N</summary>
    public static void MeanSquaredErrorBackward(ReadOnlySpan<float> p, ReadOnlySpan<float> t, float dL, Span<float> dP)
    {
        for (int i = 0; i < p.Length; i++)
        {
            dP[i] += dL * 2 * (p[i] - t[i]) / p.Length;
        }
    }

    /// <summary>L = (1/N) Σᵢ |pᵢ − tᵢ|</summary>
    public static float MeanAbsoluteError(ReadOnlySpan<float> p, ReadOnlySpan<float> t)
    {
        double sum = 0;
        for (int i = 0; i < p.Length; i++)
        {
            sum += Math.Abs((double)p[i] - t[i]);
        }

        return (float)(sum / p.Length);
    }

    /// <summary>dP += dL · sign(p − t)/N</summary>
    public static void MeanAbsoluteErrorBackward(ReadOnlySpan<float> p, ReadOnlySpan<float> t, float dL, Span<float> dP)
    {
        for (int i = 0; i < p.Length; i++)
        {
            float sign = p[i] > t[i] ? 1 : p[i] < t[i] ? -1 : p[i] - t[i]; // 0 at the kink, NaN for NaN
            dP[i] += dL * sign / p.Length;
        }
    }

    /// <summary>L = (1/N) Σᵢ h(pᵢ − tᵢ), where h(r) = r²/2 for |r| ≤ δ, else δ(|r| − δ/2)</summary>
    public static float Huber(ReadOnlySpan<float> p, ReadOnlySpan<float> t, float delta)
    {
        double sum = 0;
        for (int i = 0; i < p.Length; i++)
        {
            double r = Math.Abs((double)p[i] - t[i]);
            sum += r <= delta ? r * r / 2 : delta * (r - (delta / 2));
        }

        return (float)(sum / p.Length);
    }

    /// <summary>dP += dL · h′(p − t)/N, where h′(r) is r clipped to −δ..δ</summary>
    public static void HuberBackward(ReadOnlySpan<float> p, ReadOnlySpan<float> t, float delta, float dL, Span<float> dP)
    {
        for (int i = 0; i < p.Length; i++)
        {
            dP[i] += dL * Math.Clamp(p[i] - t[i], -delta, delta) / p.Length;
        }
    }

    /// <summary>L = (1/n) Σᵢⱼ tᵢⱼ (log tᵢⱼ − xᵢⱼ), where 0 log 0 is 0, and n is the number of rows</summary>
    public static float KullbackLeibler(ReadOnlySpan<float> x, ReadOnlySpan<float> t, int n)
    {
        double sum = 0;
        for (int i = 0; i < x.Length; i++)
        {
            double logT = t[i] == 0 ? 0 : Math.Log(t[i]);
            sum += t[i] * (logT - Math.Max(x[i], double.MinValue)); // not −∞, because 0 · ∞ is NaN
        }

        return (float)(sum / n);
    }

    /// <summary>dX −= dL · t/n</summary>
    public static void KullbackLeiblerBackward(ReadOnlySpan<float> t, int n, float dL, Span<float> dX)
    {
        for (int i = 0; i < t.Length; i++)
        {
            dX[i] -= dL * t[i] / n;
        }
    }
}
