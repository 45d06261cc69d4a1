using MiniNet.Graphs;
using MiniNet.Tensors;

namespace MiniNet.Calculus;

/// <summary>The <see cref="Probe"/> of a graph from one end to the other, and then of each operation that gradients go through.</summary>
internal sealed class GraphProbe
{
    private readonly Graph graph;
    private readonly Tensor[] x;
    private readonly Targets? targets;
    private readonly Held held;
    private readonly IReadOnlyList<ulong> state;
    private readonly Node last;

    public GraphProbe(Graph graph, Tensor[] x, Targets? targets, Held held)
    {
        (this.graph, this.x, this.targets, this.held, state) = (graph, x, targets, held, graph.RandomState);
        last = graph.HasLoss ? graph.Nodes.Last(node => node.NeedsTargets) : graph.Output;
    }

    public GradientReport Run(ulong seed)
    {
        Forward();
        Tensor r = Probe.Weights(last.Value, seed);
        if (graph.HasLoss)
        {
            r.Span.Fill(1);
        }

        Backward(r);
        Node[] inputs = [.. graph.Nodes.Where(node => node is { Operation: null, NeedsGradient: true, IsReached: true } && !graph.Nodes.Any(reader => HoldsIndicesFor(node, reader)))];
        List<Moved> moved = [.. inputs.Select(node => new Moved(node.Name, node.Value, new Tensor(node.Value.Shape)))];
        foreach (Node node in graph.Nodes)
        {
            moved.AddRange((node.Operation?.Parameters ?? []).Where(p => moved.TrueForAll(of => of.Value != p.Value)).Select(p => new Moved($"{node.Name}.{p.Name}", p.Value, p.Gradient)));
        }

        GradientReport report = new Probe
        {
            Subject = $"graph of {graph.Nodes.Count} nodes",
            Moved = moved.Count > 0 ? moved : throw new InvalidOperationException("There is nothing to check: no parameter, and no input whose gradient was asked for."),
            Y = last.Value,
            R = r,
            Forward = Forward,
            Backward = (dY, _) =>
            {
                Backward(dY);
                for (int i = 0; i < inputs.Length; i++)
                {
                    moved[i].Gradient.Add(inputs[i].Gradient!);
                }
            },
        }.Run();
        return report with { LookAt = [.. graph.Nodes.Reverse().Where(node => node is { Operation: not null, NeedsGradient: true, IsReached: true }).Select(node => Alone(node, seed)).Where(alone => !alone.Passed)] };
    }

    private static bool HoldsIndicesFor(Node node, Node reader) => reader.Operation is Layer { HasInputGradient: false } && reader.Sources[0] == node;

    /// <summary>The operation at a node on the values that it receives; its backward pass follows a forward pass of the whole graph.</summary>
    private GradientReport Alone(Node node, ulong seed)
    {
        Forward();
        return OperationProbe.Of(node.Operation!, [.. node.Sources.Select(source => source.Value)], targets, held, seed, node.Pass, state[node.Index], node).Run();
    }

    private void Forward()
    {
        held.ResetState();
        graph.RandomState = state;
        graph.Forward(x);
        if (targets is not null)
        {
            graph.Loss(targets);
        }
    }

    // As Graph.Backward, but from any dY: a graph without a loss may end in more than one number.
    private void Backward(Tensor dY)
    {
        foreach (Node node in graph.Nodes)
        {
            node.ClearGradient();
        }

        last.Gradient?.CopyFrom(dY);
        last.IsReached = true;
        for (int i = graph.Nodes.Count - 1; i >= 0; i--)
        {
            graph.BackwardAt(graph.Nodes[i]);
        }
    }
}
