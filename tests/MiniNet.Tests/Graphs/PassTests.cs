using MiniNet.Graphs;
using MiniNet.Layers;
using MiniNet.Tensors;

namespace MiniNet.Tests.Graphs;

public class PassTests
{
    [Fact]
    public void Keep_TheSameName_IsTheSameTensor()
    {
        var pass = new Pass(new RandomStream(1, "test"));
        Tensor mask = pass.Keep("mask", new Shape(4, 2));
        mask.Span.Fill(7);
        Assert.Same(mask, pass.Keep("mask", new Shape(4, 2)));
        Assert.Equal(7, pass.Keep("mask", new Shape(4, 2)).Span[0]);
        Assert.NotSame(mask, pass.Keep("mean", new Shape(4, 2)));
        Assert.Same(mask, pass.Keep("mask", new Shape(3, 2)));
        Assert.Equal(new Shape(3, 2), mask.Shape);
    }

    [Fact]
    public void EachNode_HasAPassOfItsOwn_AndSoHasEachFork()
    {
        var graph = new Graph(seed: 1);
        Probe first = new(), second = new();
        graph.Add("second", second, graph.Add("first", first, graph.Input("x", Shape.Batch(1))));
        graph.Forward(GraphTests.One(1));
        Pass pass = first.Pass!;
        Assert.Equal(Phase.Training, pass.Phase);
        Assert.NotSame(pass, second.Pass);
        Assert.NotEqual(pass.Random.NextUInt64(), second.Pass!.Random.NextUInt64());

        graph.Fork().Forward(GraphTests.One(1), Phase.Inference);
        Assert.NotSame(pass, first.Pass);
        Assert.Equal(Phase.Inference, first.Pass!.Phase);
        Assert.Equal(Phase.Training, pass.Phase);
    }

    [Fact]
    public void Phase_IsThatOfTheForwardPass()
    {
        var probe = new Probe();
        var graph = new Sequential(0, Shape.Batch(1), probe);
        graph.Forward(GraphTests.One(1), Phase.Inference);
        Assert.Equal(Phase.Inference, probe.Pass!.Phase);
        graph.Forward(GraphTests.One(1));
        Assert.Equal(Phase.Training, probe.Pass.Phase);
        graph.Predict(GraphTests.One(1));
        Assert.Equal(Phase.Inference, probe.Pass.Phase);
    }
}
