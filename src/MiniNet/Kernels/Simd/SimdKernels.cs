using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using MiniNet.Kernels.Vectors;

namespace MiniNet.Kernels;

/// <summary>
/// Provides vectorized versions of <see cref="PlainKernels"/>; products, convolutions and long loops also use several threads. The tests
/// compare each kernel with its plain version. Each element of a result is summed by one thread in a fixed order, so that the number of
/// threads changes no bit. A remainder shorter than a vector runs through the same code, in a vector padded with zeros.
/// </summary>
/// <remarks>
/// eˣ counts as 0 below x = −87: an absolute error of at most 2·10⁻³⁸, times its factor. −0 may become 0 (in ELU, as in PyTorch).
/// </remarks>
internal static unsafe partial class SimdKernels
{
    // Reading an element from memory and writing it back takes about as long as this many multiplications of a product.
    private const long ElementCost = 32;

    /// <summary>Represents the body of a loop, which processes a vector of elements from i on, or fewer at the end.</summary>
    private interface IElementLoop
    {
        void Invoke<T>(nint i, int count)
            where T : unmanaged, IVector<T>;
    }

    // Blocks of this many rows are summed separately, and their sums are added: a sum of a million sequential terms loses digits.
    private const int RowsAtATime = 1024;

    /// <inheritdoc cref="PlainKernels.AddColumnSums"/>
    /// <remarks>If <paramref name="overwrite"/> is true, db is overwritten instead of added to.</remarks>
    public static void AddColumnSums(in MatrixView dY, Span<float> db, bool overwrite = false)
    {
        fixed (float* from = dY.Span, to = db[..dY.Columns])
        {
            for (int i = 0; i == 0 || i < dY.Rows; i += RowsAtATime)
            {
                bool adds = i > 0 || !overwrite;
                float* part = from + ((nint)i * dY.Columns);
                int rows = Math.Min(RowsAtATime, dY.Rows - i);
                if (Vector512.IsHardwareAccelerated) { AddColumnSums<Floats512>(part, to, rows, dY.Columns, adds); }
                else if (Vector256.IsHardwareAccelerated) { AddColumnSums<Floats256>(part, to, rows, dY.Columns, adds); }
                else { AddColumnSums<Floats128>(part, to, rows, dY.Columns, adds); }
            }
        }
    }

    // Four independent accumulators, for columns or else for rows, so that no addition has to wait for the previous one.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void AddColumnSums<T>(float* dY, float* db, int rows, int columns, bool adds)
        where T : unmanaged, IVector<T>
    {
        float* end = dY + ((nint)rows * columns);
        int j = 0;
        for (; j <= columns - (4 * T.Count); j += 4 * T.Count)
        {
            T sum0 = T.Broadcast(0), sum1 = sum0, sum2 = sum0, sum3 = sum0;
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
            T sum0 = T.Broadcast(0), sum1 = sum0, sum2 = sum0, sum3 = sum0;
            float* from = dY + j;
            for (; end - from >= (3 * (nint)columns) + T.Count; from += 4 * (nint)columns)
            {
                sum0 += T.Load(from); // elements of the next row are loaded too, but not stored
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
    public static void Sum(ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> y) => Map(default(AddOperator), a, b, y);

    /// <inheritdoc cref="PlainKernels.Accumulate"/>
    public static void Accumulate(ReadOnlySpan<float> dY, Span<float> dX) => Map(default(AddOperator), dX, dY, dX);

    // Selects the widest registers of the machine. The JIT compiler knows them and removes the other branches.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void ForEach<TLoop>(in TLoop loop, int n)
        where TLoop : unmanaged, IElementLoop
    {
        if (WorkerThreads.IsWorthSplitting(n * ElementCost))
        {
            WorkerThreads.Split(new SharedLoop<TLoop>(in loop), n, grain: 1024, n * ElementCost);
        }
        else if (Vector512.IsHardwareAccelerated) { ForEach<TLoop, Floats512>(in loop, 0, n); }
        else if (Vector256.IsHardwareAccelerated) { ForEach<TLoop, Floats256>(in loop, 0, n); }
        else { ForEach<TLoop, Floats128>(in loop, 0, n); }
    }

    private readonly struct SharedLoop<TLoop>(in TLoop loop) : IWork<SharedLoop<TLoop>>
        where TLoop : unmanaged, IElementLoop
    {
        private readonly TLoop loop = loop;

        public static void Run(in SharedLoop<TLoop> work, int first, int last)
        {
            if (Vector512.IsHardwareAccelerated) { ForEach<TLoop, Floats512>(in work.loop, first, last); }
            else if (Vector256.IsHardwareAccelerated) { ForEach<TLoop, Floats256>(in work.loop, first, last); }
            else { ForEach<TLoop, Floats128>(in work.loop, first, last); }
        }
    }

    // Optimized from the first call on: with tiered compilation, a loop that starts in unoptimized code may stay there for long. The loop
    // is passed by reference: a struct of small fields passed by value is copied in larger pieces, which stalls store forwarding, 6 ns per
    // call.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void ForEach<TLoop, T>(in TLoop at, nint first, nint last)
        where TLoop : unmanaged, IElementLoop
        where T : unmanaged, IVector<T>
    {
        TLoop loop = at; // copied to registers
        nint i = first;
        for (; i <= last - T.Count; i += T.Count)
        {
            loop.Invoke<T>(i, T.Count);
        }

        if (i < last)
        {
            loop.Invoke<T>(i, (int)(last - i));
        }
    }

    /// <summary>Represents the term of a sum as a function of the elements of a, b and c.</summary>
    private interface IReductionTerm
    {
        T Invoke<T>(T a, T b, T c)
            where T : unmanaged, IVector<T>;
    }

    // Σᵢ term(aᵢ, bᵢ, cᵢ). Each term is a float; the sum is in double precision, so that it stays accurate for any number of terms.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static double SumAsDouble<TTerm>(TTerm term, ReadOnlySpan<float> a, ReadOnlySpan<float> b, ReadOnlySpan<float> c)
        where TTerm : struct, IReductionTerm
    {
        fixed (float* pa = a, pb = b[..a.Length], pc = c[..a.Length])
        {
            return Vector512.IsHardwareAccelerated ? SumAsDouble<TTerm, Floats512>(in term, pa, pb, pc, a.Length)
                : Vector256.IsHardwareAccelerated ? SumAsDouble<TTerm, Floats256>(in term, pa, pb, pc, a.Length)
                : SumAsDouble<TTerm, Floats128>(in term, pa, pb, pc, a.Length);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static double SumAsDouble<TTerm, T>(in TTerm term, float* a, float* b, float* c, int n)
        where TTerm : struct, IReductionTerm
        where T : unmanaged, IVector<T>
    {
        double sum = 0;
        int i = 0;
        for (; i <= n - T.Count; i += T.Count)
        {
            sum += T.SumAsDouble(term.Invoke(T.Load(a + i), T.Load(b + i), T.Load(c + i)));
        }

        if (i < n)
        {
            T last = term.Invoke(T.Load(a + i, n - i), T.Load(b + i, n - i), T.Load(c + i, n - i));
            sum += T.SumAsDouble(T.Select(T.FirstLanes(n - i), last, T.Broadcast(0)));
        }

        return sum;
    }

    // If the count is known to be a full vector, the branch is removed.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Load<T>(float* from, int count)
        where T : unmanaged, IVector<T> => count == T.Count ? T.Load(from) : T.Load(from, count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<T>(float* to, T value, int count)
        where T : unmanaged, IVector<T>
    {
        if (count == T.Count) { value.Store(to); } else { value.Store(to, count); }
    }

    // Loads a vector, or the remaining elements if there are fewer.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T LoadPartial<T>(float* from, nint remaining)
        where T : unmanaged, IVector<T> => remaining >= T.Count ? T.Load(from) : T.Load(from, (int)remaining);

    // The same, with a fill value other than 0 for the unused lanes.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T LoadPartialOr<T>(float other, float* from, nint remaining)
        where T : unmanaged, IVector<T> =>
            remaining >= T.Count ? T.Load(from) : T.Select(T.FirstLanes((int)remaining), T.Load(from, (int)remaining), T.Broadcast(other));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StorePartial<T>(float* to, T value, nint remaining)
        where T : unmanaged, IVector<T>
    {
        if (remaining >= T.Count) { value.Store(to); } else { value.Store(to, (int)remaining); }
    }

    private static Span<Vector<float>> Vectors(Span<float> span) => MemoryMarshal.Cast<float, Vector<float>>(span);

    private static ReadOnlySpan<Vector<float>> Vectors(ReadOnlySpan<float> span) => MemoryMarshal.Cast<float, Vector<float>>(span);
}
