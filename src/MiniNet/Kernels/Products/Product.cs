using System.Runtime.Intrinsics;
using MiniNet.Kernels.Vectors;

namespace MiniNet.Kernels.Products;

/// <summary>
/// c[i, j] += Σₜ a[i, t]·b[t, j], or = where it does not add, with a[i, t] = A[i·ARow + t·ATerm] and b[t, j] = B[t·BTerm + j·BColumn]:
/// so each of the three forms is a matter of steps. Whoever makes one has checked the spans and pinned them.
/// </summary>
internal readonly unsafe struct Product : IWork<Product>
{
    public required float* A { get; init; }

    public required float* B { get; init; }

    public required float* C { get; init; }

    public required int Rows { get; init; }

    public required int Columns { get; init; }

    public required int Terms { get; init; }

    public required nint ARow { get; init; }

    public required nint ATerm { get; init; }

    public required nint BTerm { get; init; }

    public required nint BColumn { get; init; }

    public required nint CRow { get; init; }

    public required bool Add { get; init; }

    /// <summary>Decided once for the whole product, and not for each thread's share, because it decides the order of the sums.</summary>
    private ProductPlan Plan { get; init; }

    // Each thread packs its own share, so the longer side of c is cut.
    private bool SplitsColumns => Columns > Rows;

    public void Run()
    {
        if (Rows == 0 || Columns == 0)
        {
            return;
        }

        Product planned = this with { Plan = ProductPlan.Of(Rows, Columns, Terms, BColumn == 1) };
        long multiplications = (long)Rows * Columns * Terms;
        WorkerThreads.Split(planned, SplitsColumns ? Columns : Rows, SplitsColumns ? 32 : 12, multiplications);
    }

    public static void Run(in Product product, int first, int last)
    {
        Product share = product.SplitsColumns ? product.Part(0, product.Rows, first, last) : product.Part(first, last, 0, product.Columns);
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

    internal void Compute<V>()
        where V : unmanaged, IVector<V>
    {
        if (Plan.Dots)
        {
            Dots.Add<V>(this);
            return;
        }

        for (int t = 0; t < Terms; t += Plan.TermsAtATime)
        {
            int terms = Math.Min(Plan.TermsAtATime, Terms - t);
            for (int j = 0; j < Columns; j += Plan.ColumnsAtATime)
            {
                int columns = Math.Min(Plan.ColumnsAtATime, Columns - j);
                float* b = B + (t * BTerm) + (j * BColumn);
                var steps = new Steps(terms, ARow, ATerm, Plan.PacksA, BTerm, Pair<V>.Count, CRow, Add || t > 0);
                if (Plan.PacksB)
                {
                    float* room = Room.ForB(columns + Pair<V>.Count, terms);
                    Packing.PackB<V>(b, BTerm, BColumn, terms, columns, room);
                    b = room;
                    steps = steps with { BTerm = Pair<V>.Count, BStrip = terms * Pair<V>.Count };
                }

                for (int i = 0; i < Rows; i += Plan.RowsAtATime)
                {
                    int rows = Math.Min(Plan.RowsAtATime, Rows - i);
                    float* a = A + (i * ARow) + (t * ATerm);
                    if (Plan.PacksA)
                    {
                        float* room = Room.ForA(rows, terms);
                        Packing.PackA(a, ARow, ATerm, rows, terms, room);
                        a = room;
                    }

                    Tiles.Add<V>(a, b, C + (i * CRow) + j, rows, columns, steps);
                }
            }
        }
    }

    private Product Part(int firstRow, int lastRow, int firstColumn, int lastColumn) => this with
    {
        A = A + (firstRow * ARow),
        B = B + (firstColumn * BColumn),
        C = C + (firstRow * CRow) + firstColumn,
        Rows = lastRow - firstRow,
        Columns = lastColumn - firstColumn,
    };
}
