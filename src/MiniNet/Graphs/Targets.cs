using System.Diagnostics;
using MiniNet.Tensors;

namespace MiniNet.Graphs;

/// <summary>Represents the expected output of a batch: one class index per row, or a tensor of values.</summary>
[DebuggerDisplay("{ToString(),nq}")]
[DebuggerStepThrough]
public sealed class Targets
{
    private readonly int[] classes = [];
    private int rows;

    /// <summary>Initializes a new instance of the <see cref="Targets"/> class with one class per row.</summary>
    /// <param name="classes">The zero-based class indices. The array is not copied.</param>
    public Targets(int[] classes) => (this.classes, rows) = (classes, classes.Length);

    /// <summary>Initializes a new instance of the <see cref="Targets"/> class with values.</summary>
    /// <param name="values">The values, row by row. The tensor is not copied.</param>
    public Targets(Tensor values) => (Values, rows) = (values, values.Shape.Rows);

    /// <summary>Gets the class index of each row; empty if the targets are values.</summary>
    public ReadOnlySpan<int> Classes => classes.AsSpan(0, Values is null ? rows : 0);

    /// <summary>Gets the values; null if the targets are classes.</summary>
    public Tensor? Values { get; }

    /// <summary>Gets the number of rows.</summary>
    public int Rows
    {
        get => Values?.Shape.Rows ?? rows;
        internal set => rows = value; // the smaller last batch of an epoch uses the first rows of the same array
    }

    /// <summary>Converts class indices to targets, one class per row.</summary>
    /// <param name="classes">The zero-based class indices. The array is not copied.</param>
    public static implicit operator Targets(int[] classes) => new(classes);

    /// <summary>Converts a tensor of values to targets.</summary>
    /// <param name="values">The values, row by row. The tensor is not copied.</param>
    public static implicit operator Targets(Tensor values) => new(values);

    /// <summary>Describes the targets by the first class indices, or by the description of the tensor.</summary>
    /// <returns>The text.</returns>
    public override string ToString() =>
        Values?.ToString() ?? $"{Rows} classes: {string.Join(", ", classes.Take(Math.Min(Rows, 12)))}{(Rows > 12 ? ", ..." : "")}";
}
