using System.Diagnostics;
using MiniNet.Graphs;
using MiniNet.Tensors;

namespace MiniNet.Data;

/// <summary>
/// Represents a mini-batch: the rows of a dataset for one optimizer step. A <c>foreach</c> over a <see cref="DataLoader"/> overwrites one
/// batch object in each iteration.
/// </summary>
[DebuggerDisplay("batch {Number}: {Inputs.Display,nq}, {Targets.ToString(),nq}")]
[DebuggerStepThrough]
public sealed class Batch
{
    internal Batch(Tensor inputs, Targets targets) => (Inputs, Targets) = (inputs, targets);

    /// <summary>Gets the number of the batch in its epoch, from 1.</summary>
    public int Number { get; internal set; }

    /// <summary>Gets the inputs, one row per example.</summary>
    public Tensor Inputs { get; }

    /// <summary>Gets the targets of the rows.</summary>
    public Targets Targets { get; }

    /// <summary>Returns a copy, which keeps its rows when the loader continues.</summary>
    public Batch Clone() => new(Inputs.Clone(), Targets.Clone()) { Number = Number };
}
