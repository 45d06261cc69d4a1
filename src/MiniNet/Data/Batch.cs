using System.Diagnostics;
using MiniNet.Graphs;
using MiniNet.Tensors;

namespace MiniNet.Data;

/// <summary>A few rows of a dataset, to take one step with. The loader uses the same batch again and again.</summary>
[DebuggerDisplay("batch {Number}: {Inputs.Display,nq}, {Targets.ToString(),nq}")]
public sealed class Batch
{
    internal Batch(Tensor inputs, Targets targets) => (Inputs, Targets) = (inputs, targets);

    /// <summary>Its place in the epoch, from 1.</summary>
    public int Number { get; internal set; }

    /// <summary>The inputs.</summary>
    public Tensor Inputs { get; }

    /// <summary>What they should lead to.</summary>
    public Targets Targets { get; }
}
