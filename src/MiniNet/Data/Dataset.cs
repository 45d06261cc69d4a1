using System.Diagnostics;
using MiniNet.Graphs;
using MiniNet.Tensors;

namespace MiniNet.Data;

/// <summary>Rows a network can take: inputs, and what it should make of them.</summary>
[DebuggerDisplay("{Count} rows of {Inputs.Shape.Columns} inputs")]
public sealed class Dataset
{
    /// <summary>Puts inputs and targets together.</summary>
    /// <param name="inputs">One row each.</param>
    /// <param name="targets">One class index, or one row of values, each.</param>
    /// <param name="classes">The names of the classes, where the targets are classes; without names, their indices stand for them.</param>
    /// <exception cref="ShapeException">There are not as many targets as inputs.</exception>
    public Dataset(Tensor inputs, Targets targets, IReadOnlyList<string>? classes = null)
    {
        (Inputs, Targets, Classes) = (inputs, targets, classes ?? []);
        if (targets.Rows != inputs.Shape.Rows)
        {
            throw new ShapeException($"{inputs.Shape.Rows} rows of inputs do not fit {targets.Rows} targets");
        }
    }

    /// <summary>The inputs, one row each.</summary>
    public Tensor Inputs { get; }

    /// <summary>What they should lead to.</summary>
    public Targets Targets { get; }

    /// <summary>The names of the classes; empty where the targets are values, or none were given.</summary>
    public IReadOnlyList<string> Classes { get; }

    /// <summary>How many rows there are.</summary>
    public int Count => Inputs.Shape.Rows;
}
