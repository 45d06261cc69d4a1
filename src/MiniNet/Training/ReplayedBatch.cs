using System.Diagnostics;
using MiniNet.Data;
using MiniNet.Graphs;
using MiniNet.Optimizers;

namespace MiniNet.Training;

/// <summary>A run as it was when it came to one of its batches, before that batch's first step.</summary>
[DebuggerDisplay("epoch {Epoch}, batch {Batch.Number} of {Batches}")]
public sealed class ReplayedBatch
{
    internal ReplayedBatch(int epoch, int batches, Batch batch, Graph graph, Optimizer optimizer, float? maxGradientNorm)
    {
        (Epoch, Batches, Batch, Graph, Optimizer, MaxGradientNorm) = (epoch, batches, batch, graph, optimizer, maxGradientNorm);
    }

    /// <summary>The epoch, from 1.</summary>
    public int Epoch { get; }

    /// <summary>How many batches the epoch has.</summary>
    public int Batches { get; }

    /// <summary>The batch: its number in the epoch, from 1, and its rows.</summary>
    public Batch Batch { get; }

    /// <summary>The network with its loss, and the weights of that moment.</summary>
    public Graph Graph { get; }

    /// <summary>The optimizer, with what it remembered then, and with the learning rate of this batch.</summary>
    public Optimizer Optimizer { get; }

    /// <summary>Gets the norm that the run clips gradients to, or null if it does not clip.</summary>
    public float? MaxGradientNorm { get; }

    /// <summary>What the run said when it diverged, in this batch or later, of which this one is the cause; null where it did not, or nobody looked for it.</summary>
    public string? Divergence { get; internal set; }
}
