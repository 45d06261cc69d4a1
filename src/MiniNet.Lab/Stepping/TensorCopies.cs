using System.Diagnostics;
using MiniNet.Graphs;
using MiniNet.Tensors;

namespace MiniNet.Stepping;

/// <summary>Copies the tensors that a node reads, named by the symbols in its equations. Later steps do not change the copies.</summary>
[DebuggerStepThrough]
internal static class TensorCopies
{
    public static Tensor Copy(Tensor tensor, string symbol)
    {
        var copy = new Tensor(tensor.Shape, symbol);
        copy.CopyFrom(tensor);
        return copy;
    }

    /// <summary>Copies the values of the sources, then the parameters.</summary>
    public static List<Tensor> Inputs(Node node)
    {
        var inputs = new List<Tensor>();
        for (int i = 0; i < node.Sources.Count; i++)
        {
            inputs.Add(Copy(node.Sources[i].Value, node.SymbolOfSource(i)));
        }

        for (int i = 0; i < node.Operation!.Parameters.Count; i++)
        {
            Tensor value = node.Operation.Parameters[i].Value;
            inputs.Add(Copy(value, value.Name));
        }

        return inputs;
    }

    /// <summary>
    /// Copies the targets of a loss and the cached tensors of the last pass, without those named as gradients, which are temporary results
    /// of the backward pass.
    /// </summary>
    public static List<Tensor> Cached(Node node)
    {
        var copies = new List<Tensor>();
        if (node.Targets is { } targets)
        {
            copies.Add(targets.Values is { } values ? Copy(values, "t") : ColumnOf(targets));
        }

        IReadOnlyList<Tensor> all = node.Context.CachedTensors;
        for (int i = 0; i < all.Count; i++)
        {
            if (!Equation.IsGradient(all[i].Name))
            {
                copies.Add(Copy(all[i], all[i].Name));
            }
        }

        return copies;
    }

    private static Tensor ColumnOf(Targets targets)
    {
        var t = new Tensor(new Shape(targets.Rows, 1), "t");
        for (int i = 0; i < targets.Rows; i++)
        {
            t.Span[i] = targets.Classes[i];
        }

        return t;
    }
}
