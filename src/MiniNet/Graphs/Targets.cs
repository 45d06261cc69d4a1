using System.Diagnostics;
using MiniNet.Tensors;

namespace MiniNet.Graphs;

/// <summary>What a prediction should have been: one class index a row, or a tensor of values.</summary>
[DebuggerDisplay("{ToString(),nq}")]
[DebuggerStepThrough]
public sealed class Targets
{
    private readonly int[] classes = [];
    private int rows;

    /// <summary>One class a row.</summary>
    /// <param name="classes">Indices from 0; the array is kept, not copied.</param>
    public Targets(int[] classes) => (this.classes, rows) = (classes, classes.Length);

    /// <summary>Values, row by row.</summary>
    /// <param name="values">The tensor is kept, not copied.</param>
    public Targets(Tensor values) => (Values, rows) = (values, values.Shape.Rows);

    /// <summary>The class index of each row; empty where the targets are values.</summary>
    public ReadOnlySpan<int> Classes => classes.AsSpan(0, Values is null ? rows : 0);

    /// <summary>The values; null where the targets are classes.</summary>
    public Tensor? Values { get; }

    /// <summary>How many rows there are.</summary>
    public int Rows
    {
        get => Values?.Shape.Rows ?? rows;
        internal set => rows = value; // the smaller last batch of an epoch uses the first rows of the same array
    }

    /// <summary>One class a row.</summary>
    /// <param name="classes">Indices from 0.</param>
    public static implicit operator Targets(int[] classes) => new(classes);

    /// <summary>Values, row by row.</summary>
    /// <param name="values">The values.</param>
    public static implicit operator Targets(Tensor values) => new(values);

    /// <summary>The first classes, or the values as their tensor describes itself.</summary>
    /// <returns>The text.</returns>
    public override string ToString() =>
        Values?.ToString() ?? $"{Rows} classes: {string.Join(", ", classes.Take(Math.Min(Rows, 12)))}{(Rows > 12 ? ", ..." : "")}";
}
