using System.Diagnostics;
using MiniNet.Graphs;
using MiniNet.Tensors;

namespace MiniNet.Stepping;

/// <summary>Applies the chain rule at one node and records the incoming gradient and what was added to each gradient.</summary>
[DebuggerStepThrough]
internal static class BackwardStep
{
    // The chain rule runs first, so that F11 reaches it as from graph.Backward(). Everything else is computed afterwards.
    public static Step Run(Node node, IReadOnlyDictionary<Parameter, string> names)
    {
        Equations equations = node.Equations!;
        List<(string Name, string Symbol, Tensor Gradient)> receivers = ReceiversOf(node, names);
        bool areZero = AreZero(GradientsOf(receivers));
        Tensor incoming = TensorCopies.Copy(node.Gradient!, "d" + node.Operation!.ValueSymbol.ToUpperInvariant());
        node.Graph.BackwardAt(node);
        List<Tensor> cached = TensorCopies.Cached(node);
        List<Tensor> added = areZero && !ReadsOneTwice(node) ? GradientsOf(receivers) : AddedTo(node, GradientsOf(receivers));
        Tensor? derivative = equations.IsElementwise && node.Sources.Count == 1 ? LocalDerivativeOf(node, GradientsOf(receivers)) : null;
        List<Tensor> inputs = TensorCopies.Inputs(node);
        var contributions = new List<Contribution>();
        for (int i = 0; i < receivers.Count; i++)
        {
            (string name, string symbol, Tensor gradient) = receivers[i];
            contributions.Add(new Contribution(
                equations.GradientOf(symbol),
                name,
                TensorCopies.Copy(added[i], symbol),
                TensorCopies.Copy(gradient, symbol),
                [.. inputs, incoming]));
        }

        return new Step(StepKind.Backward, node.Name, node.Operation!.GetType().Name, equations)
        {
            Node = node,
            Inputs = inputs,
            Cached = cached,
            Output = TensorCopies.Copy(node.Value, node.Operation.ValueSymbol),
            Incoming = incoming,
            LocalDerivative = derivative,
            Contributions = contributions,
        };
    }

    private static bool AreZero(List<Tensor> gradients)
    {
        foreach (Tensor gradient in gradients)
        {
            for (int i = 0; i < gradient.Shape.Length; i++)
            {
                if (gradient.Peek(i) != 0)
                {
                    return false;
                }
            }
        }

        return true;
    }

    private static bool ReadsOneTwice(Node node)
    {
        for (int i = 1; i < node.Sources.Count; i++)
        {
            for (int k = 0; k < i; k++)
            {
                if (node.Sources[k] == node.Sources[i])
                {
                    return true;
                }
            }
        }

        return false;
    }

    // Several contributions went to the same gradient, so compute each one alone. They are the last ones, in the order of the sources.
    private static void ComputeSeparately(Node node, Tensor dY, List<Tensor> added)
    {
        var inputs = new Tensor[node.Sources.Count];
        var gradients = new Tensor?[inputs.Length];
        for (int i = 0; i < inputs.Length; i++)
        {
            inputs[i] = node.Sources[i].Value;
        }

        for (int i = inputs.Length - 1, at = added.Count - 1; i >= 0; i--)
        {
            if (node.Sources[i].NeedsGradient)
            {
                added[at] = gradients[i] = new Tensor(inputs[i].Shape);
                node.Operation!.RunBackward(inputs, null, node.Value, dY, gradients, node.Context);
                gradients[i] = null;
                at--;
            }
        }
    }

    private static List<Tensor> GradientsOf(List<(string Name, string Symbol, Tensor Gradient)> receivers)
    {
        var gradients = new List<Tensor>();
        foreach ((string _, string _, Tensor gradient) in receivers)
        {
            gradients.Add(gradient);
        }

        return gradients;
    }

    // Computes what the node adds to each gradient by running Backward on gradients that are set to 0, and restores the gradients
    // afterwards.
    private static List<Tensor> AddedTo(Node node, List<Tensor> gradients)
    {
        var before = new List<Tensor>();
        foreach (Tensor gradient in gradients)
        {
            before.Add(gradient.Clone());
        }

        foreach (Tensor gradient in gradients)
        {
            gradient.Clear();
        }

        node.Backward();
        var added = new List<Tensor>();
        foreach (Tensor gradient in gradients)
        {
            added.Add(gradient.Clone());
        }

        if (ReadsOneTwice(node) && node.Gradient is { } dY)
        {
            ComputeSeparately(node, dY, added);
        }

        for (int i = 0; i < gradients.Count; i++)
        {
            gradients[i].CopyFrom(before[i]);
        }

        return added;
    }

    // Computes ∂y/∂x by running Backward with dY = 1. The gradients include those of the parameters; the source is the last.
    private static Tensor? LocalDerivativeOf(Node node, List<Tensor> gradients)
    {
        if (!node.Sources[0].NeedsGradient || node.Gradient is not { } dY)
        {
            return null;
        }

        Tensor before = dY.Clone();
        dY.Span.Fill(1);
        Tensor derivative = TensorCopies.Copy(AddedTo(node, gradients)[^1], "∂y/∂x");
        dY.CopyFrom(before);
        return derivative;
    }

    // Gets the gradients of the parameters under their own symbols, and those of the sources under the symbols in the equations.
    private static List<(string Name, string Symbol, Tensor Gradient)> ReceiversOf(Node node, IReadOnlyDictionary<Parameter, string> names)
    {
        Operation operation = node.Operation!;
        var receivers = new List<(string, string, Tensor)>();
        for (int i = 0; i < operation.Parameters.Count; i++)
        {
            Parameter parameter = operation.Parameters[i];
            receivers.Add((names[parameter], parameter.Gradient.Name, parameter.Gradient));
        }

        for (int i = 0; i < node.Sources.Count; i++)
        {
            if (node.Sources[i] is { NeedsGradient: true, Gradient: { } gradient } source
                && operation.HasInputGradient)
            {
                receivers.Add((source.Name, "d" + node.SymbolOfSource(i).ToUpperInvariant(), gradient));
            }
        }

        return receivers;
    }
}
