using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using MiniNet.Kernels.Vectors;

namespace MiniNet.Kernels.Products;

/// <summary>
/// Computes c[i, j] = From[i·FromRow + j] + Σₜ a[i, t]·b[t, j], with a[i, t] = A[i·ARow + t·ATerm] and b[t, j] = B[t·BTerm + j·BColumn].
/// The three forms of the product differ only in these strides. From is c itself, a row (FromRow = 0), or null.
/// The caller must have validated and pinned the spans.
/// </summary>
internal unsafe struct Product : IWork<Product>
{
    public float* A, B, C, From;
    public int Rows, Columns, Terms;
    public nint ARow, ATerm, BTerm, BColumn, CRow, FromRow;

    // Block sizes for large factors. Measured from 256·1024·1024 to 2048³, varying one of the three at a time: with fewer terms, c is
    // read and written more often; with more of anything, a block no longer fits in the cache.
    private const int TermsAtATime = 1024, RowsAtATime = 240, ColumnsAtATime = 1024;

    // The maximum number of terms that are summed sequentially.
    private const int TermsInARow = 4096;

    // Up to this size a whole factor stays in or near the second-level cache by itself, so packing it does not pay off.
    private const long Fits = 460_000;

    private const int Tiny = 2048;

    private static int Lanes => Vector512.IsHardwareAccelerated ? 16 : Vector256.IsHardwareAccelerated ? 8 : 4;

    private Way way;

    // The strategy determines the order of summation. So it is chosen once for the whole product, not for each thread's share.
    private enum Way
    {
        Tiles,
        Row,
        FewRows,
        Dots,
        Turned,
    }

    // Each thread packs its own share, so the longer side of c is split.
    private readonly bool SplitsColumns => Columns > Rows;

    public void Run()
    {
        way = ChooseWay();
        long multiplications = (long)Rows * Columns * Terms;
        if (WorkerThreads.AreWorth(multiplications))
        {
            WorkerThreads.Split(this, SplitsColumns ? Columns : Rows, SplitsColumns ? 128 : 12, multiplications);
        }
        else
        {
            Compute();
        }
    }

    public static void Run(in Product product, int first, int last)
    {
        Product share = product;
        if (product.SplitsColumns)
        {
            share.B += first * product.BColumn;
            share.C += first;
            share.From += product.From == null ? 0 : first;
            share.Columns = last - first;
        }
        else
        {
            share.A += first * product.ARow;
            share.C += first * product.CRow;
            share.From += product.From == null ? 0 : first * product.FromRow;
            share.Rows = last - first;
        }

        share.Compute();
    }

    // Per packed element of b, dot products need a sixth as many rows but a reduction across lanes. Few columns are hardly worth packing
    // either. Transposing c costs about as much per element as the empty lanes of four terms.
    private readonly Way ChooseWay() =>
        BColumn != 1 ? Rows < 4 || Columns <= 4 || (6 * Rows < Terms && (long)Terms * Columns <= 32_768) ? Way.Dots : Way.Tiles
        : Rows < 4 && (long)Terms * Columns > Fits ? Way.FewRows
        : Rows == 1 ? Way.Row
        : ARow == 1 && Rows > Columns && (long)Terms * (Lanes - Columns) > 4L * Lanes * Columns ? Way.Turned : Way.Tiles;

    private readonly void Compute()
    {
        if (Terms > TermsInARow)
        {
            ComputeInParts();
        }
        else if (Vector512.IsHardwareAccelerated)
        {
            Compute<Floats512>();
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            Compute<Floats256>();
        }
        else
        {
            Compute<Floats128>();
        }
    }

    // A sum of a million sequential terms loses digits. So blocks of a few thousand terms are summed separately, and the sums are added.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private readonly void ComputeInParts()
    {
        for (int i = 0; i < Rows; i += RowsAtATime)
        {
            Product part = this;
            part.Rows = Math.Min(RowsAtATime, Rows - i);
            part.Terms = TermsInARow;
            part.A += i * ARow;
            part.C += i * CRow;
            part.From += From == null ? 0 : i * FromRow;
            part.Compute();
            float* c = part.C, sums = Room.ForSums(part.Rows * Columns);
            part.C = sums;
            part.CRow = Columns;
            part.From = null;
            for (int t = TermsInARow; t < Terms; t += TermsInARow)
            {
                part.Terms = Math.Min(TermsInARow, Terms - t);
                part.A += TermsInARow * ATerm;
                part.B += TermsInARow * BTerm;
                part.Compute();
                for (int k = 0; k < part.Rows * Columns; k++)
                {
                    c[(k / Columns * CRow) + (k % Columns)] += sums[k];
                }
            }
        }
    }

    private readonly void Compute<V>()
        where V : unmanaged, IVector<V>
    {
        switch (way)
        {
            case Way.Row:
                Tiles.AddRow<V>(
                    A, ATerm, B, C, From, Columns, new Steps(Terms, ARow, ATerm, PackedA: false, BTerm, Pair<V>.Count, CRow, FromRow));
                break;
            case Way.FewRows:
                AddFewRows<V>();
                break;
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
        bool small = a <= Fits && b <= Fits;
        if (small && BColumn == 1)
        {
            Tiles.Add<V>(A, B, C, From, Rows, Columns, new Steps(Terms, ARow, ATerm, PackedA: false, BTerm, Pair<V>.Count, CRow, FromRow));
        }
        else if ((Terms + 3L) * (Columns + Pair<V>.Count) <= Tiny)
        {
            AddTiny<V>();
        }
        else if (small)
        {
            AddBlocks<V>(Terms, Columns, Rows, packsA: false);
        }
        else
        {
            // If A's terms are contiguous, A is read in place. Otherwise each term is in another page, and A is packed.
            AddBlocks<V>(TermsAtATime, ColumnsAtATime, RowsAtATime, packsA: ATerm != 1);
        }
    }

    // Finding the thread's scratch buffer would take a good part of the time of a small product, so this uses the stack.
    [SkipLocalsInit]
    private readonly void AddTiny<V>()
        where V : unmanaged, IVector<V>
    {
        float* room = stackalloc float[Tiny];
        Packing.PackB<V>(B, BTerm, BColumn, Terms, Columns, room);
        Tiles.Add<V>(
            A,
            room,
            C,
            From,
            Rows,
            Columns,
            new Steps(Terms, ARow, ATerm, PackedA: false, Pair<V>.Count, Terms * Pair<V>.Count, CRow, FromRow));
    }

    private readonly void AddBlocks<V>(int termsAtATime, int columnsAtATime, int rowsAtATime, bool packsA)
        where V : unmanaged, IVector<V>
    {
        for (int t = 0; t == 0 || t < Terms; t += termsAtATime)
        {
            int terms = Math.Min(termsAtATime, Terms - t);
            float* from = t == 0 ? From : C;
            var steps = new Steps(terms, ARow, ATerm, packsA, Pair<V>.Count, terms * Pair<V>.Count, CRow, t == 0 ? FromRow : CRow);
            for (int j = 0; j < Columns; j += columnsAtATime)
            {
                int columns = Math.Min(columnsAtATime, Columns - j);
                float* b = Room.ForB((terms + 3) * (columns + Pair<V>.Count));
                Packing.PackB<V>(B + (t * BTerm) + (j * BColumn), BTerm, BColumn, terms, columns, b);
                for (int i = 0; i < Rows; i += rowsAtATime)
                {
                    int rows = Math.Min(rowsAtATime, Rows - i);
                    float* a = A + (i * ARow) + (t * ATerm);
                    if (packsA)
                    {
                        float* room = Room.ForA(terms * rows);
                        Packing.PackA(a, ATerm, rows, terms, room);
                        a = room;
                    }

                    Tiles.Add<V>(a, b, C + (i * CRow) + j, from == null ? null : from + (i * steps.FromRow) + j, rows, columns, steps);
                }
            }
        }
    }

    // Each element of b is used at most three times, so packing would cost more than it saves. Eight rows of b at a time are read in place.
    private readonly void AddFewRows<V>()
        where V : unmanaged, IVector<V>
    {
        for (int t = 0; t < Terms; t += 8)
        {
            var steps = new Steps(Math.Min(8, Terms - t), ARow, ATerm, PackedA: false, BTerm, Pair<V>.Count, CRow, t == 0 ? FromRow : CRow);
            Tiles.Add<V>(A + (t * ATerm), B + (t * BTerm), C, t == 0 ? From : C, Rows, Columns, steps);
        }
    }

    // If c has few columns, most lanes would be empty. cᵀ = bᵀ·a has long rows, and a is already stored that way.
    [SkipLocalsInit]
    private readonly void AddTurned<V>()
        where V : unmanaged, IVector<V>
    {
        float* room = stackalloc float[Tiny], turned = Rows * Columns <= Tiny ? room : Room.ForC(Rows * Columns);
        var steps = new Steps(Terms, 1, BTerm, PackedA: false, ATerm, Pair<V>.Count, Rows, FromRow: 0);
        Tiles.Add<V>(B, A, turned, null, Columns, Rows, steps);
        if (From == null)
        {
            Packing.Transpose<Floats128>(turned, Rows, Columns, Rows, C, CRow, spare: false);
            return;
        }

        for (int i = 0; i < Rows; i++)
        {
            for (int j = 0; j < Columns; j++)
            {
                C[(i * CRow) + j] = From[(i * FromRow) + j] + turned[(j * Rows) + i];
            }
        }
    }
}
