using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using MiniNet.Kernels.Vectors;

namespace MiniNet.Kernels.Products;

/// <summary>Represents the strides between rows, terms and strips of columns, and whether a is packed.</summary>
internal readonly record struct Strides(int Terms, nint ARow, nint ATerm, bool PackedA, nint BTerm, nint BStrip, nint CRow, nint FromRow);

/// <summary>
/// Provides the micro-kernels for c[i, j] = from[i, j] + Σₜ a[i, t]·b[t, j], in tiles whose sums stay in registers. from may be null.
/// However c is divided into tiles, each element is summed term by term in the same order. So neither the position of a tile nor the number
/// of threads changes a single bit.
/// </summary>
internal static unsafe class MicroKernels
{
    /// <summary>
    /// Returns the number of rows of the next tile. Twelve rows by a pair of vectors fill the registers together with the factors.
    /// Four barely hide the latency of the multiply-add, and are used only if no taller tile fits.
    /// </summary>
    public static int Height(int rows) => rows switch { < 4 => 1, < 8 => 4, < 12 or (>= 16 and < 20) => 8, _ => 12 };

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Add<V>(float* a, float* b, float* c, float* from, int rows, int columns, in Strides strides)
        where V : unmanaged, ILanes<V>
    {
        int tall = rows - (rows % 4);
        float* strip = b;
        for (int j = 0; tall > 0 && j < columns; j += VectorPair<V>.Count, strip += strides.BStrip)
        {
            int rest = columns - j;
            if (rest >= VectorPair<V>.Count)
            {
                AddRows<VectorPair<V>, FullVector>(a, strip, c + j, Offset(from, j), tall, rest, strides);
            }
            else if (rest > V.Count)
            {
                AddRows<VectorPair<V>, PartialVector>(a, strip, c + j, Offset(from, j), tall, rest, strides);
            }
            else if (rest == V.Count && !Vector512.IsHardwareAccelerated) // with AVX-512 masks are free, and one variant less is compiled
            {
                AddRows<V, FullVector>(a, strip, c + j, Offset(from, j), tall, rest, strides);
            }
            else
            {
                AddRows<V, PartialVector>(a, strip, c + j, Offset(from, j), tall, rest, strides);
            }
        }

        if (tall < rows)
        {
            AddRest<V>(
                a + (tall * (strides.PackedA ? strides.Terms : strides.ARow)),
                b,
                c + (tall * strides.CRow),
                Offset(from, tall * strides.FromRow),
                rows - tall,
                columns,
                strides);
        }
    }

    /// <summary>Computes a product with a single row.</summary>
    public static void AddRow<V>(float* a, nint aTerm, float* b, float* c, float* from, int columns, in Strides strides)
        where V : unmanaged, ILanes<V>
    {
        int j = 0;
        for (; j + (8 * V.Count) <= columns; j += 8 * V.Count)
        {
            OneRow<VectorPair<VectorPair<VectorPair<V>>>, FullVector>(a, aTerm, b + j, c + j, Offset(from, j), 8 * V.Count, strides);
        }

        for (; j + (4 * V.Count) <= columns; j += 4 * V.Count)
        {
            FourTerms<VectorPair<VectorPair<V>>, FullVector>(a, aTerm, b + j, c + j, Offset(from, j), 4 * V.Count, strides);
        }

        for (; j + VectorPair<V>.Count <= columns; j += VectorPair<V>.Count)
        {
            FourTerms<VectorPair<V>, FullVector>(a, aTerm, b + j, c + j, Offset(from, j), VectorPair<V>.Count, strides);
        }

        if (j < columns)
        {
            FourTerms<VectorPair<V>, PartialVector>(a, aTerm, b + j, c + j, Offset(from, j), columns - j, strides);
        }
    }

    private static float* Offset(float* from, nint j) => from == null ? null : from + j;

    // One to three rows have few sums per vector. Eight adjacent vectors of a row at a time hide the latency of the multiply-add
    // nevertheless.
    private static void AddRest<V>(float* a, float* b, float* c, float* from, int rows, int columns, in Strides strides)
        where V : unmanaged, ILanes<V>
    {
        nint aRow = strides.PackedA ? strides.Terms : strides.ARow, aTerm = strides.PackedA ? 1 : strides.ATerm;
        int j = 0;
        for (; strides.BStrip == VectorPair<V>.Count && j + (8 * V.Count) <= columns; j += 8 * V.Count, b += 4 * strides.BStrip)
        {
            for (int i = 0; i < rows; i++)
            {
                OneRow<VectorPair<VectorPair<VectorPair<V>>>, FullVector>(
                    a + (i * aRow), aTerm, b, c + (i * strides.CRow) + j, Offset(from, (i * strides.FromRow) + j), 8 * V.Count, strides);
            }
        }

        // If there are fewer than three rows, the first one replaces the missing ones: the same sums are written to the same address.
        nint a1 = rows > 1 ? aRow : 0, a2 = rows > 2 ? 2 * aRow : 0, c1 = rows > 1 ? strides.CRow : 0, c2 = rows > 2 ? 2 * strides.CRow : 0;
        for (; j < columns; j += VectorPair<V>.Count, b += strides.BStrip)
        {
            if (j + VectorPair<V>.Count <= columns)
            {
                ThreeRows<VectorPair<V>, FullVector>(a, a1, a2, aTerm, b, c + j, c1, c2, Offset(from, j), VectorPair<V>.Count, strides);
            }
            else
            {
                ThreeRows<VectorPair<V>, PartialVector>(a, a1, a2, aTerm, b, c + j, c1, c2, Offset(from, j), columns - j, strides);
            }
        }
    }

    private static void AddRows<V, TLanes>(float* a, float* b, float* c, float* from, int rows, int columns, in Strides strides)
        where V : unmanaged, ILanes<V>
        where TLanes : unmanaged, ILaneMask
    {
        for (int i = 0, height; i < rows; i += height, c += height * strides.CRow, from = Offset(from, height * strides.FromRow))
        {
            height = Height(rows - i);
            if (strides.PackedA && i + height < rows)
            {
                Prefetch(c + (height * strides.CRow), strides.CRow, Height(rows - i - height));
            }

            nint aRow = strides.PackedA ? 1 : strides.ARow, aTerm = strides.PackedA ? height : strides.ATerm;
            if (height == 12)
            {
                TwelveRows<V, TLanes>(a, aRow, aTerm, b, c, from, columns, strides);
            }
            else if (height == 8)
            {
                EightRows<V, TLanes>(a, aRow, aTerm, b, c, from, columns, strides);
            }
            else
            {
                FourRows<V, TLanes>(a, aRow, aTerm, b, c, from, columns, strides);
            }

            a += height * (strides.PackedA ? strides.Terms : strides.ARow);
        }
    }

    [SuppressMessage("Design", "MA0051", Justification = "Twelve rows are twelve sums.")]
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void TwelveRows<V, TLanes>(
        float* a,
        nint aRow,
        nint aTerm,
        float* b,
        float* c,
        float* from,
        int columns,
        in Strides strides)
        where V : unmanaged, ILanes<V>
        where TLanes : unmanaged, ILaneMask
    {
        nint bTerm = strides.BTerm, cRow = strides.CRow, fromRow = strides.FromRow;
        V y0 = default, y1 = default, y2 = default, y3 = default, y4 = default, y5 = default;
        V y6 = default, y7 = default, y8 = default, y9 = default, y10 = default, y11 = default;
        if (from != null)
        {
            y0 = Load<V, TLanes>(from, columns);
            y1 = Load<V, TLanes>(from + fromRow, columns);
            y2 = Load<V, TLanes>(from + (2 * fromRow), columns);
            y3 = Load<V, TLanes>(from + (3 * fromRow), columns);
            y4 = Load<V, TLanes>(from + (4 * fromRow), columns);
            y5 = Load<V, TLanes>(from + (5 * fromRow), columns);
            y6 = Load<V, TLanes>(from + (6 * fromRow), columns);
            y7 = Load<V, TLanes>(from + (7 * fromRow), columns);
            y8 = Load<V, TLanes>(from + (8 * fromRow), columns);
            y9 = Load<V, TLanes>(from + (9 * fromRow), columns);
            y10 = Load<V, TLanes>(from + (10 * fromRow), columns);
            y11 = Load<V, TLanes>(from + (11 * fromRow), columns);
        }

        for (int t = strides.Terms; t > 0; t--, a += aTerm, b += bTerm)
        {
            V w = Load<V, TLanes>(b, columns);
            float* a4 = a + (4 * aRow), a8 = a + (8 * aRow);
            y0 = V.MultiplyAdd(w, V.Broadcast(a), y0);
            y1 = V.MultiplyAdd(w, V.Broadcast(a + aRow), y1);
            y2 = V.MultiplyAdd(w, V.Broadcast(a + (2 * aRow)), y2);
            y3 = V.MultiplyAdd(w, V.Broadcast(a + (3 * aRow)), y3);
            y4 = V.MultiplyAdd(w, V.Broadcast(a4), y4);
            y5 = V.MultiplyAdd(w, V.Broadcast(a4 + aRow), y5);
            y6 = V.MultiplyAdd(w, V.Broadcast(a4 + (2 * aRow)), y6);
            y7 = V.MultiplyAdd(w, V.Broadcast(a4 + (3 * aRow)), y7);
            y8 = V.MultiplyAdd(w, V.Broadcast(a8), y8);
            y9 = V.MultiplyAdd(w, V.Broadcast(a8 + aRow), y9);
            y10 = V.MultiplyAdd(w, V.Broadcast(a8 + (2 * aRow)), y10);
            y11 = V.MultiplyAdd(w, V.Broadcast(a8 + (3 * aRow)), y11);
        }

        Store<V, TLanes>(y0, c, columns);
        Store<V, TLanes>(y1, c + cRow, columns);
        Store<V, TLanes>(y2, c + (2 * cRow), columns);
        Store<V, TLanes>(y3, c + (3 * cRow), columns);
        Store<V, TLanes>(y4, c + (4 * cRow), columns);
        Store<V, TLanes>(y5, c + (5 * cRow), columns);
        Store<V, TLanes>(y6, c + (6 * cRow), columns);
        Store<V, TLanes>(y7, c + (7 * cRow), columns);
        Store<V, TLanes>(y8, c + (8 * cRow), columns);
        Store<V, TLanes>(y9, c + (9 * cRow), columns);
        Store<V, TLanes>(y10, c + (10 * cRow), columns);
        Store<V, TLanes>(y11, c + (11 * cRow), columns);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void EightRows<V, TLanes>(
        float* a,
        nint aRow,
        nint aTerm,
        float* b,
        float* c,
        float* from,
        int columns,
        in Strides strides)
        where V : unmanaged, ILanes<V>
        where TLanes : unmanaged, ILaneMask
    {
        nint bTerm = strides.BTerm, cRow = strides.CRow, fromRow = strides.FromRow;
        V y0 = default, y1 = default, y2 = default, y3 = default, y4 = default, y5 = default;
        V y6 = default, y7 = default;
        if (from != null)
        {
            y0 = Load<V, TLanes>(from, columns);
            y1 = Load<V, TLanes>(from + fromRow, columns);
            y2 = Load<V, TLanes>(from + (2 * fromRow), columns);
            y3 = Load<V, TLanes>(from + (3 * fromRow), columns);
            y4 = Load<V, TLanes>(from + (4 * fromRow), columns);
            y5 = Load<V, TLanes>(from + (5 * fromRow), columns);
            y6 = Load<V, TLanes>(from + (6 * fromRow), columns);
            y7 = Load<V, TLanes>(from + (7 * fromRow), columns);
        }

        for (int t = strides.Terms; t > 0; t--, a += aTerm, b += bTerm)
        {
            V w = Load<V, TLanes>(b, columns);
            float* a4 = a + (4 * aRow);
            y0 = V.MultiplyAdd(w, V.Broadcast(a), y0);
            y1 = V.MultiplyAdd(w, V.Broadcast(a + aRow), y1);
            y2 = V.MultiplyAdd(w, V.Broadcast(a + (2 * aRow)), y2);
            y3 = V.MultiplyAdd(w, V.Broadcast(a + (3 * aRow)), y3);
            y4 = V.MultiplyAdd(w, V.Broadcast(a4), y4);
            y5 = V.MultiplyAdd(w, V.Broadcast(a4 + aRow), y5);
            y6 = V.MultiplyAdd(w, V.Broadcast(a4 + (2 * aRow)), y6);
            y7 = V.MultiplyAdd(w, V.Broadcast(a4 + (3 * aRow)), y7);
        }

        Store<V, TLanes>(y0, c, columns);
        Store<V, TLanes>(y1, c + cRow, columns);
        Store<V, TLanes>(y2, c + (2 * cRow), columns);
        Store<V, TLanes>(y3, c + (3 * cRow), columns);
        Store<V, TLanes>(y4, c + (4 * cRow), columns);
        Store<V, TLanes>(y5, c + (5 * cRow), columns);
        Store<V, TLanes>(y6, c + (6 * cRow), columns);
        Store<V, TLanes>(y7, c + (7 * cRow), columns);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void FourRows<V, TLanes>(
        float* a,
        nint aRow,
        nint aTerm,
        float* b,
        float* c,
        float* from,
        int columns,
        in Strides strides)
        where V : unmanaged, ILanes<V>
        where TLanes : unmanaged, ILaneMask
    {
        nint bTerm = strides.BTerm, cRow = strides.CRow, fromRow = strides.FromRow;
        V y0 = default, y1 = default, y2 = default, y3 = default;
        if (from != null)
        {
            y0 = Load<V, TLanes>(from, columns);
            y1 = Load<V, TLanes>(from + fromRow, columns);
            y2 = Load<V, TLanes>(from + (2 * fromRow), columns);
            y3 = Load<V, TLanes>(from + (3 * fromRow), columns);
        }

        for (int t = strides.Terms; t > 0; t--, a += aTerm, b += bTerm)
        {
            V w = Load<V, TLanes>(b, columns);
            y0 = V.MultiplyAdd(w, V.Broadcast(a), y0);
            y1 = V.MultiplyAdd(w, V.Broadcast(a + aRow), y1);
            y2 = V.MultiplyAdd(w, V.Broadcast(a + (2 * aRow)), y2);
            y3 = V.MultiplyAdd(w, V.Broadcast(a + (3 * aRow)), y3);
        }

        Store<V, TLanes>(y0, c, columns);
        Store<V, TLanes>(y1, c + cRow, columns);
        Store<V, TLanes>(y2, c + (2 * cRow), columns);
        Store<V, TLanes>(y3, c + (3 * cRow), columns);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void ThreeRows<V, TLanes>(
        float* a,
        nint a1,
        nint a2,
        nint aTerm,
        float* b,
        float* c,
        nint c1,
        nint c2,
        float* from,
        int columns,
        in Strides strides)
        where V : unmanaged, ILanes<V>
        where TLanes : unmanaged, ILaneMask
    {
        nint bTerm = strides.BTerm;
        V y0 = default, y1 = default, y2 = default;
        if (from != null)
        {
            y0 = Load<V, TLanes>(from, columns);
            y1 = Load<V, TLanes>(from + (strides.FromRow == 0 ? 0 : c1), columns);
            y2 = Load<V, TLanes>(from + (strides.FromRow == 0 ? 0 : c2), columns);
        }

        for (int t = strides.Terms; t > 0; t--, a += aTerm, b += bTerm)
        {
            V w = Load<V, TLanes>(b, columns);
            y0 = V.MultiplyAdd(w, V.Broadcast(a), y0);
            y1 = V.MultiplyAdd(w, V.Broadcast(a + a1), y1);
            y2 = V.MultiplyAdd(w, V.Broadcast(a + a2), y2);
        }

        Store<V, TLanes>(y0, c, columns);
        Store<V, TLanes>(y1, c + c1, columns);
        Store<V, TLanes>(y2, c + c2, columns);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void OneRow<V, TLanes>(float* a, nint aTerm, float* b, float* c, float* from, int columns, in Strides strides)
        where V : unmanaged, ILanes<V>
        where TLanes : unmanaged, ILaneMask
    {
        nint bTerm = strides.BTerm;
        V y0 = default;
        if (from != null)
        {
            y0 = Load<V, TLanes>(from, columns);
        }

        for (int t = strides.Terms; t > 0; t--, a += aTerm, b += bTerm)
        {
            V w = Load<V, TLanes>(b, columns);
            y0 = V.MultiplyAdd(w, V.Broadcast(a), y0);
        }

        Store<V, TLanes>(y0, c, columns);
    }

    // Splits the terms among four independent accumulators, so that no addition has to wait for the previous one.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void FourTerms<V, TLanes>(float* a, nint aTerm, float* b, float* c, float* from, int columns, in Strides strides)
        where V : unmanaged, ILanes<V>
        where TLanes : unmanaged, ILaneMask
    {
        nint bTerm = strides.BTerm;
        V y0 = default, y1 = default, y2 = default, y3 = default;
        if (from != null)
        {
            y0 = Load<V, TLanes>(from, columns);
        }

        int t = strides.Terms;
        for (; t >= 4; t -= 4, a += 4 * aTerm, b += 4 * bTerm)
        {
            y0 = V.MultiplyAdd(Load<V, TLanes>(b, columns), V.Broadcast(*a), y0);
            y1 = V.MultiplyAdd(Load<V, TLanes>(b + bTerm, columns), V.Broadcast(a[aTerm]), y1);
            y2 = V.MultiplyAdd(Load<V, TLanes>(b + (2 * bTerm), columns), V.Broadcast(a[2 * aTerm]), y2);
            y3 = V.MultiplyAdd(Load<V, TLanes>(b + (3 * bTerm), columns), V.Broadcast(a[3 * aTerm]), y3);
        }

        for (; t > 0; t--, a += aTerm, b += bTerm)
        {
            y0 = V.MultiplyAdd(Load<V, TLanes>(b, columns), V.Broadcast(*a), y0);
        }

        Store<V, TLanes>(y0 + y1 + (y2 + y3), c, columns);
    }

    // The part of a large c that the next tile adds to is not in the cache. Prefetched during this tile, it arrives in time.
    private static void Prefetch(float* c, nint cRow, int rows)
    {
        for (int i = 0; Sse.IsSupported && i < rows; i++, c += cRow)
        {
            Sse.Prefetch0(c);
            Sse.Prefetch0(c + 16);
            Sse.Prefetch0(c + 31);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Load<V, TLanes>(float* from, int columns)
        where V : unmanaged, ILanes<V>
        where TLanes : unmanaged, ILaneMask => TLanes.IsFull ? V.Load(from) : V.Load(from, columns);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<V, TLanes>(V sum, float* c, int columns)
        where V : unmanaged, ILanes<V>
        where TLanes : unmanaged, ILaneMask
    {
        if (TLanes.IsFull)
        {
            sum.Store(c);
        }
        else
        {
            sum.Store(c, columns);
        }
    }

    // Whether all lanes of a vector are in use. It is known at compile time.
    private interface ILaneMask
    {
        static abstract bool IsFull { get; }
    }

    private readonly struct FullVector : ILaneMask
    {
        public static bool IsFull => true;
    }

    private readonly struct PartialVector : ILaneMask
    {
        public static bool IsFull => false;
    }
}
