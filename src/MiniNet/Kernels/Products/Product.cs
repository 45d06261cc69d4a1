using System.Runtime.Intrinsics;
using MiniNet.Kernels.Vectors;

namespace MiniNet.Kernels.Products;

/// <summary>
/// c[i, j] += Σₜ a[i, t]·b[t, j], or = where it does not add, with a[i, t] = A[i·ARow + t·ATerm] and b[t, j] = B[t·BTerm + j·BColumn]:
/// so each of the three forms is a matter of steps. Whoever makes one has checked the spans and pinned them.
/// </summary>
internal unsafe struct Product : IWork<Product>
{
    public float* A, B, C;
    public int Rows, Columns, Terms;
    public nint ARow, ATerm, BTerm, BColumn, CRow;
    public bool Add;

    // What of the factors is worked on at a time, so that it stays in a second-level cache of a megabyte: measured at 1024 and 2048.
    private const int TermsAtATime = 384, RowsAtATime = 240, ColumnsAtATime = 2048;

    // Up to here a whole factor stays in that cache by itself, and packing it would only cost.
    private const long Fits = 266_240;

    private Way way;

    // How the sums are ordered is a matter of the whole product, and not of a thread's share: so it is decided once.
    private enum Way
    {
        Tiles,
        Dots,
        Turned,
    }

    // Each thread packs its own share, so the longer side of c is cut.
    private readonly bool SplitsColumns => Columns > Rows;

    public void Run()
    {
        way = ChooseWay();
        WorkerThreads.Split(this, SplitsColumns ? Columns : Rows, SplitsColumns ? 32 : 12, (long)Rows * Columns * Terms);
    }

    public static void Run(in Product product, int first, int last)
    {
        Product share = product;
        if (product.SplitsColumns)
        {
            share.B += first * product.BColumn;
            share.C += first;
            share.Columns = last - first;
        }
        else
        {
            share.A += first * product.ARow;
            share.C += first * product.CRow;
            share.Rows = last - first;
        }

        if (Vector512.IsHardwareAccelerated)
        {
            share.Compute<Floats512>();
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            share.Compute<Floats256>();
        }
        else
        {
            share.Compute<Floats128>();
        }
    }

    // For each number of b that is packed, dots need a sum across a vector for a third as many rows; and few terms are hardly worth either.
    private readonly Way ChooseWay() =>
        BColumn != 1 ? Rows < 4 || Columns <= 4 || (6 * Rows < Terms && (long)Terms * Columns <= Fits) ? Way.Dots : Way.Tiles
        : ARow == 1 && 4 * Columns <= 3 * Kernel.VectorBits / 32 && Rows > Columns ? Way.Turned : Way.Tiles;

    private void Compute<V>()
        where V : unmanaged, IVector<V>
    {
        switch (way)
        {
            case Way.Dots:
                Dots.Add<V>(this);
                break;
            case Way.Turned:
                AddTurned<V>();
                break;
            default:
                AddTiles<V>();
                break;
        }
    }

    private readonly void AddTiles<V>()
        where V : unmanaged, IVector<V>
    {
        long a = (long)Rows * Terms, b = (long)Terms * Columns;
        if (Rows < 4 && b > Fits)
        {
            // Each number of b is used once or thrice: packing it would cost more than it brings. Eight rows of b at a time are read as they lie.
            AddBlocks<V>(8, Columns, Rows, packsA: false, packsB: false);
        }
        else if (Rows < 4 || (a <= Fits && b <= Fits))
        {
            AddBlocks<V>(Terms, Columns, Rows, packsA: false, packsB: BColumn != 1);
        }
        else
        {
            AddBlocks<V>(TermsAtATime, ColumnsAtATime, RowsAtATime, packsA: true, packsB: true);
        }
    }

    private readonly void AddBlocks<V>(int termsAtATime, int columnsAtATime, int rowsAtATime, bool packsA, bool packsB)
        where V : unmanaged, IVector<V>
    {
        for (int t = 0; t < Terms; t += termsAtATime)
        {
            int terms = Math.Min(termsAtATime, Terms - t);
            for (int j = 0; j < Columns; j += columnsAtATime)
            {
                int columns = Math.Min(columnsAtATime, Columns - j);
                float* b = B + (t * BTerm) + (j * BColumn);
                var steps = new Steps(terms, ARow, ATerm, packsA, BTerm, Pair<V>.Count, CRow, Add || t > 0);
                if (packsB)
                {
                    b = Packing.PackB<V>(b, BTerm, BColumn, terms, columns);
                    steps = steps with { BTerm = Pair<V>.Count, BStrip = terms * Pair<V>.Count };
                }

                for (int i = 0; i < Rows; i += rowsAtATime)
                {
                    int rows = Math.Min(rowsAtATime, Rows - i);
                    float* a = A + (i * ARow) + (t * ATerm);
                    a = packsA ? Packing.PackA(a, ARow, ATerm, rows, terms) : a;
                    Tiles.Add<V>(a, b, C + (i * CRow) + j, rows, columns, steps);
                }
            }
        }
    }

    // Where c has few columns, most of a vector would be empty: cᵀ = bᵀ·a has long rows, for a's lie that way already.
    private readonly void AddTurned<V>()
        where V : unmanaged, IVector<V>
    {
        float* turned = Room.ForC(Rows * Columns);
        var steps = new Steps(Terms, 1, BTerm, PackedA: false, ATerm, Pair<V>.Count, Rows, Add: false);
        Tiles.Add<V>(B, A, turned, Columns, Rows, steps);
        if (!Add)
        {
            Packing.Transpose<Floats128>(turned, Rows, Columns, Rows, C, CRow);
            return;
        }

        for (int i = 0; i < Rows; i++)
        {
            for (int j = 0; j < Columns; j++)
            {
                C[(i * CRow) + j] += turned[(j * Rows) + i];
            }
        }
    }
}
