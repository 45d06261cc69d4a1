using System.Diagnostics;

namespace MiniNet.Kernels;

/// <summary>Rows and columns laid over an array, row after row, so that the kernels can say <c>y[i, j]</c>. It owns nothing.</summary>
/// <remarks>An array and not a span: a view must be able to travel to another thread.</remarks>
[DebuggerStepThrough]
internal readonly struct MatrixView(float[] data, int rows, int columns)
{
    public readonly float[] Data = data;
    public readonly int Rows = rows;
    public readonly int Columns = columns;

    public ref float this[int i, int j] => ref Data[(i * Columns) + j];

    public Span<float> Row(int i) => Data.AsSpan(i * Columns, Columns);

    public Span<float> Span => Data.AsSpan(0, Rows * Columns);
}
