using System.Diagnostics;

namespace MiniNet.Kernels;

/// <summary>
/// Represents part of an array as a row-major matrix, so that the kernels can say <c>y[i, j]</c>. The view does not own the array.
/// </summary>
/// <remarks>It holds an array rather than a span, because a view must be able to move to another thread.</remarks>
[DebuggerStepThrough]
internal readonly struct MatrixView(float[] data, int rows, int columns, int start = 0, bool overwrite = false)
{
    public readonly float[] Data = data;
    public readonly int Rows = rows;
    public readonly int Columns = columns;

    /// <summary>
    /// The elements count as 0, whatever their values: the first sum overwrites them instead of adding to them (beta = 0 in BLAS).
    /// </summary>
    public readonly bool Overwrite = overwrite;

    private readonly int start = start;

    public ref float this[int i, int j] => ref Data[start + (i * Columns) + j];

    public Span<float> Row(int i) => Data.AsSpan(start + (i * Columns), Columns);

    public Span<float> Span => Data.AsSpan(start, Rows * Columns);
}
