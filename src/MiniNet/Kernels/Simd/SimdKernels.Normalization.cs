using System.Numerics;
using System.Runtime.CompilerServices;
using MiniNet.Kernels.Vectors;

namespace MiniNet.Kernels;

// Means and variances are summed in double precision, in one pass over x − x₀, where x₀ is the channel's first number:
// v = (1/N) Σ (x − x₀)² − ((1/N) Σ (x − x₀))² loses at most a factor N of the sixteen digits, since (x₀ − μ)² ≤ N·v.
// An infinite x₀ is not subtracted: ∞ − ∞ would make the mean NaN instead of infinite.
// If channels have one pixel, the lanes are channels (`Normalize` processes the remaining channels one by one); otherwise, they are pixels
// of one channel. Everything is optimized from the first call on: unoptimized code would make the first second of training take twenty
// times as long.
internal static unsafe partial class SimdKernels
{
    /// <inheritdoc cref="PlainKernels.Normalize"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Normalize(
        in ChannelsView x,
        float epsilon,
        Span<float> mean,
        Span<float> variance,
        Span<float> s,
        in ChannelsView xHat)
    {
        double count = (double)x.Rows * x.Pixels;
        int c = 0;
        for (; x.Pixels == 1 && c + Vector<float>.Count <= x.Channels; c += Vector<float>.Count)
        {
            NormalizeAcross(x.Matrix, c, epsilon, mean, variance, s, xHat.Matrix);
        }

        for (; c < x.Channels; c++)
        {
            double shift = float.IsFinite(x[0, c, 0]) ? x[0, c, 0] : 0, sum = 0, squares = 0;
            for (int n = 0; n < x.Rows; n++)
            {
                AddMoments(x.Channel(n, c), shift, ref sum, ref squares);
            }

            double distance = sum / count, v = Math.Max((squares / count) - (distance * distance), 0), factor = 1 / Math.Sqrt(v + epsilon);
            (mean[c], variance[c], s[c]) = ((float)(shift + distance), (float)v, (float)factor);
            for (int n = 0; n < x.Rows; n++)
            {
                Standardize(x.Channel(n, c), shift + distance, factor, xHat.Channel(n, c));
            }
        }
    }

    /// <inheritdoc cref="PlainKernels.NormalizeBy"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void NormalizeBy(
        ReadOnlySpan<float> mean,
        ReadOnlySpan<float> variance,
        in ChannelsView x,
        float epsilon,
        Span<float> s,
        in ChannelsView xHat)
    {
        for (int c = 0; c < x.Channels; c++)
        {
            double factor = 1 / Math.Sqrt((double)variance[c] + epsilon);
            s[c] = (float)factor;
            for (int n = 0; n < x.Rows && x.Pixels != 1; n++)
            {
                Standardize(x.Channel(n, c), mean[c], factor, xHat.Channel(n, c));
            }
        }

        for (int n = 0; n < x.Rows && x.Pixels == 1; n++)
        {
            Map(default(StandardizeOperator), x.Row(n).Span, mean, s, xHat.Row(n).Span);
        }
    }

    private readonly struct StandardizeOperator : ITernaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Invoke<T>(T x, T mean, T s)
            where T : unmanaged, IVector<T> => (x - mean) * s;
    }

    /// <inheritdoc cref="PlainKernels.NormalizeBackward"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void NormalizeBackward(in ChannelsView xHat, ReadOnlySpan<float> s, in ChannelsView dXHat, in ChannelsView dX)
    {
        double count = (double)dX.Rows * dX.Pixels;
        Span<float> to = dX.Matrix.Span;
        fixed (float* px = xHat.Matrix.Span[..to.Length], ps = s[..dX.Channels], pd = dXHat.Matrix.Span[..to.Length], pto = to)
        {
            if (dX.Pixels == 1)
            {
                ForEach(new NormalizeGradientByColumns(px, ps, pd, pto, dX.Rows, dX.Channels), dX.Channels);
                return;
            }

            for (int c = 0; c < dX.Channels; c++)
            {
                double sum = SumOfPixels(pd, null, c, dX.Rows, dX.Channels, dX.Pixels),
                    dot = SumOfPixels(pd, px, c, dX.Rows, dX.Channels, dX.Pixels);
                var slope = new NormalizeGradient((float)(sum / count), (float)(dot / count), s[c]);
                for (int n = 0; n < dX.Rows; n++)
                {
                    Map(slope, dX.Channel(n, c), xHat.Channel(n, c), dXHat.Channel(n, c), dX.Channel(n, c));
                }
            }
        }
    }

    // dX + s·(dX̂ − mean − x̂·dot)
    private readonly struct NormalizeGradient(float mean, float dot, float s) : ITernaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Invoke<T>(T dX, T xHat, T dXHat)
            where T : unmanaged, IVector<T> => T.MultiplyAdd(dXHat - T.Broadcast(mean) - (xHat * T.Broadcast(dot)), T.Broadcast(s), dX);
    }

    // The same if each column is a channel, for as many channels as a vector has lanes.
    private readonly struct NormalizeGradientByColumns(
        float* xHat,
        float* s,
        float* dXHat,
        float* dX,
        int rows,
        nint columns) : IElementLoop
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Invoke<T>(nint c, int count)
            where T : unmanaged, IVector<T>
        {
            T sum = T.Broadcast(0), dot = sum, factor = Load<T>(s + c, count);
            nint end = c + (rows * columns);
            for (nint i = c; i < end; i += columns)
            {
                T d = Load<T>(dXHat + i, count);
                sum += d;
                dot = T.MultiplyAdd(d, Load<T>(xHat + i, count), dot);
            }

            (sum, dot) = (sum / T.Broadcast(rows), dot / T.Broadcast(rows));
            for (nint i = c; i < end; i += columns)
            {
                T d = Load<T>(dXHat + i, count) - sum - (Load<T>(xHat + i, count) * dot);
                Store(dX + i, T.MultiplyAdd(factor, d, Load<T>(dX + i, count)), count);
            }
        }
    }

    /// <summary>Normalizes as many channels as a vector has lanes, from c on; each channel is a column of x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void NormalizeAcross(
        in MatrixView x,
        int c,
        float epsilon,
        Span<float> mean,
        Span<float> variance,
        Span<float> s,
        in MatrixView xHat)
    {
        var first = new Vector<float>(x.Row(0)[c..]);
        Vector.Widen(
            Vector.ConditionalSelect(Vector.Equals(first - first, Vector<float>.Zero), first, Vector<float>.Zero),
            out Vector<double> shift0,
            out Vector<double> shift1);
        Vector<double> sum0 = default, sum1 = default, squares0 = default, squares1 = default;
        for (int n = 0; n < x.Rows; n++)
        {
            Vector.Widen(new Vector<float>(x.Row(n)[c..]), out Vector<double> x0, out Vector<double> x1);
            (x0, x1) = (x0 - shift0, x1 - shift1);
            (sum0, sum1) = (sum0 + x0, sum1 + x1);
            (squares0, squares1) = (squares0 + (x0 * x0), squares1 + (x1 * x1));
        }

        var count = new Vector<double>(x.Rows);
        (sum0, sum1) = (sum0 / count, sum1 / count);
        Vector<double> v0 = Vector.Max((squares0 / count) - (sum0 * sum0), Vector<double>.Zero),
            v1 = Vector.Max((squares1 / count) - (sum1 * sum1), Vector<double>.Zero);
        Vector<double> s0 = Vector<double>.One / Vector.SquareRoot(v0 + new Vector<double>(epsilon)),
            s1 = Vector<double>.One / Vector.SquareRoot(v1 + new Vector<double>(epsilon));
        Vector<double> mean0 = shift0 + sum0, mean1 = shift1 + sum1;
        Vector.Narrow(mean0, mean1).CopyTo(mean[c..]);
        Vector.Narrow(v0, v1).CopyTo(variance[c..]);
        Vector.Narrow(s0, s1).CopyTo(s[c..]);
        for (int n = 0; n < x.Rows; n++)
        {
            Vector.Widen(new Vector<float>(x.Row(n)[c..]), out Vector<double> x0, out Vector<double> x1);
            Vector.Narrow((x0 - mean0) * s0, (x1 - mean1) * s1).CopyTo(xHat.Row(n)[c..]);
        }
    }

    /// <summary>sum += Σ (x − shift);  squares += Σ (x − shift)²</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void AddMoments(ReadOnlySpan<float> x, double shift, ref double sum, ref double squares)
    {
        ReadOnlySpan<Vector<float>> xs = Vectors(x);
        Vector<double> sums0 = default, sums1 = default, squares0 = default, squares1 = default;
        var shifts = new Vector<double>(shift);
        for (int i = 0; i < xs.Length; i++)
        {
            Vector.Widen(xs[i], out Vector<double> x0, out Vector<double> x1);
            (x0, x1) = (x0 - shifts, x1 - shifts);
            (sums0, sums1) = (sums0 + x0, sums1 + x1);
            (squares0, squares1) = (squares0 + (x0 * x0), squares1 + (x1 * x1));
        }

        sum += Vector.Sum(sums0 + sums1);
        squares += Vector.Sum(squares0 + squares1);
        for (int i = xs.Length * Vector<float>.Count; i < x.Length; i++)
        {
            sum += x[i] - shift;
            squares += (x[i] - shift) * (x[i] - shift);
        }
    }

    /// <summary>x̂ = (x − μ)·s</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Standardize(ReadOnlySpan<float> x, double mu, double s, Span<float> xHat)
    {
        ReadOnlySpan<Vector<float>> xs = Vectors(x);
        Span<Vector<float>> xHats = Vectors(xHat);
        var mus = new Vector<double>(mu);
        for (int i = 0; i < xHats.Length; i++)
        {
            Vector.Widen(xs[i], out Vector<double> x0, out Vector<double> x1);
            xHats[i] = Vector.Narrow((x0 - mus) * s, (x1 - mus) * s);
        }

        for (int i = xHats.Length * Vector<float>.Count; i < x.Length; i++)
        {
            xHat[i] = (float)((x[i] - mu) * s);
        }
    }
}
