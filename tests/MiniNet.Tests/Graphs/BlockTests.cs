using MiniNet.Files;
using MiniNet.GradientChecking;
using MiniNet.Graphs;
using MiniNet.Layers;
using MiniNet.Losses;
using MiniNet.Optimizers;
using MiniNet.Stepping;
using MiniNet.Tensors;

namespace MiniNet.Tests.Graphs;

/// <summary>A block adds ordinary nodes under its own name, so everything that works for nodes works for blocks.</summary>
public sealed class BlockTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Sequential_WithBlocks_NamesNodesAndParametersAsPyTorch()
    {
        Sequential model = Create(seed: 1);
        Assert.Equal(
            ["input", "0", "1.0", "1.1", "1.2", "2.inner.0", "2.inner.1", "2.out", "3"], model.Nodes.Select(node => node.Name));
        Assert.Equal(
            ["0.weight", "0.bias", "1.0.weight", "1.0.bias", "2.inner.0.weight", "2.inner.0.bias", "3.weight", "3.bias"],
            model.NamedParameters().Values);
        Assert.NotEqual(model.Parameters[2].Value.Span.ToArray(), model.Parameters[4].Value.Span.ToArray()); // each has its own seed
    }

    [Fact]
    public void Block_InAGraph_EqualsTheSameNodesAddedOneByOne()
    {
        var graph = new Graph(seed: 5);
        Node x = graph.Input("x", Shape.Batch(4));
        Node h = graph.Add("block1.1", new Tanh(), graph.Add("block1.0", new Linear(4, 4), x));
        h = graph.Add("block1.2", new Add(), h, x);
        Node gate = graph.Add("block2.inner.1", new Sigmoid(), graph.Add("block2.inner.0", new Linear(4, 4), h));
        graph.Add("block2.out", new Multiply(), gate, h);

        var blocks = new Graph(seed: 5);
        x = blocks.Input("x", Shape.Batch(4));
        h = blocks.Add("block1", new Residual(new Linear(4, 4), new Tanh()), x);
        blocks.Add("block2", new Gated(4), h);
        Assert.Equal(graph.Nodes.Select(node => node.Name), blocks.Nodes.Select(node => node.Name));
        Tensor input = Samples.Tensor(new Shape(3, 4));
        Assert.Equal(graph.Predict(input).Span, blocks.Predict(input).Span);
    }

    [Fact]
    public void Block_AddedTwice_SharesParametersAndAccumulatesTheirGradients()
    {
        var block = new Residual(new Linear(4, 4), new Tanh());
        var model = new Sequential(seed: 2, block, block, new Linear(4, 3));
        Assert.Equal(4, model.Parameters.Count);
        model.AddLoss(new SoftmaxCrossEntropy());
        GradientReport report = GradientCheck.Check(model, Samples.Tensor(new Shape(5, 4)), new[] { 0, 1, 2, 1, 0 });
        Assert.True(report.Passed, report.ToString());
    }

    [Fact]
    public void Model_WithBlocks_IsSavedLoadedAndStepped()
    {
        Sequential model = Create(seed: 3);
        ModelFile.SaveNetwork(folder["m"], model);
        Graph loaded = ModelFile.LoadNetwork(folder["m"]);
        Tensor x = Samples.Tensor(new Shape(5, 4));
        Assert.Equal(model.Predict(x).Span, loaded.Predict(x).Span);

        model.AddLoss(new SoftmaxCrossEntropy());
        var stepper = new BackpropStepper(model, x, new[] { 0, 1, 2, 1, 0 }, new SGD(model.Parameters, 0.1f));
        Assert.StartsWith("1.2 · Add · y = a + b", stepper.RunTo("1.2")!.ToString(), StringComparison.Ordinal);
        Assert.Equal(["1.1", "0"], stepper.RunTo("1.2")!.Contributions.Select(part => part.To));
    }

    [Fact]
    public void Add_WithoutName_NumbersLayersAndBlocksButNotInputs()
    {
        var graph = new Graph();
        Node x = graph.Input("x", Shape.Batch(4));
        Node a = graph.Add(new Linear(4, 4), x), b = graph.Add("named", new ReLU(), a);
        Node c = graph.Add(new Block(new ReLU(), new Tanh()), b);
        Assert.Equal(("0", "2.1", "3"), (a.Name, c.Name, graph.Add(new Concat(), a, c).Name));
        graph.Add("5", new ReLU(), a);
        Assert.Equal(["6", "7"], new[] { graph.Add(new ReLU(), a).Name, graph.Add(new ReLU(), a).Name });
    }

    [Fact]
    public void Add_FailingBlock_NamesTheNodeAndEndsTheBlock()
    {
        var graph = new Graph();
        Node x = graph.Input("x", Shape.Batch(4));
        Assert.Equal(
            "b.1 (Linear 3 -> 1) expects [n, 3], got [n, 4] from b.0",
            Assert.Throws<ShapeException>(() => graph.Add("b", new Block(new ReLU(), new Linear(3, 1)), x)).Message);
        Assert.Equal("y", graph.Add("y", new ReLU(), x).Name);
    }

    [Fact]
    public void Add_BlockWithoutNameOrWithATakenName_Throws()
    {
        var graph = new Graph();
        Node x = graph.Input("x", Shape.Batch(4));
        graph.Add("b", new Block(new ReLU()), x);
        Assert.Throws<ArgumentException>(() => graph.Add("", new Block(new ReLU()), x));
        Assert.Throws<ArgumentException>(() => graph.Add("x", new Block(new ReLU()), x));
        Assert.StartsWith(
            "There is a block 'b' already.",
            Assert.Throws<ArgumentException>(() => graph.Add("b", new Block(new ReLU()), x)).Message,
            StringComparison.Ordinal);
        Assert.Equal(2, graph.Nodes.Count);
        graph.Add("2", new Block(new ReLU()), x);
        Assert.Equal("3", graph.Add(new ReLU(), x).Name);
    }

    [Fact]
    public void Sequential_WithoutSeed_HasSeedZero()
    {
        Assert.Equal(
            new Sequential(seed: 0, new Linear(4, 2)).Parameters[0].Value.Span,
            new Sequential(new Linear(4, 2)).Parameters[0].Value.Span);
        Assert.Equal(Shape.Batch(1, 2), new Sequential(Shape.Batch(1, 2), new ReLU(), new Flatten()).Nodes[0].Shape);
        Assert.StartsWith(
            "Sequential needs at least one layer.",
            Assert.Throws<ArgumentException>(() => new Sequential(Shape.Batch(1))).Message,
            StringComparison.Ordinal);
    }

    private static Sequential Create(ulong seed) => new(
        seed, new Linear(4, 5), new Residual(new Linear(5, 5), new ReLU()), new Gated(5), new Linear(5, 3));

    private sealed class Residual(params IReadOnlyList<IModule> parts) : Block(parts)
    {
        public override Node Connect(Graph graph, Node x) => graph.Add(new Add(), base.Connect(graph, x), x);
    }

    // y = x ⊙ σ(W·x + b), with a block inside of the block.
    private sealed class Gated(int width) : Block
    {
        private readonly Block inner = new(new Linear(width, width), new Sigmoid());

        public override Node Connect(Graph graph, Node x) => graph.Add("out", new Multiply(), graph.Add("inner", inner, x), x);
    }
}
