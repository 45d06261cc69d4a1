using MiniNet.Graphs;
using MiniNet.Tensors;

namespace MiniNet.Calculus;

/// <summary>The <see cref="Probe"/> of an operation by itself.</summary>
internal static class OperationProbe
{
    /// <summary>An operation on copies of its inputs: one copy of a tensor that stands in both places, and one gradient.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="given">Its inputs.</param>
    /// <param name="targets">The targets of a loss.</param>
    /// <param name="pass">The pass, before the forward pass.</param>
    /// <param name="held">Holds the state.</param>
    /// <param name="seed">Decides r.</param>
    /// <param name="node">Where it stands, if in a graph, after the graph's forward pass from that same state of the pass's random stream.</param>
    /// <param name="state">That state.</param>
    public static Probe Of(Operation operation, Tensor[] given, Targets? targets, Held held, ulong seed, Pass pass, ulong state, Node? node = null)
    {
        Tensor[] x = [.. given.Distinct().Select(tensor => tensor.Clone())];
        string[] names = operation is Layer ? ["x"] : operation is Loss ? ["p"] : x.Length == 1 ? ["a = b"] : ["a", "b"];
        Moved[] inputs = operation is Layer { HasInputGradient: false } ? [] : [.. x.Select((tensor, i) => new Moved(names[i], tensor, new Tensor(tensor.Shape, "d" + names[i])))];
        Moved[] moved = [.. inputs, .. operation.Parameters.Select(p => new Moved(p.Name, p.Value, p.Gradient))];
        Shape shape = operation switch { Layer layer => layer.OutputShape(x[0].Shape), MergeLayer layer => layer.OutputShape(x[0].Shape, x[^1].Shape), _ => new Shape() };
        Tensor y = node?.Value ?? new Tensor(shape, "y"), r = Probe.Weights(y, seed);
        if (operation is Loss)
        {
            r.Span[0] = GradientCheck.DL;
        }

        return new Probe
        {
            Subject = node?.Describe() ?? operation.ToString(),
            FirstForward = node is null ? null : () => { },
            Moved = moved.Length > 0 ? moved : throw new InvalidOperationException($"{operation} has no gradient to check."),
            Spared = operation is Loss || moved.Length == 1 ? [] : inputs,
            Y = y,
            R = r,
            Forward = () =>
            {
                held.ResetState();
                pass.Random.State = state;
                switch (operation)
                {
                    case Layer layer:
                        layer.Forward(x[0], y, pass);
                        break;
                    case MergeLayer layer:
                        layer.Forward(x[0], x[^1], y, pass);
                        break;
                    case Loss loss:
                        y.Span[0] = loss.Forward(x[0], targets!, pass);
                        break;
                }
            },
            Backward = (dY, spared) =>
            {
                Tensor? dA = inputs.Length == 0 || inputs[0] == spared ? null : inputs[0].Gradient, dB = inputs.Length == 0 || inputs[^1] == spared ? null : inputs[^1].Gradient;
                switch (operation)
                {
                    case Layer layer:
                        layer.Backward(x[0], y, dY, dA, pass);
                        break;
                    case MergeLayer layer:
                        layer.Backward(x[0], x[^1], y, dY, dA, dB, pass);
                        break;
                    case Loss loss:
                        loss.Backward(x[0], targets!, dY.Span[0], dA!, pass);
                        break;
                }
            },
        };
    }
}
