using MiniNet.Kernels.Products;

namespace MiniNet.Kernels;

// The three products, as steps through the factors. Here, and only here, are their spans checked.
internal static unsafe partial class SimdKernels
{
    /// <inheritdoc cref="PlainKernels.AddProduct"/>
    public static void AddProduct(MatrixView x, MatrixView w, MatrixView y) =>
        Multiply(x, w, y, x.Rows, x.Columns, w.Rows, w.Columns, x.Columns, 1, w.Columns, 1);

    /// <inheritdoc cref="PlainKernels.AddTransposedProduct"/>
    public static void AddTransposedProduct(MatrixView x, MatrixView dY, MatrixView dW) =>
        Multiply(x, dY, dW, x.Columns, x.Rows, dY.Rows, dY.Columns, 1, x.Columns, dY.Columns, 1);

    /// <inheritdoc cref="PlainKernels.AddProductTransposed"/>
    public static void AddProductTransposed(MatrixView dY, MatrixView w, MatrixView dX) =>
        Multiply(dY, w, dX, dY.Rows, dY.Columns, w.Columns, w.Rows, dY.Columns, 1, 1, w.Columns);

    private static void Multiply(
        MatrixView a, MatrixView b, MatrixView c, int rows, int terms, int termsOfB, int columns, nint aRow, nint aTerm, nint bTerm, nint bColumn)
    {
        if (terms != termsOfB || c.Rows != rows || c.Columns != columns)
        {
            throw new ArgumentException($"[{rows}, {terms}]·[{termsOfB}, {columns}] is not [{c.Rows}, {c.Columns}].", nameof(c));
        }

        if (terms == 0 || c.Data.Length == 0)
        {
            (c.IsZero ? c.Span : []).Clear();
            return;
        }

        fixed (float* pa = a.Span, pb = b.Span, pc = c.Span)
        {
            new Product
            {
                A = pa,
                B = pb,
                C = pc,
                Rows = rows,
                Columns = columns,
                Terms = terms,
                ARow = aRow,
                ATerm = aTerm,
                BTerm = bTerm,
                BColumn = bColumn,
                CRow = columns,
                Add = !c.IsZero,
            }.Run();
        }
    }
}
