namespace MiniNet.Kernels.Products;

/// <summary>How a product is gone about: what is packed, and how much is worked on at a time so that it stays in the cache.</summary>
internal readonly record struct ProductPlan(int TermsAtATime, int ColumnsAtATime, int RowsAtATime, bool PacksA, bool PacksB, bool Dots)
{
    // Half of a second-level cache of one megabyte, in floats.
    private const long Fits = 266_240;

    public static ProductPlan Of(int rows, int columns, int terms, bool inRows)
    {
        long a = (long)rows * terms, b = (long)terms * columns;
        if (rows < 4)
        {
            // Each number of b is used once or thrice: packing it would cost more than it brings. Eight rows of b at a time are read as they lie.
            return new(b <= Fits ? terms : 8, columns, rows, PacksA: false, PacksB: false, Dots: !inRows);
        }

        return a <= Fits && b <= Fits
            ? new(terms, columns, rows, PacksA: false, PacksB: !inRows, Dots: false)
            : new(TermsAtATime: 384, ColumnsAtATime: 2048, RowsAtATime: 240, PacksA: true, PacksB: true, Dots: false);
    }
}
