using System.Diagnostics;
using MiniNet.Tensors;

namespace MiniNet.Graphs;

/// <summary>What a forward pass is for.</summary>
public enum Phase
{
    /// <summary>A backward pass will follow: dropout drops, batch normalisation uses the batch.</summary>
    Training,

    /// <summary>Prediction: nothing is drawn at random and no layer is written to.</summary>
    Inference,
}

/// <summary>What a node gives its operation besides the tensors. Each node of each graph, and of each fork, has its own.</summary>
[DebuggerStepThrough]
public sealed class Pass
{
    private readonly List<Tensor> kept = [];

    internal Pass(RandomStream random) => Random = random;

    /// <summary>What is kept under a name so far.</summary>
    internal IReadOnlyList<Tensor> Kept => kept;

    /// <summary>Whether this is training or inference.</summary>
    public Phase Phase { get; private set; }

    /// <summary>The node's own stream of random numbers.</summary>
    public RandomStream Random { get; }

    /// <summary>Where the stream stood before the last forward pass: set back there, it draws the same dropout mask.</summary>
    internal ulong RandomStateBefore { get; private set; }

    /// <summary>A forward pass begins.</summary>
    internal void Begin(Phase phase) => (Phase, RandomStateBefore) = (phase, Random.State);

    /// <summary>
    /// A tensor that lives from forward to backward: a mask, a batch mean, the probabilities under a loss. The same name gives the same
    /// tensor, so no step allocates once the largest batch has been seen. Its elements are undefined when the shape changes.
    /// </summary>
    /// <param name="name">What the operation calls it.</param>
    /// <param name="shape">The shape it shall have.</param>
    /// <returns>The tensor.</returns>
    public Tensor Keep(string name, Shape shape)
    {
        foreach (Tensor tensor in kept)
        {
            if (tensor.Name == name)
            {
                tensor.Resize(shape);
                return tensor;
            }
        }

        var added = new Tensor(shape, name);
        kept.Add(added);
        return added;
    }
}
