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
            (float max, float sum) = SoftmaxRow(z, p, i);
            loss -= z[i, classes[i]] - max - MathF.Log(sum);
        }

        return (float)(loss / z.Rows);
    }

    private static (float Max, float Sum) SoftmaxRow(MatrixView z, MatrixView p, int i)
    {
        float max = float.NegativeInfinity;
        for (int j = 0; j < z.Columns; j++)
        {
            max = MathF.Max(max, z[i, j]);
        }

        float sum = 0;
        for (int j = 0; j < z.Columns; j++)
        {
            p[i, j] = MathF.Exp(z[i, j] - max);
            sum += p[i, j];
        }

        for (int j = 0; j < z.Columns; j++)
        {
            p[i, j] /= sum;
        }

        return (max, sum);
    }

    /// <summary>dZᵢⱼ += dL · (pᵢⱼ − 1[j = t]) / n</summary>
    public static void SoftmaxCrossEntropyBackward(MatrixView p, ReadOnlySpan<int> classes, float dL, MatrixView dZ)
    {
        for (int i = 0; i < p.Rows; i++)
        {
            for (int j = 0; j < p.Columns; j++)
            {
                float oneHot = j == classes[i] ? 1 : 0;
                dZ[i, j] += dL * (p[i, j] - oneHot) / p.Rows;
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
}
