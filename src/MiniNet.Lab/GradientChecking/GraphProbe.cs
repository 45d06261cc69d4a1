using MiniNet.Graphs;
using MiniNet.Tensors;

namespace MiniNet.GradientChecking;

/// <summary>
/// Computes the gradients of a graph by finite differences and the chain rule: ∂L/∂y of each node, from the last to the first. From ∂L/∂y,
/// the <see cref="OperationProbe"/> of the node's operation gives ∂L/∂W and its contribution to ∂L/∂y of the nodes that it reads.
/// </summary>
internal sealed class GraphProbe
{
    private readonly Graph graph;
    private readonly Tensor[] x;
    private readonly Targets? targets;
    private readonly StateSnapshot snapshot;
    private readonly IReadOnlyList<ulong> state;

    public GraphProbe(Graph graph, Tensor[] x, Targets? targets, StateSnapshot snapshot) =>
        (this.graph, this.x, this.targets, this.snapshot, state) = (graph, x, targets, snapshot, graph.RandomState);

    public GradientReport Run(ulong seed)
    {
        Forward();
        Node last = graph.HasLoss ? graph.Nodes.Last(node => node.NeedsTargets) : graph.Output;
        Tensor r = graph.HasLoss ? new Tensor(last.Value.Shape) : OperationProbe.RandomWeights(last.Value.Shape, seed);
        if (graph.HasLoss)
        {
            r.Span.Fill(1);
        }

        graph.ZeroGradients();
        graph.BackwardFrom(last, r);
        GradientMeasurement[] asked = [.. RequestedGradients()];
        if (asked.Length == 0)
        {
            throw new InvalidOperationException(
                "There is nothing to check: the graph has no parameters and no input with needsGradient: true.");
        }

        Tensor[] dY = [.. graph.Nodes.Select(node => node == last ? r : new Tensor(node.Value.Shape))];
        List<GradientReport> wrong = [];
        foreach (Node node in graph.Nodes.Reverse()
            .Where(node => node is { Operation: not null, NeedsGradient: true, HasReceivedGradient: true }))
        {
            Forward();
            Tensor[] sources = [.. node.Sources.Select(source => source.Value)];
            var probe = new OperationProbe(
                node.Operation!, sources, node.Targets, snapshot, node.Context, state[node.Index], node.Value, dY[node.Index], node);
            GradientReport alone = probe.Run();
            wrong.AddRange(alone.Passed ? [] : [alone]);
            if (probe.Measurements.Length == 0)
            {
                asked = []; // without slopes here, the earlier nodes cannot be checked
                break;
            }

            foreach ((PerturbedTensor changed, GradientMeasurement e, GradientFinding finding) in
                probe.PerturbedTensors.Zip(probe.Measurements, alone.Gradients))
            {
                Tensor value = changed.Source?.Value ?? changed.Value;
                Array.Find(asked, of => of.Value == value)?.Add(e.Slopes);
                for (int i = 0; changed.Source is not null && i < e.Slopes.Length; i++)
                {
                    // If both agree, Backward's value is passed on, because it is more accurate.
                    bool useBackward = finding.Passed || !double.IsFinite(e.Slopes[i].Error);
                    dY[changed.Source.Index].Span[i] += (float)(useBackward ? e.Analytic[i] : e.Slopes[i].Value);
                }
            }
        }

        return new GradientReport(
            $"graph of {graph.Nodes.Count} nodes",
            [.. asked.Select(e => ToFinding(e, asked, r, wrong))])
        { FaultyOperations = wrong };
    }

    // A mistake in one operation makes every gradient before it wrong, so their own likely causes mean nothing.
    private static GradientFinding ToFinding(GradientMeasurement e, GradientMeasurement[] all, Tensor r, List<GradientReport> wrong)
    {
        GradientFinding finding = e.ToFinding(all, r, null, null);
        return finding.Passed || wrong.Count == 0
            ? finding
            : finding with { LikelyCause = $"see {string.Join(", ", wrong.Select(report => report.Subject))}" };
    }

    /// <summary>Gets the gradients to check, of inputs and of parameters, as Backward computed them.</summary>
    private IEnumerable<GradientMeasurement> RequestedGradients()
    {
        foreach (Node node in graph.Nodes.Where(node =>
            node is { Operation: null, NeedsGradient: true, HasReceivedGradient: true, Value.Shape.Length: > 0 }))
        {
            yield return new GradientMeasurement(
                node.Name, node.Value, OperationProbe.ToDoubles(node.Gradient!), new SlopeEstimate[node.Value.Shape.Length]);
        }

        foreach ((Parameter p, string name) in graph.NamedParameters())
        {
            yield return new GradientMeasurement(
                name, p.Value, OperationProbe.ToDoubles(p.Gradient), new SlopeEstimate[p.Value.Shape.Length]);
        }
    }

    private void Forward()
    {
        snapshot.RestoreState();
        graph.RandomState = state;
        graph.Forward(x);
        if (targets is not null)
        {
            graph.Loss(targets);
        }
    }
}
