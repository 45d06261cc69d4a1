using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace MiniNet.Kernels;

/// <summary>
/// The functions of <see cref="PlainKernels"/> over vectors, and the products over threads too. Each is judged by its plain
/// namesake in the tests. An element of a product is summed by one thread in one order, so that the number of threads
/// changes no bit; what is left over after the last whole vector goes to the plain kernel.
/// </summary>
internal static partial class SimdKernels
{
    /// <inheritdoc cref="PlainKernels.AddProduct"/>
    public static void AddProduct(MatrixView x, MatrixView w, MatrixView y) =>
        WorkerThreads.SplitRows(AddProductRows, x, w, y, multiplications: (long)y.Rows * y.Columns * x.Columns);

    /// <inheritdoc cref="PlainKernels.AddTransposedProduct"/>
    public static void AddTransposedProduct(MatrixView x, MatrixView dY, MatrixView dW) =>
        WorkerThreads.SplitRows(AddTransposedProductRows, x, dY, dW, multiplications: (long)dW.Rows * dW.Columns * x.Rows);

    /// <inheritdoc cref="PlainKernels.AddProductTransposed"/>
    public static void AddProductTransposed(MatrixView dY, MatrixView w, MatrixView dX) =>
        WorkerThreads.SplitRows(AddProductTransposedRows, dY, w, dX, multiplications: (long)dX.Rows * dX.Columns * dY.Columns);

    private static void AddProductRows(MatrixView x, MatrixView w, MatrixView y, int first, int last)
    {
        for (int i = first; i < last; i++)
        {
            Span<float> yRow = y.Row(i);
            for (int k = 0; k < x.Columns; k++)
            {
                TensorPrimitives.MultiplyAdd(w.Row(k), x[i, k], yRow, yRow);
            }
        }
    }

    private static void AddTransposedProductRows(MatrixView x, MatrixView dY, MatrixView dW, int first, int last)
    {
        for (int i = 0; i < x.Rows; i++)
        {
            Span<float> dYRow = dY.Row(i);
            for (int k = first; k < last; k++)
            {
                Span<float> dWRow = dW.Row(k);
                TensorPrimitives.MultiplyAdd(dYRow, x[i, k], dWRow, dWRow);
            }
        }
    }

    private static void AddProductTransposedRows(MatrixView dY, MatrixView w, MatrixView dX, int first, int last)
    {
        for (int i = first; i < last; i++)
        {
            Span<float> dYRow = dY.Row(i);
            for (int k = 0; k < dX.Columns; k++)
            {
                dX[i, k] += TensorPrimitives.Dot<float>(dYRow, w.Row(k));
            }
        }
    }

    /// <inheritdoc cref="PlainKernels.SetRows"/>
    public static void SetRows(ReadOnlySpan<float> b, MatrixView y)
    {
        for (int i = 0; i < y.Rows; i++)
        {
            b.CopyTo(y.Row(i));
        }
    }

    /// <inheritdoc cref="PlainKernels.AddColumnSums"/>
    public static void AddColumnSums(MatrixView dY, Span<float> db)
    {
        for (int i = 0; i < dY.Rows; i++)
        {
            TensorPrimitives.Add(db, dY.Row(i), db);
        }
    }

    /// <inheritdoc cref="PlainKernels.Sum"/>
    public static void Sum(ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> y) => TensorPrimitives.Add(a, b, y);

    /// <inheritdoc cref="PlainKernels.Accumulate"/>
    public static void Accumulate(ReadOnlySpan<float> dY, Span<float> dX) => TensorPrimitives.Add(dX, dY, dX);

    private static Span<Vector<float>> Vectors(Span<float> span) => MemoryMarshal.Cast<float, Vector<float>>(span);

    private static ReadOnlySpan<Vector<float>> Vectors(ReadOnlySpan<float> span) => MemoryMarshal.Cast<float, Vector<float>>(span);
}
