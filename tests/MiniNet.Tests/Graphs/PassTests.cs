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
    public void Begin_ForgetsWhatWasKept_AndKeepsItsRoom()
    {
        var pass = new Pass(new RandomStream(1, "test"));
        pass.Begin(Phase.Training);
        Tensor mask = pass.Keep("mask", new Shape(4, 2));
        Assert.Equal([mask], pass.Kept);
        pass.Begin(Phase.Inference);
        Assert.Empty(pass.Kept);
        Assert.False(pass.Has("mask"));
        Assert.Equal([mask], pass.Room);
        Assert.Same(mask, pass.Keep("mask", new Shape(4, 2)));
        Assert.Equal([mask], pass.Kept);
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
    public void RandomState_SetBack_RepeatsTheNumbers()
    {
        Graph graph = Noisy();
        Tensor x = GraphTests.One(0);
        graph.Forward(x);
        IReadOnlyList<ulong> state = graph.RandomState;
        Assert.Equal(graph.Nodes.Count, state.Count);
        float[][] first = Three(graph);
        Assert.Equal(6, first.SelectMany(numbers => numbers).Distinct().Count());
        Assert.NotEqual(first, Three(graph));

        graph.RandomState = state;
        Assert.Equal(first, Three(graph));

        // And in a new graph of the same nodes, as after loading a file; without the state it begins anew.
        Graph another = Noisy();
        Assert.NotEqual(first, Three(another));
        another.RandomState = state;
        Assert.Equal(first, Three(another));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(4)]
    public void RandomState_OfAnotherNumberOfNodes_IsRefusedWhole(int count)
    {
        Graph graph = Noisy();
        IReadOnlyList<ulong> before = graph.RandomState;
        string message = Assert.Throws<ArgumentException>(() => graph.RandomState = new ulong[count]).Message;
        Assert.StartsWith($"There are 3 nodes; {count} states given.", message, StringComparison.Ordinal);
        Assert.Equal(before, graph.RandomState);
    }

    [Fact]
    public void Fork_CarriesTheRandomStatesOver()
    {
        Graph graph = Noisy();
        Three(graph);
        Graph fork = graph.Fork();
        float[][] next = Three(fork);
        Assert.Equal(next, Three(graph)); // each draws from streams of its own: the fork's numbers used up none of the graph's
        Assert.NotEqual(next, Three(graph));
    }

    [Fact]
    public void Random_IsNotChangedByANodeElsewhere()
    {
        var larger = new Graph(seed: 9);
        Node y = larger.Input("y", Shape.Batch(1));
        larger.Add("more", new Noise(), y);
        Node x = larger.Input("x", Shape.Batch(1));
        larger.Add("second", new Noise(), larger.Add("between", new ReLU(), larger.Add("first", new Noise(), x)));
        larger.Forward([GraphTests.One(0), GraphTests.One(0)]);
        float[] expected = Three(Noisy())[0];
        Assert.Equal((expected[0], expected[1]), (larger["first"].Value.Span[0], larger["second"].Value.Span[0]));
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

    /// <summary>A graph of two nodes that draw one number each.</summary>
    private static Graph Noisy()
    {
        var graph = new Graph(seed: 9);
        graph.Add("second", new Noise(), graph.Add("first", new Noise(), graph.Input("x", Shape.Batch(1))));
        return graph;
    }

    private static float[][] Three(Graph graph) => [.. Enumerable.Range(0, 3).Select(_ =>
    {
        graph.Forward(GraphTests.One(0));
        return new[] { graph["first"].Value.Span[0], graph["second"].Value.Span[0] };
    })];

    /// <summary>y is random, whatever x.</summary>
    private sealed class Noise : Layer
    {
        public override Shape OutputShape(Shape input) => input;

        public override void Forward(Tensor x, Tensor y, Pass pass) => y.Span.Fill(pass.Random.NextSingle());

        public override void Backward(Tensor x, Tensor y, Tensor dY, Tensor? dX, Pass pass)
        {
        }
    }
}
