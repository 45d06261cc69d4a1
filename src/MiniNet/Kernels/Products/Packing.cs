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
                TransposeStrip<V>(b + (j * bColumn), bColumn, count, terms, to, width);
            }
        }
    }

    /// <summary>a[i, t] to tiles, [tile][term][row].</summary>
    public static void PackA(float* a, nint aRow, nint aTerm, int rows, int terms, float* to)
    {
        for (int i = 0, height; i < rows; i += height, to += terms * height)
        {
            height = Tiles.Height(rows - i);
            if (aRow == 1)
            {
                CopyTile(a + i, aTerm, terms, height, to);
            }
            else
            {
                TransposeStrip<Floats128>(a + (i * aRow), aRow, height, terms, to, height);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void CopyStrip<W>(float* from, nint step, int terms, int count, float* to)
        where W : unmanaged, ILanes<W>
    {
        for (int t = 0; t < terms; t++, from += step, to += W.Count)
        {
            (count == W.Count ? W.Load(from) : W.Load(from, count)).Store(to);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
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

    // Lines that lie apart become columns that lie side by side, `width` of them a term.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void TransposeStrip<V>(float* from, nint step, int lines, int terms, float* to, int width)
        where V : unmanaged, IVector<V>
    {
        int whole = lines - (lines % V.Count), fours = terms - (terms % 4);
        for (int i = 0; i < whole; i += V.Count)
        {
            for (int t = 0; t < fours; t += 4)
            {
                V.Transpose(from + (i * step) + t, step, to + (t * width) + i, width);
            }
        }

        for (int i = 0; i < lines; i++)
        {
            for (int t = i < whole ? fours : 0; t < terms; t++)
            {
                to[(t * width) + i] = from[(i * step) + t];
            }
        }
    }
}
