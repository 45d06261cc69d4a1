using MiniNet.Data;
using MiniNet.Graphs;
using MiniNet.Optimizers;

namespace MiniNet.Training;

/// <summary>
/// Looks on while a <see cref="Trainer"/> trains, and may end the run between two batches. So a replay is the training loop itself, not a second
/// one that could come to differ from it.
/// </summary>
internal abstract class Onlooker
{
    /// <summary>Asked before a batch's first step, when the optimizer has the learning rate of that batch.</summary>
    public virtual bool StopsBefore(int epoch, Batch batch) => false;

    /// <summary>Asked after its last step.</summary>
    public virtual bool StopsAfter(int epoch, Batch batch) => false;
}

/// <summary>Ends the run before one batch.</summary>
internal sealed class StopBefore(int epoch, int batch) : Onlooker
{
    /// <summary>The batch; null as long as the run has not come to it.</summary>
    public Batch? Found { get; private set; }

    public override bool StopsBefore(int number, Batch next) => (Found = number == epoch && next.Number == batch ? next : null) is not null;
}

/// <summary>Finds the first batch that left a number that is not finite, and lets the run go on to its end, to be held against what was recorded of it.</summary>
internal sealed class NotFiniteFinder(Graph graph, Optimizer optimizer) : Onlooker
{
    /// <summary>The batch; null as long as there is none.</summary>
    public (int Epoch, int Batch)? Found { get; private set; }

    public override bool StopsAfter(int epoch, Batch batch)
    {
        bool finite = Found is not null || (graph.Nodes.All(node => node.Value.IsFinite && (!node.IsReached || node.Gradient is not { IsFinite: false }))
            && graph.Parameters.All(parameter => parameter.Gradient.IsFinite && parameter.Value.IsFinite)
            && optimizer.Parameters.All(parameter => parameter.Value.IsFinite));
        Found = finite ? Found : (epoch, batch.Number);
        return false;
    }
}
