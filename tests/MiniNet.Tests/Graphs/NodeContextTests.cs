using MiniNet.Graphs;
using MiniNet.Layers;
using MiniNet.Tensors;

namespace MiniNet.Tests.Graphs;

public class NodeContextTests
{
    [Fact]
    public void Cache_SameName_ReturnsSameTensor()
    {
        var context = new NodeContext(new RandomStream(1, "test"));
        Tensor mask = context.Cache("mask", new Shape(4, 2));
        mask.Span.Fill(7);
        Assert.Same(mask, context.Cache("mask", new Shape(4, 2)));
        Assert.Equal(7, context.Cache("mask", new Shape(4, 2)).Span[0]);
        Assert.NotSame(mask, context.Cache("mean", new Shape(4, 2)));
        Assert.Same(mask, context.Cache("mask", new Shape(3, 2)));
        Assert.Equal(new Shape(3, 2), mask.Shape);
    }

    [Fact]
    public void Begin_DiscardsCachedTensorsAndKeepsBuffers()
    {
        var context = new NodeContext(new RandomStream(1, "test"));
        context.Begin(Phase.Training);
        Tensor mask = context.Cache("mask", new Shape(4, 2));
        Assert.Equal([mask], context.CachedTensors);
        context.Begin(Phase.Inference);
        Assert.Empty(context.CachedTensors);
        Assert.False(context.IsCached("mask"));
        Assert.Equal([mask], context.AllBuffers);
        Assert.Same(mask, context.Cache("mask", new Shape(4, 2)));
        Assert.Equal([mask], context.CachedTensors);
    }

    [Fact]
    public void Pass_OfEachNodeAndFork_IsDistinct()
    {
        var graph = new Graph(seed: 1);
        CallCounter first = new(), second = new();
        graph.Add("second", second, graph.Add("first", first, graph.Input("x", Shape.Batch(1))));
        graph.Forward(GraphTests.One(1));
        NodeContext context = first.Context!;
        Assert.Equal(Phase.Training, context.Phase);
        Assert.NotSame(context, second.Context);
        Assert.NotEqual(context.Random.NextUInt64(), second.Context!.Random.NextUInt64());

        graph.Fork().Forward(GraphTests.One(1), Phase.Inference);
        Assert.NotSame(context, first.Context);
        Assert.Equal(Phase.Inference, first.Context!.Phase);
        Assert.Equal(Phase.Training, context.Phase);
    }

    [Fact]
    public void RandomState_Restored_RepeatsRandomNumbers()
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

        // The same holds in a new graph of the same nodes, as after loading a file. Without the state, the generator starts from the
        // beginning.
        Graph another = Noisy();
        Assert.NotEqual(first, Three(another));
        another.RandomState = state;
        Assert.Equal(first, Three(another));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(4)]
    public void RandomState_WrongNumberOfStates_ThrowsAndChangesNothing(int count)
    {
        Graph graph = Noisy();
        IReadOnlyList<ulong> before = graph.RandomState;
        string message = Assert.Throws<ArgumentException>(() => graph.RandomState = new ulong[count]).Message;
        Assert.StartsWith($"The graph has 3 nodes, but got {count} random states.", message, StringComparison.Ordinal);
        Assert.Equal(before, graph.RandomState);
    }

    [Fact]
    public void Fork_CopiesRandomStates()
    {
        Graph graph = Noisy();
        Three(graph);
        Graph fork = graph.Fork();
        float[][] next = Three(fork);
        Assert.Equal(next, Three(graph)); // graph and fork have separate generators: the fork did not advance that of the graph
        Assert.NotEqual(next, Three(graph));
    }

    [Fact]
    public void Random_WithAnotherNode_IsUnchanged()
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
    public void Phase_AfterForward_IsPhaseOfThatPass()
    {
        var probe = new CallCounter();
        var graph = new Sequential(0, Shape.Batch(1), probe);
        graph.Forward(GraphTests.One(1), Phase.Inference);
        Assert.Equal(Phase.Inference, probe.Context!.Phase);
        graph.Forward(GraphTests.One(1));
        Assert.Equal(Phase.Training, probe.Context.Phase);
        graph.Predict(GraphTests.One(1));
        Assert.Equal(Phase.Inference, probe.Context.Phase);
    }

    /// <summary>Creates a graph of two nodes that draw one random number each.</summary>
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

    /// <summary>y is random, independent of x.</summary>
    private sealed class Noise : Layer
    {
        public override Shape OutputShape(Shape input) => input;

        public override void Forward(Tensor x, Tensor y, NodeContext context) => y.Span.Fill(context.Random.NextSingle());

        public override void Backward(Tensor x, Tensor y, Tensor dY, Tensor? dX, NodeContext context)
        {
        }
    }
}
