using MiniNet.Graphs;
using MiniNet.Tensors;

namespace MiniNet.Calculus;

/// <summary>Keeps what operations own while they are checked: the state the same before each evaluation, everything as it was at the end.</summary>
internal sealed class Held : IDisposable
{
    private readonly (Tensor Tensor, Tensor Kept)[] states, others;

    public Held(IEnumerable<Operation> operations)
    {
        Operation[] all = [.. operations.Distinct()];
        states = [.. all.SelectMany(operation => operation.State).Select(state => (state, state.Clone()))];
        IEnumerable<Parameter> parameters = all.SelectMany(operation => operation.Parameters);
        others = [.. parameters.SelectMany(p => (Tensor[])[p.Value, p.Gradient]).Select(tensor => (tensor, tensor.Clone()))];
    }

    public void ResetState() => Reset(states);

    public void Dispose()
    {
        Reset(states);
        Reset(others);
    }

    private static void Reset((Tensor Tensor, Tensor Kept)[] all)
    {
        foreach ((Tensor tensor, Tensor kept) in all)
        {
            tensor.CopyFrom(kept);
        }
    }
}
