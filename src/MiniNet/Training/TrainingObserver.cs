using MiniNet.Data;
using MiniNet.Graphs;
using MiniNet.Optimizers;

namespace MiniNet.Training;

/// <summary>
/// Observes a <see cref="Trainer"/> while it trains, and can stop the run between two batches. This lets a replay use the training loop
/// itself instead of a second one that could diverge from it.
/// </summary>
internal abstract class TrainingObserver
{
    /// <summary>Called before a batch's first step, when the optimizer already has the learning rate of that batch.</summary>
    public virtual bool ShouldStopBefore(int epoch, Batch batch) => false;

    /// <summary>Called after a batch's last step.</summary>
    public virtual bool ShouldStopAfter(int epoch, Batch batch) => false;
}

/// <summary>Stops the run before one batch.</summary>
internal sealed class StopBeforeBatch(int epoch, int batch) : TrainingObserver
{
    /// <summary>Gets the batch, or null if the run has not reached it.</summary>
    public Batch? Found { get; private set; }

    public override bool ShouldStopBefore(int number, Batch next) =>
        (Found = number == epoch && next.Number == batch ? next : null) is not null;
}

/// <summary>
/// Finds the first batch that produced a number that is not finite. The run continues to its end, so that it can be compared with its
/// record.
/// </summary>
internal sealed class NonFiniteBatchFinder(Graph graph, Optimizer optimizer) : TrainingObserver
{
    /// <summary>Gets the batch, or null if none has been found.</summary>
    public (int Epoch, int Batch)? Found { get; private set; }

    public override bool ShouldStopAfter(int epoch, Batch batch)
    {
        bool finite = Found is not null
            || (graph.Nodes.All(node => node.Value.IsFinite && (!node.HasReceivedGradient || node.Gradient is not { IsFinite: false }))
            && graph.Parameters.All(parameter => parameter.Gradient.IsFinite && parameter.Value.IsFinite)
            && optimizer.Parameters.All(parameter => parameter.Value.IsFinite));
        Found = finite ? Found : (epoch, batch.Number);
        return false;
    }
}
