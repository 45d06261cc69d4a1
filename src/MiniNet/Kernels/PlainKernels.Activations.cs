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
}
