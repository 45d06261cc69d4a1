using MiniNet.Graphs;
using MiniNet.Losses;
using MiniNet.Tensors;

namespace MiniNet.Tests.Losses;

public class MeanSquaredErrorTests
{
    [Fact]
    public void ForwardAndBackward_MatchClosedForm()
    {
        // Mean over all elements, not only the rows: (1 + 9 + 2.25 + 0.25)/4, and 2(p − t)/4.
        Tensor p = new(new float[,] { { 1, -2 }, { 0.5f, 3 } }), t = new(new float[,] { { 0, 1 }, { 2, 3.5f } });
        var graph = new Graph();
        Node input = graph.Input("p", Shape.Batch(2), needsGradient: true);
        graph.AddLoss(new MeanSquaredError(), input);
        graph.Forward(p);
        Assert.Equal(3.125, graph.Loss(t), 4 * Samples.U); // the sum is computed in double
        graph.Backward();
        Assert.Equal([0.5f, -1.5f, -0.75f, -0.25f], input.Gradient!.Span);
    }

    [Fact]
    public void Forward_PerfectPrediction_ReturnsZero()
    {
        Tensor p = Samples.Tensor(new Shape(5, 7));
        var graph = new Graph();
        Node input = graph.Input("p", Shape.Batch(7), needsGradient: true);
        graph.AddLoss(new MeanSquaredError(), input);
        graph.Forward(p);
        Assert.Equal(0, graph.Loss(p.Clone()));
        graph.Backward();
        Assert.Equal(new float[35], input.Gradient!.Span);
    }

    [Fact]
    public void Check_WrongTargets_Throws()
    {
        var loss = new MeanSquaredError();
        Tensor fewer = new(new Shape(1, 3), "t"), turned = new(new Shape(3, 2), "t");
        Assert.Equal(
            "expects target values [2, 3], got t [1, 3] 0..0",
            Assert.Throws<TargetsException>(() => loss.Check(new Shape(2, 3), fewer)).Message);
        Assert.Equal(
            "expects target values [2, 3], got t [3, 2] 0..0",
            Assert.Throws<TargetsException>(() => loss.Check(new Shape(2, 3), turned)).Message);
        Assert.Equal(
            "expects target values [2, 3], got 2 classes: 0, 1; for classes, use a loss such as SoftmaxCrossEntropy",
            Assert.Throws<TargetsException>(() => loss.Check(new Shape(2, 3), new[] { 0, 1 })).Message);
        loss.Check(new Shape(2, 3), new Tensor(new Shape(2, 3)));
    }
}
