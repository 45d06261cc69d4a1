namespace MiniNet.Kernels;

internal static partial class PlainKernels
{
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

    /// <summary>y = x where x &gt; 0, else ax</summary>
    public static void LeakyReLU(ReadOnlySpan<float> x, float a, Span<float> y)
    {
        for (int i = 0; i < y.Length; i++)
        {
            y[i] = x[i] > 0 ? x[i] : a * x[i];
        }
    }

    /// <summary>dX += dY where x &gt; 0, else dX += a dY</summary>
    public static void LeakyReLUBackward(ReadOnlySpan<float> x, float a, ReadOnlySpan<float> dY, Span<float> dX)
    {
        for (int i = 0; i < dX.Length; i++)
        {
            dX[i] += x[i] > 0 ? dY[i] : a * dY[i];
        }
    }

    /// <summary>y = x where x &gt; 0, else α(eˣ − 1); here as eˣ − 1 = (eˣ + 1) tanh(x/2), which loses no digits near 0</summary>
    public static void ELU(ReadOnlySpan<float> x, float alpha, Span<float> y)
    {
        for (int i = 0; i < y.Length; i++)
        {
            y[i] = x[i] > 0 ? x[i] : (float)(alpha * (Math.Exp(x[i]) + 1) * Math.Tanh(x[i] / 2.0));
        }
    }

    /// <summary>dX += dY where x &gt; 0, else dX += dY · αeˣ</summary>
    public static void ELUBackward(ReadOnlySpan<float> x, float alpha, ReadOnlySpan<float> dY, Span<float> dX)
    {
        for (int i = 0; i < dX.Length; i++)
        {
            dX[i] += x[i] > 0 ? dY[i] : (float)(dY[i] * alpha * Math.Exp(x[i]));
        }
    }

    /// <summary>y = x Φ(x)</summary>
    public static void GELU(ReadOnlySpan<float> x, Span<float> y)
    {
        for (int i = 0; i < y.Length; i++)
        {
            y[i] = (float)(x[i] * NormalDistribution(x[i]));
        }
    }

    /// <summary>dX += dY · (Φ(x) + x φ(x))</summary>
    public static void GELUBackward(ReadOnlySpan<float> x, ReadOnlySpan<float> dY, Span<float> dX)
    {
        for (int i = 0; i < dX.Length; i++)
        {
            dX[i] += (float)(dY[i] * (NormalDistribution(x[i]) + (x[i] * NormalDensity(x[i]))));
        }
    }

    /// <summary>Φ(x) = (1 + erf(x/√2))/2 = ½ + φ(x) · (x + x³/3 + x⁵/(3·5) + x⁷/(3·5·7) + …); beyond ±9 that rounds to 0 or 1</summary>
    /// <remarks>
    /// NIST Digital Library of Mathematical Functions, 7.6.2. All terms have the same sign, so they do not cancel each other.
    /// Far below 0 they cancel the ½, with an error of about 10⁻¹⁶.
    /// </remarks>
    private static double NormalDistribution(double x)
    {
        if (Math.Abs(x) > 9)
        {
            return x > 0 ? 1 : 0;
        }

        double term = x, sum = x;
        for (int n = 3; Math.Abs(term) > 1e-17 * Math.Abs(sum); n += 2)
        {
            term *= x * x / n;
            sum += term;
        }

        return 0.5 + (NormalDensity(x) * sum);
    }

    /// <summary>φ(x) = e^(−x²/2) / √(2π)</summary>
    private static double NormalDensity(double x) => Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI);

    /// <summary>y = ½x(1 + t), t = tanh(√(2/π) (x + 0.044715x³))</summary>
    public static void GELUTanh(ReadOnlySpan<float> x, Span<float> y)
    {
        for (int i = 0; i < y.Length; i++)
        {
            double cube = Math.Pow(x[i], 3);
            double t = Math.Tanh(Math.Sqrt(2 / Math.PI) * (x[i] + (0.044715 * cube)));
            y[i] = (float)(0.5 * x[i] * (1 + t));
        }
    }

    /// <summary>dX += dY · (½(1 + t) + ½x(1 − t²) √(2/π) (1 + 3·0.044715x²))</summary>
    public static void GELUTanhBackward(ReadOnlySpan<float> x, ReadOnlySpan<float> dY, Span<float> dX)
    {
        for (int i = 0; i < dX.Length; i++)
        {
            double square = Math.Pow(x[i], 2), root = Math.Sqrt(2 / Math.PI);
            double t = Math.Tanh(root * x[i] * (1 + (0.044715 * square)));
            double slope = root * (1 + (3 * 0.044715 * square));
            dX[i] += (float)(dY[i] * 0.5 * (1 + t + (x[i] * (1 - (t * t)) * slope)));
        }
    }

    /// <summary>y = x s, s = 1 / (1 + e⁻ˣ)</summary>
    public static void SiLU(ReadOnlySpan<float> x, Span<float> y)
    {
        for (int i = 0; i < y.Length; i++)
        {
            y[i] = (float)(x[i] / (1 + Math.Exp(-x[i])));
        }
    }

    /// <summary>dX += dY · (s + x s(1 − s))</summary>
    public static void SiLUBackward(ReadOnlySpan<float> x, ReadOnlySpan<float> dY, Span<float> dX)
    {
        for (int i = 0; i < dX.Length; i++)
        {
            double s = 1 / (1 + Math.Exp(-x[i]));
            dX[i] += (float)(dY[i] * (s + (x[i] * s * (1 - s))));
        }
    }

    /// <summary>
    /// y = x where βx &gt; threshold, else log(1 + e^βx)/β; here as log(1 + eᵛ) = max(v, 0) + log(1 + e), e = e^−|v|, which cannot overflow
    /// </summary>
    /// <remarks>log(1 + e) = 2 artanh(e / (2 + e)), which keeps its digits where 1 + e rounds to 1.</remarks>
    public static void Softplus(ReadOnlySpan<float> x, float beta, float threshold, Span<float> y)
    {
        for (int i = 0; i < y.Length; i++)
        {
            double v = (double)beta * x[i];
            double e = Math.Exp(-Math.Abs(v));
            double log = Math.Max(v, 0) + (2 * Math.Atanh(e / (2 + e)));
            y[i] = v > threshold ? x[i] : (float)(log / beta);
        }
    }

    /// <summary>dX += dY where βx &gt; threshold, else dX += dY / (1 + e^−βx)</summary>
    public static void SoftplusBackward(ReadOnlySpan<float> x, float beta, float threshold, ReadOnlySpan<float> dY, Span<float> dX)
    {
        for (int i = 0; i < dX.Length; i++)
        {
            double v = (double)beta * x[i];
            dX[i] += v > threshold ? dY[i] : (float)(dY[i] / (1 + Math.Exp(-v)));
        }
    }

    /// <summary>y = a ⊙ b</summary>
    public static void Multiply(ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> y)
    {
        for (int i = 0; i < y.Length; i++)
        {
            y[i] = a[i] * b[i];
        }
    }

    /// <summary>dA += dY ⊙ b</summary>
    public static void MultiplyBackward(ReadOnlySpan<float> b, ReadOnlySpan<float> dY, Span<float> dA)
    {
        for (int i = 0; i < dA.Length; i++)
        {
            dA[i] += dY[i] * b[i];
        }
    }
}
