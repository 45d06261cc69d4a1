using System.Runtime.CompilerServices;
using MiniNet.Kernels.Vectors;

namespace MiniNet.Kernels.Products;

/// <summary>Copies of a part of a factor, laid down in the order in which the tiles read it.</summary>
internal static unsafe class Packing
{
    /// <summary>b[t, j] to strips of a pair of vectors each, [strip][term][column].</summary>
    public static void PackB<V>(float* b, nint bTerm, nint bColumn, int terms, int columns, float* to)
        where V : unmanaged, IVector<V>
    {
        int width = Pair<V>.Count;
        for (int j = 0; j < columns; j += width, to += terms * width)
        {
            int count = Math.Min(width, columns - j);
            if (bColumn == 1)
            {
                CopyStrip<Pair<V>>(b + j, bTerm, terms, count, to);
            }
            else
            {
                Transpose<V>(b + (j * bColumn), bColumn, count, terms, to, width);
            }
        }
    }

    /// <summary>a[i, t] to tiles, [tile][term][row].</summary>
    public static float* PackA(float* a, nint aRow, nint aTerm, int rows, int terms)
    {
        float* room = Room.ForA(terms * rows), to = room;
        for (int i = 0, height; i < rows; i += height, to += terms * height)
        {
            height = Tiles.Height(rows - i);
            if (aRow == 1)
            {
                CopyTile(a + i, aTerm, terms, height, to);
            }
            else
            {
                Transpose<Floats128>(a + (i * aRow), aRow, height, terms, to, height);
            }
        }

        return room;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void CopyStrip<W>(float* from, nint step, int terms, int count, float* to)
        where W : unmanaged, ILanes<W>
    {
        for (int t = 0; t < terms; t++, from += step, to += W.Count)
        {
            (count == W.Count ? W.Load(from) : W.Load(from, count)).Store(to);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void CopyTile(float* from, nint step, int terms, int height, float* to)
    {
        for (int t = 0; t < terms; t++, from += step, to += height)
        {
            for (int i = 0; i + 4 <= height; i += 4)
            {
                Floats128.Load(from + i).Store(to + i);
            }

            if (height == 1)
            {
                *to = *from;
            }
        }
    }

    /// <summary>Lines that lie apart become columns that lie side by side, with so far from one term to the next.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Transpose<V>(float* from, nint step, int lines, int terms, float* to, nint width)
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

        // What is left at the two edges, as far as there are four lines and four terms.
        for (int l = 0; l < lines; l += 4)
        {
            for (int t = l + 4 <= i ? fours : 0; t < terms; t += 4)
            {
                Floats128.Transpose(from + (l * step) + t, step, Math.Min(4, lines - l), Math.Min(4, terms - t), to + (t * width) + l, width);
            }
        }
    }
}
