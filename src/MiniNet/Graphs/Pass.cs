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
    private int now; // so many of them, from the first on, have been asked for since the last forward pass began

    internal Pass(RandomStream random) => Random = random;

    /// <summary>Everything that was ever kept: what is asked for again has room already.</summary>
    internal IReadOnlyList<Tensor> Room => kept;

    /// <summary>What is kept of the last forward pass, and of the way back since. What only an earlier pass kept says nothing of this one.</summary>
    internal IReadOnlyList<Tensor> Kept => kept.GetRange(0, now);

    /// <summary>Whether this is training or inference.</summary>
    public Phase Phase { get; private set; }

    /// <summary>The node's own stream of random numbers.</summary>
    public RandomStream Random { get; }

    /// <summary>Where the stream stood before the last forward pass: set back there, it draws the same dropout mask.</summary>
    internal ulong RandomStateBefore { get; private set; }

    /// <summary>A forward pass begins: what an earlier one kept is forgotten.</summary>
    internal void Begin(Phase phase) => (Phase, RandomStateBefore, now) = (phase, Random.State, 0);

    /// <summary>
    /// A tensor that lives from forward to backward: a mask, a batch mean, the probabilities under a loss. The same name gives the same
    /// tensor, so no step allocates once the largest batch has been seen. Its elements are undefined when the shape changes.
    /// </summary>
    /// <param name="name">What the operation calls it.</param>
    /// <param name="shape">The shape it shall have.</param>
    /// <returns>The tensor.</returns>
    public Tensor Keep(string name, Shape shape)
    {
        int at = IndexOf(name);
        if (at < 0)
        {
            at = kept.Count;
            kept.Add(new Tensor(shape, name));
        }

        if (at >= now)
        {
            (kept[now], kept[at]) = (kept[at], kept[now]);
            at = now++;
        }

        kept[at].Resize(shape);
        return kept[at];
    }

    /// <summary>Whether something is kept under a name in this pass.</summary>
    internal bool Has(string name) => IndexOf(name) is >= 0 and var at && at < now;

    private int IndexOf(string name)
    {
        for (int i = 0; i < kept.Count; i++)
        {
            if (kept[i].Name == name)
            {
                return i;
            }
        }

        return -1;
    }
}
