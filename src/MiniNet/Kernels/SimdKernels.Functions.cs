using System.Numerics;
using System.Runtime.CompilerServices;

namespace MiniNet.Kernels;

// Functions of one number, over vectors: y = f(x), and dX += dY ⊙ f(x) where f is a derivative. The compiler makes a loop of its own for each
// of the structs, so the call costs nothing. Where each is used, and what it is, the plain kernels say.
internal static partial class SimdKernels
{
    private interface IFunction
    {
        Vector<float> At(Vector<float> x);
    }

    private static void Map<TFunction>(TFunction f, ReadOnlySpan<float> x, Span<float> y)
        where TFunction : struct, IFunction
    {
        ReadOnlySpan<Vector<float>> xs = Vectors(x);
        Span<Vector<float>> ys = Vectors(y);
        for (int i = 0; i < ys.Length; i++)
        {
            ys[i] = f.At(xs[i]);
        }

        int done = ys.Length * Vector<float>.Count;
        Span<float> rest = stackalloc float[Vector<float>.Count];
        x[done..].CopyTo(rest);
        f.At(new Vector<float>(rest)).CopyTo(rest);
        rest[..(y.Length - done)].CopyTo(y[done..]);
    }

    private static void AddMultiple<TFunction>(TFunction f, ReadOnlySpan<float> x, ReadOnlySpan<float> dY, Span<float> dX)
        where TFunction : struct, IFunction
    {
        ReadOnlySpan<Vector<float>> xs = Vectors(x), dYs = Vectors(dY);
        Span<Vector<float>> dXs = Vectors(dX);
        for (int i = 0; i < dXs.Length; i++)
        {
            dXs[i] += dYs[i] * f.At(xs[i]);
        }

        int done = dXs.Length * Vector<float>.Count;
        Span<float> rest = stackalloc float[Vector<float>.Count];
        x[done..].CopyTo(rest);
        f.At(new Vector<float>(rest)).CopyTo(rest);
        for (int i = done; i < dX.Length; i++)
        {
            dX[i] += dY[i] * rest[i - done];
        }
    }

    private readonly struct LeakyReLUValue(float a) : IFunction
    {
        public Vector<float> At(Vector<float> x) => Vector.ConditionalSelect(Vector.GreaterThan(x, Vector<float>.Zero), x, a * x);
    }

    private readonly struct LeakyReLUSlope(float a) : IFunction
    {
        public Vector<float> At(Vector<float> x) =>
            Vector.ConditionalSelect(Vector.GreaterThan(x, Vector<float>.Zero), Vector<float>.One, new Vector<float>(a));
    }

    private readonly struct ELUValue(float alpha) : IFunction
    {
        public Vector<float> At(Vector<float> x) => Vector.ConditionalSelect(
            Vector.GreaterThan(x, Vector<float>.Zero), x, alpha * ExpLess1(Vector.Min(x, Vector<float>.Zero)));
    }

    private readonly struct ELUSlope(float alpha) : IFunction
    {
        public Vector<float> At(Vector<float> x) => Vector.ConditionalSelect(
            Vector.GreaterThan(x, Vector<float>.Zero), Vector<float>.One, alpha * Exp(Vector.Min(x, Vector<float>.Zero)));
    }

    private readonly struct SigmoidValue : IFunction
    {
        public Vector<float> At(Vector<float> x) => Sigmoid(x).Value;
    }

    private readonly struct SiLUValue : IFunction
    {
        public Vector<float> At(Vector<float> x) => x * Sigmoid(x).Value;
    }

    private readonly struct SiLUSlope : IFunction
    {
        public Vector<float> At(Vector<float> x)
        {
            (Vector<float> s, Vector<float> slope) = Sigmoid(x);
            return s + (x * slope);
        }
    }

    // ½(1 + tanh u) = s(2u); beyond ±15 it is 0 or 1, and x³ must not overflow.
    private readonly struct GELUTanhValue : IFunction
    {
        public Vector<float> At(Vector<float> x)
        {
            Vector<float> near = Clamp(x, 15);
            return x * Sigmoid(TwiceRoot * near * (Vector<float>.One + (Cubic * near * near))).Value;
        }
    }

    private readonly struct GELUTanhSlope : IFunction
    {
        public Vector<float> At(Vector<float> x)
        {
            Vector<float> near = Clamp(x, 15);
            (Vector<float> s, Vector<float> slope) = Sigmoid(TwiceRoot * near * (Vector<float>.One + (Cubic * near * near)));
            return s + (x * slope * TwiceRoot * (Vector<float>.One + (3 * Cubic * near * near)));
        }
    }

    private readonly struct GELUValue : IFunction
    {
        public Vector<float> At(Vector<float> x) => x * NormalDistribution(x).Value;
    }

    private readonly struct GELUSlope : IFunction
    {
        public Vector<float> At(Vector<float> x)
        {
            (Vector<float> value, Vector<float> density) = NormalDistribution(x);
            return value + (x * density);
        }
    }

    private readonly struct SoftplusValue(float beta, float threshold) : IFunction
    {
        public Vector<float> At(Vector<float> x)
        {
            Vector<float> v = beta * x, e = Exp(-Vector.Abs(v));

            // log(1 + e) = 2 artanh r = 2(r + r³/3 + r⁵/5 + …), r = e/(2 + e) ≤ 1/3; the first term left out is below 2⁻²⁶ of the sum
            Vector<float> r = e / (e + new Vector<float>(2)), square = r * r;
            Vector<float> log = 2 * (r + (r * square * Polynomial(square, [1f / 13, 1f / 11, 1f / 9, 1f / 7, 1f / 5, 1f / 3])));
            return Vector.ConditionalSelect(
                Vector.GreaterThan(v, new Vector<float>(threshold)), x, (Vector.Max(v, Vector<float>.Zero) + log) / new Vector<float>(beta));
        }
    }

    private readonly struct SoftplusSlope(float beta, float threshold) : IFunction
    {
        public Vector<float> At(Vector<float> x) => Vector.ConditionalSelect(
            Vector.GreaterThan(beta * x, new Vector<float>(threshold)), Vector<float>.One, Sigmoid(beta * x).Value);
    }

    // tanh x = (1 − e^−2x) / (1 + e^−2x) of |x|, with the sign of x: exact at 0, and right to the last digits near it.
    private readonly struct TanhValue : IFunction
    {
        public Vector<float> At(Vector<float> x)
        {
            Vector<float> less1 = ExpLess1(-2 * Vector.Abs(x));
            return Vector.CopySign(less1 / (less1 + new Vector<float>(2)), x);
        }
    }

    private const float TwiceRoot = 1.5957691216057308f; // 2√(2/π)
    private const float Cubic = 0.044715f;

    // s = 1 / (1 + e⁻ˣ) and s(1 − s), from e = e^−|x|, so that both keep their digits far out on either side.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector<float> Value, Vector<float> Slope) Sigmoid(Vector<float> x)
    {
        Vector<float> e = Exp(-Vector.Abs(x)), s = Vector<float>.One / (Vector<float>.One + e);
        return (Vector.ConditionalSelect(Vector.GreaterThan(x, Vector<float>.Zero), s, e * s), e * s * s);
    }

    // Φ(x) and φ(x), from Φ(−a) = e^(−a²/2) g(a) of a = |x|. g falls from ½ like 0.4/a; as a polynomial of (k − a)/(k + a) with k = 3.875 it is
    // right to 7·10⁻⁹ of itself for all a up to 15, where e^(−a²/2) is 0. The coefficients are a least-squares fit of the relative error at
    // 400 Chebyshev points, reweighted (Lawson's method) until its ripples were equal; k is the best of steps of 1/8.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector<float> Value, Vector<float> Density) NormalDistribution(Vector<float> x)
    {
        Vector<float> a = Vector.Min(Vector.Abs(x), new Vector<float>(15)), k = new(3.875f), e = Exp(-0.5f * a * a);
        Vector<float> tail = e * Polynomial((k - a) / (k + a), [
            6.67622662e-05f, -8.78955543e-05f, -0.000675609859f, -0.000171951833f, 0.00663614366f,
            0.0280994382f, 0.0696202442f, 0.125008851f, 0.174357027f, 0.0971469954f]);
        return (Vector.ConditionalSelect(Vector.GreaterThan(x, Vector<float>.Zero), Vector<float>.One - tail, tail), 0.3989422804f * e);
    }

    // For x ≤ 0. Vector.Exp is off by 2.5 units in the last place, at 0 too.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<float> Exp(Vector<float> x)
    {
        (Vector<float> power, Vector<float> less1) = SplitExp(x);
        return power + (power * less1);
    }

    // eˣ − 1 for x ≤ 0, right to the last digits near 0.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<float> ExpLess1(Vector<float> x)
    {
        (Vector<float> power, Vector<float> less1) = SplitExp(x);
        return power - Vector<float>.One + (power * less1);
    }

    // eˣ = 2ᵏ eʳ with k = x / log 2, rounded, and so |r| ≤ (log 2)/2: gives 2ᵏ, from the bits of a float, and eʳ − 1 by its series, where the
    // first term left out is below 2⁻²⁵ of the sum. Below −87 a float has no 2ᵏ of full precision any more: 0.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector<float> Power, Vector<float> Less1) SplitExp(Vector<float> x)
    {
        const float High = 355f / 512, Low = -2.12194440e-4f; // log 2 = High + Low; High has so few bits that k·High is exact
        Vector<float> near = Vector.Max(x, new Vector<float>(-87)), k = Vector.Round(near * 1.44269504f);
        Vector<float> r = near - (k * High) - (k * Low);
        Vector<float> less1 = r + (r * r * Polynomial(r, [1f / 5040, 1f / 720, 1f / 120, 1f / 24, 1f / 6, 1f / 2]));
        Vector<float> power = Vector.AsVectorSingle((Vector.ConvertToInt32Native(k) + new Vector<int>(127)) << 23);
        return (Vector.ConditionalSelect(Vector.LessThan(x, new Vector<float>(-87)), Vector<float>.Zero, power), less1);
    }

    // Horner's scheme, from the highest power down.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<float> Polynomial(Vector<float> x, ReadOnlySpan<float> coefficients)
    {
        Vector<float> sum = Vector<float>.Zero;
        foreach (float coefficient in coefficients)
        {
            sum = Vector.MultiplyAddEstimate(sum, x, new Vector<float>(coefficient));
        }

        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<float> Clamp(Vector<float> x, float limit) =>
        Vector.Max(Vector.Min(x, new Vector<float>(limit)), new Vector<float>(-limit));
}
