using System.Numerics;
using System.Runtime.CompilerServices;
using MiniNet.Kernels.Vectors;

namespace MiniNet.Kernels;

// Sums over a batch are in double precision, so that the mean stays accurate for large batches.
internal static unsafe partial class SimdKernels
{
    /// <inheritdoc cref="PlainKernels.CrossEntropy"/>
    public static float CrossEntropy(in MatrixView z, in MatrixView a, in MatrixView p)
    {
        LogSoftmax(z, p);
        double loss = SumAsDouble(default(CrossEntropyTerm), a.Span, p.Span, p.Span);
        Softmax(z, p); // not e^log p, because the logarithm has lost as many digits as it has before the decimal point
        return (float)loss;
    }

    // −a log p, where 0 log 0 is 0
    private readonly struct CrossEntropyTerm : IReductionTerm
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Invoke<T>(T a, T logP, T unused)
            where T : unmanaged, IVector<T> =>
                a * (T.Broadcast(0) - T.Select(T.Equals(a, T.Broadcast(0)), T.Max(logP, T.Broadcast(float.MinValue)), logP));
    }

    /// <inheritdoc cref="PlainKernels.CrossEntropyBackward"/>
    public static void CrossEntropyBackward(in MatrixView p, in MatrixView a, float dL, in MatrixView dZ) =>
        ForEachRow(new CrossEntropyGradient(dL), p, a, dZ);

    private readonly struct CrossEntropyGradient(float dL) : IRowOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Invoke<T>(float* p, float* a, float* dZ, int length, bool horizontal)
            where T : unmanaged, IVector<T>
        {
            T zero = T.Broadcast(0),
                one = T.Broadcast(1),
                max = MaxOf<T>(p, length, horizontal),
                tops = zero,
                otherP = zero,
                otherA = zero,
                topA = zero;
            for (int j = 0; j < length; j += T.Count)
            {
                T pj = LoadPartial<T>(p + j, length - j), aj = LoadPartial<T>(a + j, length - j), top = T.Equals(pj, max);
                tops += T.Select(top, one, zero);
                otherP += T.Select(top, zero, pj);
                otherA += T.Select(top, zero, aj);
                topA += T.Select(top, aj, zero);
            }

            // If several p are the largest, none of them is near 1, and 1 − p is accurate enough for all.
            T only = T.Select(T.Equals(SumOf(tops, horizontal), one), max, T.Broadcast(float.NaN));
            T notP = SumOf(otherP, horizontal), notA = SumOf(otherA, horizontal), sum = notA + SumOf(topA, horizontal);
            for (int j = 0; j < length; j += T.Count)
            {
                T pj = LoadPartial<T>(p + j, length - j), aj = LoadPartial<T>(a + j, length - j), top = T.Equals(pj, only);
                T slope = (pj * T.Select(top, notA, sum - aj)) - (aj * T.Select(top, notP, one - pj));
                StorePartial(dZ + j, T.MultiplyAdd(T.Broadcast(dL), slope, LoadPartial<T>(dZ + j, length - j)), length - j);
            }
        }
    }

    /// <inheritdoc cref="PlainKernels.BinaryCrossEntropy"/>
    public static float BinaryCrossEntropy(ReadOnlySpan<float> z, ReadOnlySpan<float> t, ReadOnlySpan<float> w)
    {
        double sum = w.IsEmpty ? SumAsDouble(new BinaryCrossEntropyTerm(weighted: false), z, t, z) : 0;
        for (int row = 0; row < z.Length && !w.IsEmpty; row += w.Length)
        {
            sum += SumAsDouble(new BinaryCrossEntropyTerm(weighted: true), z.Slice(row, w.Length), t.Slice(row, w.Length), w);
        }

        return (float)(sum / z.Length);
    }

    private readonly struct BinaryCrossEntropyTerm(bool weighted) : IReductionTerm
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Invoke<T>(T z, T t, T w)
            where T : unmanaged, IVector<T>
        {
            T zero = T.Broadcast(0), bend = LogP1(Exp(zero - T.Abs(z)));
            T yes = (weighted ? w * t : t) * (T.Max(zero - z, zero) + bend);
            return T.MultiplyAdd(T.Broadcast(1) - t, T.Max(z, zero) + bend, yes);
        }
    }

    /// <inheritdoc cref="PlainKernels.BinaryCrossEntropyBackward"/>
    public static void BinaryCrossEntropyBackward(
        ReadOnlySpan<float> z,
        ReadOnlySpan<float> t,
        ReadOnlySpan<float> w,
        float dL,
        Span<float> dZ)
    {
        int columns = w.IsEmpty ? z.Length : w.Length;
        for (int row = 0; row < z.Length; row += columns)
        {
            fixed (float* pz = z.Slice(row, columns), pt = t.Slice(row, columns), pw = w, pd = dZ.Slice(row, columns))
            {
                ForEach(new BinaryCrossEntropyGradient(pz, pt, pw, dL / z.Length, pd), columns);
            }
        }
    }

    private readonly struct BinaryCrossEntropyGradient(float* z, float* t, float* w, float share, float* dZ) : IElementLoop
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Invoke<T>(nint i, int count)
            where T : unmanaged, IVector<T>
        {
            T one = T.Broadcast(1), zi = Load<T>(z + i, count), ti = Load<T>(t + i, count), wi = w is null ? one : Load<T>(w + i, count);
            T e = Exp(T.Broadcast(0) - T.Abs(zi)), likely = one / (one + e), unlikely = e * likely,
                positive = T.GreaterThan(zi, T.Broadcast(0));
            T slope = ((one - ti) * T.Select(positive, likely, unlikely)) - (wi * ti * T.Select(positive, unlikely, likely));
            Store(dZ + i, T.MultiplyAdd(T.Broadcast(share), slope, Load<T>(dZ + i, count)), count);
        }
    }

    /// <inheritdoc cref="PlainKernels.MeanSquaredError"/>
    public static float MeanSquaredError(ReadOnlySpan<float> p, ReadOnlySpan<float> t) =>
        (float)(SumAsDouble(default(SquaredErrorTerm), p, t, p) / p.Length);

    private readonly struct SquaredErrorTerm : IReductionTerm
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Invoke<T>(T p, T t, T unused)
            where T : unmanaged, IVector<T> => (p - t) * (p - t);
    }

    /// <inheritdoc cref="PlainKernels.MeanSquaredErrorBackward"/>
    public static void MeanSquaredErrorBackward(ReadOnlySpan<float> p, ReadOnlySpan<float> t, float dL, Span<float> dP) =>
        Map(new SquaredErrorGradient(dL * 2 / p.Length), dP, p, t, dP);

    private readonly struct SquaredErrorGradient(float share) : ITernaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Invoke<T>(T dP, T p, T t)
            where T : unmanaged, IVector<T> => T.MultiplyAdd(T.Broadcast(share), p - t, dP);
    }

    /// <inheritdoc cref="PlainKernels.MeanAbsoluteError"/>
    public static float MeanAbsoluteError(ReadOnlySpan<float> p, ReadOnlySpan<float> t) =>
        (float)(SumAsDouble(default(AbsoluteErrorTerm), p, t, p) / p.Length);

    private readonly struct AbsoluteErrorTerm : IReductionTerm
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Invoke<T>(T p, T t, T unused)
            where T : unmanaged, IVector<T> => T.Abs(p - t);
    }

    /// <inheritdoc cref="PlainKernels.MeanAbsoluteErrorBackward"/>
    public static void MeanAbsoluteErrorBackward(ReadOnlySpan<float> p, ReadOnlySpan<float> t, float dL, Span<float> dP) =>
        Map(new AbsoluteErrorGradient(dL / p.Length), dP, p, t, dP);

    private readonly struct AbsoluteErrorGradient(float share) : ITernaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Invoke<T>(T dP, T p, T t)
            where T : unmanaged, IVector<T>
        {
            T r = p - t, zero = T.Broadcast(0);
            T orLess = T.Select(T.GreaterThan(zero, r), T.Broadcast(-share), r); // r may be 0 or NaN here, and is kept
            return dP + T.Select(T.GreaterThan(r, zero), T.Broadcast(share), orLess);
        }
    }

    /// <inheritdoc cref="PlainKernels.Huber"/>
    public static float Huber(ReadOnlySpan<float> p, ReadOnlySpan<float> t, float delta) =>
        (float)(SumAsDouble(new HuberTerm(delta), p, t, p) / p.Length);

    // Both cases in one: h = c(|r| − c/2) with c = min(|r|, δ).
    private readonly struct HuberTerm(float delta) : IReductionTerm
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Invoke<T>(T p, T t, T unused)
            where T : unmanaged, IVector<T>
        {
            T r = T.Abs(p - t), c = T.Min(r, T.Broadcast(delta));
            return c * T.MultiplyAdd(T.Broadcast(-0.5f), c, r);
        }
    }

    /// <inheritdoc cref="PlainKernels.HuberBackward"/>
    public static void HuberBackward(ReadOnlySpan<float> p, ReadOnlySpan<float> t, float delta, float dL, Span<float> dP) =>
        Map(new HuberGradient(delta, dL / p.Length), dP, p, t, dP);

    private readonly struct HuberGradient(float delta, float share) : ITernaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Invoke<T>(T dP, T p, T t)
            where T : unmanaged, IVector<T> => T.MultiplyAdd(T.Broadcast(share), Clamp(p - t, delta), dP);
    }

    /// <inheritdoc cref="PlainKernels.KullbackLeibler"/>
    public static float KullbackLeibler(ReadOnlySpan<float> x, ReadOnlySpan<float> t, int n)
    {
        t = t[..x.Length];
        Vector<double> sums = Vector<double>.Zero;
        for (int i = 0; i < x.Length; i += Vector<float>.Count)
        {
            Vector.Widen(VectorAt(x, i), out Vector<double> xLow, out Vector<double> xHigh);
            Vector.Widen(VectorAt(t, i), out Vector<double> tLow, out Vector<double> tHigh);
            sums += KullbackLeibler(xLow, tLow) + KullbackLeibler(xHigh, tHigh);
        }

        return (float)(Vector.Sum(sums) / n);
    }

    private static Vector<double> KullbackLeibler(Vector<double> x, Vector<double> t)
    {
        Vector<double> logT = Vector.ConditionalSelect(Vector.Equals(t, Vector<double>.Zero), Vector<double>.Zero, Vector.Log(t));
        return t * (logT - Vector.Max(x, new Vector<double>(double.MinValue)));
    }

    /// <inheritdoc cref="PlainKernels.KullbackLeiblerBackward"/>
    public static void KullbackLeiblerBackward(ReadOnlySpan<float> t, int n, float dL, Span<float> dX) =>
        Map(new ScaleAddOperator(-dL / n), dX, t, dX);

    // Elements beyond the end count as 0.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<float> VectorAt(ReadOnlySpan<float> x, int i) =>
        i + Vector<float>.Count <= x.Length ? new Vector<float>(x[i..]) : LastVector(x[i..]);

    private static Vector<float> LastVector(ReadOnlySpan<float> x)
    {
        Span<float> last = stackalloc float[Vector<float>.Count];
        last.Clear();
        x.CopyTo(last);
        return new Vector<float>(last);
    }
}
