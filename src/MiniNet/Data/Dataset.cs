using System.Diagnostics;
using MiniNet.Graphs;
using MiniNet.Tensors;

namespace MiniNet.Data;

/// <summary>Represents rows for a network: inputs and their targets.</summary>
[DebuggerDisplay("{Count} rows of {Inputs.Shape.Columns} inputs")]
public sealed class Dataset
{
    /// <summary>Initializes a new instance of the <see cref="Dataset"/> class.</summary>
    /// <param name="inputs">The inputs, one row per example.</param>
    /// <param name="targets">The targets: one class index or one row of values per example.</param>
    /// <param name="classes">The names of the classes, if the targets are classes. Without names, the indices are used as names.</param>
    /// <exception cref="TargetsException">The numbers of inputs and targets differ.</exception>
    public Dataset(Tensor inputs, Targets targets, IReadOnlyList<string>? classes = null)
    {
        (Inputs, Targets, Classes) = (Require.NotNull(inputs), Require.NotNull(targets), classes ?? []);
        if (targets.Rows != inputs.Shape.Rows)
        {
            throw new TargetsException($"{inputs.Shape.Rows} rows of inputs do not fit {targets.Rows} targets");
        }
    }

    /// <summary>Gets the inputs, one row per example.</summary>
    public Tensor Inputs { get; }

    /// <summary>Gets the targets.</summary>
    public Targets Targets { get; }

    /// <summary>Gets the names of the classes. The list is empty if the targets are values or no names were given.</summary>
    public IReadOnlyList<string> Classes { get; }

    /// <summary>Gets the number of rows.</summary>
    public int Count => Inputs.Shape.Rows;
}
