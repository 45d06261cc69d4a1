using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using MiniNet.Graphs;
using MiniNet.Layers;
using MiniNet.Losses;
using MiniNet.Tensors;

namespace MiniNet.Tests.Graphs;

/// <summary>Tests of the backward pass: gradients are summed over all uses and computed only where needed.</summary>
public class GraphBackwardTests
{
    [Fact]
    public void Backward_ValueUsedTwiceByOneNode_AddsBothGradients()
    {
        // L = (x + x)², x = 3: ∂L/∂x = 8x.
        var graph = new Graph();
        Node x = graph.Input("x", Shape.Batch(1), needsGradient: true);
        graph.AddLoss(new MeanSquaredError(), graph.Add("twice", new Add(), x, x));
        Step(graph, GraphTests.One(3), GraphTests.One(0));
        Assert.Equal([24], x.Gradient!.Span);
    }

    [Fact]
    public void Backward_ValueUsedByTwoNodes_MatchesFiniteDifferences()
    {
        var graph = new Graph(seed: 3);
        Node x = graph.Input("x", Shape.Batch(4), needsGradient: true);
        Node h = graph.Add("h", new Linear(4, 4), x);
        Node a = graph.Add("a", new Tanh(), h), b = graph.Add("b", new Sigmoid(), h);
        graph.AddLoss(new MeanSquaredError(), graph.Add("sum", new Add(), graph.Add("sum2", new Add(), a, b), h));
        FiniteDifferences.Check(graph, Samples.Tensor(new Shape(3, 4), 4), Samples.Tensor(new Shape(3, 4), 5));
    }

    [Fact]
    public void Backward_LayerAtTwoNodes_AddsBothGradients()
    {
        // L = (w²x)² with w = 2, x = 3: ∂L/∂w = 4w³x² = 288.
        var graph = new Graph();
        var shared = new Linear(1, 1, bias: false);
        Node x = graph.Input("x", Shape.Batch(1));
        graph.Add("second", shared, graph.Add("first", shared, x));
        graph.AddLoss(new MeanSquaredError());
        shared.Weight.Value[0, 0] = 2;
        Step(graph, GraphTests.One(3), GraphTests.One(0));
        Assert.Equal([288], shared.Weight.Gradient.Span);
    }

    [Fact]
    public void Backward_LayerAtTwoNodes_MatchesFiniteDifferences()
    {
        var graph = new Graph(seed: 3);
        var shared = new Linear(4, 4);
        Node x = graph.Input("x", Shape.Batch(4), needsGradient: true);
        Node first = graph.Add("first", shared, x);
        graph.Add("second", shared, graph.Add("tanh", new Tanh(), first));
        graph.AddLoss(new MeanSquaredError());
        FiniteDifferences.Check(graph, Samples.Tensor(new Shape(3, 4), 4), Samples.Tensor(new Shape(3, 4), 5));
    }

    [Fact]
    public void Backward_Repeated_AccumulatesUntilZeroGradients()
    {
        // All numbers are integers, so twice the gradient is exact: L = (wx + b)², dw = 2(wx + b)x, db = 2(wx + b).
        var linear = new Linear(1, 1);
        var graph = new Sequential(0, linear);
        graph.AddLoss(new MeanSquaredError());
        (linear.Weight.Value[0, 0], linear.Bias!.Value.Span[0]) = (2, 1);

        Step(graph, GraphTests.One(3), GraphTests.One(0));
        Assert.Equal((42, 14), (linear.Weight.Gradient[0, 0], linear.Bias.Gradient.Span[0]));
        graph.Backward();
        Assert.Equal((84, 28), (linear.Weight.Gradient[0, 0], linear.Bias.Gradient.Span[0]));
        Step(graph, GraphTests.One(1), GraphTests.One(0)); // another batch: 6 and 6 more
        Assert.Equal((90, 34), (linear.Weight.Gradient[0, 0], linear.Bias.Gradient.Span[0]));
        graph.ZeroGradients();
        Assert.Equal((0, 0), (linear.Weight.Gradient[0, 0], linear.Bias.Gradient.Span[0]));
        Assert.Equal(2, linear.Weight.Value[0, 0]);
    }

    [Fact]
    public void NodeGradients_AfterTwoPasses_AreThoseOfTheLastPass()
    {
        var graph = new Graph();
        Node x = graph.Input("x", Shape.Batch(1), needsGradient: true);
        graph.AddLoss(new MeanSquaredError(), x);
        Step(graph, GraphTests.One(3), GraphTests.One(0));
        graph.Backward();
        Assert.Equal([6], x.Gradient!.Span);
        Assert.Equal([1], graph["loss"].Gradient!.Span);
    }

    [Fact]
    public void InputGradient_IsComputedOnlyIfRequested()
    {
        var graph = new Graph(seed: 1);
        Node a = graph.Input("a", Shape.Batch(4)), b = graph.Input("b", Shape.Batch(4), needsGradient: true);
        // Nothing before these nodes needs a gradient, so neither do they.
        Node relu = graph.Add("relu", new ReLU(), a), twice = graph.Add("twice", new Add(), relu, a);
        graph.AddLoss(new MeanSquaredError(), graph.Add("hidden", new Linear(4, 2), graph.Add("sum", new Add(), twice, b)));
        Tensor[] inputs = [Samples.Tensor(new Shape(3, 4), 1), Samples.Tensor(new Shape(3, 4), 2)];
        Tensor targets = Samples.Tensor(new Shape(3, 2), 3);
        graph.Forward(inputs);
        graph.Loss(targets);
        graph.Backward();
        Assert.Equal((false, true, false, false), (a.NeedsGradient, b.NeedsGradient, relu.NeedsGradient, twice.NeedsGradient));
        Assert.All([a, relu, twice], node => Assert.Null(node.Gradient));
        Assert.Equal(new Shape(3, 4), b.Gradient!.Shape);
        FiniteDifferences.Check(graph, targets, inputs);
    }

    [Fact]
    public void Backward_SmallerBatch_ReusesBuffersAndMatchesNewGraph()
    {
        (Graph graph, Tensor x, Targets t) = GraphTests.Residual(rows: 9);
        (Graph fresh, _, _) = GraphTests.Residual(rows: 9);
        Tensor small = new(new Shape(2, 4));
        x.Span[..8].CopyTo(small.Span);
        int[] smallTargets = t.Classes[..2].ToArray();

        Step(graph, x, t);
        Tensor value = graph["sum"].Value, gradient = graph["sum"].Gradient!;
        ref float valueStart = ref MemoryMarshal.GetReference(value.Span);
        ref float gradientStart = ref MemoryMarshal.GetReference(gradient.Span);
        graph.ZeroGradients();
        Step(graph, small, smallTargets);
        Step(fresh, small, smallTargets);

        Assert.Same(value, graph["sum"].Value);
        Assert.Same(gradient, graph["sum"].Gradient);
        Assert.True(Unsafe.AreSame(ref valueStart, ref MemoryMarshal.GetReference(value.Span)));
        Assert.True(Unsafe.AreSame(ref gradientStart, ref MemoryMarshal.GetReference(gradient.Span)));
        AssertSame(fresh, graph);

        // A batch of the full size again, in the same buffers.
        graph.Forward(x);
        Assert.Equal(new Shape(9, 4), value.Shape);
        Assert.True(Unsafe.AreSame(ref valueStart, ref MemoryMarshal.GetReference(value.Span)));
    }

    [Fact]
    public void Backward_UnusedNodes_AreSkipped()
    {
        (Graph graph, Tensor x, Targets t) = GraphTests.Residual();
        (Graph with, _, _) = GraphTests.Residual();
        var probe = new CallCounter();
        var unused = new Linear(4, 2);
        with.Add("dead end", unused, with.Add("probe", probe, with["hidden"]));
        Step(graph, x, t);
        Step(with, x, t);
        Assert.Equal((1, 0), (probe.Forwards, probe.Backwards));
        Assert.Equal(new float[8], unused.Weight.Gradient.Span);
        Assert.Equal(new float[24], with["probe"].Gradient!.Span);
        Assert.Equal(graph.Parameters[0].Gradient.Span, with.Parameters[0].Gradient.Span);
    }

    [Fact]
    public void Loss_SumOfTwoLosses_ReturnsSumAndGradients()
    {
        var graph = new Graph(seed: 6);
        Node h = graph.Add("h", new Linear(4, 3), graph.Input("x", Shape.Batch(4), needsGradient: true));
        Node y = graph.Add("y", new Linear(3, 3), graph.Add("tanh", new Tanh(), h));
        Node a = graph.AddLoss(new SoftmaxCrossEntropy(), h, "a"), b = graph.AddLoss(new SoftmaxCrossEntropy(), y, "b");
        Node both = graph.Add("both", new Add(), a, b);
        Assert.Same(h, graph.Output);

        Tensor x = Samples.Tensor(new Shape(5, 4), 7);
        int[] t = [0, 1, 2, 1, 0];
        graph.Forward(x);
        float loss = graph.Loss(t);
        Assert.Equal(a.Value.Span[0] + b.Value.Span[0], loss);
        Assert.Equal([loss], both.Value.Span);
        FiniteDifferences.Check(graph, t, x);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Loss_LossPlusPenalty_ReturnsSumAndGradients(bool lossFirst)
    {
        // Like a penalty: L + c, where c does not depend on targets.
        var graph = new Graph(seed: 6);
        Node c = graph.Input("c", new Shape(), needsGradient: true), x = graph.Input("x", Shape.Batch(4), needsGradient: true);
        Node y = graph.Add("y", new Linear(4, 3), x);
        Node loss = graph.AddLoss(new MeanSquaredError());
        graph.Add("both", new Add(), lossFirst ? loss : c, lossFirst ? c : loss);
        Assert.Same(y, graph.Output);

        Tensor[] inputs = [new Tensor(new Shape()), Samples.Tensor(new Shape(3, 4), 7)];
        inputs[0].Span[0] = 2;
        Tensor t = Samples.Tensor(new Shape(3, 3), 8);
        graph.Forward(inputs);
        float both = graph.Loss(t);
        Assert.Equal(loss.Value.Span[0] + 2, both);
        FiniteDifferences.Check(graph, t, inputs);
    }

    [Theory]
    [InlineData("SoftmaxCrossEntropy")]
    [InlineData("MeanSquaredError")]
    public void Backward_LossUsedByLaterNodes_UsesIncomingGradient(string kind)
    {
        // tanh L + L: the incoming gradient of the loss is (1 − tanh² L) + 1, not 1.
        var graph = new Graph(seed: 6);
        Node y = graph.Add("y", new Linear(4, 3), graph.Input("x", Shape.Batch(4), needsGradient: true));
        Node loss = graph.AddLoss(kind == "MeanSquaredError" ? new MeanSquaredError() : new SoftmaxCrossEntropy());
        graph.Add("sum", new Add(), graph.Add("tanh", new Tanh(), loss), loss);
        Assert.Same(y, graph.Output);
        Targets t = kind == "MeanSquaredError" ? Samples.Tensor(new Shape(3, 3), 8) : new[] { 2, 0, 1 };
        FiniteDifferences.Check(graph, t, Samples.Tensor(new Shape(3, 4), 7));
    }

    [Fact]
    public void Backward_GraphWithoutLoss_ThrowsWithAdvice()
    {
        var graph = new Sequential(0, new Linear(4, 3));
        graph.Forward(new Tensor(new Shape(2, 4)));
        string message = Assert.Throws<InvalidOperationException>(graph.Backward).Message;
        Assert.Equal("Backward needs a scalar, but the value of 0 is [2, 3]: add a loss, and call Forward and Loss first.", message);
        message = Assert.Throws<InvalidOperationException>(() => graph.Loss(new[] { 0, 1 })).Message;
        Assert.Equal("The graph has no loss: call AddLoss first.", message);
    }

    [Fact]
    public void Backward_BeforeLossCall_ThrowsWithAdvice()
    {
        (Graph graph, Tensor x, Targets t) = GraphTests.Residual();
        const string Message = "loss (SoftmaxCrossEntropy) has no targets for this forward pass: call Loss first.";
        graph.Forward(x);
        Assert.Equal(Message, Assert.Throws<InvalidOperationException>(graph.Backward).Message);
        graph.Loss(t);
        graph.Backward();
        graph.Forward(x); // discards the loss of the previous pass
        Assert.Equal(Message, Assert.Throws<InvalidOperationException>(graph.Backward).Message);
        Assert.Equal(Message, Assert.Throws<InvalidOperationException>(() => graph.ForwardAt(graph["loss"])).Message);
    }

    [Fact]
    public void Backward_NothingTrainable_Throws()
    {
        var graph = new Graph();
        graph.AddLoss(new MeanSquaredError(), graph.Input("x", Shape.Batch(1)));
        graph.Forward(GraphTests.One(1));
        graph.Loss(GraphTests.One(1));
        Assert.Contains("no parameter", Assert.Throws<InvalidOperationException>(graph.Backward).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Backward_ScalarThatIsNotALoss_ComputesGradients()
    {
        // y = w·x for one row and one column: dw = x.
        var graph = new Sequential(0, new Linear(2, 1, bias: false));
        graph.Forward(new Tensor(new float[,] { { 3, -5 } }));
        graph.Backward();
        Assert.Equal([3, -5], graph.Parameters[0].Gradient.Span);
    }

    internal static void Step(Graph graph, Tensor x, Targets t)
    {
        graph.Forward(x);
        graph.Loss(t);
        graph.Backward();
    }

    /// <summary>Gets every value and every gradient, bit by bit.</summary>
    internal static void AssertSame(Graph expected, Graph actual)
    {
        Assert.Equal(expected.Nodes.Count, actual.Nodes.Count);
        for (int i = 0; i < expected.Nodes.Count; i++)
        {
            Assert.Equal(expected.Nodes[i].Value.Shape, actual.Nodes[i].Value.Shape);
            Assert.Equal(expected.Nodes[i].Value.Span, actual.Nodes[i].Value.Span);
            Assert.Equal(expected.Nodes[i].Gradient?.Span.ToArray(), actual.Nodes[i].Gradient?.Span.ToArray());
        }

        for (int i = 0; i < expected.Parameters.Count; i++)
        {
            Assert.Equal(expected.Parameters[i].Gradient.Span, actual.Parameters[i].Gradient.Span);
        }
    }
}
