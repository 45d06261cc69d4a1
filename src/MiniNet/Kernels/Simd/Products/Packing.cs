using System.Runtime.CompilerServices;
using MiniNet.Kernels.Vectors;

namespace MiniNet.Kernels.Products;

/// <summary>Packs a part of a factor in the order in which the micro-kernels read it.</summary>
internal static unsafe class Packing
{
    /// <summary>
    /// Packs b[t, j] into strips of a pair of vectors each, [strip][term][column].
    /// The buffer needs room for three more terms, whose contents are undefined.
    /// </summary>
    public static void PackB<V>(float* b, nint bTerm, nint bColumn, int terms, int columns, float* to)
        where V : unmanaged, IVector<V>
    {
        if (bColumn == 1)
        {
            CopyB<VectorPair<V>>(b, bTerm, terms, columns, to);
            return;
        }

        int width = VectorPair<V>.Count;
        for (int j = 0; j < columns; j += width)
        {
            Transpose<V>(
                b + (j * bColumn), bColumn, Math.Min(width, columns - j), terms, to + ((nint)j * terms), width, spare: bColumn >= 3);
        }
    }

    // Follows the rows in memory and writes to all strips, so that each page is visited once.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void CopyB<W>(float* b, nint bTerm, int terms, int columns, float* to)
        where W : unmanaged, ILanes<W>
    {
        for (int t = 0; t < terms; t++, b += bTerm, to += W.Count)
        {
            int j = 0;
            for (; j + W.Count <= columns; j += W.Count)
            {
                W.Load(b + j).Store(to + ((nint)j * terms));
            }

            if (j < columns)
            {
                W.Load(b + j, columns - j).Store(to + ((nint)j * terms));
            }
        }
    }

    /// <summary>Packs a[i, t] into tiles, [tile][term][row]. The rows of a are contiguous, its terms are not.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void PackA(float* a, nint aTerm, int rows, int terms, float* to)
    {
        for (int t = 0; t < terms; t++, a += aTerm)
        {
            for (int i = 0, height; i < rows; i += height)
            {
                height = MicroKernels.Height(rows - i);
                float* tile = to + ((nint)i * terms) + ((nint)t * height);
                for (int r = 0; r + 4 <= height; r += 4)
                {
                    Floats128.Load(a + i + r).Store(tile + r);
                }

                if (height == 1)
                {
                    *tile = a[i];
                }
            }
        }
    }

    /// <summary>Transposes separate lines into adjacent columns, with the given width from one term to the next.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Transpose<V>(float* from, nint step, int lines, int terms, float* to, nint width, bool spare)
        where V : unmanaged, IVector<V>
    {
        int i = 0, fours = terms - (terms % 4);
        for (; i + V.Count <= lines; i += V.Count)
        {
            for (int t = 0; t < fours; t += 4)
            {
                V.Transpose(from + (i * step) + t, step, to + (t * width) + i, width);
            }
        }

        for (; i + 4 <= lines; i += 4)
        {
            for (int t = 0; t < fours; t += 4)
            {
                Floats128.Transpose(from + (i * step) + t, step, to + (t * width) + i, width);
            }
        }

        // The remainder at the two edges, in blocks of at most four lines by four terms. With spare, all lines but the last block may be
        // read beyond their end, and extra terms may be written, because later terms overwrite them or the space is unused.
        for (int l = 0; l < lines; l += 4)
        {
            for (int t = l + 4 <= i ? fours : 0; t < terms; t += 4)
            {
                if (spare && l + 4 < lines)
                {
                    Floats128.Transpose(from + (l * step) + t, step, to + (t * width) + l, width);
                    continue;
                }

                Floats128.Transpose(
                    from + (l * step) + t, step, Math.Min(4, lines - l), Math.Min(4, terms - t), to + (t * width) + l, width);
            }
        }
    }
}
