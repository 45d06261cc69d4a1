using MiniNet.Graphs;
using MiniNet.Tensors;

namespace MiniNet.Training;

/// <summary>
/// Stops training when the validation loss has not improved for a number of epochs, and keeps the weights and layer state of the best
/// epoch. Training beyond that point overfits: it learns the noise of the training rows.
/// </summary>
/// <remarks>Prechelt, "Early Stopping — But When?", 1998; Goodfellow, Bengio and Courville, "Deep Learning", 2016, algorithm 7.1.</remarks>
public sealed class EarlyStopping
{
    private readonly TensorSnapshot best = new();
    private float bestLoss = float.PositiveInfinity;
    private int sinceBest;

    /// <summary>Initializes a new instance. The current weights and state of the graph count as the best so far.</summary>
    /// <param name="graph">The graph whose weights and state are kept.</param>
    /// <param name="patience">The number of epochs without improvement after which training stops, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The patience is less than 1.</exception>
    public EarlyStopping(Graph graph, int patience)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentOutOfRangeException.ThrowIfLessThan(patience, 1);
        Patience = patience;
        foreach ((_, Tensor tensor, _) in graph.NamedTensors())
        {
            best.Add(tensor);
        }
    }

    /// <summary>Gets the number of epochs without improvement after which training stops.</summary>
    public int Patience { get; }

    /// <summary>Gets a value indicating whether the loss has not improved for <see cref="Patience"/> epochs.</summary>
    public bool ShouldStop => sinceBest >= Patience;

    /// <summary>Records the validation loss of an epoch. If it is the lowest so far, saves the weights and state.</summary>
    /// <param name="validationLoss">The loss on the validation rows.</param>
    public void Observe(float validationLoss)
    {
        sinceBest++;
        if (validationLoss < bestLoss)
        {
            (bestLoss, sinceBest) = (validationLoss, 0);
            best.Update();
        }
    }

    /// <summary>Restores the weights and state of the best epoch.</summary>
    public void Restore() => best.Restore();
}
