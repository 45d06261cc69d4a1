using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;

namespace MiniNet.Kernels;

// Over a batch the sums are in double, so that a mean keeps its digits however large the batch.
internal static partial class SimdKernels
{
    /// <inheritdoc cref="PlainKernels.Softmax"/>
    public static void Softmax(MatrixView z, MatrixView p)
    {
        for (int i = 0; i < z.Rows; i++)
        {
            SoftmaxRow(z.Row(i), p.Row(i));
        }
    }

    /// <inheritdoc cref="PlainKernels.SoftmaxCrossEntropy"/>
    public static float SoftmaxCrossEntropy(MatrixView z, ReadOnlySpan<int> classes, MatrixView p)
    {
        double loss = 0;
        for (int i = 0; i < z.Rows; i++)
        {
            (float max, double logSum) = SoftmaxRow(z.Row(i), p.Row(i));
            loss -= (double)z[i, classes[i]] - max - logSum;
        }

        return (float)(loss / z.Rows);
    }

    /// <inheritdoc cref="PlainKernels.CrossEntropy"/>
    public static float CrossEntropy(MatrixView z, MatrixView a, MatrixView p)
    {
        double loss = 0;
        for (int i = 0; i < z.Rows; i++)
        {
            (float max, double logSum) = SoftmaxRow(z.Row(i), p.Row(i));
            ReadOnlySpan<float> zs = z.Row(i), shares = a.Row(i);
            for (int j = 0; j < zs.Length; j++)
            {
                loss -= shares[j] * Math.Max((double)zs[j] - max - logSum, double.MinValue);
            }
        }

        return (float)loss;
    }

    // TensorPrimitives.SoftMax does not subtract the maximum, and so gives NaN where an exponential overflows. Its e⁰ is 1 and a unit in the last place,
    // for all scores that are the greatest alike, so that equal scores stay equal probabilities; the logarithm is told of the rest alone, which
    // in a row that is sure of its class is less than that unit.
    private static (float Max, double LogSum) SoftmaxRow(ReadOnlySpan<float> z, Span<float> p)
    {
        int top = TensorPrimitives.IndexOfMax(z);
        float max = z[top];
        TensorPrimitives.Subtract(z, max, p);
        TensorPrimitives.Exp(p, p);
        float one = p[top], rest = SumOfOthers(p, top);
        TensorPrimitives.Divide(p, one + rest, p);
        return (max, LogOf1Plus(rest));
    }

    private static float SumOfOthers(ReadOnlySpan<float> x, int but) => TensorPrimitives.Sum(x[..but]) + TensorPrimitives.Sum(x[(but + 1)..]);

    private static double LogOf1Plus(double x)
    {
        double sum = 1 + x;
        return sum == 1 ? x : Math.Log(sum) * (x / (sum - 1));
    }

    private static Vector<double> LogOf1Plus(Vector<double> x)
    {
        Vector<double> sum = Vector<double>.One + x;
        return Vector.ConditionalSelect(Vector.Equals(sum, Vector<double>.One), x, Vector.Log(sum) * (x / (sum - Vector<double>.One)));
    }

    /// <inheritdoc cref="PlainKernels.SoftmaxCrossEntropyBackward"/>
    public static void SoftmaxCrossEntropyBackward(MatrixView p, ReadOnlySpan<int> classes, float dL, MatrixView dZ)
    {
        float share = dL / p.Rows;
        for (int i = 0; i < p.Rows; i++)
        {
            Span<float> row = p.Row(i), dRow = dZ.Row(i);
            int t = classes[i];
            float before = dRow[t];
            TensorPrimitives.MultiplyAdd(row, share, dRow, dRow);
            dRow[t] = before - (share * SumOfOthers(row, t));
        }
    }

    /// <inheritdoc cref="PlainKernels.CrossEntropyBackward"/>
    public static void CrossEntropyBackward(MatrixView p, MatrixView a, float dL, MatrixView dZ)
    {
        for (int i = 0; i < p.Rows; i++)
        {
            Span<float> row = p.Row(i), shares = a.Row(i), dRow = dZ.Row(i);
            int top = TensorPrimitives.IndexOfMax<float>(row);
            float atTop = dRow[top] + (dL * ((row[top] * SumOfOthers(shares, top)) - (shares[top] * SumOfOthers(row, top))));
            var sum = new Vector<float>(TensorPrimitives.Sum<float>(shares));
            for (int j = 0; j < row.Length; j += Vector<float>.Count)
            {
                Vector<float> pj = VectorAt(row, j), aj = VectorAt(shares, j);
                AddAt(dRow, j, dL * ((pj * (sum - aj)) - (aj * (Vector<float>.One - pj))));
            }

            dRow[top] = atTop;
        }
    }

    /// <inheritdoc cref="PlainKernels.BinaryCrossEntropy"/>
    public static float BinaryCrossEntropy(ReadOnlySpan<float> z, ReadOnlySpan<float> t, ReadOnlySpan<float> w)
    {
        const float Beyond = -1e4f; // where t is 0 the loss of such a score is exactly 0
        int columns = w.IsEmpty ? z.Length : w.Length;
        Vector<double> sums = Vector<double>.Zero;
        for (int first = 0; first < z.Length; first += columns)
        {
            ReadOnlySpan<float> zs = z.Slice(first, columns), ts = t.Slice(first, columns);
            for (int j = 0; j < columns; j += Vector<float>.Count)
            {
                Vector.Widen(VectorAt(zs, j, Beyond), out Vector<double> zLow, out Vector<double> zHigh);
                Vector.Widen(VectorAt(ts, j), out Vector<double> tLow, out Vector<double> tHigh);
                Vector.Widen(w.IsEmpty ? Vector<float>.One : VectorAt(w, j), out Vector<double> wLow, out Vector<double> wHigh);
                sums += BinaryCrossEntropy(zLow, tLow, wLow) + BinaryCrossEntropy(zHigh, tHigh, wHigh);
            }
        }

        return (float)(Vector.Sum(sums) / z.Length);
    }

    private static Vector<double> BinaryCrossEntropy(Vector<double> z, Vector<double> t, Vector<double> w)
    {
        Vector<double> bend = LogOf1Plus(Vector.Exp(-Vector.Abs(z)));
        return (w * t * (Vector.Max(-z, Vector<double>.Zero) + bend)) + ((Vector<double>.One - t) * (Vector.Max(z, Vector<double>.Zero) + bend));
    }

    /// <inheritdoc cref="PlainKernels.BinaryCrossEntropyBackward"/>
    public static void BinaryCrossEntropyBackward(ReadOnlySpan<float> z, ReadOnlySpan<float> t, ReadOnlySpan<float> w, float dL, Span<float> dZ)
    {
        int columns = w.IsEmpty ? z.Length : w.Length;
        float share = dL / z.Length;
        for (int first = 0; first < z.Length; first += columns)
        {
            ReadOnlySpan<float> zs = z.Slice(first, columns), ts = t.Slice(first, columns);
            for (int j = 0; j < columns; j += Vector<float>.Count)
            {
                Vector<float> zj = VectorAt(zs, j), tj = VectorAt(ts, j), wj = w.IsEmpty ? Vector<float>.One : VectorAt(w, j);
                Vector<float> e = Vector.Exp(-Vector.Abs(zj)), likely = Vector<float>.One / (Vector<float>.One + e), unlikely = e * likely;
                Vector<int> positive = Vector.GreaterThan(zj, Vector<float>.Zero);
                Vector<float> yes = Vector.ConditionalSelect(positive, likely, unlikely), no = Vector.ConditionalSelect(positive, unlikely, likely);
                AddAt(dZ.Slice(first, columns), j, share * (((Vector<float>.One - tj) * yes) - (wj * tj * no)));
            }
        }
    }

    /// <inheritdoc cref="PlainKernels.MeanSquaredError"/>
    public static float MeanSquaredError(ReadOnlySpan<float> p, ReadOnlySpan<float> t)
    {
        Vector<double> sums = Vector<double>.Zero;
        for (int i = 0; i < p.Length; i += Vector<float>.Count)
        {
            Vector.Widen(VectorAt(p, i) - VectorAt(t, i), out Vector<double> low, out Vector<double> high);
            sums += (low * low) + (high * high);
        }

        return (float)(Vector.Sum(sums) / p.Length);
    }

    /// <inheritdoc cref="PlainKernels.MeanSquaredErrorBackward"/>
    public static void MeanSquaredErrorBackward(ReadOnlySpan<float> p, ReadOnlySpan<float> t, float dL, Span<float> dP)
    {
        float share = dL * 2 / p.Length;
        for (int i = 0; i < p.Length; i += Vector<float>.Count)
        {
            AddAt(dP, i, share * (VectorAt(p, i) - VectorAt(t, i)));
        }
    }

    /// <inheritdoc cref="PlainKernels.MeanAbsoluteError"/>
    public static float MeanAbsoluteError(ReadOnlySpan<float> p, ReadOnlySpan<float> t)
    {
        Vector<double> sums = Vector<double>.Zero;
        for (int i = 0; i < p.Length; i += Vector<float>.Count)
        {
            Vector.Widen(Vector.Abs(VectorAt(p, i) - VectorAt(t, i)), out Vector<double> low, out Vector<double> high);
            sums += low + high;
        }

        return (float)(Vector.Sum(sums) / p.Length);
    }

    /// <inheritdoc cref="PlainKernels.MeanAbsoluteErrorBackward"/>
    public static void MeanAbsoluteErrorBackward(ReadOnlySpan<float> p, ReadOnlySpan<float> t, float dL, Span<float> dP)
    {
        var share = new Vector<float>(dL / p.Length);
        for (int i = 0; i < p.Length; i += Vector<float>.Count)
        {
            Vector<float> r = VectorAt(p, i) - VectorAt(t, i);
            Vector<float> orLess = Vector.ConditionalSelect(Vector.LessThan(r, Vector<float>.Zero), -share, r); // here r may be 0 or NaN, and stays that
            AddAt(dP, i, Vector.ConditionalSelect(Vector.GreaterThan(r, Vector<float>.Zero), share, orLess));
        }
    }

    /// <inheritdoc cref="PlainKernels.Huber"/>
    public static float Huber(ReadOnlySpan<float> p, ReadOnlySpan<float> t, float delta)
    {
        Vector<double> sums = Vector<double>.Zero;
        for (int i = 0; i < p.Length; i += Vector<float>.Count)
        {
            Vector.Widen(Vector.Abs(VectorAt(p, i) - VectorAt(t, i)), out Vector<double> low, out Vector<double> high);
            sums += Huber(low, delta) + Huber(high, delta);
        }

        return (float)(Vector.Sum(sums) / p.Length);
    }

    // Both cases in one: h = c(|r| − c/2) with c = min(|r|, δ).
    private static Vector<double> Huber(Vector<double> r, double delta)
    {
        Vector<double> c = Vector.Min(r, new Vector<double>(delta));
        return c * (r - (0.5 * c));
    }

    /// <inheritdoc cref="PlainKernels.HuberBackward"/>
    public static void HuberBackward(ReadOnlySpan<float> p, ReadOnlySpan<float> t, float delta, float dL, Span<float> dP)
    {
        Vector<float> least = new(-delta), most = new(delta);
        float share = dL / p.Length;
        for (int i = 0; i < p.Length; i += Vector<float>.Count)
        {
            AddAt(dP, i, share * Vector.Max(least, Vector.Min(VectorAt(p, i) - VectorAt(t, i), most)));
        }
    }

    /// <inheritdoc cref="PlainKernels.KullbackLeibler"/>
    public static float KullbackLeibler(ReadOnlySpan<float> x, ReadOnlySpan<float> t, int n)
    {
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
        TensorPrimitives.MultiplyAdd(t, -dL / n, dX, dX);

    // What lies beyond the end counts as 0, or as is said.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<float> VectorAt(ReadOnlySpan<float> x, int i, float beyond = 0) =>
        i + Vector<float>.Count <= x.Length ? new Vector<float>(x[i..]) : LastVector(x[i..], beyond);

    private static Vector<float> LastVector(ReadOnlySpan<float> x, float beyond)
    {
        Span<float> last = stackalloc float[Vector<float>.Count];
        last.Fill(beyond);
        x.CopyTo(last);
        return new Vector<float>(last);
    }

    // What would be added beyond the end is dropped.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddAt(Span<float> y, int i, Vector<float> terms)
    {
        if (i + Vector<float>.Count <= y.Length)
        {
            (new Vector<float>(y[i..]) + terms).CopyTo(y[i..]);
            return;
        }

        for (int j = i; j < y.Length; j++)
        {
            y[j] += terms[j - i];
        }
    }
}
