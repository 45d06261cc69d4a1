using MiniNet.Graphs;
using MiniNet.Layers;
using MiniNet.Losses;
using MiniNet.Tensors;

namespace MiniNet.Tests.Graphs;

/// <summary>Tests the construction of a graph and its error messages.</summary>
public class GraphTests
{
    [Fact]
    public void Forward_TensorOfTheGraph_ThrowsButCloneWorks()
    {
        var graph = new Sequential(seed: 1, [new Linear(4, 4)]);
        Tensor y = graph.Forward(new Tensor(new Shape(2, 4)));
        Assert.Contains("pass a Clone()", Assert.Throws<ArgumentException>(() => graph.Forward(y)).Message, StringComparison.Ordinal);
        graph.Forward(y.Clone());
        graph.Predict(graph.Output.Value); // runs in a fork, which has other values
    }

    [Fact]
    public void Nodes_AreInOrderOfAddition()
    {
        (Graph graph, _, _) = Residual();
        Assert.Equal("x, hidden, relu, sum, loss", string.Join(", ", graph.Nodes.Select(node => node.Name)));
        Assert.Equal([0, 1, 2, 3, 4], graph.Nodes.Select(node => node.Index));
        Assert.Equal("sum", graph.Output.Name);
        Assert.Same(graph.Nodes[2], graph["relu"]);
        Assert.Equal([graph["hidden"], graph["relu"]], graph["sum"].Sources);
        Assert.All(graph.Nodes, node => Assert.Same(graph, node.Graph));
        Assert.All(graph.Nodes, node => Assert.All(node.Sources, source => Assert.True(source.Index < node.Index)));
    }

    [Fact]
    public void Parameters_LayerAtTwoNodes_AreListedOnce()
    {
        var graph = new Graph();
        Linear shared = new(4, 4), own = new(4, 4, bias: false);
        Node x = graph.Input("x", Shape.Batch(4));
        graph.Add("c", own, graph.Add("b", shared, graph.Add("a", shared, x)));
        Assert.Equal([shared.Weight, shared.Bias!, own.Weight], graph.Parameters);
    }

    [Fact]
    public void Initialize_LayerAddedTwice_RunsOnce()
    {
        var graph = new Graph(seed: 1);
        var shared = new Linear(4, 4);
        Node x = graph.Add("a", shared, graph.Input("x", Shape.Batch(4)));
        float[] first = shared.Weight.Value.Span.ToArray();
        graph.Add("b", shared, x);
        Assert.Equal(first, shared.Weight.Value.Span);
        Assert.NotEqual(0, first[0]);
    }

    [Fact]
    public void Seed_DeterminesInitialWeights()
    {
        float[] a = FirstWeights(seed: 1), again = FirstWeights(seed: 1), other = FirstWeights(seed: 2);
        Assert.Equal(a, again);
        Assert.NotEqual(a, other);
        Assert.NotEqual(a[..16], a[16..]); // two layers of the same size in one graph

        static float[] FirstWeights(ulong seed)
        {
            var graph = new Sequential(seed, new Linear(4, 4, bias: false), new Linear(4, 4, bias: false));
            return [.. graph.Parameters[0].Value.Span, .. graph.Parameters[1].Value.Span];
        }
    }

    [Fact]
    public void Add_EmptyOrDuplicateName_Throws()
    {
        (Graph graph, _, _) = Residual();
        Node x = graph["x"];
        Assert.StartsWith(
            "A node needs a name.", Assert.Throws<ArgumentException>(() => graph.Add("", new ReLU(), x)).Message, StringComparison.Ordinal);
        Assert.StartsWith(
            "There is a node 'relu' already.",
            Assert.Throws<ArgumentException>(() => graph.Add("relu", new ReLU(), x)).Message,
            StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => graph.Add("relu", new Add(), x, x));
        Assert.Throws<ArgumentException>(() => graph.Input("relu", Shape.Batch(4)));
        Assert.Throws<ArgumentException>(() => graph.AddLoss(new MeanSquaredError(), x, "relu"));
        Assert.Equal(5, graph.Nodes.Count);
    }

    [Fact]
    public void Add_NodeOfAnotherGraph_Throws()
    {
        (Graph graph, _, _) = Residual();
        Node foreign = new Graph().Input("elsewhere", Shape.Batch(4)), x = graph["x"];
        const string Message = "elsewhere is a node of another graph.";
        Assert.StartsWith(
            Message, Assert.Throws<ArgumentException>(() => graph.Add("a", new ReLU(), foreign)).Message, StringComparison.Ordinal);
        Assert.StartsWith(
            Message, Assert.Throws<ArgumentException>(() => graph.Add("a", new Add(), foreign, x)).Message, StringComparison.Ordinal);
        Assert.StartsWith(
            Message, Assert.Throws<ArgumentException>(() => graph.Add("a", new Add(), x, foreign)).Message, StringComparison.Ordinal);
        Assert.StartsWith(
            Message,
            Assert.Throws<ArgumentException>(() => graph.AddLoss(new MeanSquaredError(), foreign, "a")).Message,
            StringComparison.Ordinal);
        Assert.StartsWith(Message, Assert.Throws<ArgumentException>(() => graph.ForwardAt(foreign)).Message, StringComparison.Ordinal);
        Assert.StartsWith(Message, Assert.Throws<ArgumentException>(() => graph.BackwardAt(foreign)).Message, StringComparison.Ordinal);
        Assert.Equal(5, graph.Nodes.Count);
    }

    [Fact]
    public void Add_WrongShape_ThrowsAndNamesNodesLayerAndShapes()
    {
        var graph = new Graph();
        Node concat1 = graph.Input("concat1", Shape.Batch(128)), narrow = graph.Input("narrow", Shape.Batch(64)),
            image = graph.Input("image", Shape.Batch(1, 8, 8));
        Assert.Equal(
            "hidden2 (Linear 64 -> 32) expects [n, 64], got [n, 128] from concat1",
            Assert.Throws<ShapeException>(() => graph.Add("hidden2", new Linear(64, 32), concat1)).Message);
        Assert.Equal(
            "hidden2 (Linear 64 -> 32 without bias) expects [n, 64], got [n, 1, 8, 8] from image", // not a matrix
            Assert.Throws<ShapeException>(() => graph.Add("hidden2", new Linear(64, 32, bias: false), image)).Message);
        Assert.Equal(
            "sum (Add) expects two inputs of the same shape, got [n, 128] and [n, 64] from concat1 and narrow",
            Assert.Throws<ShapeException>(() => graph.Add("sum", new Add(), concat1, narrow)).Message);
        Assert.Equal(3, graph.Nodes.Count);
        Assert.Empty(graph.Parameters);
    }

    [Fact]
    public void Forward_WrongInputShape_ThrowsBeforeComputation()
    {
        var graph = new Graph();
        var probe = new CallCounter();
        Node a = graph.Input("a", Shape.Batch(4)), b = graph.Input("b", Shape.Batch(3));
        graph.Add("probe", probe, a);
        graph.Add("probe b", probe, b);
        ShapeException e = Assert.Throws<ShapeException>(() => graph.Forward([new Tensor(new Shape(2, 4)), new Tensor(new Shape(2, 4))]));
        Assert.Equal("b (Input) expects [n, 3], got [2, 4]", e.Message);
        Assert.Equal(0, probe.Forwards);
    }

    [Fact]
    public void Forward_DifferentNumbersOfRows_ThrowsBeforeComputation()
    {
        var graph = new Graph();
        var probe = new CallCounter();
        Node a = graph.Add("probe", probe, graph.Input("a", Shape.Batch(4)));
        graph.Add("sum", new Add(), a, graph.Input("b", Shape.Batch(4)));
        ShapeException e = Assert.Throws<ShapeException>(() => graph.Forward([new Tensor(new Shape(2, 4)), new Tensor(new Shape(3, 4))]));
        Assert.Equal("sum (Add) expects two inputs of the same shape, got [2, 4] and [3, 4] from probe and b", e.Message);
        Assert.Equal(0, probe.Forwards);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public void Forward_WrongNumberOfInputs_Throws(int given)
    {
        var graph = new Graph();
        graph.Add("sum", new Add(), graph.Input("a", Shape.Batch(4)), graph.Input("b", Shape.Batch(4)));
        Tensor[] inputs = [.. Enumerable.Range(0, given).Select(_ => new Tensor(new Shape(2, 4)))];
        string message = Assert.Throws<ArgumentException>(() => graph.Forward(inputs)).Message;
        Assert.StartsWith($"The graph has 2 input(s), but got {given} tensor(s).", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Forward_SeveralInputs_AssignsInOrderOfAddition()
    {
        var graph = new Graph();
        Node a = graph.Input("a", Shape.Batch(1)), b = graph.Input("b", Shape.Batch(1)), c = graph.Input("c", Shape.Batch(1));
        Node ab = graph.Add("ab", new Add(), a, b);
        graph.Add("abc", new Add(), ab, graph.Add("relu", new ReLU(), c));
        Assert.Equal([6 + 0], graph.Forward([One(2), One(4), One(-8)]).Span);
        Assert.Equal([2 + 4 + 8], graph.Forward([One(2), One(4), One(8)]).Span);
        Assert.Equal([6], ab.Value.Span);
    }

    [Fact]
    public void Loss_WrongTargets_ThrowsAndNamesNode()
    {
        var graph = new Graph();
        graph.Add("logits", new Linear(2, 3), graph.Input("x", Shape.Batch(2)));
        graph.AddLoss(new SoftmaxCrossEntropy());
        graph.Forward(new Tensor(new Shape(2, 2)));
        Assert.Equal(
            "loss (SoftmaxCrossEntropy) expects classes 0 to 2, got 3 in row 1 for logits",
            Assert.Throws<TargetsException>(() => graph.Loss(new[] { 0, 3 })).Message);
    }

    [Fact]
    public void EmptyGraph_Throws()
    {
        var graph = new Graph();
        const string Empty = "The graph has no nodes yet.";
        Assert.Equal(Empty, Assert.Throws<InvalidOperationException>(() => graph.Output).Message);
        Assert.Equal(Empty, Assert.Throws<InvalidOperationException>(() => graph.AddLoss(new MeanSquaredError())).Message);
        Assert.Equal(Empty, Assert.Throws<InvalidOperationException>(() => graph.Forward(One(1))).Message);
        Assert.Equal(Empty, Assert.Throws<InvalidOperationException>(() => graph.Forward([])).Message);
        Assert.Equal(Empty, Assert.Throws<InvalidOperationException>(() => graph.Predict(One(1))).Message);
        Assert.Equal(Empty, Assert.Throws<InvalidOperationException>(graph.Backward).Message);
        Assert.Equal(
            "The graph has no loss: call AddLoss first.", Assert.Throws<InvalidOperationException>(() => graph.Loss(One(1))).Message);
        Assert.Empty(graph.RandomState);
    }

    [Fact]
    public void Output_WithLaterNodes_IsInputOfFirstLoss()
    {
        (Graph graph, Tensor x, Targets t) = Residual();
        (Graph plain, _, _) = Residual();
        graph.Add("look", new Tanh(), graph.Add("side", new Linear(4, 2), graph["hidden"]));
        float[] prediction = plain.Forward(x).Span.ToArray();
        Assert.Equal("sum", graph.Output.Name);
        Assert.Equal(prediction, graph.Forward(x).Span);
        Assert.Equal(prediction, graph.Predict(x).Span);
        Assert.Equal("sum", graph.Fork().Output.Name);

        // The loss is also that of the prediction, and gradients come only from it.
        Assert.Equal(plain.Loss(t), graph.Loss(t));
        plain.Backward();
        graph.Backward();
        Assert.NotEqual(0, plain["hidden"].Gradient!.Span[0]);
        Assert.Equal(plain["hidden"].Gradient!.Span, graph["hidden"].Gradient!.Span);
        Assert.Equal(plain.Parameters[0].Gradient.Span, graph.Parameters[0].Gradient.Span);
        Assert.All(((Linear)graph["side"].Operation!).Weight.Gradient.Span.ToArray(), value => Assert.Equal(0, value));

        graph.AddLoss(new SoftmaxCrossEntropy(), graph["look"], "second loss");
        Assert.Equal("sum", graph.Output.Name);
    }

    [Fact]
    public void InitialWeights_WithAnotherNode_AreUnchanged()
    {
        Linear hidden = new(4, 4), output = new(4, 3), same = new(4, 4), sameOutput = new(4, 3);
        var graph = new Graph(seed: 5);
        graph.Add("output", output, graph.Add("hidden", hidden, graph.Input("x", Shape.Batch(4))));

        var larger = new Graph(seed: 5);
        Node y = larger.Input("y", Shape.Batch(4)), x = larger.Input("x", Shape.Batch(4));
        var more = new Linear(4, 4);
        larger.Add("before", more, y);
        larger.Add("output", sameOutput, larger.Add("between", new Tanh(), larger.Add("hidden", same, x)));
        Assert.NotEqual(0, hidden.Weight.Value.Span[0]);
        Assert.Equal(hidden.Weight.Value.Span, same.Weight.Value.Span);
        Assert.Equal(output.Weight.Value.Span, sameOutput.Weight.Value.Span);
        Assert.NotEqual(hidden.Weight.Value.Span.ToArray(), more.Weight.Value.Span.ToArray());
    }

    [Fact]
    public void Indexer_UnknownName_ThrowsAndListsNames()
    {
        (Graph graph, _, _) = Residual();
        string message = Assert.Throws<KeyNotFoundException>(() => graph["hiden"]).Message;
        Assert.Equal("There is no node 'hiden'; the nodes are x, hidden, relu, sum, loss.", message);
    }

    internal static Tensor One(float value) => new(new[,] { { value } });

    /// <summary>
    /// Creates the graph of the example in <see cref="Graph"/>, x → hidden → relu → hidden + relu → loss, and a batch for it.
    /// </summary>
    internal static (Graph Graph, Tensor X, Targets T) Residual(int rows = 6, ulong seed = 1)
    {
        var graph = new Graph(seed);
        Node x = graph.Input("x", Shape.Batch(4));
        Node h = graph.Add("hidden", new Linear(4, 4), x);
        Node r = graph.Add("relu", new ReLU(), h);
        graph.Add("sum", new Add(), h, r);
        graph.AddLoss(new SoftmaxCrossEntropy());
        return (graph, Samples.Tensor(new Shape(rows, 4), seed), Samples.Classes(rows, 4, new RandomStream(seed, "targets")));
    }

    [Fact]
    public void Loss_BeforeForward_Throws()
    {
        (Graph graph, _, Targets targets) = Residual();
        Assert.EndsWith(
            "call Forward first, with at least one row.",
            Assert.Throws<InvalidOperationException>(() => graph.Loss(targets)).Message,
            StringComparison.Ordinal);
        graph.Forward(new Tensor(new Shape(0, 4)));
        Assert.Throws<InvalidOperationException>(() => graph.Loss(Array.Empty<int>()));
    }

    [Fact]
    public void Add_NullLayer_Throws() => Assert.Throws<ArgumentNullException>(() => new Sequential(1, new Linear(2, 2), null!));
}
