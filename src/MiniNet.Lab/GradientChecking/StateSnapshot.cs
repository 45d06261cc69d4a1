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
    private readonly TensorSnapshot states = new(), others = new();

    public StateSnapshot(IReadOnlyList<Operation> operations)
    {
        for (int i = 0; i < operations.Count; i++)
        {
            for (int k = 0; k < operations[i].State.Count; k++)
            {
                states.Add(operations[i].State[k]);
            }

            for (int k = 0; k < operations[i].Parameters.Count; k++)
            {
                others.Add(operations[i].Parameters[k].Value);
                others.Add(operations[i].Parameters[k].Gradient);
            }
        }
    }

    public void RestoreState() => states.Restore();

    public void Dispose()
    {
        states.Restore();
        others.Restore();
    }
}
