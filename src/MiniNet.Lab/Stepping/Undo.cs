using System.Diagnostics;
using System.Runtime.InteropServices;
using MiniNet.Graphs;
using MiniNet.Optimizers;
using MiniNet.Tensors;

namespace MiniNet.Stepping;

/// <summary>Saves everything that a step writes before it runs, so that the step can be undone bit by bit.</summary>
[DebuggerStepThrough]
internal sealed class Undo
{
    private readonly Dictionary<Tensor, Tensor> before = [];
    private readonly Graph graph;
    private readonly Optimizer? optimizer;
    private readonly bool[] reached;
    private readonly IReadOnlyList<ulong> random;
    private readonly int updates;

    public Undo(Graph graph, Optimizer? optimizer, int position)
    {
        (this.graph, this.optimizer, Position) = (graph, optimizer, position);
        reached = new bool[graph.Nodes.Count];
        for (int i = 0; i < reached.Length; i++)
        {
            reached[i] = graph.Nodes[i].IsReached;
        }

        (random, updates) = (graph.RandomState, optimizer?.StepCount ?? 0);
    }

    public int Position { get; }

    /// <summary>Saves what a step may write, except the optimizer's state. Tensors that are already saved are not saved again.</summary>
    public void Hold(StepKind kind, int index)
    {
        switch (kind)
        {
            case StepKind.Update:
                Hold(optimizer!.Parameters[index].Value);
                break;
            case StepKind.ZeroGradients or StepKind.Clip:
                HoldGradients(kind == StepKind.Clip ? optimizer!.Parameters : graph.Parameters);
                break;
            case StepKind.Backward:
                HoldGradients(graph.Nodes[index].Operation!.Parameters);
                HoldAll(graph.Nodes[index].Pass.Room);
                for (int i = 0; i < graph.Nodes.Count; i++)
                {
                    if (graph.Nodes[i].Gradient is { } gradient)
                    {
                        Hold(gradient);
                    }
                }

                break;
            default:
                Hold(graph.Nodes[index].Value);
                HoldAll(graph.Nodes[index].Pass.Room);
                HoldAll(graph.Nodes[index].Operation!.State);
                break;
        }
    }

    /// <summary>
    /// Saves only the optimizer state that an update changed. Saving all of it for every parameter would take quadratic memory.
    /// </summary>
    /// <param name="state">The state before the update. It is replaced by the current state.</param>
    public void HoldChanged(Tensor[] state)
    {
        for (int i = 0; i < state.Length; i++)
        {
            Tensor now = optimizer!.State[i];
            if (!MemoryMarshal.AsBytes(now.Span).SequenceEqual(MemoryMarshal.AsBytes(state[i].Span)))
            {
                before.TryAdd(now, state[i]);
                state[i] = now.Clone();
            }
        }
    }

    public void Apply()
    {
        foreach ((Tensor tensor, Tensor copy) in before)
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

    private void HoldGradients(IReadOnlyList<Parameter> parameters)
    {
        for (int i = 0; i < parameters.Count; i++)
        {
            Hold(parameters[i].Gradient);
        }
    }

    private void HoldAll(IReadOnlyList<Tensor> tensors)
    {
        for (int i = 0; i < tensors.Count; i++)
        {
            Hold(tensors[i]);
        }
    }

    private void Hold(Tensor tensor)
    {
        if (!before.ContainsKey(tensor))
        {
            before.Add(tensor, tensor.Clone());
        }
    }
}
