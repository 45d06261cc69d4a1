using System.Diagnostics;
using MiniNet.Graphs;
using MiniNet.Tensors;

namespace MiniNet.GradientChecking;

/// <summary>
/// Saves the parameters, gradients and state of operations. Restores the state before each evaluation, and everything on <see
/// cref="Dispose"/>.
/// </summary>
[DebuggerStepThrough]
internal sealed class Held : IDisposable
{
    private readonly List<(Tensor Tensor, Tensor Kept)> states = [], others = [];

    public Held(IReadOnlyList<Operation> operations)
    {
        var seen = new HashSet<Tensor>(); // several nodes may share an operation
        for (int i = 0; i < operations.Count; i++)
        {
            for (int k = 0; k < operations[i].State.Count; k++)
            {
                Keep(seen, states, operations[i].State[k]);
            }

            for (int k = 0; k < operations[i].Parameters.Count; k++)
            {
                Keep(seen, others, operations[i].Parameters[k].Value);
                Keep(seen, others, operations[i].Parameters[k].Gradient);
            }
        }
    }

    private static void Keep(HashSet<Tensor> seen, List<(Tensor Tensor, Tensor Kept)> kept, Tensor tensor)
    {
        if (seen.Add(tensor))
        {
            kept.Add((tensor, tensor.Clone()));
        }
    }

    public void ResetState() => Reset(states);

    public void Dispose()
    {
        Reset(states);
        Reset(others);
    }

    private static void Reset(List<(Tensor Tensor, Tensor Kept)> all)
    {
        foreach ((Tensor tensor, Tensor kept) in all)
        {
            tensor.CopyFrom(kept);
        }
    }
}
