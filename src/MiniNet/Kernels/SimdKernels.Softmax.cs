using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using MiniNet.Kernels.Vectors;

namespace MiniNet.Kernels;

// A long row goes through the vectors by itself, its columns side by side. Of short rows, as many as a vector has places are laid side by side, so that
// each place has a row of its own and no number needs to cross over to another: then the "row" is a vector wide and as long as there are columns.
internal static unsafe partial class SimdKernels
{
    private const int Short = 64, Widest = 16;

    /// <inheritdoc cref="PlainKernels.Softmax"/>
    public static void Softmax(MatrixView z, MatrixView p) => SoftmaxRows(z, [], p, logs: false);

    /// <inheritdoc cref="PlainKernels.SoftmaxCrossEntropy"/>
    public static float SoftmaxCrossEntropy(MatrixView z, ReadOnlySpan<int> classes, MatrixView p) =>
        (float)(SoftmaxRows(z, classes[..z.Rows], p, logs: false) / z.Rows);

    /// <inheritdoc cref="PlainKernels.LogSoftmax"/>
    public static void LogSoftmax(MatrixView x, MatrixView y) => SoftmaxRows(x, [], y, logs: true);

    // Returns the sum of −log pᵢₜ over the classes t, where there are any.
    private static double SoftmaxRows(MatrixView z, ReadOnlySpan<int> classes, MatrixView p, bool logs)
    {
        Span<float> to = p.Span;
        fixed (float* pz = z.Span[..to.Length], pp = to)
        {
            return Vector512.IsHardwareAccelerated ? SoftmaxRows<Floats512>(pz, classes, pp, p.Rows, p.Columns, logs)
                : Vector256.IsHardwareAccelerated ? SoftmaxRows<Floats256>(pz, classes, pp, p.Rows, p.Columns, logs)
                : SoftmaxRows<Floats128>(pz, classes, pp, p.Rows, p.Columns, logs);
        }
    }

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double SoftmaxRows<T>(float* z, ReadOnlySpan<int> classes, float* p, int rows, int columns, bool logs)
        where T : unmanaged, IVector<T>
    {
        float* scores = stackalloc float[Widest], maxima = stackalloc float[Widest], others = stackalloc float[Widest];
        float* buffer = stackalloc float[2 * SideBySideLength];
        double loss = 0;
        for (int i = 0; i < rows; i += T.Count)
        {
            int count = Math.Min(T.Count, rows - i);
            for (int k = 0; k < count && i + k < classes.Length; k++)
            {
                scores[k] = z[((nint)k * columns) + Within(classes[i + k], columns)];
            }

            if (columns <= Short)
            {
                SoftmaxSideBySide<T>(z, p, count, columns, logs, maxima, others, buffer);
            }
            else
            {
                SoftmaxOneByOne<T>(z, p, count, columns, logs, maxima, others);
            }

            loss += classes.IsEmpty ? 0 : T.WideSum(T.Load(maxima, count) - T.Load(scores, count) + LogOf1Plus(T.Load(others, count)));
            z += (nint)count * columns;
            p += (nint)count * columns;
        }

        return loss;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SoftmaxSideBySide<T>(float* z, float* p, int rows, int columns, bool logs, float* maxima, float* others, float* buffer)
        where T : unmanaged, IVector<T>
    {
        float* side = LaySideBySide<T>(z, rows, columns, buffer);
        (T max, T rest) = SoftmaxRow<T>(side, side, columns * T.Count, across: false, logs);
        max.Store(maxima);
        rest.Store(others);
        LayBack<T>(side, p, rows, columns, buffer);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SoftmaxOneByOne<T>(float* z, float* p, int rows, int columns, bool logs, float* maxima, float* others)
        where T : unmanaged, IVector<T>
    {
        for (int i = 0; i < rows; i++, z += columns, p += columns)
        {
            (T max, T rest) = SoftmaxRow<T>(z, p, columns, across: true, logs);
            max.Store(maxima + i, 1);
            rest.Store(others + i, 1);
        }
    }

    // p = softmax(z), or its logarithm. Returns m and Σ e^(zₖ − m) less the one 1 among them, from the greatest score: in a row that is sure of its class this
    // rest is so little that 1 + little would lose it. e⁰ is exactly 1 here, so equal scores stay equal probabilities.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (T Max, T Others) SoftmaxRow<T>(float* z, float* p, int length, bool across, bool logs)
        where T : unmanaged, IVector<T>
    {
        T zero = T.All(0), one = T.All(1), max = T.All(float.NegativeInfinity), rest = zero, ones = zero;
        for (int j = 0; j < length; j += T.Count)
        {
            max = T.Max(max, LoadOr<T>(float.NegativeInfinity, z + j, length - j));
        }

        max = across ? T.All(T.Greatest(max)) : max;
        for (int j = 0; j < length; j += T.Count)
        {
            T x = LoadOr<T>(float.NegativeInfinity, z + j, length - j) - max, e = Exp(x), greatest = T.Equals(x, zero);
            rest += T.Select(greatest, zero, e);
            ones += T.Select(greatest, one, zero);
            StoreUpTo(p + j, logs ? x : e, length - j);
        }

        rest = across ? T.All(T.Sum(rest) + (T.Sum(ones) - 1)) : rest + (ones - one);
        T factor = one / (one + rest), log = logs ? LogOf1Plus(rest) : zero;
        for (int j = 0; j < length; j += T.Count)
        {
            T x = LoadUpTo<T>(p + j, length - j);
            StoreUpTo(p + j, logs ? x - log : x * factor, length - j);
        }

        return (max, rest);
    }

    /// <inheritdoc cref="PlainKernels.SoftmaxCrossEntropyBackward"/>
    public static void SoftmaxCrossEntropyBackward(MatrixView p, ReadOnlySpan<int> classes, float dL, MatrixView dZ)
    {
        Span<float> to = dZ.Span;
        classes = classes[..dZ.Rows];
        fixed (float* pp = p.Span[..to.Length], pz = to)
        {
            if (Vector512.IsHardwareAccelerated) { SoftmaxCrossEntropyBackward<Floats512>(pp, classes, dL / p.Rows, pz, dZ.Columns); }
            else if (Vector256.IsHardwareAccelerated) { SoftmaxCrossEntropyBackward<Floats256>(pp, classes, dL / p.Rows, pz, dZ.Columns); }
            else { SoftmaxCrossEntropyBackward<Floats128>(pp, classes, dL / p.Rows, pz, dZ.Columns); }
        }
    }

    // All rows alike, as if no class were true; and before and after, what is to stand at the true ones.
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SoftmaxCrossEntropyBackward<T>(float* p, ReadOnlySpan<int> classes, float share, float* dZ, int columns)
        where T : unmanaged, IVector<T>
    {
        float* others = stackalloc float[Widest], buffer = stackalloc float[2 * SideBySideLength];
        for (int i = 0; i < classes.Length; i += T.Count)
        {
            ReadOnlySpan<int> t = classes.Slice(i, Math.Min(T.Count, classes.Length - i));
            if (columns <= Short)
            {
                float* side = LaySideBySide<T>(p, t.Length, columns, buffer);
                for (int k = 0; k < t.Length; k++)
                {
                    side[(Within(t[k], columns) * T.Count) + k] = 0;
                }

                SumOf<T>(side, columns * T.Count).Store(others);
            }

            for (int k = 0; k < t.Length; k++)
            {
                nint row = (nint)k * columns, at = row + Within(t[k], columns);
                if (columns > Short)
                {
                    others[k] = T.Sum(SumOf<T>(p + row, t[k])) + T.Sum(SumOf<T>(p + at + 1, columns - t[k] - 1));
                }

                others[k] = dZ[at] - (share * others[k]);
            }

            nint length = (nint)t.Length * columns;
            T shares = T.All(share);
            for (nint j = 0; j < length; j += T.Count)
            {
                StoreUpTo(dZ + j, T.MultiplyAdd(shares, LoadUpTo<T>(p + j, length - j), LoadUpTo<T>(dZ + j, length - j)), length - j);
            }

            for (int k = 0; k < t.Length; k++)
            {
                dZ[((nint)k * columns) + t[k]] = others[k];
            }

            p += length;
            dZ += length;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T GreatestOf<T>(float* x, int length)
        where T : unmanaged, IVector<T>
    {
        T max = T.All(float.NegativeInfinity);
        for (int j = 0; j < length; j += T.Count)
        {
            max = T.Max(max, LoadOr<T>(float.NegativeInfinity, x + j, length - j));
        }

        return T.All(T.Greatest(max));
    }

    // As many places as a vector has, each with a part of the sum.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T SumOf<T>(float* x, int length)
        where T : unmanaged, IVector<T>
    {
        T sum = T.All(0);
        for (int j = 0; j < length; j += T.Count)
        {
            sum += LoadUpTo<T>(x + j, length - j);
        }

        return sum;
    }

    /// <inheritdoc cref="PlainKernels.SoftmaxBackward"/>
    public static void SoftmaxBackward(MatrixView y, MatrixView dY, MatrixView dX) => ForEachRow(default(SoftmaxSlope), y, dY, dX);

    // dY is counted from its element at the greatest y: that y, whose rounding is the largest, then meets a 0 in the sum.
    private readonly struct SoftmaxSlope : IRow
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void At<T>(float* y, float* dY, float* dX, int length)
            where T : unmanaged, IVector<T>
        {
            T max = GreatestOf<T>(y, length), from = T.All(float.NegativeInfinity), products = T.All(0);
            for (int j = 0; j < length; j += T.Count)
            {
                from = T.Select(T.Equals(LoadUpTo<T>(y + j, length - j), max), LoadUpTo<T>(dY + j, length - j), from);
            }

            from = T.All(T.Greatest(from));
            for (int j = 0; j < length; j += T.Count)
            {
                products = T.MultiplyAdd(LoadUpTo<T>(y + j, length - j), LoadUpTo<T>(dY + j, length - j) - from, products);
            }

            T mean = T.All(T.Sum(products));
            for (int j = 0; j < length; j += T.Count)
            {
                T slope = LoadUpTo<T>(dY + j, length - j) - from - mean;
                StoreUpTo(dX + j, T.MultiplyAdd(LoadUpTo<T>(y + j, length - j), slope, LoadUpTo<T>(dX + j, length - j)), length - j);
            }
        }
    }

    /// <inheritdoc cref="PlainKernels.LogSoftmaxBackward"/>
    public static void LogSoftmaxBackward(MatrixView y, MatrixView dY, MatrixView dX) => ForEachRow(default(LogSoftmaxSlope), y, dY, dX);

    private readonly struct LogSoftmaxSlope : IRow
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void At<T>(float* y, float* dY, float* dX, int length)
            where T : unmanaged, IVector<T>
        {
            T minusSum = T.All(-T.Sum(SumOf<T>(dY, length)));
            for (int j = 0; j < length; j += T.Count)
            {
                T slope = T.MultiplyAdd(minusSum, Exp(LoadUpTo<T>(y + j, length - j)), LoadUpTo<T>(dY + j, length - j));
                StoreUpTo(dX + j, LoadUpTo<T>(dX + j, length - j) + slope, length - j);
            }
        }
    }

    /// <summary>What is done with a row of each of three matrices; c may be written.</summary>
    private interface IRow
    {
        void At<T>(float* a, float* b, float* c, int length)
            where T : unmanaged, IVector<T>;
    }

    private static void ForEachRow<TRow>(TRow row, MatrixView a, MatrixView b, MatrixView c)
        where TRow : struct, IRow
    {
        Span<float> to = c.Span;
        fixed (float* pa = a.Span[..to.Length], pb = b.Span[..to.Length], pc = to)
        {
            if (Vector512.IsHardwareAccelerated) { ForEachRow<TRow, Floats512>(row, pa, pb, pc, c.Rows, c.Columns); }
            else if (Vector256.IsHardwareAccelerated) { ForEachRow<TRow, Floats256>(row, pa, pb, pc, c.Rows, c.Columns); }
            else { ForEachRow<TRow, Floats128>(row, pa, pb, pc, c.Rows, c.Columns); }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ForEachRow<TRow, T>(TRow row, float* a, float* b, float* c, int rows, int columns)
        where TRow : struct, IRow
        where T : unmanaged, IVector<T>
    {
        for (nint at = 0, end = (nint)rows * columns; at < end; at += columns)
        {
            row.At<T>(a + at, b + at, c + at, columns);
        }
    }

    // Up to a vector of short rows laid side by side, column after column; and with them room for the rows themselves, which are copied where
    // Transpose would read beyond them: where a row has less than its four columns, or where there are fewer rows.
    private const int SideBySideLength = (Short * Widest) + Widest;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float* LaySideBySide<T>(float* x, int rows, int columns, float* buffer)
        where T : unmanaged, IVector<T>
    {
        float* side = (float*)(((nint)buffer + 63) & ~(nint)63), copy = side + SideBySideLength;
        if (rows < T.Count || columns < 4)
        {
            Copy<T>(x, copy, rows * columns);
            x = copy;
        }

        for (int j = 0; j < columns; j += 4)
        {
            int from = Math.Max(Math.Min(j, columns - 4), 0); // the last four columns again, rather than some beyond
            T.Transpose(x + from, columns, side + (from * T.Count), T.Count);
        }

        return side;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void LayBack<T>(float* side, float* x, int rows, int columns, float* buffer)
        where T : unmanaged, IVector<T>
    {
        bool copied = rows < T.Count || columns < 4;
        float* to = copied ? side + SideBySideLength : x;
        for (int j = 0; j < columns; j += 4)
        {
            int from = Math.Max(Math.Min(j, columns - 4), 0);
            T.TransposeBack(side + (from * T.Count), T.Count, to + from, columns);
        }

        if (copied)
        {
            Copy<T>(to, x, rows * columns);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Copy<T>(float* from, float* to, int length)
        where T : unmanaged, IVector<T>
    {
        for (int j = 0; j < length; j += T.Count)
        {
            StoreUpTo(to + j, LoadUpTo<T>(from + j, length - j), length - j);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Within(int t, int columns)
    {
        if ((uint)t >= (uint)columns)
        {
            ThrowNoSuchClass(t, columns);
        }

        return t;
    }

    private static void ThrowNoSuchClass(int t, int columns) =>
        throw new ArgumentOutOfRangeException(nameof(t), t, $"The classes are 0 to {columns - 1}.");
}
