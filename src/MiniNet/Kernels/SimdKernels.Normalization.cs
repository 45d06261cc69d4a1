using System.Numerics;
using System.Numerics.Tensors;

namespace MiniNet.Kernels;

// Means and variances are summed in double precision, in one pass over x − x₀, where x₀ is the channel's first number:
// v = (1/N) Σ (x − x₀)² − ((1/N) Σ (x − x₀))² loses at most a factor N of the sixteen digits, since (x₀ − μ)² ≤ N·v.
// An infinite x₀ is not taken off, for ∞ − ∞ would make a NaN of a mean that is infinite.
// Where a channel is one pixel, the vectors lie across the channels; those left over, and all others, go one by one.
internal static partial class SimdKernels
{
    /// <inheritdoc cref="PlainKernels.Normalize"/>
    public static void Normalize(in ChannelsView x, float epsilon, Span<float> mean, Span<float> variance, Span<float> s, in ChannelsView xHat)
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
    public static void NormalizeBy(ReadOnlySpan<float> mean, ReadOnlySpan<float> variance, in ChannelsView x, float epsilon, Span<float> s, in ChannelsView xHat)
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
            TensorPrimitives.Subtract(x.Row(n).Span, mean, xHat.Row(n).Span);
            TensorPrimitives.Multiply(xHat.Row(n).Span, s, xHat.Row(n).Span);
        }
    }

    /// <inheritdoc cref="PlainKernels.NormalizeBackward"/>
    public static void NormalizeBackward(in ChannelsView xHat, ReadOnlySpan<float> s, in ChannelsView dXHat, in ChannelsView dX)
    {
        double count = (double)dX.Rows * dX.Pixels;
        int c = 0;
        for (; dX.Pixels == 1 && c + Vector<float>.Count <= dX.Channels; c += Vector<float>.Count)
        {
            NormalizeBackwardAcross(xHat.Matrix, new Vector<float>(s[c..]), dXHat.Matrix, dX.Matrix, c);
        }

        for (; c < dX.Channels; c++)
        {
            double sum = 0, dot = 0;
            for (int n = 0; n < dX.Rows; n++)
            {
                sum += TensorPrimitives.Sum<float>(dXHat.Channel(n, c));
                dot += TensorPrimitives.Dot<float>(dXHat.Channel(n, c), xHat.Channel(n, c));
            }

            for (int n = 0; n < dX.Rows; n++)
            {
                AddNormalized(xHat.Channel(n, c), s[c], dXHat.Channel(n, c), (float)(sum / count), (float)(dot / count), dX.Channel(n, c));
            }
        }
    }

    /// <summary>As many channels as a vector holds, from c on; each is a column of x.</summary>
    private static void NormalizeAcross(in MatrixView x, int c, float epsilon, Span<float> mean, Span<float> variance, Span<float> s, in MatrixView xHat)
    {
        var first = new Vector<float>(x.Row(0)[c..]);
        Vector.Widen(Vector.ConditionalSelect(Vector.Equals(first - first, Vector<float>.Zero), first, Vector<float>.Zero), out Vector<double> shift0, out Vector<double> shift1);
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
        Vector<double> v0 = Vector.Max((squares0 / count) - (sum0 * sum0), Vector<double>.Zero), v1 = Vector.Max((squares1 / count) - (sum1 * sum1), Vector<double>.Zero);
        Vector<double> s0 = Vector<double>.One / Vector.SquareRoot(v0 + new Vector<double>(epsilon)), s1 = Vector<double>.One / Vector.SquareRoot(v1 + new Vector<double>(epsilon));
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

    private static void NormalizeBackwardAcross(in MatrixView xHat, Vector<float> s, in MatrixView dXHat, in MatrixView dX, int c)
    {
        Vector<float> sum = default, dot = default;
        for (int n = 0; n < dX.Rows; n++)
        {
            var d = new Vector<float>(dXHat.Row(n)[c..]);
            sum += d;
            dot = Vector.FusedMultiplyAdd(d, new Vector<float>(xHat.Row(n)[c..]), dot);
        }

        (sum, dot) = (sum / dX.Rows, dot / dX.Rows);
        for (int n = 0; n < dX.Rows; n++)
        {
            Span<float> to = dX.Row(n)[c..];
            Vector<float> d = new Vector<float>(dXHat.Row(n)[c..]) - sum - (new Vector<float>(xHat.Row(n)[c..]) * dot);
            (new Vector<float>(to) + (s * d)).CopyTo(to);
        }
    }

    /// <summary>sum += Σ (x − shift);  squares += Σ (x − shift)²</summary>
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

    /// <summary>dX += s·(dX̂ − mean − x̂·dot)</summary>
    private static void AddNormalized(ReadOnlySpan<float> xHat, float s, ReadOnlySpan<float> dXHat, float mean, float dot, Span<float> dX)
    {
        ReadOnlySpan<Vector<float>> xHats = Vectors(xHat), dXHats = Vectors(dXHat);
        Span<Vector<float>> dXs = Vectors(dX);
        var means = new Vector<float>(mean);
        for (int i = 0; i < dXs.Length; i++)
        {
            dXs[i] += (dXHats[i] - means - (xHats[i] * dot)) * s;
        }

        for (int i = dXs.Length * Vector<float>.Count; i < dX.Length; i++)
        {
            dX[i] += (dXHat[i] - mean - (xHat[i] * dot)) * s;
        }
    }
}
