using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using MiniNet.Kernels.Vectors;

namespace MiniNet.Kernels;

/// <summary>
/// The functions of <see cref="PlainKernels"/> over vectors, and the products, convolutions and long loops over threads too. Each is judged by its
/// plain namesake in the tests. An element of a result is summed by one thread in one order, so that the number of threads
/// changes no bit. What is left over after the last whole vector goes through the same code, in a vector filled up with zeros.
/// </summary>
/// <remarks>eˣ counts as 0 below x = −87: an absolute error of at most 2·10⁻³⁸, times what stands before it. A −0 may come out as 0 (ELU, as in PyTorch).</remarks>
internal static unsafe partial class SimdKernels
{
    // Reading an element from memory and writing it back takes about as long as this many multiplications of a product.
    private const long ElementCost = 32;

    /// <summary>What a loop does to the elements from i on: a vector of them, or fewer at the end.</summary>
    private interface ILoop
    {
        void At<T>(nint i, int count)
            where T : unmanaged, IVector<T>;
    }

    // Each sum of so many rows is added to those before it as a whole: one that takes a million rows one by one loses its digits.
    private const int RowsAtATime = 1024;

    /// <inheritdoc cref="PlainKernels.AddColumnSums"/>
    /// <remarks>Where <paramref name="isZero"/>, db counts as 0, whatever stands there.</remarks>
    public static void AddColumnSums(in MatrixView dY, Span<float> db, bool isZero = false)
    {
        fixed (float* from = dY.Span, to = db[..dY.Columns])
        {
            for (int i = 0; i == 0 || i < dY.Rows; i += RowsAtATime)
            {
                bool adds = i > 0 || !isZero;
                float* part = from + ((nint)i * dY.Columns);
                int rows = Math.Min(RowsAtATime, dY.Rows - i);
                if (Vector512.IsHardwareAccelerated) { AddColumnSums<Floats512>(part, to, rows, dY.Columns, adds); }
                else if (Vector256.IsHardwareAccelerated) { AddColumnSums<Floats256>(part, to, rows, dY.Columns, adds); }
                else { AddColumnSums<Floats128>(part, to, rows, dY.Columns, adds); }
            }
        }
    }

    // Four vectors at a time, of columns or else of rows, so that the additions need not wait for one another.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void AddColumnSums<T>(float* dY, float* db, int rows, int columns, bool adds)
        where T : unmanaged, IVector<T>
    {
        float* end = dY + ((nint)rows * columns);
        int j = 0;
        for (; j <= columns - (4 * T.Count); j += 4 * T.Count)
        {
            T sum0 = T.All(0), sum1 = sum0, sum2 = sum0, sum3 = sum0;
            for (float* from = dY + j; from < end; from += columns)
            {
                sum0 += T.Load(from);
                sum1 += T.Load(from + T.Count);
                sum2 += T.Load(from + (2 * T.Count));
                sum3 += T.Load(from + (3 * T.Count));
            }

            (adds ? T.Load(db + j) + sum0 : sum0).Store(db + j);
            (adds ? T.Load(db + j + T.Count) + sum1 : sum1).Store(db + j + T.Count);
            (adds ? T.Load(db + j + (2 * T.Count)) + sum2 : sum2).Store(db + j + (2 * T.Count));
            (adds ? T.Load(db + j + (3 * T.Count)) + sum3 : sum3).Store(db + j + (3 * T.Count));
        }

        for (; j < columns; j += T.Count)
        {
            int count = Math.Min(T.Count, columns - j);
            T sum0 = T.All(0), sum1 = sum0, sum2 = sum0, sum3 = sum0;
            float* from = dY + j;
            for (; end - from >= (3 * (nint)columns) + T.Count; from += 4 * (nint)columns)
            {
                sum0 += T.Load(from); // what is of the next row here, is not stored
                sum1 += T.Load(from + columns);
                sum2 += T.Load(from + (2 * (nint)columns));
                sum3 += T.Load(from + (3 * (nint)columns));
            }

            for (; from < end; from += columns)
            {
                sum0 += T.Load(from, count);
            }

            sum0 = sum0 + sum1 + (sum2 + sum3);
            Store(db + j, adds ? Load<T>(db + j, count) + sum0 : sum0, count);
        }
    }

    /// <inheritdoc cref="PlainKernels.Sum"/>
    public static void Sum(ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> y) => Map(default(SumOf2), a, b, y);

    /// <inheritdoc cref="PlainKernels.Accumulate"/>
    public static void Accumulate(ReadOnlySpan<float> dY, Span<float> dX) => Map(default(SumOf2), dX, dY, dX);

    // The widest registers that the machine has: known when this is compiled, and so chosen then.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void ForEach<TLoop>(in TLoop loop, int n)
        where TLoop : unmanaged, ILoop
    {
        if (WorkerThreads.AreWorth(n * ElementCost)) { WorkerThreads.Split(new SharedLoop<TLoop>(in loop), n, grain: 1024, n * ElementCost); }
        else if (Vector512.IsHardwareAccelerated) { ForEach<TLoop, Floats512>(in loop, 0, n); }
        else if (Vector256.IsHardwareAccelerated) { ForEach<TLoop, Floats256>(in loop, 0, n); }
        else { ForEach<TLoop, Floats128>(in loop, 0, n); }
    }

    private readonly struct SharedLoop<TLoop>(in TLoop loop) : IWork<SharedLoop<TLoop>>
        where TLoop : unmanaged, ILoop
    {
        private readonly TLoop loop = loop;

        public static void Run(in SharedLoop<TLoop> work, int first, int last)
        {
            if (Vector512.IsHardwareAccelerated) { ForEach<TLoop, Floats512>(in work.loop, first, last); }
            else if (Vector256.IsHardwareAccelerated) { ForEach<TLoop, Floats256>(in work.loop, first, last); }
            else { ForEach<TLoop, Floats128>(in work.loop, first, last); }
        }
    }

    // At full speed from the first call on: a loop that starts in the quick compiler's code may stay in it for long. By reference, because a
    // struct of small fields that is passed by value is copied in larger pieces, which must wait until the small ones are written: 6 ns a call.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void ForEach<TLoop, T>(in TLoop at, nint first, nint last)
        where TLoop : unmanaged, ILoop
        where T : unmanaged, IVector<T>
    {
        TLoop loop = at; // in registers
        nint i = first;
        for (; i <= last - T.Count; i += T.Count)
        {
            loop.At<T>(i, T.Count);
        }

        if (i < last)
        {
            loop.At<T>(i, (int)(last - i));
        }
    }

    /// <summary>A sum's term for the elements of a, b and c.</summary>
    private interface ITerm
    {
        T Of<T>(T a, T b, T c)
            where T : unmanaged, IVector<T>;
    }

    // Σᵢ term(aᵢ, bᵢ, cᵢ), each term a float, the sum in double precision, so that it keeps its digits however many there are.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static double WideSum<TTerm>(TTerm term, ReadOnlySpan<float> a, ReadOnlySpan<float> b, ReadOnlySpan<float> c)
        where TTerm : struct, ITerm
    {
        fixed (float* pa = a, pb = b[..a.Length], pc = c[..a.Length])
        {
            return Vector512.IsHardwareAccelerated ? WideSum<TTerm, Floats512>(in term, pa, pb, pc, a.Length)
                : Vector256.IsHardwareAccelerated ? WideSum<TTerm, Floats256>(in term, pa, pb, pc, a.Length)
                : WideSum<TTerm, Floats128>(in term, pa, pb, pc, a.Length);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static double WideSum<TTerm, T>(in TTerm term, float* a, float* b, float* c, int n)
        where TTerm : struct, ITerm
        where T : unmanaged, IVector<T>
    {
        double sum = 0;
        int i = 0;
        for (; i <= n - T.Count; i += T.Count)
        {
            sum += T.WideSum(term.Of(T.Load(a + i), T.Load(b + i), T.Load(c + i)));
        }

        if (i < n)
        {
            T last = term.Of(T.Load(a + i, n - i), T.Load(b + i, n - i), T.Load(c + i, n - i));
            sum += T.WideSum(T.Select(T.First(n - i), last, T.All(0)));
        }

        return sum;
    }

    // A count that is known to be a whole vector leaves no branch.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Load<T>(float* from, int count)
        where T : unmanaged, IVector<T> => count == T.Count ? T.Load(from) : T.Load(from, count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<T>(float* to, T value, int count)
        where T : unmanaged, IVector<T>
    {
        if (count == T.Count) { value.Store(to); } else { value.Store(to, count); }
    }

    // A vector; or, where fewer elements are left, those.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T LoadUpTo<T>(float* from, nint left)
        where T : unmanaged, IVector<T> => left >= T.Count ? T.Load(from) : T.Load(from, (int)left);

    // The same, with another number than 0 in the places that are left empty.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T LoadOr<T>(float other, float* from, nint left)
        where T : unmanaged, IVector<T> => left >= T.Count ? T.Load(from) : T.Select(T.First((int)left), T.Load(from, (int)left), T.All(other));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreUpTo<T>(float* to, T value, nint left)
        where T : unmanaged, IVector<T>
    {
        if (left >= T.Count) { value.Store(to); } else { value.Store(to, (int)left); }
    }

    private static Span<Vector<float>> Vectors(Span<float> span) => MemoryMarshal.Cast<float, Vector<float>>(span);

    private static ReadOnlySpan<Vector<float>> Vectors(ReadOnlySpan<float> span) => MemoryMarshal.Cast<float, Vector<float>>(span);
}
