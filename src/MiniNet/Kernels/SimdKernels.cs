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
