using System.Diagnostics;

namespace MiniNet.Kernels;

/// <summary>Rows and columns laid over an array from an element on, row after row, so that the kernels can say <c>y[i, j]</c>. It owns nothing.</summary>
/// <remarks>An array and not a span: a view must be able to travel to another thread.</remarks>
[DebuggerStepThrough]
internal readonly struct MatrixView(float[] data, int rows, int columns, int start = 0, bool isZero = false)
{
    public readonly float[] Data = data;
    public readonly int Rows = rows;
    public readonly int Columns = columns;

    /// <summary>Its elements count as 0, whatever stands there: the sum that comes first is written over them, and not added to them.</summary>
    public readonly bool IsZero = isZero;

    private readonly int start = start;

    public ref float this[int i, int j] => ref Data[start + (i * Columns) + j];

    public Span<float> Row(int i) => Data.AsSpan(start + (i * Columns), Columns);

    public Span<float> Span => Data.AsSpan(start, Rows * Columns);
}
