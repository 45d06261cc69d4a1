using MiniNet.GradientChecking;
using MiniNet.Graphs;
using MiniNet.Layers;
using MiniNet.Losses;
using MiniNet.Tensors;

namespace MiniNet.Tests.GradientChecking;

public class GraphGradientCheckTests
{
    [Fact]
    public void Check_CorrectGraph_NamesParametersAndInputsWithGradient()
    {
        Graph graph = Residual(new Tanh(), withLoss: true);
        Tensor[] inputs = [Samples.Tensor(new Shape(3, 4), 1), Samples.Tensor(new Shape(3, 4), 2)];
        GradientReport report = GradientCheck.Check(graph, inputs, new[] { 0, 2, 1 });
        Assert.True(report.Passed, report.ToString());
        Assert.Equal(["x", "hidden.weight", "hidden.bias", "out.weight", "out.bias"], report.Gradients.Select(gradient => gradient.Name));
        Assert.All(report.Gradients, gradient => Assert.NotEqual(0, gradient.Numeric));
        graph.Forward(inputs);
        graph.Loss(new[] { 0, 2, 1 });
        graph.Backward();
        GradientFinding weight = Named(report, "hidden.weight");
        Assert.Equal(graph.Parameters[0].Gradient[weight.Row, weight.Column], weight.Analytic, 1e-6);
        Assert.StartsWith("graph of 8 nodes: every gradient is right\n  d(x)[", report.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Check_GraphWithoutLoss_WeightsTheOutputRandomly()
    {
        Graph graph = Residual(new Tanh(), withLoss: false);
        GradientReport report = GradientCheck.Check(graph, [Samples.Tensor(new Shape(3, 4), 1), Samples.Tensor(new Shape(3, 4), 2)]);
        Assert.True(report.Passed, report.ToString());
        Assert.Equal(5, report.Gradients.Count);
    }

    [Fact]
    public void Check_RandomGraphs_Pass()
    {
        for (ulong seed = 1; seed <= 20; seed++)
        {
            (Graph graph, Targets targets, Tensor[] inputs) = FiniteDifferencesTests.RandomGraph(
                seed,
                new RandomStream(seed, "random graphs"));
            GradientReport report = GradientCheck.Check(graph, inputs, targets, seed);
            Assert.True(report.Passed, $"seed {seed}: {report}");
        }
    }

    [Fact]
    public void Check_ManyKinksInManyRows_SkipsNoWeight()
    {
        // Finite differences of the whole graph would cross hundreds of kinks for each weight of the first layer.
        var graph = new Sequential(1, new Linear(6, 16), new ReLU(), new Linear(16, 16), new ReLU(), new Linear(16, 3));
        graph.AddLoss(new SoftmaxCrossEntropy());
        GradientReport report = GradientCheck.Check(
            graph,
            Samples.Tensor(new Shape(24, 6), 1),
            Samples.Classes(24, 3, new RandomStream(1, "classes")));
        Assert.True(report.Passed, report.ToString());
        Assert.All(report.Gradients, gradient => Assert.Equal(0, gradient.KinksSkipped));
        Assert.All(report.Gradients, gradient => Assert.InRange(gradient.RelativeError, 0, 1e-3));
    }

    [Fact]
    public void Check_RoundingHidesOneOperation_OthersBeforeItPass()
    {
        // Two normalized values are always 1 and −1: ∂y/∂x is about 10⁻⁵, and finite differences of y show only rounding errors.
        for (ulong seed = 1; seed <= 5; seed++)
        {
            var graph = new Sequential(seed, new Linear(4, 3), new BatchNorm1d(3), new Tanh());
            GradientReport report = GradientCheck.Check(graph, Samples.Tensor(new Shape(2, 4), seed));
            Assert.True(report.Passed, report.ToString());
        }
    }

    [Fact]
    public void Check_Images_Pass()
    {
        var graph = new Sequential(
            1,
            Shape.Batch(36),
            new Unflatten(1, 6, 6),
            new Conv2d(1, 3, 3, padding: 1, bias: false),
            new BatchNorm2d(3),
            new ReLU(),
            new MaxPool2d(2),
            new Conv2d(3, 4, 2),
            new GELU(),
            new Flatten(),
            new Dropout(),
            new LayerNorm(16),
            new Linear(16, 3));
        graph.AddLoss(new SoftmaxCrossEntropy());
        GradientReport report = GradientCheck.Check(
            graph,
            Samples.Tensor(new Shape(4, 36), 1),
            Samples.Classes(4, 3, new RandomStream(1, "classes")));
        Assert.True(report.Passed, report.ToString());
        Assert.InRange(report.Gradients.Sum(gradient => gradient.KinksSkipped), 0, graph.Parameters.Sum(p => p.Value.Shape.Length) / 20);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Check_OneWrongOperation_IsNamed(bool withLoss)
    {
        Graph graph = Residual(new FaultyFunction(x => x * x, (_, x) => x), withLoss);
        GradientReport report = GradientCheck.Check(
            graph,
            [Samples.Tensor(new Shape(3, 4), 1), Samples.Tensor(new Shape(3, 4), 2)],
            withLoss ? new Targets([0, 2, 1]) : null);
        GradientReport look = Assert.Single(report.FaultyOperations);
        Assert.Equal(("activation (FaultyFunction)", "x", false), (look.Subject, look.Gradients[0].Name, report.Passed));
        Assert.Contains("\n  look at activation (FaultyFunction): d(x)[", report.ToString(), StringComparison.Ordinal);
        Assert.Contains("every element is 0.5 times what it should be: is a factor missing?", report.ToString(), StringComparison.Ordinal);
        Assert.False(Named(report, "hidden.weight").Passed);
        Assert.True(Named(report, "out.weight").Passed); // it is after the wrong operation
    }

    [Fact]
    public void Check_LayerKeepingItsInput_ReportsTheWrongUse()
    {
        var graph = new Graph(seed: 1);
        var square = new FaultyCachingLayer();
        Node x = graph.Input("x", Shape.Batch(3)), h = graph.Add("h", new Linear(3, 3), x);
        Node one = graph.Add("first", square, h), between = graph.Add("between", new Linear(3, 3), one);
        graph.Add("second", square, between);
        GradientReport report = GradientCheck.Check(graph, Samples.Tensor(new Shape(2, 3), 1));
        Assert.Equal("first (FaultyCachingLayer)", Assert.Single(report.FaultyOperations).Subject);
        Assert.True(Named(report, "between.weight").Passed);
        Assert.False(Named(report, "h.weight").Passed);
        Assert.True(GradientCheck.Check(square, Samples.Tensor(new Shape(2, 3), 1)).Passed); // a single use is correct
    }

    [Fact]
    public void Check_WrongLoss_IsNamed()
    {
        var graph = new Graph(seed: 1);
        Node h = graph.Add("h", new Linear(3, 2), graph.Input("x", Shape.Batch(3)));
        graph.AddLoss(new FaultyLoss((_, dL) => dL * 2), h);
        GradientReport report = GradientCheck.Check(graph, Samples.Tensor(new Shape(4, 3), 1), Samples.Tensor(new Shape(4, 2), 2));
        Assert.Equal("loss (FaultyLoss)", Assert.Single(report.FaultyOperations).Subject);
        Assert.Equal(
            "every element is 8 times what it should be: is a factor missing, the number of elements?",
            report.FaultyOperations[0].Gradients[0].LikelyCause);
        Assert.Equal(8, Named(report, "h.weight").Analytic / Named(report, "h.weight").Numeric, 1e-2);
    }

    [Fact]
    public void Check_MergeOfValueWithItself_ChecksSharedGradient()
    {
        var graph = new Graph(seed: 1);
        Node h = graph.Add("h", new Linear(3, 3), graph.Input("x", Shape.Batch(3)));
        graph.Add("square", new FaultyMultiply((a, b, dY, dA, dB) => (ReferenceEquals(dA, dB) ? dA : new Tensor(dA.Shape)).Add(dY)), h, h);
        GradientReport report = GradientCheck.Check(graph, Samples.Tensor(new Shape(2, 3), 1));
        Assert.Equal("square (FaultyMultiply)", Assert.Single(report.FaultyOperations).Subject);
        Assert.Equal("a = b", Assert.Single(report.FaultyOperations[0].Gradients).Name);
    }

    [Fact]
    public void Check_LayerCountingItsPasses_RepeatsTheGraphsPass()
    {
        var graph = new Graph(seed: 1);
        Node count = graph.Add("count", new CountingLayer(), graph.Add("h", new Linear(3, 3), graph.Input("x", Shape.Batch(3))));
        graph.Add("out", new Linear(3, 2), count);
        GradientReport report = GradientCheck.Check(graph, Samples.Tensor(new Shape(2, 3), 1));
        Assert.True(report.Passed, report.ToString());
    }

    [Fact]
    public void Check_GradientNotNeeded_IsNotChecked()
    {
        var graph = new Graph(seed: 1);
        Node x = graph.Input("x", Shape.Batch(3));
        graph.Add(
            "product",
            new FaultyMultiply((a, b, dY, dA, dB) => GradientCheckTests.AddProducts(dB, dY, a)),
            x,
            graph.Add("h", new Linear(3, 3), x));
        GradientReport report = GradientCheck.Check(graph, Samples.Tensor(new Shape(2, 3), 1));
        Assert.True(report.Passed, report.ToString());
    }

    [Fact]
    public void Check_LayerWritingToItsInput_WritesToCopy()
    {
        var graph = new Graph(seed: 1);
        Node x = graph.Input("x", Shape.Batch(3), needsGradient: true);
        graph.Add("y", new FaultyLayer((x, y, _) => { x.Span[0] = 7; y.CopyFrom(x); }, (x, y, dY, dX, _) => dX!.Add(dY)), x);
        Tensor input = Samples.Tensor(new Shape(2, 3), 1), before = input.Clone();
        GradientReport report = GradientCheck.Check(graph, input);
        Assert.False(report.Passed);
        Assert.Equal(before.Span, input.Span);
    }

    [Fact]
    public void Check_Embedding_DoesNotChangeIndices()
    {
        var graph = new Graph(seed: 1);
        Node x = graph.Input("indices", Shape.Batch(1), needsGradient: true);
        graph.Add("out", new Linear(3, 2), graph.Add("table", new FaultyEmbedding(1), x));
        var indices = new Tensor(new float[,] { { 1 }, { 3 }, { 1 } });
        GradientReport report = GradientCheck.Check(graph, indices);
        Assert.True(report.Passed, report.ToString());
        Assert.Equal(["table.weight", "out.weight", "out.bias"], report.Gradients.Select(gradient => gradient.Name));
        Assert.Equal(["weight"], GradientCheck.Check(new FaultyEmbedding(1), indices).Gradients.Select(gradient => gradient.Name));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Check_Graph_RestoresEverything(bool throws)
    {
        var graph = new Graph(seed: 1);
        var drawing = new RandomLayer();
        Node x = graph.Input("x", Shape.Batch(3), needsGradient: true),
            h = graph.Add("drawing", drawing, graph.Add("h", new Linear(3, 3), x));
        int calls = 0;
        graph.Add("y", new FaultyFunction(v => v, (_, _) => throws && ++calls > 8 ? throw new TimeoutException() : 1), h);
        Tensor input = Samples.Tensor(new Shape(2, 3), 1), before = input.Clone();
        graph.Forward(input);
        graph.Parameters[0].Gradient.Span.Fill(7);
        string[] nodes = [.. graph.Nodes.Select(node => node.ToString())];
        IReadOnlyList<ulong> random = graph.RandomState;
        float[] weight = graph.Parameters[0].Value.Span.ToArray(), state = drawing.State[0].Span.ToArray();

        if (throws)
        {
            Assert.Throws<TimeoutException>(() => GradientCheck.Check(graph, input));
        }
        else
        {
            GradientReport report = GradientCheck.Check(graph, input);
            Assert.True(report.Passed, report.ToString());
        }

        Assert.Equal(nodes, graph.Nodes.Select(node => node.ToString()));
        Assert.Equal(random, graph.RandomState);
        Assert.Equal(state, drawing.State[0].Span);
        Assert.Equal(weight, graph.Parameters[0].Value.Span);
        Assert.Equal(before.Span, input.Span);
        Assert.All(graph.Parameters[0].Gradient.Span.ToArray(), g => Assert.Equal(7, g));
        Assert.All(graph.Parameters[1].Gradient.Span.ToArray(), g => Assert.Equal(0, g));
    }

    [Fact]
    public void Check_InvalidArguments_Throws()
    {
        Graph with = Residual(new Tanh(), withLoss: true), without = Residual(new Tanh(), withLoss: false);
        Tensor[] x = [new Tensor(new Shape(3, 4)), new Tensor(new Shape(3, 4))];
        Assert.Throws<ArgumentException>("targets", () => GradientCheck.Check(with, x));
        Assert.Throws<ArgumentException>("targets", () => GradientCheck.Check(without, x, new[] { 0, 1, 2 }));
        Assert.Throws<ArgumentException>("inputs", () => GradientCheck.Check(without, x[0]));
        var nothing = new Graph();
        nothing.Add("relu", new ReLU(), nothing.Input("x", Shape.Batch(4)));
        Assert.Throws<InvalidOperationException>(() => GradientCheck.Check(nothing, x[0]));
    }

    private static GradientFinding Named(GradientReport report, string name) => report.Gradients.Single(gradient => gradient.Name == name);

    /// <summary>Builds out(h + activation(h)) with h = hidden(x + x2), where x needs a gradient.</summary>
    private static Graph Residual(Layer activation, bool withLoss)
    {
        var graph = new Graph(seed: 3);
        Node x = graph.Input("x", Shape.Batch(4), needsGradient: true), other = graph.Input("x2", Shape.Batch(4));
        Node h = graph.Add("hidden", new Linear(4, 4), graph.Add("both", new Add(), x, other));
        Node y = graph.Add("out", new Linear(4, 3), graph.Add("sum", new Add(), h, graph.Add("activation", activation, h)));
        if (withLoss)
        {
            graph.AddLoss(new SoftmaxCrossEntropy(), y);
        }

        return graph;
    }
}
