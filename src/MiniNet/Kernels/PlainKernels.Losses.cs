namespace MiniNet.Kernels;

internal static partial class PlainKernels
{
    /// <summary>pᵢⱼ = e^(zᵢⱼ − mᵢ) / Σₖ e^(zᵢₖ − mᵢ), where mᵢ = maxₖ zᵢₖ keeps every exponent at or below 0</summary>
    public static void Softmax(MatrixView z, MatrixView p)
    {
        for (int i = 0; i < z.Rows; i++)
        {
            SoftmaxRow(z, p, i);
        }
    }

    /// <summary>p = softmax(z); returns L = −(1/n) Σᵢ log pᵢₜ, where t is the class of row i and log pᵢₜ = zᵢₜ − mᵢ − log Σₖ e^(zᵢₖ − mᵢ)</summary>
    /// <remarks>log pᵢₜ is taken from z, not from p, which may have underflowed to 0.</remarks>
    public static float SoftmaxCrossEntropy(MatrixView z, ReadOnlySpan<int> classes, MatrixView p)
    {
        double loss = 0;
        for (int i = 0; i < z.Rows; i++)
        {
            (float max, double sum) = SoftmaxRow(z, p, i);
            loss -= z[i, classes[i]] - max - Math.Log(sum);
        }

        return (float)(loss / z.Rows);
    }

    /// <summary>L = −Σᵢⱼ aᵢⱼ log pᵢⱼ with p = softmax(z)</summary>
    public static float CrossEntropy(MatrixView z, MatrixView a, MatrixView p)
    {
        double loss = 0;
        for (int i = 0; i < z.Rows; i++)
        {
            (float max, double sum) = SoftmaxRow(z, p, i);
            for (int j = 0; j < z.Columns; j++)
            {
                loss -= a[i, j] * (z[i, j] - max - Math.Log(sum));
            }
        }

        return (float)loss;
    }

    // The sum in double: of a row that is sure of its class it is 1 and a little, and the little is all that its logarithm is made of.
    private static (float Max, double Sum) SoftmaxRow(MatrixView z, MatrixView p, int i)
    {
        float max = float.NegativeInfinity;
        for (int j = 0; j < z.Columns; j++)
        {
            max = MathF.Max(max, z[i, j]);
        }

        double sum = 0;
        for (int j = 0; j < z.Columns; j++)
        {
            p[i, j] = MathF.Exp(z[i, j] - max);
            sum += p[i, j];
        }

        for (int j = 0; j < z.Columns; j++)
        {
            p[i, j] = (float)(p[i, j] / sum);
        }

        return (max, sum);
    }

    /// <summary>dZᵢⱼ += dL · (pᵢⱼ − 1[j = t]) / n, where pᵢₜ − 1 = −Σₖ≠ₜ pᵢₖ, which loses no digits when pᵢₜ is nearly 1</summary>
    public static void SoftmaxCrossEntropyBackward(MatrixView p, ReadOnlySpan<int> classes, float dL, MatrixView dZ)
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

    /// <summary>dZᵢⱼ += dL · (pᵢⱼ Σₖ aᵢₖ − aᵢⱼ) = dL · (pᵢⱼ Σₖ≠ⱼ aᵢₖ − aᵢⱼ Σₖ≠ⱼ pᵢₖ), which loses no digits when pᵢⱼ is nearly 1</summary>
    public static void CrossEntropyBackward(MatrixView p, MatrixView a, float dL, MatrixView dZ)
    {
        for (int i = 0; i < p.Rows; i++)
        {
            double sumOfP = 0, sumOfA = 0;
            for (int j = 0; j < p.Columns; j++)
            {
                sumOfP += p[i, j];
                sumOfA += a[i, j];
            }

            for (int j = 0; j < p.Columns; j++)
            {
                dZ[i, j] += (float)(dL * ((p[i, j] * (sumOfA - a[i, j])) - (a[i, j] * (sumOfP - p[i, j]))));
            }
        }
    }

    /// <summary>L = (1/N) Σᵢ (pᵢ − tᵢ)²</summary>
    public static float MeanSquaredError(ReadOnlySpan<float> p, ReadOnlySpan<float> t)
    {
        double sum = 0;
        for (int i = 0; i < p.Length; i++)
        {
            float difference = p[i] - t[i];
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
            sum += MathF.Abs(p[i] - t[i]);
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
            float r = MathF.Abs(p[i] - t[i]);
            sum += r <= delta ? r * r / 2 : delta * (r - (delta / 2));
        }

        return (float)(sum / p.Length);
    }

    /// <summary>dP += dL · h′(p − t)/N, where h′(r) is r held within −δ..δ</summary>
    public static void HuberBackward(ReadOnlySpan<float> p, ReadOnlySpan<float> t, float delta, float dL, Span<float> dP)
    {
        for (int i = 0; i < p.Length; i++)
        {
            dP[i] += dL * Math.Clamp(p[i] - t[i], -delta, delta) / p.Length;
        }
    }

    /// <summary>L = (1/n) Σᵢⱼ tᵢⱼ (log tᵢⱼ − pᵢⱼ), where 0 log 0 is 0</summary>
    public static float KullbackLeibler(MatrixView p, MatrixView t)
    {
        double sum = 0;
        for (int i = 0; i < p.Rows; i++)
        {
            for (int j = 0; j < p.Columns; j++)
            {
                sum += t[i, j] == 0 ? 0 : t[i, j] * (Math.Log(t[i, j]) - p[i, j]);
            }
        }

        return (float)(sum / p.Rows);
    }

    /// <summary>dP −= dL · t/n</summary>
    public static void KullbackLeiblerBackward(MatrixView t, float dL, MatrixView dP)
    {
        for (int i = 0; i < t.Rows; i++)
        {
            for (int j = 0; j < t.Columns; j++)
            {
                dP[i, j] -= dL * t[i, j] / t.Rows;
            }
        }
    }

    /// <summary>L = (1/N) Σᵢⱼ (wⱼ t s(−z) + (1 − t) s(z)), where s(z) = max(z, 0) + log(1 + e^−|z|)</summary>
    public static float BinaryCrossEntropy(MatrixView z, MatrixView t, float[]? weights)
    {
        double sum = 0;
        for (int i = 0; i < z.Rows; i++)
        {
            for (int j = 0; j < z.Columns; j++)
            {
                float w = weights is null ? 1 : weights[j];
                double bend = Math.Log(1 + Math.Exp(-Math.Abs((double)z[i, j])));
                sum += w * t[i, j] * (MathF.Max(-z[i, j], 0) + bend);
                sum += (1 - t[i, j]) * (MathF.Max(z[i, j], 0) + bend);
            }
        }

        return (float)(sum / z.Rows / z.Columns);
    }

    /// <summary>dZ += dL · ((1 − t) σ(z) − wⱼ t σ(−z)) / N, where σ(z) = 1 / (1 + e⁻ᶻ)</summary>
    public static void BinaryCrossEntropyBackward(MatrixView z, MatrixView t, float[]? weights, float dL, MatrixView dZ)
    {
        for (int i = 0; i < z.Rows; i++)
        {
            for (int j = 0; j < z.Columns; j++)
            {
                float w = weights is null ? 1 : weights[j];
                float yes = 1 / (1 + MathF.Exp(-z[i, j])), no = 1 / (1 + MathF.Exp(z[i, j]));
                dZ[i, j] += dL * (((1 - t[i, j]) * yes) - (w * t[i, j] * no)) / (z.Rows * z.Columns);
            }
        }
    }
}
