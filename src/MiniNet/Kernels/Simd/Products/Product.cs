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
    private const int TermsPerBlock = 1024, RowsPerBlock = 240, ColumnsPerBlock = 1024;

    // The maximum number of terms that are summed sequentially.
    private const int MaxSequentialTerms = 4096;

    // Up to this size a whole factor stays in or near the second-level cache even unpacked, so packing it does not pay off.
    private const long L2Floats = 460_000;

    private const int StackBufferFloats = 2048;

    private static int Lanes => Vector512.IsHardwareAccelerated ? 16 : Vector256.IsHardwareAccelerated ? 8 : 4;

    private Strategy strategy;

    // The strategy determines the order of summation. So it is chosen once for the whole product, not for each thread's share.
    private enum Strategy
    {
        Tiled,
        SingleRow,
        FewRows,
        DotProducts,
        TransposedResult,
    }

    // Each thread packs its own share, so the longer side of c is split.
    private readonly bool SplitsColumns => Columns > Rows;

    public void Run()
    {
        strategy = ChooseStrategy();
        long multiplications = (long)Rows * Columns * Terms;
        if (WorkerThreads.IsWorthSplitting(multiplications))
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
    private readonly Strategy ChooseStrategy() =>
        BColumn != 1
            ? Rows < 4 || Columns <= 4 || (6 * Rows < Terms && (long)Terms * Columns <= 32_768)
            ? Strategy.DotProducts
            : Strategy.Tiled
        : Rows < 4 && (long)Terms * Columns > L2Floats ? Strategy.FewRows
        : Rows == 1 ? Strategy.SingleRow
        : ARow == 1 && Rows > Columns && (long)Terms * (Lanes - Columns) > 4L * Lanes * Columns
            ? Strategy.TransposedResult
            : Strategy.Tiled;

    private readonly void Compute()
    {
        if (Terms > MaxSequentialTerms)
        {
            ComputeInParts();
        }
        else if (Vector512.IsHardwareAccelerated) { Compute<Floats512>(); }
        else if (Vector256.IsHardwareAccelerated) { Compute<Floats256>(); }
        else { Compute<Floats128>(); }
    }

    // A sum of a million sequential terms loses digits. So blocks of a few thousand terms are summed separately, and the sums are added.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private readonly void ComputeInParts()
    {
        for (int i = 0; i < Rows; i += RowsPerBlock)
        {
            Product part = this;
            part.Rows = Math.Min(RowsPerBlock, Rows - i);
            part.Terms = MaxSequentialTerms;
            part.A += i * ARow;
            part.C += i * CRow;
            part.From += From == null ? 0 : i * FromRow;
            part.Compute();
            float* c = part.C, sums = ScratchBuffers.PartialSums(part.Rows * Columns);
            part.C = sums;
            part.CRow = Columns;
            part.From = null;
            for (int t = MaxSequentialTerms; t < Terms; t += MaxSequentialTerms)
            {
                part.Terms = Math.Min(MaxSequentialTerms, Terms - t);
                part.A += MaxSequentialTerms * ATerm;
                part.B += MaxSequentialTerms * BTerm;
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
        switch (strategy)
        {
            case Strategy.SingleRow:
                MicroKernels.AddRow<V>(
                    A, ATerm, B, C, From, Columns, new Strides(
                        Terms, ARow, ATerm, PackedA: false, BTerm, VectorPair<V>.Count, CRow, FromRow));
                break;
            case Strategy.FewRows:
                AddFewRows<V>();
                break;
            case Strategy.DotProducts:
                DotProducts.Add<V>(this);
                break;
            case Strategy.TransposedResult:
                AddTransposed<V>();
                break;
            default:
                AddTiled<V>();
                break;
        }
    }

    private readonly void AddTiled<V>()
        where V : unmanaged, IVector<V>
    {
        long a = (long)Rows * Terms, b = (long)Terms * Columns;
        bool small = a <= L2Floats && b <= L2Floats;
        if (small && BColumn == 1)
        {
            MicroKernels.Add<V>(
                A, B, C, From, Rows, Columns, new Strides(Terms, ARow, ATerm, PackedA: false, BTerm, VectorPair<V>.Count, CRow, FromRow));
        }
        else if ((Terms + 3L) * (Columns + VectorPair<V>.Count) <= StackBufferFloats)
        {
            AddSmall<V>();
        }
        else if (small)
        {
            AddBlocks<V>(Terms, Columns, Rows, packsA: false);
        }
        else
        {
            // If A's terms are contiguous, A is read in place. Otherwise each term is in another page, and A is packed.
            AddBlocks<V>(TermsPerBlock, ColumnsPerBlock, RowsPerBlock, packsA: ATerm != 1);
        }
    }

    // Finding the thread's scratch buffer would take a good part of the time of a small product, so this uses the stack.
    [SkipLocalsInit]
    private readonly void AddSmall<V>()
        where V : unmanaged, IVector<V>
    {
        float* room = stackalloc float[StackBufferFloats];
        Packing.PackB<V>(B, BTerm, BColumn, Terms, Columns, room);
        MicroKernels.Add<V>(
            A,
            room,
            C,
            From,
            Rows,
            Columns,
            new Strides(Terms, ARow, ATerm, PackedA: false, VectorPair<V>.Count, Terms * VectorPair<V>.Count, CRow, FromRow));
    }

    private readonly void AddBlocks<V>(int termsPerBlock, int columnsPerBlock, int rowsPerBlock, bool packsA)
        where V : unmanaged, IVector<V>
    {
        for (int t = 0; t == 0 || t < Terms; t += termsPerBlock)
        {
            int terms = Math.Min(termsPerBlock, Terms - t);
            float* from = t == 0 ? From : C;
            var strides = new Strides(
                terms, ARow, ATerm, packsA, VectorPair<V>.Count, terms * VectorPair<V>.Count, CRow, t == 0 ? FromRow : CRow);
            for (int j = 0; j < Columns; j += columnsPerBlock)
            {
                int columns = Math.Min(columnsPerBlock, Columns - j);
                float* b = ScratchBuffers.PackedB((terms + 3) * (columns + VectorPair<V>.Count));
                Packing.PackB<V>(B + (t * BTerm) + (j * BColumn), BTerm, BColumn, terms, columns, b);
                for (int i = 0; i < Rows; i += rowsPerBlock)
                {
                    int rows = Math.Min(rowsPerBlock, Rows - i);
                    float* a = A + (i * ARow) + (t * ATerm);
                    if (packsA)
                    {
                        float* room = ScratchBuffers.PackedA(terms * rows);
                        Packing.PackA(a, ATerm, rows, terms, room);
                        a = room;
                    }

                    MicroKernels.Add<V>(
                        a, b, C + (i * CRow) + j, from == null ? null : from + (i * strides.FromRow) + j, rows, columns, strides);
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
            var strides = new Strides(
                Math.Min(8, Terms - t), ARow, ATerm, PackedA: false, BTerm, VectorPair<V>.Count, CRow, t == 0 ? FromRow : CRow);
            MicroKernels.Add<V>(A + (t * ATerm), B + (t * BTerm), C, t == 0 ? From : C, Rows, Columns, strides);
        }
    }

    // If c has few columns, most lanes would be empty. cᵀ = bᵀ·a has long rows, and a is already stored that way.
    [SkipLocalsInit]
    private readonly void AddTransposed<V>()
        where V : unmanaged, IVector<V>
    {
        float* room = stackalloc float[StackBufferFloats],
            turned = Rows * Columns <= StackBufferFloats ? room : ScratchBuffers.TransposedC(Rows * Columns);
        var strides = new Strides(Terms, 1, BTerm, PackedA: false, ATerm, VectorPair<V>.Count, Rows, FromRow: 0);
        MicroKernels.Add<V>(B, A, turned, null, Columns, Rows, strides);
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
