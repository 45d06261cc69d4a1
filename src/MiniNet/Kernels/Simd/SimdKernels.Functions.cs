using System.Runtime.CompilerServices;
using MiniNet.Kernels.Vectors;

namespace MiniNet.Kernels;

// Functions of one, two or three numbers, for vectors of any width. The JIT compiler generates a separate loop for each struct, so the call
// costs nothing. The plain kernels document the equations.
internal static unsafe partial class SimdKernels
{
    private interface IUnaryOperator
    {
        T Invoke<T>(T x)
            where T : unmanaged, IVector<T>;
    }

    private interface IBinaryOperator
    {
        T Invoke<T>(T a, T b)
            where T : unmanaged, IVector<T>;
    }

    private interface ITernaryOperator
    {
        T Invoke<T>(T a, T b, T c)
            where T : unmanaged, IVector<T>;
    }

    // y = f(x), y = f(a, b), y = f(a, b, c), element by element. y may be the same span as an argument.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Map<TFunction>(TFunction f, ReadOnlySpan<float> x, Span<float> y)
        where TFunction : unmanaged, IUnaryOperator
    {
        fixed (float* px = x[..y.Length], py = y)
        {
            ForEach(new UnaryLoop<TFunction>(f, px, py), y.Length);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Map<TFunction>(TFunction f, ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> y)
        where TFunction : unmanaged, IBinaryOperator
    {
        fixed (float* pa = a[..y.Length], pb = b[..y.Length], py = y)
        {
            ForEach(new BinaryLoop<TFunction>(f, pa, pb, py), y.Length);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Map<TFunction>(TFunction f, ReadOnlySpan<float> a, ReadOnlySpan<float> b, ReadOnlySpan<float> c, Span<float> y)
        where TFunction : unmanaged, ITernaryOperator
    {
        fixed (float* pa = a[..y.Length], pb = b[..y.Length], pc = c[..y.Length], py = y)
        {
            ForEach(new TernaryLoop<TFunction>(f, pa, pb, pc, py), y.Length);
        }
    }

    // dX += dY ⊙ f(x), where f is a derivative.
    private static void AddDerivativeProduct<TFunction>(TFunction f, ReadOnlySpan<float> x, ReadOnlySpan<float> dY, Span<float> dX)
        where TFunction : unmanaged, IUnaryOperator => Map(new DerivativeProductOperator<TFunction>(f), dX, x, dY, dX);

    private readonly struct UnaryLoop<TFunction>(TFunction f, float* x, float* y) : IElementLoop
        where TFunction : unmanaged, IUnaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Invoke<T>(nint i, int count)
            where T : unmanaged, IVector<T> => Store(y + i, f.Invoke(Load<T>(x + i, count)), count);
    }

    private readonly struct BinaryLoop<TFunction>(TFunction f, float* a, float* b, float* y) : IElementLoop
        where TFunction : unmanaged, IBinaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Invoke<T>(nint i, int count)
            where T : unmanaged, IVector<T> => Store(y + i, f.Invoke(Load<T>(a + i, count), Load<T>(b + i, count)), count);
    }

    private readonly struct TernaryLoop<TFunction>(TFunction f, float* a, float* b, float* c, float* y) : IElementLoop
        where TFunction : unmanaged, ITernaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Invoke<T>(nint i, int count)
            where T : unmanaged, IVector<T> =>
                Store(y + i, f.Invoke(Load<T>(a + i, count), Load<T>(b + i, count), Load<T>(c + i, count)), count);
    }

    private readonly struct DerivativeProductOperator<TFunction>(TFunction f) : ITernaryOperator
        where TFunction : unmanaged, IUnaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Invoke<T>(T dX, T x, T dY)
            where T : unmanaged, IVector<T> => T.MultiplyAdd(dY, f.Invoke(x), dX);
    }

    private readonly struct AddOperator : IBinaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Invoke<T>(T a, T b)
            where T : unmanaged, IVector<T> => a + b;
    }

    private readonly struct MultiplyOperator : IBinaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Invoke<T>(T a, T b)
            where T : unmanaged, IVector<T> => a * b;
    }

    private readonly struct MultiplyAddOperator : ITernaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Invoke<T>(T sum, T a, T b)
            where T : unmanaged, IVector<T> => T.MultiplyAdd(a, b, sum);
    }

    private readonly struct ScaleAddOperator(float factor) : IBinaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Invoke<T>(T sum, T x)
            where T : unmanaged, IVector<T> => T.MultiplyAdd(T.Broadcast(factor), x, sum);
    }

    private readonly struct ReLUValue : IUnaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Invoke<T>(T x)
            where T : unmanaged, IVector<T> => T.Max(x, T.Broadcast(0));
    }

    // Not a product with 0 or 1: dY may be infinite.
    private readonly struct ReLUMask : IBinaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Invoke<T>(T x, T dY)
            where T : unmanaged, IVector<T> => T.Select(T.GreaterThan(x, T.Broadcast(0)), dY, T.Broadcast(0));
    }

    private readonly struct ReLUGradient : ITernaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Invoke<T>(T dX, T x, T dY)
            where T : unmanaged, IVector<T> => T.Select(T.GreaterThan(x, T.Broadcast(0)), dX + dY, dX);
    }

    private readonly struct SigmoidGradient : ITernaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Invoke<T>(T dX, T y, T dY)
            where T : unmanaged, IVector<T> => T.MultiplyAdd(dY * y, T.Broadcast(1) - y, dX);
    }

    private readonly struct TanhGradient : ITernaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Invoke<T>(T dX, T y, T dY)
            where T : unmanaged, IVector<T> => T.MultiplyAdd(dY, T.Broadcast(1) - (y * y), dX);
    }

    private readonly struct LeakyReLUValue(float a) : IUnaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Invoke<T>(T x)
            where T : unmanaged, IVector<T> => T.Select(T.GreaterThan(x, T.Broadcast(0)), x, T.Broadcast(a) * x);
    }

    private readonly struct LeakyReLUDerivative(float a) : IUnaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Invoke<T>(T x)
            where T : unmanaged, IVector<T> => T.Select(T.GreaterThan(x, T.Broadcast(0)), T.Broadcast(1), T.Broadcast(a));
    }

    private readonly struct ELUValue(float alpha) : IUnaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Invoke<T>(T x)
            where T : unmanaged, IVector<T>
        {
            T above = T.GreaterThan(x, T.Broadcast(0));
            return T.Select(above, x, T.Broadcast(alpha) * ExpM1(T.Select(above, T.Broadcast(0), x)));
        }
    }

    private readonly struct ELUDerivative(float alpha) : IUnaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Invoke<T>(T x)
            where T : unmanaged, IVector<T>
        {
            T above = T.GreaterThan(x, T.Broadcast(0));
            return T.Select(above, T.Broadcast(1), T.Broadcast(alpha) * Exp(T.Select(above, T.Broadcast(0), x)));
        }
    }

    private readonly struct SigmoidValue : IUnaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Invoke<T>(T x)
            where T : unmanaged, IVector<T> => Sigmoid(x).Value;
    }

    private readonly struct SiLUValue : IUnaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Invoke<T>(T x)
            where T : unmanaged, IVector<T> => x * Sigmoid(x).Value;
    }

    private readonly struct SiLUDerivative : IUnaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Invoke<T>(T x)
            where T : unmanaged, IVector<T>
        {
            (T s, T slope) = Sigmoid(x);
            return s + (x * slope);
        }
    }

    // ½(1 + tanh u) = s(2u). Beyond ±15 it is 0 or 1; clipping keeps x³ from overflowing.
    private readonly struct GELUTanhValue : IUnaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Invoke<T>(T x)
            where T : unmanaged, IVector<T>
        {
            T near = Clamp(x, 15);
            return x * Sigmoid(T.Broadcast(TwiceRoot) * near * (T.Broadcast(1) + (T.Broadcast(Cubic) * near * near))).Value;
        }
    }

    private readonly struct GELUTanhDerivative : IUnaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Invoke<T>(T x)
            where T : unmanaged, IVector<T>
        {
            T near = Clamp(x, 15);
            (T s, T slope) = Sigmoid(T.Broadcast(TwiceRoot) * near * (T.Broadcast(1) + (T.Broadcast(Cubic) * near * near)));
            return s + (x * slope * T.Broadcast(TwiceRoot) * (T.Broadcast(1) + (T.Broadcast(3 * Cubic) * near * near)));
        }
    }

    private readonly struct GELUValue : IUnaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Invoke<T>(T x)
            where T : unmanaged, IVector<T> => x * NormalDistribution(x).Value;
    }

    private readonly struct GELUDerivative : IUnaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Invoke<T>(T x)
            where T : unmanaged, IVector<T>
        {
            (T value, T density) = NormalDistribution(x);
            return value + (x * density);
        }
    }

    private readonly struct SoftplusValue(float beta, float threshold) : IUnaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Invoke<T>(T x)
            where T : unmanaged, IVector<T>
        {
            T v = T.Broadcast(beta) * x, log = LogP1(Exp(T.Broadcast(0) - T.Abs(v)));
            return T.Select(T.GreaterThan(v, T.Broadcast(threshold)), x, (T.Max(v, T.Broadcast(0)) + log) / T.Broadcast(beta));
        }
    }

    private readonly struct SoftplusDerivative(float beta, float threshold) : IUnaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Invoke<T>(T x)
            where T : unmanaged, IVector<T> =>
                T.Select(
                    T.GreaterThan(T.Broadcast(beta) * x, T.Broadcast(threshold)), T.Broadcast(1), Sigmoid(T.Broadcast(beta) * x).Value);
    }

    // tanh x = (1 − e^−2x) / (1 + e^−2x) of |x|, with the sign of x: exact at 0, and accurate to the last digits near 0.
    private readonly struct TanhValue : IUnaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Invoke<T>(T x)
            where T : unmanaged, IVector<T>
        {
            T less1 = ExpM1(T.Broadcast(-2) * T.Abs(x));
            return T.CopySign(less1 / (less1 + T.Broadcast(2)), x);
        }
    }

    private const float TwiceRoot = 1.5957691216057308f; // 2√(2/π)
    private const float Cubic = 0.044715f;
    // log 2 is their sum; Log2High has so few bits that k · Log2High is exact
    private const float Log2High = 355f / 512, Log2Low = -2.12194440e-4f;

    // s = 1 / (1 + e⁻ˣ) and s(1 − s), from e = e^−|x|, so that both stay accurate for large |x|.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (T Value, T Slope) Sigmoid<T>(T x)
        where T : unmanaged, IVector<T>
    {
        T e = Exp(T.Broadcast(0) - T.Abs(x)), s = T.Broadcast(1) / (T.Broadcast(1) + e);
        return (T.Select(T.GreaterThan(x, T.Broadcast(0)), s, e * s), e * s * s);
    }

    // Φ(x) and φ(x), from Φ(−a) = e^(−a²/2) g(a) with a = |x|. g falls from ½ like 0.4/a. As a polynomial of (k − a)/(k + a) with k =
    // 3.875, its relative error is at most 7·10⁻⁹ for all a up to 15, where e^(−a²/2) is 0. The coefficients are a least-squares fit of the
    // relative error at 400 Chebyshev points, reweighted (Lawson's method) until its ripples were equal; k is the best multiple of 1/8.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (T Value, T Density) NormalDistribution<T>(T x)
        where T : unmanaged, IVector<T>
    {
        T a = T.Min(T.Abs(x), T.Broadcast(15)), k = T.Broadcast(3.875f), e = Exp(T.Broadcast(-0.5f) * a * a);
        T tail = e * Polynomial((k - a) / (k + a), [
            6.67622662e-05f, -8.78955543e-05f, -0.000675609859f, -0.000171951833f, 0.00663614366f,
            0.0280994382f, 0.0696202442f, 0.125008851f, 0.174357027f, 0.0971469954f]);
        return (T.Select(T.GreaterThan(x, T.Broadcast(0)), T.Broadcast(1) - tail, tail), T.Broadcast(0.3989422804f) * e);
    }

    // eˣ for x ≤ 0; exactly 1 at 0.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Exp<T>(T x)
        where T : unmanaged, IVector<T>
    {
        (T power, T less1) = SplitExp(x);
        return T.MultiplyAdd(power, less1, power);
    }

    // eˣ − 1 for x ≤ 0, accurate to the last digits near 0.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T ExpM1<T>(T x)
        where T : unmanaged, IVector<T>
    {
        (T power, T less1) = SplitExp(x);
        return T.MultiplyAdd(power, less1, power - T.Broadcast(1));
    }

    // eˣ = 2ᵏ eʳ with k = x / log 2, rounded, so |r| ≤ (log 2)/2. Returns 2ᵏ, from the bits of a float, and eʳ − 1 by its series, whose
    // first omitted term is below 2⁻²⁵ of the sum. Below −87, close to where 2ᵏ is no longer a normal float, eˣ < 2·10⁻³⁸ counts as 0.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (T Power, T Less1) SplitExp<T>(T x)
        where T : unmanaged, IVector<T>
    {
        T below = T.GreaterThan(T.Broadcast(-87), x), near = T.Select(below, T.Broadcast(-87), x),
            k = T.Round(near * T.Broadcast(1.44269504f));
        T r = T.MultiplyAdd(k, T.Broadcast(-Log2Low), T.MultiplyAdd(k, T.Broadcast(-Log2High), near));
        T less1 = T.MultiplyAdd(r * r, Polynomial(r, [1f / 5040, 1f / 720, 1f / 120, 1f / 24, 1f / 6, 1f / 2]), r);
        return (T.Select(below, T.Broadcast(0), T.PowerOf2(k)), less1);
    }

    // log(1 + x) for x ≥ 0, accurate for small x. 1 + x = 2ᵏ(1 + f) with √½ ≤ 1 + f < √2, where f includes the rounding error of 1 + x;
    // log(1 + f) = 2 artanh r = 2(r + r³/3 + r⁵/5 + …), r = f/(2 + f), |r| < 0.172: the first omitted term is below 2⁻²⁸ of the sum.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T LogP1<T>(T x)
        where T : unmanaged, IVector<T>
    {
        T one = T.Broadcast(1), sum = one + x, k = T.Exponent(sum * T.Broadcast(1.41421356f)), scale = T.PowerOf2(T.Broadcast(0) - k);
        T f = T.MultiplyAdd(x - (sum - one), scale, T.MultiplyAdd(sum, scale, T.Broadcast(-1)));
        T r = f / (f + T.Broadcast(2)), square = r * r, twice = r + r;
        T log = T.MultiplyAdd(twice * square, Polynomial(square, [1f / 9, 1f / 7, 1f / 5, 1f / 3]), twice);
        return T.MultiplyAdd(k, T.Broadcast(Log2High), T.MultiplyAdd(k, T.Broadcast(Log2Low), log));
    }

    // Horner's method, from the highest power down.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Polynomial<T>(T x, ReadOnlySpan<float> coefficients)
        where T : unmanaged, IVector<T>
    {
        T sum = T.Broadcast(coefficients[0]);
        for (int i = 1; i < coefficients.Length; i++)
        {
            sum = T.MultiplyAdd(sum, x, T.Broadcast(coefficients[i]));
        }

        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Clamp<T>(T x, float limit)
        where T : unmanaged, IVector<T> => T.Max(T.Min(x, T.Broadcast(limit)), T.Broadcast(-limit));
}
