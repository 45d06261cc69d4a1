using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using MiniNet.Kernels.Vectors;

namespace MiniNet.Kernels;

// A long row is processed by itself, with several of its columns per vector. Short rows are interleaved, as many as a vector has lanes:
// each lane then has its own row, one vector holds the same column of all of them, and nothing moves between lanes.
internal static unsafe partial class SimdKernels
{
    private const int Short = 64, Few = 4, Widest = 16;

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
        float* buffer = stackalloc float[2 * SideBySideLength];
        double loss = 0;
        for (int i = 0; i < rows; i += T.Count, z += (nint)T.Count * columns, p += (nint)T.Count * columns)
        {
            int count = Math.Min(T.Count, rows - i);
            ReadOnlySpan<int> t = classes.IsEmpty ? [] : classes.Slice(i, count);
            loss += columns <= Short && count >= Few
                ? SoftmaxSideBySide<T>(z, t, p, count, columns, logs, buffer)
                : SoftmaxOneByOne<T>(z, t, p, count, columns, logs);
        }

        return loss;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static double SoftmaxSideBySide<T>(
        float* z,
        ReadOnlySpan<int> classes,
        float* p,
        int rows,
        int columns,
        bool logs,
        float* buffer)
        where T : unmanaged, IVector<T>
    {
        float* side = AlignedArray.NextLine(buffer), copy = side + SideBySideLength;
        LaySideBySide<T>(z, rows, columns, side, copy);
        T score = T.All(0), t = ClassesOf<T>(classes, columns);
        for (int j = 0; j < columns && !classes.IsEmpty; j++)
        {
            score = T.Select(T.Equals(t, T.All(j)), T.Load(side + (j * T.Count)), score);
        }

        SoftmaxRow(side, side, columns * T.Count, across: false, logs || !classes.IsEmpty, logs, out T max, out T logSum);
        LayBack<T>(side, p, rows, columns, copy);
        return classes.IsEmpty ? 0 : T.WideSum(T.Select(T.First(rows), max - score + logSum, T.All(0)));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static double SoftmaxOneByOne<T>(float* z, ReadOnlySpan<int> classes, float* p, int rows, int columns, bool logs)
        where T : unmanaged, IVector<T>
    {
        double loss = 0;
        for (int i = 0; i < rows; i++, z += columns, p += columns)
        {
            T score = T.All(classes.IsEmpty ? 0 : z[Within(classes[i], columns)]);
            SoftmaxRow(z, p, columns, across: true, logs || !classes.IsEmpty, logs, out T max, out T logSum);
            loss += classes.IsEmpty ? 0 : T.WideSum(T.Select(T.First(1), max - score + logSum, T.All(0)));
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
            _ = Within(t, columns);
        }

        return T.Wholes(classes);
    }

    // p = softmax(z), or its logarithm. Returns m and, if requested, log Σ e^(zₖ − m). The 1 that the maximum contributes to the sum is
    // kept separate: if one score is far above the others, adding the tiny rest to 1 would lose its digits. e⁰ is exactly 1 here, so equal
    // scores give equal probabilities. m may miss a NaN: it still reaches the sum through its e, and from there the whole row.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void SoftmaxRow<T>(float* z, float* p, int length, bool across, bool givesLog, bool logs, out T max, out T logSum)
        where T : unmanaged, IVector<T>
    {
        T zero = T.All(0), one = T.All(1), m = GreatestOf<T>(z, length, across), rest = zero, ones = zero;
        for (int j = 0; j < length; j += T.Count)
        {
            T x = LoadOr<T>(float.NegativeInfinity, z + j, length - j) - m, e = Exp(x), greatest = T.Equals(x, zero);
            rest += T.Select(greatest, zero, e);
            ones += T.Select(greatest, one, zero);
            StoreUpTo(p + j, logs ? x : e, length - j);
        }

        rest = SumOf(rest, across) + (SumOf(ones, across) - one);
        T factor = one / (one + rest), log = givesLog ? LogOf1Plus(rest) : zero;
        for (int j = 0; j < length; j += T.Count)
        {
            T x = LoadUpTo<T>(p + j, length - j);
            StoreUpTo(p + j, logs ? x - log : x * factor, length - j);
        }

        (max, logSum) = (m, log);
    }

    /// <inheritdoc cref="PlainKernels.SoftmaxCrossEntropyBackward"/>
    public static void SoftmaxCrossEntropyBackward(in MatrixView p, ReadOnlySpan<int> classes, float dL, in MatrixView dZ)
    {
        Span<float> to = dZ.Span;
        classes = classes[..dZ.Rows];
        fixed (float* pp = p.Span[..to.Length], pz = to)
        {
            if (Vector512.IsHardwareAccelerated)
            {
                SoftmaxCrossEntropyBackward<Floats512>(pp, classes, dL / p.Rows, pz, dZ.Columns, adds: !dZ.IsZero);
            }
            else if (Vector256.IsHardwareAccelerated)
            {
                SoftmaxCrossEntropyBackward<Floats256>(pp, classes, dL / p.Rows, pz, dZ.Columns, adds: !dZ.IsZero);
            }
            else
            {
                SoftmaxCrossEntropyBackward<Floats128>(pp, classes, dL / p.Rows, pz, dZ.Columns, adds: !dZ.IsZero);
            }
        }
    }

    // dZ += share · p, with −Σ of the row's other probabilities for the true class, because p − 1 would lose digits if p is nearly 1.
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void SoftmaxCrossEntropyBackward<T>(float* p, ReadOnlySpan<int> classes, float share, float* dZ, int columns, bool adds)
        where T : unmanaged, IVector<T>
    {
        float* buffer = stackalloc float[2 * SideBySideLength], side = AlignedArray.NextLine(buffer), copy = side + SideBySideLength;
        for (int i = 0; i < classes.Length; i += T.Count, p += (nint)T.Count * columns, dZ += (nint)T.Count * columns)
        {
            ReadOnlySpan<int> t = classes.Slice(i, Math.Min(T.Count, classes.Length - i));
            if (columns > Short || t.Length < Few)
            {
                SlopesOneByOne<T>(p, t, share, dZ, columns, adds);
                continue;
            }

            LaySideBySide<T>(p, t.Length, columns, side, copy);
            LessOthers(side, ClassesOf<T>(t, columns), columns);
            LayBack<T>(side, copy, columns);
            AddScaled<T>(share, copy, dZ, t.Length * columns, adds);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void LessOthers<T>(float* side, T classes, int columns)
        where T : unmanaged, IVector<T>
    {
        T minusOthers = T.All(0);
        for (int j = 0; j < columns; j++)
        {
            minusOthers -= T.Select(T.Equals(classes, T.All(j)), T.All(0), T.Load(side + (j * T.Count)));
        }

        for (int j = 0; j < columns; j++)
        {
            T.Select(T.Equals(classes, T.All(j)), minusOthers, T.Load(side + (j * T.Count))).Store(side + (j * T.Count));
        }
    }

    // A separate method, so that it is compiled only if there are long rows, or few.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void SlopesOneByOne<T>(float* p, ReadOnlySpan<int> classes, float share, float* dZ, int columns, bool adds)
        where T : unmanaged, IVector<T>
    {
        for (int i = 0; i < classes.Length; i++, p += columns, dZ += columns)
        {
            int t = Within(classes[i], columns);
            float trueOne = (adds ? dZ[t] : 0) - (share * T.Sum(SumOf<T>(p, t) + SumOf<T>(p + t + 1, columns - t - 1)));
            AddScaled<T>(share, p, dZ, columns, adds);
            dZ[t] = trueOne;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddScaled<T>(float scale, float* x, float* sum, int length, bool adds)
        where T : unmanaged, IVector<T>
    {
        T scales = T.All(scale);
        for (int j = 0; j < length; j += T.Count)
        {
            StoreUpTo(
                sum + j,
                T.MultiplyAdd(scales, LoadUpTo<T>(x + j, length - j), adds ? LoadUpTo<T>(sum + j, length - j) : T.All(0)),
                length - j);
        }
    }

    /// <inheritdoc cref="PlainKernels.SoftmaxBackward"/>
    public static void SoftmaxBackward(in MatrixView y, in MatrixView dY, in MatrixView dX) => ForEachRow(default(SoftmaxSlope), y, dY, dX);

    // Subtracts from dY its element at the largest y. That y has the largest rounding error, and is now multiplied by 0 in the sum. An
    // infinite element is not subtracted: ∞ − ∞ would make slopes NaN that are infinite.
    private readonly struct SoftmaxSlope : IRow
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void At<T>(float* y, float* dY, float* dX, int length, bool across)
            where T : unmanaged, IVector<T>
        {
            T max = GreatestOf<T>(y, length, across), from = T.All(float.NegativeInfinity), products = T.All(0);
            for (int j = 0; j < length; j += T.Count)
            {
                from = T.Select(T.Equals(LoadUpTo<T>(y + j, length - j), max), LoadUpTo<T>(dY + j, length - j), from);
            }

            from = across ? T.All(T.Greatest(from)) : from;
            from = T.Select(T.Equals(from - from, T.All(0)), from, T.All(0));
            for (int j = 0; j < length; j += T.Count)
            {
                products = T.MultiplyAdd(LoadUpTo<T>(y + j, length - j), LoadUpTo<T>(dY + j, length - j) - from, products);
            }

            T mean = SumOf(products, across);
            for (int j = 0; j < length; j += T.Count)
            {
                T slope = LoadUpTo<T>(dY + j, length - j) - from - mean;
                StoreUpTo(dX + j, T.MultiplyAdd(LoadUpTo<T>(y + j, length - j), slope, LoadUpTo<T>(dX + j, length - j)), length - j);
            }
        }
    }

    /// <inheritdoc cref="PlainKernels.LogSoftmaxBackward"/>
    public static void LogSoftmaxBackward(in MatrixView y, in MatrixView dY, in MatrixView dX) =>
        ForEachRow(default(LogSoftmaxSlope), y, dY, dX);

    private readonly struct LogSoftmaxSlope : IRow
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void At<T>(float* y, float* dY, float* dX, int length, bool across)
            where T : unmanaged, IVector<T>
        {
            T minusSum = T.All(0) - SumOf(SumOf<T>(dY, length), across);
            for (int j = 0; j < length; j += T.Count)
            {
                T slope = T.MultiplyAdd(minusSum, Exp(LoadUpTo<T>(y + j, length - j)), LoadUpTo<T>(dY + j, length - j));
                StoreUpTo(dX + j, LoadUpTo<T>(dX + j, length - j) + slope, length - j);
            }
        }
    }

    /// <summary>
    /// Represents an operation on one row of each of three matrices, which may write c. If across is true, the lanes are columns of one
    /// row; otherwise, each lane has its own row.
    /// </summary>
    private interface IRow
    {
        void At<T>(float* a, float* b, float* c, int length, bool across)
            where T : unmanaged, IVector<T>;
    }

    private static void ForEachRow<TRow>(TRow row, in MatrixView a, in MatrixView b, in MatrixView c)
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

    private static void ForEachRow<TRow, T>(TRow row, float* a, float* b, float* c, int rows, int columns)
        where TRow : struct, IRow
        where T : unmanaged, IVector<T>
    {
        int sideBySide = columns <= Short ? rows - (rows % T.Count < Few ? rows % T.Count : 0) : 0;
        for (int i = 0; i < rows; i += T.Count)
        {
            int count = Math.Min(T.Count, rows - i);
            if (i < sideBySide)
            {
                SideBySide<TRow, T>(row, a, b, c, count, columns);
            }
            else
            {
                OneByOne<TRow, T>(row, a, b, c, count, columns);
            }
            a += (nint)count * columns;
            b += (nint)count * columns;
            c += (nint)count * columns;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void OneByOne<TRow, T>(TRow row, float* a, float* b, float* c, int rows, int columns)
        where TRow : struct, IRow
        where T : unmanaged, IVector<T>
    {
        for (int i = 0; i < rows; i++, a += columns, b += columns, c += columns)
        {
            row.At<T>(a, b, c, columns, across: true);
        }
    }

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void SideBySide<TRow, T>(TRow row, float* a, float* b, float* c, int rows, int columns)
        where TRow : struct, IRow
        where T : unmanaged, IVector<T>
    {
        float* buffer = stackalloc float[4 * SideBySideLength];
        float* sideA = AlignedArray.NextLine(buffer), sideB = sideA + SideBySideLength, sideC = sideB + SideBySideLength,
            copy = sideC + SideBySideLength;
        LaySideBySide<T>(a, rows, columns, sideA, copy);
        LaySideBySide<T>(b, rows, columns, sideB, copy);
        LaySideBySide<T>(c, rows, columns, sideC, copy);
        row.At<T>(sideA, sideB, sideC, columns * T.Count, across: false);
        LayBack<T>(sideC, c, rows, columns, copy);
    }

    // The number of floats in one block of interleaved short rows.
    private const int SideBySideLength = (Short * Widest) + Widest;

    // Rows are copied if Transpose would read beyond their end: if they have fewer than four columns, or if there are fewer rows than
    // lanes. Not inlined, so that it is compiled once and not in every kernel that starts with it.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void LaySideBySide<T>(float* x, int rows, int columns, float* side, float* copy)
        where T : unmanaged, IVector<T>
    {
        int length = rows * columns;
        for (int j = 0; j < length && (rows < T.Count || columns < 4); j += T.Count)
        {
            StoreUpTo(copy + j, LoadUpTo<T>(x + j, length - j), length - j);
        }

        x = rows < T.Count || columns < 4 ? copy : x;
        for (int j = 0; j < columns; j += 4)
        {
            int from = Math.Max(Math.Min(j, columns - 4), 0); // repeats the last four columns rather than read beyond them
            T.Transpose(x + from, columns, side + (from * T.Count), T.Count);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void LayBack<T>(float* side, float* x, int rows, int columns, float* copy)
        where T : unmanaged, IVector<T>
    {
        if (rows == T.Count && columns >= 4)
        {
            LayBack<T>(side, x, columns);
            return;
        }

        LayBack<T>(side, copy, columns);
        int length = rows * columns;
        for (int j = 0; j < length; j += T.Count)
        {
            StoreUpTo(x + j, LoadUpTo<T>(copy + j, length - j), length - j);
        }
    }

    // Writes as many rows as a vector has lanes. It writes four columns even if there are fewer: the next row overwrites the excess, and
    // x needs room for it after the last row.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void LayBack<T>(float* side, float* x, int columns)
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
    private static T GreatestOf<T>(float* x, int length, bool across)
        where T : unmanaged, IVector<T>
    {
        T max = T.All(float.NegativeInfinity), max2 = max;
        int j = 0;
        for (; j <= length - (2 * T.Count); j += 2 * T.Count)
        {
            max = T.MaxOfNumbers(max, T.Load(x + j));
            max2 = T.MaxOfNumbers(max2, T.Load(x + j + T.Count));
        }

        for (; j < length; j += T.Count)
        {
            max = T.MaxOfNumbers(max, LoadOr<T>(float.NegativeInfinity, x + j, length - j));
        }

        max = T.MaxOfNumbers(max, max2);
        return across ? T.All(T.Greatest(max)) : max;
    }

    // Returns one partial sum per lane.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T SumOf<T>(float* x, int length)
        where T : unmanaged, IVector<T>
    {
        T sum = T.All(0), sum2 = sum;
        int j = 0;
        for (; j <= length - (2 * T.Count); j += 2 * T.Count)
        {
            sum += T.Load(x + j);
            sum2 += T.Load(x + j + T.Count);
        }

        for (; j < length; j += T.Count)
        {
            sum += LoadUpTo<T>(x + j, length - j);
        }

        return sum + sum2;
    }

    // If across is true, all lanes belong to one sum.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T SumOf<T>(T sums, bool across)
        where T : unmanaged, IVector<T> => across ? T.All(T.Sum(sums)) : sums;

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
        throw new ArgumentOutOfRangeException(nameof(t), t, $"The class must be from 0 to {columns - 1}.");
}
