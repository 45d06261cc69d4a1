using MiniNet.Graphs;
using MiniNet.Layers;
using MiniNet.Losses;
using MiniNet.Tensors;

namespace MiniNet.Tests.Losses;

public class KullbackLeiblerTests
{
    [Fact]
    public void ForwardAndBackward_MatchClosedForm()
    {
        // Rows: ½ log(½ / ¼) + ½ log(½ / ¾), and log(1 / ½) with a class of probability 0. The mean is over the two rows, not the four
        // elements.
        Tensor x = new(new float[,] { { MathF.Log(0.25f), MathF.Log(0.75f) }, { MathF.Log(0.5f), MathF.Log(0.5f) } });
        Tensor t = new(new float[,] { { 0.5f, 0.5f }, { 0, 1 } });
        var graph = new Graph();
        Node input = graph.Input("x", Shape.Batch(2), needsGradient: true);
        graph.AddLoss(new KullbackLeibler(), input);
        graph.Forward(x);
        double expected = ((0.5 * Math.Log(4.0 / 3)) + Math.Log(2)) / 2;
        Assert.Equal(expected, graph.Loss(t), 4 * Samples.U); // the logarithms in x are rounded
        graph.Backward();
        Assert.Equal([-0.25f, -0.25f, 0, -0.5f], input.Gradient!.Span);
    }

    [Fact]
    public void Forward_EqualDistributions_ReturnsZero()
    {
        Tensor scores = Samples.Tensor(new Shape(4, 6), 1);
        var graph = new Graph();
        Node input = graph.Input("z", Shape.Batch(6), needsGradient: true);
        graph.AddLoss(new KullbackLeibler(), graph.Add("x", new LogSoftmax(), input));
        graph.Forward(scores);

        // x and t have an error of a few roundings, of numbers up to 5 and 1; the terms cancel except for these. The gradient of the scores
        // is p − t.
        Assert.Equal(0, graph.Loss(SoftmaxCrossEntropy.Softmax(scores)), 30 * Samples.U);
        graph.Backward();
        Assert.All(input.Gradient!.Span.ToArray(), gradient => Assert.Equal(0, gradient, 10 * Samples.U));
    }

    [Fact]
    public void Forward_AfterLogSoftmax_IsCrossEntropyMinusTargetEntropy()
    {
        // Σ t log t does not depend on the scores: the gradients are equal, and the losses differ by it.
        Tensor scores = Samples.Tensor(new Shape(4, 6), 2), t = SoftmaxCrossEntropy.Softmax(Samples.Tensor(new Shape(4, 6), 3));
        (float divergence, Tensor dZ) = Run(logSoftmax: true, new KullbackLeibler(), scores, t);
        (float crossEntropy, Tensor expected) = Run(logSoftmax: false, new SoftmaxCrossEntropy(), scores, t);
        double entropy = 0;
        foreach (float probability in t.Span)
        {
            entropy -= probability * Math.Log(probability) / 4;
        }

        Assert.Equal(crossEntropy - entropy, divergence, 20 * Samples.U);
        for (int i = 0; i < 24; i++)
        {
            Assert.Equal(expected.Span[i], dZ.Span[i], 20 * Samples.U / 4);
        }
    }

    [Fact]
    public void Check_InvalidTargets_Throws()
    {
        var shape = new Shape(2, 2);
        Tensor t = new(new float[,] { { 0, 1 }, { 1, 1 } }, "t");
        Assert.Equal("expects target values [3, 2], got t [2, 2] 0..1", Message(new Shape(3, 2), t));
        Assert.Equal(
            "expects target values [2, 2], got 2 classes: 0, 1; for classes, use a loss such as SoftmaxCrossEntropy",
            Message(shape, new[] { 0, 1 }));
        Assert.Equal("expects probabilities that add up to 1, within 0.01, got 2 in row 1", Message(shape, t));
        t[1, 1] = -0.5f;
        Assert.Equal("expects target values of at least 0, got -0.5 in row 1, column 1", Message(shape, t));
        t[1, 1] = 0;
        new KullbackLeibler().Check(shape, t);
        Assert.Equal("expects two dimensions or more, got [2]", Message(new Shape(2), new Tensor(new Shape(2))));

        // With more dimensions, the sum along the last one must be 1.
        Tensor deep = new(new Shape(1, 2, 2));
        new float[] { 1, 0, 0.5f, 0.5f }.CopyTo(deep.Span);
        new KullbackLeibler().Check(new Shape(1, 2, 2), deep);
    }

    private static string Message(Shape prediction, Targets targets) =>
        Assert.ThrowsAny<MiniNetException>(() => new KullbackLeibler().Check(prediction, targets)).Message;

    private static (float Loss, Tensor Gradient) Run(bool logSoftmax, Loss of, Tensor z, Tensor t)
    {
        var graph = new Graph();
        Node input = graph.Input("z", z.Shape, needsGradient: true);
        graph.AddLoss(of, logSoftmax ? graph.Add("x", new LogSoftmax(), input) : input);
        graph.Forward(z);
        float loss = graph.Loss(t);
        graph.Backward();
        return (loss, input.Gradient!);
    }
}
