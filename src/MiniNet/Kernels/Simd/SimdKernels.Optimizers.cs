using System.Numerics;
using System.Runtime.CompilerServices;
using MiniNet.Kernels.Vectors;

namespace MiniNet.Kernels;

// One pass over a parameter, its gradient and the state of the optimizer.
internal static unsafe partial class SimdKernels
{
    /// <inheritdoc cref="PlainKernels.DescentStep"/>
    public static void DescentStep(Span<float> w, ReadOnlySpan<float> g, float learningRate, float weightDecay) =>
        Map(new Descent(learningRate, weightDecay), w, g, w);

    private readonly struct Descent(float learningRate, float weightDecay) : IBinaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Invoke<T>(T w, T g)
            where T : unmanaged, IVector<T> => T.MultiplyAdd(T.Broadcast(-learningRate), T.MultiplyAdd(T.Broadcast(weightDecay), w, g), w);
    }

    /// <inheritdoc cref="PlainKernels.MomentumStep"/>
    public static void MomentumStep(Span<float> w, ReadOnlySpan<float> g, Span<float> v, in MomentumFactors factors)
    {
        fixed (float* pw = w, pg = g[..w.Length], pv = v[..w.Length])
        {
            ForEach(new Momentum(pw, pg, pv, in factors), w.Length);
        }
    }

    private readonly struct Momentum(float* w, float* g, float* v, in MomentumFactors factors) : IElementLoop
    {
        private readonly float minusRate = -factors.LearningRate, momentum = factors.Momentum, weightDecay = factors.WeightDecay;
        private readonly bool nesterov = factors.Nesterov;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Invoke<T>(nint i, int count)
            where T : unmanaged, IVector<T>
        {
            T weight = Load<T>(w + i, count);
            T d = T.MultiplyAdd(T.Broadcast(weightDecay), weight, Load<T>(g + i, count));
            T velocity = T.MultiplyAdd(T.Broadcast(momentum), Load<T>(v + i, count), d);
            T step = nesterov ? T.MultiplyAdd(T.Broadcast(momentum), velocity, d) : velocity;
            Store(v + i, velocity, count);
            Store(w + i, T.MultiplyAdd(T.Broadcast(minusRate), step, weight), count);
        }
    }

    /// <inheritdoc cref="PlainKernels.AdamStep"/>
    public static void AdamStep(Span<float> w, ReadOnlySpan<float> g, Span<float> m, Span<float> v, in AdamFactors factors)
    {
        // Adam is NAdam with a gradient rate of 0: η · m/c₁ = 0·d + (η/c₁) m.
        float meanRate = factors.LearningRate / factors.Correction1;
        NAdamStep(
            w,
            g,
            m,
            v,
            new NAdamFactors(0, meanRate, factors.Beta1, factors.Beta2, factors.Epsilon, factors.Correction2, factors.WeightDecay));
    }

    /// <inheritdoc cref="PlainKernels.NAdamStep"/>
    public static void NAdamStep(Span<float> w, ReadOnlySpan<float> g, Span<float> m, Span<float> v, in NAdamFactors factors)
    {
        fixed (float* pw = w, pg = g[..w.Length], pm = m[..w.Length], pv = v[..w.Length])
        {
            ForEach(new NAdam(pw, pg, pm, pv, in factors), w.Length);
        }
    }

    [method: MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly struct NAdam(float* w, float* g, float* m, float* v, in NAdamFactors factors) : IElementLoop
    {
        private readonly float gradientRate = factors.GradientRate, meanRate = factors.MeanRate, epsilon = factors.Epsilon,
            weightDecay = factors.WeightDecay;
        private readonly float beta1 = (float)factors.Beta1, rest1 = (float)(1 - factors.Beta1);
        private readonly float beta2 = (float)factors.Beta2, rootRest2 = (float)Math.Sqrt(1 - factors.Beta2);
        private readonly float unbiased = (float)(1 / Math.Sqrt(factors.Correction2)); // √(v/c₂) = √v / √c₂

        // In a network that has converged, the squared gradients are denormal numbers, which are several times slower to process. So are
        // the means of a weight that is no longer used. Compared with ε they are negligible: √10⁻³⁷ is less than a billionth of it.
        private readonly float leastSquare = factors.Epsilon < 1e-9f ? 0 : 1e-37f, leastMean = factors.Epsilon < 1e-9f ? 0 : 1e-30f;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Invoke<T>(nint i, int count)
            where T : unmanaged, IVector<T>
        {
            T weight = Load<T>(w + i, count);
            T d = T.MultiplyAdd(T.Broadcast(weightDecay), weight, Load<T>(g + i, count)), share = T.Broadcast(rootRest2) * d;
            T mean = T.MultiplyAdd(T.Broadcast(beta1), Load<T>(m + i, count), T.Broadcast(rest1) * d);
            T square = T.MaxNumber(T.Broadcast(leastSquare), T.MultiplyAdd(share, share, T.Broadcast(beta2) * Load<T>(v + i, count)));
            mean = T.Select(T.GreaterThan(T.Broadcast(leastMean), T.Abs(mean)), T.Broadcast(0), mean);
            T step = T.MultiplyAdd(T.Broadcast(gradientRate), d, T.Broadcast(meanRate) * mean);
            Store(m + i, mean, count);
            Store(v + i, square, count);
            Store(w + i, weight - (step / T.MultiplyAdd(T.Sqrt(square), T.Broadcast(unbiased), T.Broadcast(epsilon))), count);
        }
    }

    /// <inheritdoc cref="PlainKernels.RMSPropStep"/>
    public static void RMSPropStep(
        Span<float> w,
        ReadOnlySpan<float> g,
        Span<float> s,
        Span<float> m,
        Span<float> v,
        in RMSPropFactors factors)
    {
        fixed (float* pw = w, pg = g[..w.Length], ps = s[..w.Length], pm = m[..w.Length], pv = v[..w.Length])
        {
            ForEach(new RMSProp(pw, pg, ps, pm, pv, in factors), w.Length);
        }
    }

    [method: MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly struct RMSProp(float* w, float* g, float* s, float* m, float* v, in RMSPropFactors factors) : IElementLoop
    {
        private readonly float minusRate = -factors.LearningRate, epsilon = factors.Epsilon, weightDecay = factors.WeightDecay,
            momentum = factors.Momentum;
        private readonly float alpha = (float)factors.Alpha, rest = (float)(1 - factors.Alpha);
        private readonly bool centered = factors.Centered;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Invoke<T>(nint i, int count)
            where T : unmanaged, IVector<T>
        {
            T weight = Load<T>(w + i, count);
            T d = T.MultiplyAdd(T.Broadcast(weightDecay), weight, Load<T>(g + i, count));
            T square = T.MultiplyAdd(T.Broadcast(alpha), Load<T>(s + i, count), T.Broadcast(rest) * d * d);
            T mean = T.MultiplyAdd(T.Broadcast(alpha), Load<T>(m + i, count), T.Broadcast(rest) * d);
            T spread = centered ? T.Max(T.Broadcast(0), T.MultiplyAdd(T.Broadcast(0) - mean, mean, square)) : square;
            T velocity = T.MultiplyAdd(T.Broadcast(momentum), Load<T>(v + i, count), d / (T.Sqrt(spread) + T.Broadcast(epsilon)));
            Store(s + i, square, count);
            Store(m + i, mean, count);
            Store(v + i, velocity, count);
            Store(w + i, T.MultiplyAdd(T.Broadcast(minusRate), velocity, weight), count);
        }
    }

    /// <inheritdoc cref="PlainKernels.AdagradStep"/>
    public static void AdagradStep(
        Span<float> w,
        ReadOnlySpan<float> g,
        Span<float> s,
        float learningRate,
        float epsilon,
        float weightDecay)
    {
        fixed (float* pw = w, pg = g[..w.Length], ps = s[..w.Length])
        {
            ForEach(new Adagrad(pw, pg, ps, learningRate, epsilon, weightDecay), w.Length);
        }
    }

    private readonly struct Adagrad(float* w, float* g, float* s, float learningRate, float epsilon, float weightDecay) : IElementLoop
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Invoke<T>(nint i, int count)
            where T : unmanaged, IVector<T>
        {
            T weight = Load<T>(w + i, count);
            T d = T.MultiplyAdd(T.Broadcast(weightDecay), weight, Load<T>(g + i, count));
            T squares = T.MultiplyAdd(d, d, Load<T>(s + i, count));
            Store(s + i, squares, count);
            Store(w + i, weight - (T.Broadcast(learningRate) * d / (T.Sqrt(squares) + T.Broadcast(epsilon))), count);
        }
    }

    /// <inheritdoc cref="PlainKernels.RPropStep"/>
    public static void RPropStep(Span<float> w, ReadOnlySpan<float> g, Span<float> s, Span<float> p, in RPropFactors factors)
    {
        fixed (float* pw = w, pg = g[..w.Length], ps = s[..w.Length], pp = p[..w.Length])
        {
            ForEach(new RProp(pw, pg, ps, pp, factors), w.Length);
        }
    }

    private readonly struct RProp(float* w, float* g, float* s, float* p, RPropFactors factors) : IElementLoop
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Invoke<T>(nint i, int count)
            where T : unmanaged, IVector<T>
        {
            // Compares signs, because the product of two floats could underflow to 0.
            T zero = T.Broadcast(0), gradient = Load<T>(g + i, count), before = Load<T>(p + i, count);
            T above = T.GreaterThan(gradient, zero), below = T.GreaterThan(zero, gradient);
            T wasAbove = T.GreaterThan(before, zero), wasBelow = T.GreaterThan(zero, before);
            T same = T.Select(above, wasAbove, T.Select(below, wasBelow, zero)),
                turned = T.Select(above, wasBelow, T.Select(below, wasAbove, zero));
            T factor = T.Select(same, T.Broadcast(factors.EtaPlus), T.Select(turned, T.Broadcast(factors.EtaMinus), T.Broadcast(1)));
            T size = T.Min(T.Max(Load<T>(s + i, count) * factor, T.Broadcast(factors.MinStep)), T.Broadcast(factors.MaxStep));
            T step = T.Select(above, size, T.Select(below, zero - size, zero));
            Store(s + i, size, count);
            Store(p + i, T.Select(turned, zero, gradient), count);
            Store(w + i, Load<T>(w + i, count) - T.Select(turned, zero, step), count);
        }
    }

    /// <inheritdoc cref="PlainKernels.SumOfSquares"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static double SumOfSquares(ReadOnlySpan<float> g)
    {
        ReadOnlySpan<Vector<float>> gs = Vectors(g);
        Vector<double> sums = Vector<double>.Zero;
        for (int i = 0; i < gs.Length; i++)
        {
            Vector.Widen(gs[i], out Vector<double> low, out Vector<double> high);
            sums += (low * low) + (high * high);
        }

        return Vector.Sum(sums) + PlainKernels.SumOfSquares(g[(gs.Length * Vector<float>.Count)..]);
    }

    /// <inheritdoc cref="PlainKernels.Scale"/>
    public static void Scale(Span<float> w, float factor) => Map(new ScaleOperator(factor), w, w);

    /// <inheritdoc cref="PlainKernels.Clip"/>
    public static void Clip(Span<float> g, float limit) => Map(new ClipOperator(limit), g, g);

    private readonly struct ScaleOperator(float factor) : IUnaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Invoke<T>(T x)
            where T : unmanaged, IVector<T> => T.Broadcast(factor) * x;
    }

    private readonly struct ClipOperator(float limit) : IUnaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Invoke<T>(T x)
            where T : unmanaged, IVector<T> => Clamp(x, limit);
    }
}
