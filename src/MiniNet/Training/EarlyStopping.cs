using MiniNet.Graphs;
using MiniNet.Tensors;

namespace MiniNet.Training;

/// <summary>
/// Keeps the weights, and the layers' state, of the epoch with the lowest validation loss, and says when that has not improved for long
/// enough: what training goes on to learn after that is the training rows' noise.
/// </summary>
/// <remarks>Prechelt, "Early Stopping — But When?", 1998; Goodfellow, Bengio and Courville, "Deep Learning", 2016, algorithm 7.1.</remarks>
public sealed class EarlyStopping
{
    private readonly (Tensor Live, Tensor Best)[] tensors;
    private float bestLoss = float.PositiveInfinity;
    private int sinceBest;

    /// <summary>Takes the graph as it is for the best so far.</summary>
    /// <param name="graph">Whose weights and state to keep.</param>
    /// <param name="patience">How many epochs without improvement are one too many; at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The patience is less than 1.</exception>
    public EarlyStopping(Graph graph, int patience)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(patience, 1);
        Patience = patience;
        tensors = [.. graph.NamedTensors().Select(entry => (entry.Tensor, entry.Tensor.Clone()))];
    }

    /// <summary>How many epochs without improvement end the run.</summary>
    public int Patience { get; }

    /// <summary>Whether the loss has not improved for <see cref="Patience"/> epochs.</summary>
    public bool IsOver => sinceBest >= Patience;

    /// <summary>Tells it how an epoch came out; if better than all before, the weights are kept.</summary>
    /// <param name="validationLoss">The loss on the validation rows.</param>
    public void Observe(float validationLoss)
    {
        sinceBest++;
        if (validationLoss < bestLoss)
        {
            (bestLoss, sinceBest) = (validationLoss, 0);
            foreach ((Tensor live, Tensor best) in tensors)
            {
                best.CopyFrom(live);
            }
        }
    }

    /// <summary>Puts the best weights and state back.</summary>
    public void Restore()
    {
        foreach ((Tensor live, Tensor best) in tensors)
        {
            live.CopyFrom(best);
        }
    }
}
