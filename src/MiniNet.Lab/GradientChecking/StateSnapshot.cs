using System.Diagnostics;
using MiniNet.Graphs;
using MiniNet.Tensors;

namespace MiniNet.GradientChecking;

/// <summary>
/// Saves the parameters, gradients and state of operations. Restores the state before each evaluation, and everything on
/// <see cref="Dispose"/>.
/// </summary>
[DebuggerStepThrough]
internal sealed class StateSnapshot : IDisposable
{
    private readonly List<(Tensor Tensor, Tensor Saved)> states = [], others = [];

    public StateSnapshot(IReadOnlyList<Operation> operations)
    {
        var seen = new HashSet<Tensor>(); // several nodes may share an operation
        for (int i = 0; i < operations.Count; i++)
        {
            for (int k = 0; k < operations[i].State.Count; k++)
            {
                Save(seen, states, operations[i].State[k]);
            }

            for (int k = 0; k < operations[i].Parameters.Count; k++)
            {
                Save(seen, others, operations[i].Parameters[k].Value);
                Save(seen, others, operations[i].Parameters[k].Gradient);
            }
        }
    }

    private static void Save(HashSet<Tensor> seen, List<(Tensor Tensor, Tensor Saved)> saved, Tensor tensor)
    {
        if (seen.Add(tensor))
        {
            saved.Add((tensor, tensor.Clone()));
        }
    }

    public void RestoreState() => Restore(states);

    public void Dispose()
    {
        Restore(states);
        Restore(others);
    }

    private static void Restore(List<(Tensor Tensor, Tensor Saved)> all)
    {
        foreach ((Tensor tensor, Tensor kept) in all)
        {
            tensor.CopyFrom(kept);
        }
    }
}
