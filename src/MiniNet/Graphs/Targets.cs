using System.Diagnostics;
using MiniNet.Tensors;

namespace MiniNet.Graphs;

/// <summary>
/// Represents the expected output of a batch: one class index per row, or a tensor of values; or one of these for each loss of a graph.
/// </summary>
[DebuggerDisplay("{ToString(),nq}")]
[DebuggerStepThrough]
public sealed class Targets
{
    private readonly int[] classes = [];
    private readonly Targets[] parts = []; // one for each loss; empty if all losses have the same targets
    private int rows;

    /// <summary>Initializes a new instance of the <see cref="Targets"/> class with one class per row.</summary>
    /// <param name="classes">The zero-based class indices. The array is not copied.</param>
    public Targets(int[] classes)
    {
        ArgumentNullException.ThrowIfNull(classes);
        (this.classes, rows) = (classes, classes.Length);
    }

    /// <summary>Initializes a new instance of the <see cref="Targets"/> class with values.</summary>
    /// <param name="values">The values, row by row. The tensor is not copied.</param>
    public Targets(Tensor values)
    {
        ArgumentNullException.ThrowIfNull(values);
        (Values, rows) = (values, values.Shape.Rows);
    }

    private Targets(Targets[] parts) => (this.parts, classes, Values, rows) = (parts, parts[0].classes, parts[0].Values, parts[0].rows);

    /// <summary>Gets the class index of each row; empty if the targets are values.</summary>
    public ReadOnlySpan<int> Classes => classes.AsSpan(0, Values is null ? rows : 0);

    /// <summary>Gets the values; null if the targets are classes.</summary>
    public Tensor? Values { get; }

    /// <summary>Gets the number of rows.</summary>
    public int Rows => Values?.Shape.Rows ?? rows;

    /// <summary>
    /// Creates targets for a graph with several losses. Without it, all losses have the same targets. The properties of the result are
    /// those of the first loss.
    /// </summary>
    /// <param name="targets">One for each loss, in the order in which the losses were added, with the same number of rows.</param>
    /// <returns>The targets.</returns>
    /// <exception cref="ArgumentException">There are no targets, or they have different numbers of rows.</exception>
    public static Targets ForEachLoss(params ReadOnlySpan<Targets> targets)
    {
        foreach (Targets part in targets)
        {
            if (part.Rows != targets[0].Rows)
            {
                throw new ArgumentException(
                    $"The targets of one loss have {targets[0].Rows} rows, those of another {part.Rows}.", nameof(targets));
            }
        }

        return targets.Length == 0 ? throw new ArgumentException("There are no targets.", nameof(targets)) : new Targets(targets.ToArray());
    }

    /// <summary>Converts class indices to targets, one class per row.</summary>
    /// <param name="classes">The zero-based class indices. The array is not copied.</param>
    public static implicit operator Targets(int[] classes) => new(classes);

    /// <summary>Converts a tensor of values to targets.</summary>
    /// <param name="values">The values, row by row. The tensor is not copied.</param>
    public static implicit operator Targets(Tensor values) => new(values);

    /// <summary>Gets the targets of one loss of a graph.</summary>
    /// <exception cref="TargetsException">There are targets for another number of losses.</exception>
    internal Targets ForLoss(int index, int count) => parts.Length == 0 ? this
        : parts.Length == count ? parts[index]
        : throw new TargetsException($"The graph has {count} loss(es), but got targets for {parts.Length}.");

    /// <summary>Creates targets of the same kind for some of the rows.</summary>
    internal Targets CreateBuffer(int count) =>
        parts.Length > 0 ? new(Array.ConvertAll(parts, [DebuggerStepThrough] (part) => part.CreateBuffer(count)))
        : Values is null ? new(new int[count])
        : new(new Tensor(Values.Shape.WithRows(count), "t"));

    internal Targets Clone() => parts.Length > 0 ? new(Array.ConvertAll(parts, [DebuggerStepThrough] (part) => part.Clone()))
        : Values is null ? new(Classes.ToArray())
        : new(Values.Clone());

    /// <summary>Changes the number of rows of a buffer: the last batch of an epoch may be smaller than the others.</summary>
    internal void Resize(int count)
    {
        rows = count;
        Values?.Resize(Values.Shape.WithRows(count));
        for (int i = 0; i < parts.Length; i++)
        {
            parts[i].Resize(count);
        }
    }

    /// <summary>Copies a row of other targets to a row of this buffer.</summary>
    internal void CopyRow(int to, Targets from, int row)
    {
        if (Values is null)
        {
            classes[to] = from.classes[row];
        }
        else
        {
            from.Values!.Row(row).CopyTo(Values.Row(to));
        }

        for (int i = 1; i < parts.Length; i++) // the first part has the same arrays as this
        {
            parts[i].CopyRow(to, from.parts[i], row);
        }
    }

    /// <summary>Describes the targets by the first class indices, or by the description of the tensor.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => parts.Length > 1 ? string.Join(";  ", (object[])parts)
        : Values?.ToString() ?? $"{Rows} classes: {string.Join(", ", classes.Take(Math.Min(Rows, 12)))}{(Rows > 12 ? ", ..." : "")}";
}
