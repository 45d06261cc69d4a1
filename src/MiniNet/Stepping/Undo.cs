using System.Diagnostics;
using MiniNet.Graphs;
using MiniNet.Optimizers;
using MiniNet.Tensors;

namespace MiniNet.Stepping;

/// <summary>What stood, before a step, in everything that the step writes: enough to take it back to the bit.</summary>
[DebuggerStepThrough]
internal sealed class Undo
{
    private readonly List<(Tensor Tensor, Tensor Copy)> numbers = [];
    private readonly Graph graph;
    private readonly Optimizer? optimizer;
    private readonly bool[] reached;
    private readonly IReadOnlyList<ulong> random;
    private readonly int updates;

    public Undo(Graph graph, Optimizer? optimizer, int position, List<Tensor> written)
    {
        (this.graph, this.optimizer, Position) = (graph, optimizer, position);
        reached = new bool[graph.Nodes.Count];
        for (int i = 0; i < reached.Length; i++)
        {
            reached[i] = graph.Nodes[i].IsReached;
        }

        (random, updates) = (graph.RandomState, optimizer?.StepCount ?? 0);
        foreach (Tensor tensor in written)
        {
            numbers.Add((tensor, tensor.Clone())); // one that is there twice is set back twice, to the same
        }
    }

    public int Position { get; }

    public void Apply()
    {
        foreach ((Tensor tensor, Tensor copy) in numbers)
        {
            tensor.Resize(copy.Shape);
            tensor.CopyFrom(copy);
        }

        for (int i = 0; i < reached.Length; i++)
        {
            graph.Nodes[i].IsReached = reached[i];
        }

        graph.RandomState = random;
        if (optimizer is not null)
        {
            optimizer.StepCount = updates;
        }
    }
}
