using System.Diagnostics;
using System.Runtime.InteropServices;
using MiniNet.Graphs;
using MiniNet.Optimizers;
using MiniNet.Tensors;

namespace MiniNet.Stepping;

/// <summary>Saves everything that a step writes before it runs, so that the step can be undone bit by bit.</summary>
[DebuggerStepThrough]
internal sealed class StepSnapshot
{
    private readonly TensorSnapshot before = new();
    private readonly Graph graph;
    private readonly Optimizer? optimizer;
    private readonly bool[] receivedGradient;
    private readonly IReadOnlyList<ulong> randomState;
    private readonly int stepCount;

    public StepSnapshot(Graph graph, Optimizer? optimizer, int position)
    {
        (this.graph, this.optimizer, Position) = (graph, optimizer, position);
        receivedGradient = new bool[graph.Nodes.Count];
        for (int i = 0; i < receivedGradient.Length; i++)
        {
            receivedGradient[i] = graph.Nodes[i].HasReceivedGradient;
        }

        (randomState, stepCount) = (graph.RandomState, optimizer?.StepCount ?? 0);
    }

    public int Position { get; }

    /// <summary>Saves what a step may write, except the optimizer's state. Tensors that are already saved are not saved again.</summary>
    public void Save(StepKind kind, int index)
    {
        switch (kind)
        {
            case StepKind.Update:
                before.Add(optimizer!.Parameters[index].Value);
                break;
            case StepKind.ZeroGradients or StepKind.Clip:
                SaveGradients(kind == StepKind.Clip ? optimizer!.Parameters : graph.Parameters);
                break;
            case StepKind.Backward:
                SaveGradients(graph.Nodes[index].Operation!.Parameters);
                SaveAll(graph.Nodes[index].Context.AllBuffers);
                for (int i = 0; i < graph.Nodes.Count; i++)
                {
                    if (graph.Nodes[i].Gradient is { } gradient)
                    {
                        before.Add(gradient);
                    }
                }

                break;
            default:
                before.Add(graph.Nodes[index].Value);
                SaveAll(graph.Nodes[index].Context.AllBuffers);
                SaveAll(graph.Nodes[index].Operation!.State);
                break;
        }
    }

    /// <summary>
    /// Saves only the optimizer state that an update changed. Saving all of it for every parameter would take quadratic memory.
    /// </summary>
    /// <param name="state">The state before the update. It is replaced by the current state.</param>
    public void SaveChangedState(Tensor[] state)
    {
        for (int i = 0; i < state.Length; i++)
        {
            Tensor now = optimizer!.State[i];
            if (!MemoryMarshal.AsBytes(now.Span).SequenceEqual(MemoryMarshal.AsBytes(state[i].Span)))
            {
                before.Add(now, state[i]);
                state[i] = now.Clone();
            }
        }
    }

    public void Restore()
    {
        before.Restore();
        for (int i = 0; i < receivedGradient.Length; i++)
        {
            graph.Nodes[i].HasReceivedGradient = receivedGradient[i];
        }

        graph.RandomState = randomState;
        if (optimizer is not null)
        {
            optimizer.StepCount = stepCount;
        }
    }

    private void SaveGradients(IReadOnlyList<Parameter> parameters)
    {
        for (int i = 0; i < parameters.Count; i++)
        {
            before.Add(parameters[i].Gradient);
        }
    }

    private void SaveAll(IReadOnlyList<Tensor> tensors)
    {
        for (int i = 0; i < tensors.Count; i++)
        {
            before.Add(tensors[i]);
        }
    }
}
