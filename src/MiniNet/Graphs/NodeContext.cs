using System.Diagnostics;
using MiniNet.Tensors;

namespace MiniNet.Graphs;

/// <summary>Specifies the purpose of a forward pass.</summary>
public enum Phase
{
    /// <summary>Training: a backward pass follows. Dropout is active, and batch normalization uses the statistics of the batch.</summary>
    Training,

    /// <summary>Prediction: no random numbers are used, and no layer changes its state.</summary>
    Inference,
}

/// <summary>
/// Provides an operation with its phase, random numbers and cached tensors. Each node of each graph or fork has its own instance.
/// </summary>
[DebuggerStepThrough]
public sealed class NodeContext
{
    private readonly List<Tensor> buffers = [];
    private int activeCount; // how many buffers, from the start of the list, the current forward and backward pass uses

    internal NodeContext(RandomStream random, int inputCount = 1) => (Random, InputCount) = (random, inputCount);

    /// <summary>Gets the number of inputs of the node.</summary>
    public int InputCount { get; }

    /// <summary>Gets all tensors ever cached, including those that only an earlier pass used. Their memory is reused.</summary>
    internal IReadOnlyList<Tensor> AllBuffers => buffers;

    /// <summary>
    /// Gets the tensors cached by the last forward pass and the backward pass since then, without those that only an earlier pass used.
    /// </summary>
    internal IReadOnlyList<Tensor> CachedTensors => buffers.GetRange(0, activeCount);

    /// <summary>Gets the phase: training or inference.</summary>
    public Phase Phase { get; private set; }

    /// <summary>Gets the random number generator of the node.</summary>
    public RandomStream Random { get; }

    /// <summary>Gets the state of the generator before the last forward pass. Restoring it repeats the same dropout mask.</summary>
    internal ulong RandomStateBefore { get; private set; }

    /// <summary>Begins a forward pass and discards the tensors cached by the previous one.</summary>
    internal void Begin(Phase phase) => (Phase, RandomStateBefore, activeCount) = (phase, Random.State, 0);

    /// <summary>
    /// Gets a tensor that is cached from the forward to the backward pass, such as a mask, a batch mean, or the probabilities of a loss.
    /// The same name returns the same tensor, so steps do not allocate once the largest batch has been seen. If the shape changes, the
    /// elements are undefined.
    /// </summary>
    /// <param name="name">The name of the tensor within the operation.</param>
    /// <param name="shape">The shape of the tensor.</param>
    /// <returns>The tensor.</returns>
    public Tensor Cache(string name, Shape shape)
    {
        int at = IndexOf(name);
        if (at < 0)
        {
            at = buffers.Count;
            buffers.Add(new Tensor(shape, name));
        }

        if (at >= activeCount)
        {
            (buffers[activeCount], buffers[at]) = (buffers[at], buffers[activeCount]);
            at = activeCount++;
        }

        buffers[at].Resize(shape);
        return buffers[at];
    }

    /// <summary>Determines whether a tensor with the specified name is cached in this pass.</summary>
    internal bool IsCached(string name) => IndexOf(name) is >= 0 and var at && at < activeCount;

    private int IndexOf(string name)
    {
        for (int i = 0; i < buffers.Count; i++)
        {
            if (buffers[i].Name == name)
            {
                return i;
            }
        }

        return -1;
    }
}
