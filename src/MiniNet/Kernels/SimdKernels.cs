using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace MiniNet.Kernels;

/// <summary>
/// The functions of <see cref="PlainKernels"/> over vectors, and the products over threads too. Each is judged by its plain
/// namesake in the tests. An element of a product is summed by one thread in one order, so that the number of threads
/// changes no bit; what is left over after the last whole vector goes to the plain kernel.
/// </summary>
internal static class SimdKernels
{
    /// <inheritdoc cref="PlainKernels.AddProduct"/>
    public static void AddProduct(MatrixView x, MatrixView w, MatrixView y) =>
        WorkerThreads.SplitRows(AddProductRows, x, w, y, multiplications: (long)y.Rows * y.Columns * x.Columns);

    /// <inheritdoc cref="PlainKernels.AddTransposedProduct"/>
    public static void AddTransposedProduct(MatrixView x, MatrixView dY, MatrixView dW) =>
        WorkerThreads.SplitRows(AddTransposedProductRows, x, dY, dW, multiplications: (long)dW.Rows * dW.Columns * x.Rows);

    /// <inheritdoc cref="PlainKernels.AddProductTransposed"/>
    public static void AddProductTransposed(MatrixView dY, MatrixView w, MatrixView dX) =>
        WorkerThreads.SplitRows(AddProductTransposedRows, dY, w, dX, multiplications: (long)dX.Rows * dX.Columns * dY.Columns);

    private static void AddProductRows(MatrixView x, MatrixView w, MatrixView y, int first, int last)
    {
        for (int i = first; i < last; i++)
        {
            Span<float> yRow = y.Row(i);
            for (int k = 0; k < x.Columns; k++)
            {
                TensorPrimitives.MultiplyAdd(w.Row(k), x[i, k], yRow, yRow);
            }
        }
    }

    private static void AddTransposedProductRows(MatrixView x, MatrixView dY, MatrixView dW, int first, int last)
    {
        for (int i = 0; i < x.Rows; i++)
        {
            Span<float> dYRow = dY.Row(i);
            for (int k = first; k < last; k++)
            {
                Span<float> dWRow = dW.Row(k);
                TensorPrimitives.MultiplyAdd(dYRow, x[i, k], dWRow, dWRow);
            }
        }
    }

    private static void AddProductTransposedRows(MatrixView dY, MatrixView w, MatrixView dX, int first, int last)
    {
        for (int i = first; i < last; i++)
        {
            Span<float> dYRow = dY.Row(i);
            for (int k = 0; k < dX.Columns; k++)
            {
                dX[i, k] += TensorPrimitives.Dot<float>(dYRow, w.Row(k));
            }
        }
    }

    /// <inheritdoc cref="PlainKernels.SetRows"/>
    public static void SetRows(ReadOnlySpan<float> b, MatrixView y)
    {
        for (int i = 0; i < y.Rows; i++)
        {
            b.CopyTo(y.Row(i));
        }
    }

    /// <inheritdoc cref="PlainKernels.AddColumnSums"/>
    public static void AddColumnSums(MatrixView dY, Span<float> db)
    {
        for (int i = 0; i < dY.Rows; i++)
        {
            TensorPrimitives.Add(db, dY.Row(i), db);
        }
    }

    /// <inheritdoc cref="PlainKernels.Sum"/>
    public static void Sum(ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> y) => TensorPrimitives.Add(a, b, y);

    /// <inheritdoc cref="PlainKernels.Accumulate"/>
    public static void Accumulate(ReadOnlySpan<float> dY, Span<float> dX) => TensorPrimitives.Add(dX, dY, dX);

    /// <inheritdoc cref="PlainKernels.ReLU"/>
    public static void ReLU(ReadOnlySpan<float> x, Span<float> y) => TensorPrimitives.Max(x, 0f, y);

    /// <inheritdoc cref="PlainKernels.ReLUBackward"/>
    public static void ReLUBackward(ReadOnlySpan<float> x, ReadOnlySpan<float> dY, Span<float> dX)
    {
        ReadOnlySpan<Vector<float>> xs = Vectors(x), dYs = Vectors(dY);
        Span<Vector<float>> dXs = Vectors(dX);
        for (int i = 0; i < dXs.Length; i++)
        {
            dXs[i] += Vector.ConditionalSelect(Vector.GreaterThan(xs[i], Vector<float>.Zero), dYs[i], Vector<float>.Zero);
        }

        int done = dXs.Length * Vector<float>.Count;
        PlainKernels.ReLUBackward(x[done..], dY[done..], dX[done..]);
    }

    /// <inheritdoc cref="PlainKernels.Sigmoid"/>
    public static void Sigmoid(ReadOnlySpan<float> x, Span<float> y)
    {
        if (!x.IsEmpty) // TensorPrimitives takes no empty spans here
        {
            TensorPrimitives.Sigmoid(x, y);
        }
    }

    /// <inheritdoc cref="PlainKernels.SigmoidBackward"/>
    public static void SigmoidBackward(ReadOnlySpan<float> y, ReadOnlySpan<float> dY, Span<float> dX)
    {
        ReadOnlySpan<Vector<float>> ys = Vectors(y), dYs = Vectors(dY);
        Span<Vector<float>> dXs = Vectors(dX);
        for (int i = 0; i < dXs.Length; i++)
        {
            dXs[i] += dYs[i] * ys[i] * (Vector<float>.One - ys[i]);
        }

        int done = dXs.Length * Vector<float>.Count;
        PlainKernels.SigmoidBackward(y[done..], dY[done..], dX[done..]);
    }

    /// <inheritdoc cref="PlainKernels.Tanh"/>
    public static void Tanh(ReadOnlySpan<float> x, Span<float> y) => TensorPrimitives.Tanh(x, y);

    /// <inheritdoc cref="PlainKernels.TanhBackward"/>
    public static void TanhBackward(ReadOnlySpan<float> y, ReadOnlySpan<float> dY, Span<float> dX)
    {
        ReadOnlySpan<Vector<float>> ys = Vectors(y), dYs = Vectors(dY);
        Span<Vector<float>> dXs = Vectors(dX);
        for (int i = 0; i < dXs.Length; i++)
        {
            dXs[i] += dYs[i] * (Vector<float>.One - (ys[i] * ys[i]));
        }

        int done = dXs.Length * Vector<float>.Count;
        PlainKernels.TanhBackward(y[done..], dY[done..], dX[done..]);
    }

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
            (float max, float sum) = SoftmaxRow(z.Row(i), p.Row(i));
            loss -= z[i, classes[i]] - max - MathF.Log(sum);
        }

        return (float)(loss / z.Rows);
    }

    // TensorPrimitives.SoftMax does not subtract the maximum, and so gives NaN where an exponential overflows.
    private static (float Max, float Sum) SoftmaxRow(ReadOnlySpan<float> z, Span<float> p)
    {
        float max = TensorPrimitives.Max(z);
        TensorPrimitives.Subtract(z, max, p);
        TensorPrimitives.Exp(p, p);
        float sum = TensorPrimitives.Sum<float>(p);
        TensorPrimitives.Divide(p, sum, p);
        return (max, sum);
    }

    /// <inheritdoc cref="PlainKernels.SoftmaxCrossEntropyBackward"/>
    public static void SoftmaxCrossEntropyBackward(MatrixView p, ReadOnlySpan<int> classes, float dL, MatrixView dZ)
    {
        float share = dL / p.Rows;
        TensorPrimitives.MultiplyAdd(p.Span, share, dZ.Span, dZ.Span);
        for (int i = 0; i < p.Rows; i++)
        {
            dZ[i, classes[i]] -= share;
        }
    }

    /// <inheritdoc cref="PlainKernels.MeanSquaredError"/>
    public static float MeanSquaredError(ReadOnlySpan<float> p, ReadOnlySpan<float> t)
    {
        float distance = p.IsEmpty ? 0 : TensorPrimitives.Distance(p, t); // it takes no empty spans; the mean of nothing is 0/0, NaN
        return distance * distance / p.Length;
    }

    /// <inheritdoc cref="PlainKernels.MeanSquaredErrorBackward"/>
    public static void MeanSquaredErrorBackward(ReadOnlySpan<float> p, ReadOnlySpan<float> t, float dL, Span<float> dP)
    {
        ReadOnlySpan<Vector<float>> ps = Vectors(p), ts = Vectors(t);
        Span<Vector<float>> dPs = Vectors(dP);
        float share = dL * 2 / p.Length;
        for (int i = 0; i < dPs.Length; i++)
        {
            dPs[i] += (ps[i] - ts[i]) * share;
        }

        for (int i = dPs.Length * Vector<float>.Count; i < p.Length; i++)
        {
            dP[i] += (p[i] - t[i]) * share;
        }
    }

    /// <inheritdoc cref="PlainKernels.MomentumStep"/>
    public static void MomentumStep(Span<float> w, ReadOnlySpan<float> g, Span<float> v, float learningRate, float momentum)
    {
        Span<Vector<float>> ws = Vectors(w), vs = Vectors(v);
        ReadOnlySpan<Vector<float>> gs = Vectors(g);
        for (int i = 0; i < ws.Length; i++)
        {
            vs[i] = (vs[i] * momentum) + gs[i];
            ws[i] -= vs[i] * learningRate;
        }

        int done = ws.Length * Vector<float>.Count;
        PlainKernels.MomentumStep(w[done..], g[done..], v[done..], learningRate, momentum);
    }

    /// <inheritdoc cref="PlainKernels.AdamStep"/>
    public static void AdamStep(Span<float> w, ReadOnlySpan<float> g, Span<float> m, Span<float> v, in AdamFactors factors)
    {
        Span<Vector<float>> ws = Vectors(w), ms = Vectors(m), vs = Vectors(v);
        ReadOnlySpan<Vector<float>> gs = Vectors(g);
        var epsilon = new Vector<float>(factors.Epsilon);
        for (int i = 0; i < ws.Length; i++)
        {
            ms[i] = (ms[i] * factors.Beta1) + (gs[i] * (1 - factors.Beta1));
            vs[i] = (vs[i] * factors.Beta2) + (gs[i] * (1 - factors.Beta2) * gs[i]);
            Vector<float> unbiasedM = ms[i] / factors.Correction1;
            Vector<float> unbiasedV = vs[i] / factors.Correction2;
            ws[i] -= unbiasedM * factors.LearningRate / (Vector.SquareRoot(unbiasedV) + epsilon);
        }

        int done = ws.Length * Vector<float>.Count;
        PlainKernels.AdamStep(w[done..], g[done..], m[done..], v[done..], factors);
    }

    private static Span<Vector<float>> Vectors(Span<float> span) => MemoryMarshal.Cast<float, Vector<float>>(span);

    private static ReadOnlySpan<Vector<float>> Vectors(ReadOnlySpan<float> span) => MemoryMarshal.Cast<float, Vector<float>>(span);
}
