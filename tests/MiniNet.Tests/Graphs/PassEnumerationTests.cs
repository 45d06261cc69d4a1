using MiniNet.Graphs;
using MiniNet.Layers;
using MiniNet.Tensors;

namespace MiniNet.Tests.Graphs;

public class PassEnumerationTests
{
    [Fact]
    public void Steps_MatchForwardLossAndBackward()
    {
        (Graph graph, Tensor x, Targets t) = GraphTests.Residual();
        (Graph stepped, _, _) = GraphTests.Residual();
        GraphBackwardTests.Step(graph, x, t);

        var forward = new List<string>();
        foreach (Node node in stepped.ForwardSteps(x, t))
        {
            forward.Add(node.Name);
        }

        var backward = new List<string>();
        foreach (Node node in stepped.BackwardSteps())
        {
            backward.Add(node.Name);
        }

        Assert.Equal("x, hidden, relu, sum, loss", string.Join(", ", forward));
        Assert.Equal("loss, sum, relu, hidden, x", string.Join(", ", backward));
        GraphBackwardTests.AssertSame(graph, stepped);
        Assert.NotEqual(0, stepped.Parameters[0].Gradient.Span[0]);
    }

    [Fact]
    public void ForwardSteps_WithoutTargets_EndAtPrediction()
    {
        (Graph graph, Tensor x, _) = GraphTests.Residual();
        var names = new List<string>();
        foreach (Node node in graph.ForwardSteps(x))
        {
            names.Add(node.Name);
        }

        Assert.Equal("x, hidden, relu, sum", string.Join(", ", names));
    }

    [Fact]
    public void ForwardSteps_EachStep_ComputesOneNode()
    {
        CallCounter[] probes = [new(), new(), new()];
        var graph = new Sequential(0, Shape.Batch(1), [.. probes]);
        int step = 0;
        foreach (Node node in graph.ForwardSteps(GraphTests.One(1), phase: Phase.Inference))
        {
            Assert.Equal(step++, node.Index);
            Assert.Equal(node.Index, probes.Sum(probe => probe.Forwards)); // the input, at index 0, is not a layer
        }

        Assert.Equal(4, step);
        Assert.Equal(Phase.Inference, probes[0].Context!.Phase);
    }

    [Fact]
    public void BackwardSteps_EachStep_PassesOnOneGradient()
    {
        CallCounter[] probes = [new(), new(), new()];
        var graph = new Graph();
        Node node = graph.Input("x", Shape.Batch(1), needsGradient: true);
        for (int i = 0; i < probes.Length; i++)
        {
            node = graph.Add($"{i}", probes[i], node);
        }

        graph.Forward(GraphTests.One(1));
        int last = graph.Nodes.Count;
        foreach (Node current in graph.BackwardSteps())
        {
            Assert.Equal(--last, current.Index);
            Assert.Equal(Math.Min(3, 4 - last), probes.Sum(probe => probe.Backwards));
        }

        Assert.Equal(0, last);
    }

    [Fact]
    public void BackwardSteps_WithoutLoss_ThrowImmediately()
    {
        var graph = new Sequential(0, new Linear(4, 3));
        graph.Forward(new Tensor(new Shape(2, 4)));
        Assert.Throws<InvalidOperationException>(() => graph.BackwardSteps());
    }
}
