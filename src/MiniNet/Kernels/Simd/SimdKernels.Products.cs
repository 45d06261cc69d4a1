using System.Runtime.CompilerServices;
using MiniNet.Kernels.Products;

namespace MiniNet.Kernels;

// The three matrix products, expressed as strides. Their spans are validated here and nowhere else.
internal static unsafe partial class SimdKernels
{
    /// <inheritdoc cref="PlainKernels.SetProduct"/>
    public static void SetProduct(in MatrixView x, in MatrixView w, ReadOnlySpan<float> b, in MatrixView y)
    {
        fixed (float* start = b.IsEmpty ? b : b[..w.Columns])
        {
            Product product = default;
            product.From = start;
            product.Terms = x.Columns;
            product.ARow = x.Columns;
            product.ATerm = 1;
            product.BTerm = w.Columns;
            product.BColumn = 1;
            Run(ref product, in x, in w, in y, x.Rows, w.Rows, w.Columns, adds: false);
        }
    }

    /// <inheritdoc cref="PlainKernels.AddProduct"/>
    public static void AddProduct(in MatrixView x, in MatrixView w, in MatrixView y)
    {
        Product product = default;
        product.Terms = x.Columns;
        product.ARow = x.Columns;
        product.ATerm = 1;
        product.BTerm = w.Columns;
        product.BColumn = 1;
        Run(ref product, in x, in w, in y, x.Rows, w.Rows, w.Columns, adds: true);
    }

    /// <inheritdoc cref="PlainKernels.AddTransposedProduct"/>
    public static void AddTransposedProduct(in MatrixView x, in MatrixView dY, in MatrixView dW)
    {
        Product product = default;
        product.Terms = x.Rows;
        product.ARow = 1;
        product.ATerm = x.Columns;
        product.BTerm = dY.Columns;
        product.BColumn = 1;
        Run(ref product, in x, in dY, in dW, x.Columns, dY.Rows, dY.Columns, adds: true);
    }

    /// <inheritdoc cref="PlainKernels.AddProductTransposed"/>
    public static void AddProductTransposed(in MatrixView dY, in MatrixView w, in MatrixView dX)
    {
        Product product = default;
        product.Terms = dY.Columns;
        product.ARow = dY.Columns;
        product.ATerm = 1;
        product.BTerm = 1;
        product.BColumn = w.Columns;
        Run(ref product, in dY, in w, in dX, dY.Rows, w.Columns, w.Rows, adds: true);
    }

    // Not inlined: copies of it in each of the callers would evict each other from the instruction cache.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Run(
        ref Product product,
        in MatrixView a,
        in MatrixView b,
        in MatrixView c,
        int rows,
        int termsOfB,
        int columns,
        bool adds)
    {
        if (product.Terms != termsOfB || c.Rows != rows || c.Columns != columns)
        {
            throw new ArgumentException(
                $"[{rows}, {product.Terms}]·[{termsOfB}, {columns}] cannot be written to [{c.Rows}, {c.Columns}]: the shapes do not match.",
                nameof(c));
        }

        product.Rows = rows;
        product.Columns = columns;
        product.CRow = columns;
        fixed (float* pa = a.Span, pb = b.Span, pc = c.Span)
        {
            product.A = pa;
            product.B = pb;
            product.C = pc;
            if (adds && !c.Overwrite)
            {
                product.From = pc;
                product.FromRow = columns;
            }

            product.Run();
        }
    }
}
