namespace MiniNet.Kernels;

/// <summary>
/// The arithmetic of MiniNet as sums one can read: what F11 lands in, and the judge of <see cref="SimdKernels"/>.
/// Nothing here is fast, on purpose; one mathematical term a statement, no library calls but <see cref="MathF"/>.
/// </summary>
internal static class PlainKernels
{
    /// <summary>y += x·w</summary>
    public static void AddProduct(MatrixView x, MatrixView w, MatrixView y)
    {
        for (int i = 0; i < y.Rows; i++)
        {
            for (int j = 0; j < y.Columns; j++)
            {
                for (int k = 0; k < x.Columns; k++)
                {
                    y[i, j] += x[i, k] * w[k, j];
                }
            }
        }
    }

    /// <summary>dW += xᵀ·dY</summary>
    public static void AddTransposedProduct(MatrixView x, MatrixView dY, MatrixView dW)
    {
        for (int k = 0; k < dW.Rows; k++)
        {
            for (int j = 0; j < dW.Columns; j++)
            {
                for (int i = 0; i < x.Rows; i++)
                {
                    dW[k, j] += x[i, k] * dY[i, j];
                }
            }
        }
    }

    /// <summary>dX += dY·wᵀ</summary>
    public static void AddProductTransposed(MatrixView dY, MatrixView w, MatrixView dX)
    {
        for (int i = 0; i < dX.Rows; i++)
        {
            for (int k = 0; k < dX.Columns; k++)
            {
                for (int j = 0; j < dY.Columns; j++)
                {
                    dX[i, k] += dY[i, j] * w[k, j];
                }
            }
        }
    }

    /// <summary>yᵢ = b for every row i</summary>
    public static void SetRows(ReadOnlySpan<float> b, MatrixView y)
    {
        for (int i = 0; i < y.Rows; i++)
        {
            for (int j = 0; j < y.Columns; j++)
            {
                y[i, j] = b[j];
            }
        }
    }

    /// <summary>db += Σᵢ dYᵢ</summary>
    public static void AddColumnSums(MatrixView dY, Span<float> db)
    {
        for (int i = 0; i < dY.Rows; i++)
        {
            for (int j = 0; j < dY.Columns; j++)
            {
                db[j] += dY[i, j];
            }
        }
    }

    /// <summary>y = a + b</summary>
    public static void Sum(ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> y)
    {
        for (int i = 0; i < y.Length; i++)
        {
            y[i] = a[i] + b[i];
        }
    }

    /// <summary>dX += dY</summary>
    public static void Accumulate(ReadOnlySpan<float> dY, Span<float> dX)
    {
        for (int i = 0; i < dX.Length; i++)
        {
            dX[i] += dY[i];
        }
    }

    /// <summary>y = max(x, 0)</summary>
    public static void ReLU(ReadOnlySpan<float> x, Span<float> y)
    {
        for (int i = 0; i < y.Length; i++)
        {
            y[i] = MathF.Max(x[i], 0);
        }
    }

    /// <summary>dX += dY where x &gt; 0</summary>
    public static void ReLUBackward(ReadOnlySpan<float> x, ReadOnlySpan<float> dY, Span<float> dX)
    {
        for (int i = 0; i < dX.Length; i++)
        {
            if (x[i] > 0)
            {
                dX[i] += dY[i];
            }
        }
    }

    /// <summary>y = 1 / (1 + e⁻ˣ)</summary>
    public static void Sigmoid(ReadOnlySpan<float> x, Span<float> y)
    {
        for (int i = 0; i < y.Length; i++)
        {
            y[i] = 1 / (1 + MathF.Exp(-x[i]));
        }
    }

    /// <summary>dX += dY · y(1 − y)</summary>
    public static void SigmoidBackward(ReadOnlySpan<float> y, ReadOnlySpan<float> dY, Span<float> dX)
    {
        for (int i = 0; i < dX.Length; i++)
        {
            dX[i] += dY[i] * y[i] * (1 - y[i]);
        }
    }

    /// <summary>y = tanh x</summary>
    public static void Tanh(ReadOnlySpan<float> x, Span<float> y)
    {
        for (int i = 0; i < y.Length; i++)
        {
            y[i] = MathF.Tanh(x[i]);
        }
    }

    /// <summary>dX += dY · (1 − y²)</summary>
    public static void TanhBackward(ReadOnlySpan<float> y, ReadOnlySpan<float> dY, Span<float> dX)
    {
        for (int i = 0; i < dX.Length; i++)
        {
            dX[i] += dY[i] * (1 - (y[i] * y[i]));
        }
    }

    /// <summary>pᵢⱼ = e^(zᵢⱼ − mᵢ) / Σₖ e^(zᵢₖ − mᵢ), where mᵢ = maxₖ zᵢₖ keeps every exponent at or below 0</summary>
    public static void Softmax(MatrixView z, MatrixView p)
    {
        for (int i = 0; i < z.Rows; i++)
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
        }
    }

    /// <summary>p = softmax(z); returns L = −(1/n) Σᵢ log pᵢₜ, where t is the class of row i and log pᵢₜ = zᵢₜ − mᵢ − log Σₖ e^(zᵢₖ − mᵢ)</summary>
    /// <remarks>log pᵢₜ is taken from z, not from p, which may have underflowed to 0.</remarks>
    public static float SoftmaxCrossEntropy(MatrixView z, ReadOnlySpan<int> classes, MatrixView p)
    {
        double loss = 0;
        for (int i = 0; i < z.Rows; i++)
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

            loss -= z[i, classes[i]] - max - MathF.Log(sum);
        }

        return (float)(loss / z.Rows);
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
