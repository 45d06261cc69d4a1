using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using MiniNet.Kernels.Vectors;

namespace MiniNet.Kernels;

// A long row is processed alone, with several of its columns per vector. Short rows are interleaved, as many as a vector has lanes:
// each lane then has its own row, one vector holds the same column of all of them, and nothing moves between lanes.
internal static unsafe partial class SimdKernels
{
    private const int MaxInterleavedColumns = 64, MinInterleavedRows = 4, MaxLanes = 16;

    /// <inheritdoc cref="PlainKernels.Softmax"/>
    public static void Softmax(in MatrixView z, in MatrixView p) => SoftmaxRows(z, [], p, logs: false);

    /// <inheritdoc cref="PlainKernels.SoftmaxCrossEntropy"/>
    public static float SoftmaxCrossEntropy(in MatrixView z, ReadOnlySpan<int> classes, in MatrixView p) =>
        (float)(SoftmaxRows(z, classes[..z.Rows], p, logs: false) / z.Rows);

    /// <inheritdoc cref="PlainKernels.LogSoftmax"/>
    public static void LogSoftmax(in MatrixView x, in MatrixView y) => SoftmaxRows(x, [], y, logs: true);

    // Returns the sum of −log pᵢₜ over the classes t, or 0 if there are no classes.
    private static double SoftmaxRows(in MatrixView z, ReadOnlySpan<int> classes, in MatrixView p, bool logs)
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
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static double SoftmaxRows<T>(float* z, ReadOnlySpan<int> classes, float* p, int rows, int columns, bool logs)
        where T : unmanaged, IVector<T>
    {
        float* buffer = stackalloc float[2 * InterleavedBufferFloats];
        double loss = 0;
        for (int i = 0; i < rows; i += T.Count, z += (nint)T.Count * columns, p += (nint)T.Count * columns)
        {
            int count = Math.Min(T.Count, rows - i);
            ReadOnlySpan<int> t = classes.IsEmpty ? [] : classes.Slice(i, count);
            loss += columns <= MaxInterleavedColumns && count >= MinInterleavedRows
                ? SoftmaxInterleaved<T>(z, t, p, count, columns, logs, buffer)
                : SoftmaxRowByRow<T>(z, t, p, count, columns, logs);
        }

        return loss;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static double SoftmaxInterleaved<T>(
        float* z,
        ReadOnlySpan<int> classes,
        float* p,
        int rows,
        int columns,
        bool logs,
        float* buffer)
        where T : unmanaged, IVector<T>
    {
        float* side = AlignedArray.AlignUp(buffer), copy = side + InterleavedBufferFloats;
        Interleave<T>(z, rows, columns, side, copy);
        T score = T.Broadcast(0), t = ClassesOf<T>(classes, columns);
        for (int j = 0; j < columns && !classes.IsEmpty; j++)
        {
            score = T.Select(T.Equals(t, T.Broadcast(j)), T.Load(side + (j * T.Count)), score);
        }

        SoftmaxRow(side, side, columns * T.Count, horizontal: false, logs || !classes.IsEmpty, logs, out T max, out T logSum);
        Deinterleave<T>(side, p, rows, columns, copy);
        return classes.IsEmpty ? 0 : T.SumAsDouble(T.Select(T.FirstLanes(rows), max - score + logSum, T.Broadcast(0)));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static double SoftmaxRowByRow<T>(float* z, ReadOnlySpan<int> classes, float* p, int rows, int columns, bool logs)
        where T : unmanaged, IVector<T>
    {
        double loss = 0;
        for (int i = 0; i < rows; i++, z += columns, p += columns)
        {
            T score = T.Broadcast(classes.IsEmpty ? 0 : z[RequireClassInRange(classes[i], columns)]);
            SoftmaxRow(z, p, columns, horizontal: true, logs || !classes.IsEmpty, logs, out T max, out T logSum);
            loss += classes.IsEmpty ? 0 : T.SumAsDouble(T.Select(T.FirstLanes(1), max - score + logSum, T.Broadcast(0)));
        }

        return loss;
    }

    // Returns the classes as floats, to compare with the column of each lane.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T ClassesOf<T>(ReadOnlySpan<int> classes, int columns)
        where T : unmanaged, IVector<T>
    {
        foreach (int t in classes)
        {
            _ = RequireClassInRange(t, columns);
        }

        return T.FromInts(classes);
    }

    // p = softmax(z), or its logarithm. Returns m and, if requested, log Σ e^(zₖ − m). The 1 that the maximum contributes to the sum is
    // kept separate: if one score is far above the others, adding the tiny rest to 1 would lose its digits. e⁰ is exactly 1 here, so equal
    // scores give equal probabilities. m may miss a NaN: it still reaches the sum through its e, and from there the whole row.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void SoftmaxRow<T>(float* z, float* p, int length, bool horizontal, bool givesLog, bool logs, out T max, out T logSum)
        where T : unmanaged, IVector<T>
    {
        T zero = T.Broadcast(0), one = T.Broadcast(1), m = MaxOf<T>(z, length, horizontal), rest = zero, ones = zero;
        for (int j = 0; j < length; j += T.Count)
        {
            T x = LoadPartialOr<T>(float.NegativeInfinity, z + j, length - j) - m, e = Exp(x), greatest = T.Equals(x, zero);
            rest += T.Select(greatest, zero, e);
            ones += T.Select(greatest, one, zero);
            StorePartial(p + j, logs ? x : e, length - j);
        }

        rest = SumOf(rest, horizontal) + (SumOf(ones, horizontal) - one);
        T factor = one / (one + rest), log = givesLog ? LogP1(rest) : zero;
        for (int j = 0; j < length; j += T.Count)
        {
            T x = LoadPartial<T>(p + j, length - j);
            StorePartial(p + j, logs ? x - log : x * factor, length - j);
        }

        (max, logSum) = (m, log);
    }

    /// <inheritdoc cref="PlainKernels.SoftmaxCrossEntropyBackward"/>
    public static void SoftmaxCrossEntropyBackward(in MatrixView p, ReadOnlySpan<int> classes, float dL, in MatrixView dZ)
    {
        Span<float> to = dZ.Span;
        classes = classes[..dZ.Rows];
        float scale = dL / p.Rows;
        bool adds = !dZ.Overwrite;
        fixed (float* pp = p.Span[..to.Length], pz = to)
        {
            if (Vector512.IsHardwareAccelerated) { SoftmaxCrossEntropyBackward<Floats512>(pp, classes, scale, pz, dZ.Columns, adds); }
            else if (Vector256.IsHardwareAccelerated) { SoftmaxCrossEntropyBackward<Floats256>(pp, classes, scale, pz, dZ.Columns, adds); }
            else { SoftmaxCrossEntropyBackward<Floats128>(pp, classes, scale, pz, dZ.Columns, adds); }
        }
    }

    // dZ += share · p, with −Σ of the row's other probabilities for the true class, because p − 1 would lose digits if p is nearly 1.
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void SoftmaxCrossEntropyBackward<T>(float* p, ReadOnlySpan<int> classes, float share, float* dZ, int columns, bool adds)
        where T : unmanaged, IVector<T>
    {
        float* buffer = stackalloc float[2 * InterleavedBufferFloats], side = AlignedArray.AlignUp(buffer),
            copy = side + InterleavedBufferFloats;
        for (int i = 0; i < classes.Length; i += T.Count, p += (nint)T.Count * columns, dZ += (nint)T.Count * columns)
        {
            ReadOnlySpan<int> t = classes.Slice(i, Math.Min(T.Count, classes.Length - i));
            if (columns > MaxInterleavedColumns || t.Length < MinInterleavedRows)
            {
                SoftmaxCrossEntropyBackwardRowByRow<T>(p, t, share, dZ, columns, adds);
                continue;
            }

            Interleave<T>(p, t.Length, columns, side, copy);
            NegateSumOfOthers(side, ClassesOf<T>(t, columns), columns);
            Deinterleave<T>(side, copy, columns);
            AddScaled<T>(share, copy, dZ, t.Length * columns, adds);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void NegateSumOfOthers<T>(float* side, T classes, int columns)
        where T : unmanaged, IVector<T>
    {
        T minusOthers = T.Broadcast(0);
        for (int j = 0; j < columns; j++)
        {
            minusOthers -= T.Select(T.Equals(classes, T.Broadcast(j)), T.Broadcast(0), T.Load(side + (j * T.Count)));
        }

        for (int j = 0; j < columns; j++)
        {
            T.Select(T.Equals(classes, T.Broadcast(j)), minusOthers, T.Load(side + (j * T.Count))).Store(side + (j * T.Count));
        }
    }

    // A separate method, so that it is compiled only if there are long rows, or few.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void SoftmaxCrossEntropyBackwardRowByRow<T>(
        float* p,
        ReadOnlySpan<int> classes,
        float share,
        float* dZ,
        int columns,
        bool adds)
        where T : unmanaged, IVector<T>
    {
        for (int i = 0; i < classes.Length; i++, p += columns, dZ += columns)
        {
            int t = RequireClassInRange(classes[i], columns);
            float trueOne = (adds ? dZ[t] : 0) - (share * T.Sum(SumOf<T>(p, t) + SumOf<T>(p + t + 1, columns - t - 1)));
            AddScaled<T>(share, p, dZ, columns, adds);
            dZ[t] = trueOne;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddScaled<T>(float scale, float* x, float* sum, int length, bool adds)
        where T : unmanaged, IVector<T>
    {
        T scales = T.Broadcast(scale);
        for (int j = 0; j < length; j += T.Count)
        {
            StorePartial(
                sum + j,
                T.MultiplyAdd(scales, LoadPartial<T>(x + j, length - j), adds ? LoadPartial<T>(sum + j, length - j) : T.Broadcast(0)),
                length - j);
        }
    }

    /// <inheritdoc cref="PlainKernels.SoftmaxBackward"/>
    public static void SoftmaxBackward(in MatrixView y, in MatrixView dY, in MatrixView dX) =>
        ForEachRow(default(SoftmaxGradient), y, dY, dX);

    // Subtracts from dY its element at the largest y. That y has the largest rounding error, and is now multiplied by 0 in the sum. An
    // infinite element is not subtracted: ∞ − ∞ would make slopes NaN that are infinite.
    private readonly struct SoftmaxGradient : IRowOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Invoke<T>(float* y, float* dY, float* dX, int length, bool horizontal)
            where T : unmanaged, IVector<T>
        {
            T max = MaxOf<T>(y, length, horizontal), from = T.Broadcast(float.NegativeInfinity), products = T.Broadcast(0);
            for (int j = 0; j < length; j += T.Count)
            {
                from = T.Select(T.Equals(LoadPartial<T>(y + j, length - j), max), LoadPartial<T>(dY + j, length - j), from);
            }

            from = horizontal ? T.Broadcast(T.MaxAcross(from)) : from;
            from = T.Select(T.Equals(from - from, T.Broadcast(0)), from, T.Broadcast(0));
            for (int j = 0; j < length; j += T.Count)
            {
                products = T.MultiplyAdd(LoadPartial<T>(y + j, length - j), LoadPartial<T>(dY + j, length - j) - from, products);
            }

            T mean = SumOf(products, horizontal);
            for (int j = 0; j < length; j += T.Count)
            {
                T slope = LoadPartial<T>(dY + j, length - j) - from - mean;
                StorePartial(
                    dX + j, T.MultiplyAdd(LoadPartial<T>(y + j, length - j), slope, LoadPartial<T>(dX + j, length - j)), length - j);
            }
        }
    }

    /// <inheritdoc cref="PlainKernels.LogSoftmaxBackward"/>
    public static void LogSoftmaxBackward(in MatrixView y, in MatrixView dY, in MatrixView dX) =>
        ForEachRow(default(LogSoftmaxGradient), y, dY, dX);

    private readonly struct LogSoftmaxGradient : IRowOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Invoke<T>(float* y, float* dY, float* dX, int length, bool horizontal)
            where T : unmanaged, IVector<T>
        {
            T minusSum = T.Broadcast(0) - SumOf(SumOf<T>(dY, length), horizontal);
            for (int j = 0; j < length; j += T.Count)
            {
                T slope = T.MultiplyAdd(minusSum, Exp(LoadPartial<T>(y + j, length - j)), LoadPartial<T>(dY + j, length - j));
                StorePartial(dX + j, LoadPartial<T>(dX + j, length - j) + slope, length - j);
            }
        }
    }

    /// <summary>
    /// Represents an operation on one row of each of three matrices, which may write c. If across is true, the lanes are columns of one
    /// row; otherwise, each lane has its own row.
    /// </summary>
    private interface IRowOperator
    {
        void Invoke<T>(float* a, float* b, float* c, int length, bool horizontal)
            where T : unmanaged, IVector<T>;
    }

    private static void ForEachRow<TRow>(TRow row, in MatrixView a, in MatrixView b, in MatrixView c)
        where TRow : struct, IRowOperator
    {
        Span<float> to = c.Span;
        fixed (float* pa = a.Span[..to.Length], pb = b.Span[..to.Length], pc = to)
        {
            if (Vector512.IsHardwareAccelerated) { ForEachRow<TRow, Floats512>(row, pa, pb, pc, c.Rows, c.Columns); }
            else if (Vector256.IsHardwareAccelerated) { ForEachRow<TRow, Floats256>(row, pa, pb, pc, c.Rows, c.Columns); }
            else { ForEachRow<TRow, Floats128>(row, pa, pb, pc, c.Rows, c.Columns); }
        }
    }

    private static void ForEachRow<TRow, T>(TRow row, float* a, float* b, float* c, int rows, int columns)
        where TRow : struct, IRowOperator
        where T : unmanaged, IVector<T>
    {
        int sideBySide = columns <= MaxInterleavedColumns ? rows - (rows % T.Count < MinInterleavedRows ? rows % T.Count : 0) : 0;
        for (int i = 0; i < rows; i += T.Count)
        {
            int count = Math.Min(T.Count, rows - i);
            if (i < sideBySide)
            {
                Interleaved<TRow, T>(row, a, b, c, count, columns);
            }
            else
            {
                RowByRow<TRow, T>(row, a, b, c, count, columns);
            }
            a += (nint)count * columns;
            b += (nint)count * columns;
            c += (nint)count * columns;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void RowByRow<TRow, T>(TRow row, float* a, float* b, float* c, int rows, int columns)
        where TRow : struct, IRowOperator
        where T : unmanaged, IVector<T>
    {
        for (int i = 0; i < rows; i++, a += columns, b += columns, c += columns)
        {
            row.Invoke<T>(a, b, c, columns, horizontal: true);
        }
    }

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Interleaved<TRow, T>(TRow row, float* a, float* b, float* c, int rows, int columns)
        where TRow : struct, IRowOperator
        where T : unmanaged, IVector<T>
    {
        float* buffer = stackalloc float[4 * InterleavedBufferFloats];
        float* sideA = AlignedArray.AlignUp(buffer), sideB = sideA + InterleavedBufferFloats, sideC = sideB + InterleavedBufferFloats,
            copy = sideC + InterleavedBufferFloats;
        Interleave<T>(a, rows, columns, sideA, copy);
        Interleave<T>(b, rows, columns, sideB, copy);
        Interleave<T>(c, rows, columns, sideC, copy);
        row.Invoke<T>(sideA, sideB, sideC, columns * T.Count, horizontal: false);
        Deinterleave<T>(sideC, c, rows, columns, copy);
    }

    // The number of floats in one block of interleaved short rows.
    private const int InterleavedBufferFloats = (MaxInterleavedColumns * MaxLanes) + MaxLanes;

    // Rows are copied if Transpose would read beyond their end: if they have fewer than four columns, or if there are fewer rows than
    // lanes. Not inlined, so that it is compiled once and not in every kernel that starts with it.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Interleave<T>(float* x, int rows, int columns, float* side, float* copy)
        where T : unmanaged, IVector<T>
    {
        int length = rows * columns;
        for (int j = 0; j < length && (rows < T.Count || columns < 4); j += T.Count)
        {
            StorePartial(copy + j, LoadPartial<T>(x + j, length - j), length - j);
        }

        x = rows < T.Count || columns < 4 ? copy : x;
        for (int j = 0; j < columns; j += 4)
        {
            int from = Math.Max(Math.Min(j, columns - 4), 0); // repeats the last four columns rather than read beyond them
            T.Transpose(x + from, columns, side + (from * T.Count), T.Count);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Deinterleave<T>(float* side, float* x, int rows, int columns, float* copy)
        where T : unmanaged, IVector<T>
    {
        if (rows == T.Count && columns >= 4)
        {
            Deinterleave<T>(side, x, columns);
            return;
        }

        Deinterleave<T>(side, copy, columns);
        int length = rows * columns;
        for (int j = 0; j < length; j += T.Count)
        {
            StorePartial(x + j, LoadPartial<T>(copy + j, length - j), length - j);
        }
    }

    // Writes as many rows as a vector has lanes. It writes four columns even if there are fewer: the next row overwrites the excess, and
    // x needs room for it after the last row.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Deinterleave<T>(float* side, float* x, int columns)
        where T : unmanaged, IVector<T>
    {
        for (int j = 0; j < columns; j += 4)
        {
            int from = Math.Max(Math.Min(j, columns - 4), 0);
            T.TransposeBack(side + (from * T.Count), T.Count, x + from, columns);
        }
    }

    // The maximum of all elements, or per lane. If there is a NaN, the result is NaN or any other element.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T MaxOf<T>(float* x, int length, bool horizontal)
        where T : unmanaged, IVector<T>
    {
        T max = T.Broadcast(float.NegativeInfinity), max2 = max;
        int j = 0;
        for (; j <= length - (2 * T.Count); j += 2 * T.Count)
        {
            max = T.MaxNumber(max, T.Load(x + j));
            max2 = T.MaxNumber(max2, T.Load(x + j + T.Count));
        }

        for (; j < length; j += T.Count)
        {
            max = T.MaxNumber(max, LoadPartialOr<T>(float.NegativeInfinity, x + j, length - j));
        }

        max = T.MaxNumber(max, max2);
        return horizontal ? T.Broadcast(T.MaxAcross(max)) : max;
    }

    // Returns one partial sum per lane.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T SumOf<T>(float* x, int length)
        where T : unmanaged, IVector<T>
    {
        T sum = T.Broadcast(0), sum2 = sum;
        int j = 0;
        for (; j <= length - (2 * T.Count); j += 2 * T.Count)
        {
            sum += T.Load(x + j);
            sum2 += T.Load(x + j + T.Count);
        }

        for (; j < length; j += T.Count)
        {
            sum += LoadPartial<T>(x + j, length - j);
        }

        return sum + sum2;
    }

    // If across is true, all lanes belong to one sum.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T SumOf<T>(T sums, bool horizontal)
        where T : unmanaged, IVector<T> => horizontal ? T.Broadcast(T.Sum(sums)) : sums;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int RequireClassInRange(int t, int columns)
    {
        if ((uint)t >= (uint)columns)
        {
            ThrowClassOutOfRange(t, columns);
        }

        return t;
    }

    private static void ThrowClassOutOfRange(int t, int columns) =>
        throw new ArgumentOutOfRangeException(nameof(t), t, $"The class must be from 0 to {columns - 1}.");
}
