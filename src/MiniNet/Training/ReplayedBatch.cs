using System.Diagnostics;
using MiniNet.Data;
using MiniNet.Graphs;
using MiniNet.Optimizers;

namespace MiniNet.Training;

/// <summary>Represents the state of a run at one of its batches, before that batch's first step.</summary>
[DebuggerDisplay("epoch {Epoch}, batch {Batch.Number} of {Batches}")]
public sealed class ReplayedBatch
{
    internal ReplayedBatch(int epoch, int batches, Batch batch, Graph graph, Optimizer optimizer, float? maxGradientNorm)
    {
        (Epoch, Batches, Batch, Graph, Optimizer, MaxGradientNorm) = (epoch, batches, batch, graph, optimizer, maxGradientNorm);
    }

    /// <summary>Gets the epoch, from 1.</summary>
    public int Epoch { get; }

    /// <summary>Gets the number of batches in the epoch.</summary>
    public int Batches { get; }

    /// <summary>Gets the batch: its number in the epoch, from 1, and its rows.</summary>
    public Batch Batch { get; }

    /// <summary>Gets the network with its loss, with the weights at that batch.</summary>
    public Graph Graph { get; }

    /// <summary>Gets the optimizer, with its state at that batch and the learning rate of the batch.</summary>
    public Optimizer Optimizer { get; }

    /// <summary>Gets the norm that the run clips gradients to, or null if it does not clip.</summary>
    public float? MaxGradientNorm { get; }

    /// <summary>
    /// Gets the message of the divergence that this batch caused, in the same batch or in a later one. Null if the run did not diverge, or
    /// if the replay did not search for the cause.
    /// </summary>
    public string? Divergence { get; internal set; }
}
