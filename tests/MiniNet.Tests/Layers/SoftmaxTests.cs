using MiniNet.Graphs;
using MiniNet.Layers;
using MiniNet.Losses;
using MiniNet.Tensors;

namespace MiniNet.Tests.Layers;

public class SoftmaxTests
{
    [Theory]
    [InlineData("Softmax")]
    [InlineData("LogSoftmax")]
    public void OutputShape_FewerThanTwoDimensions_Throws(string name)
    {
        Layer layer = Named(name);
        Assert.Equal(Shape.Batch(3), layer.OutputShape(Shape.Batch(3)));
        Assert.Equal(Shape.Batch(2, 4, 3), layer.OutputShape(Shape.Batch(2, 4, 3)));
        Assert.Equal(
            "expects two dimensions or more, got [n]", Assert.Throws<ShapeException>(() => layer.OutputShape(Shape.Batch())).Message);
        Assert.Equal("expects two dimensions or more, got []", Assert.Throws<ShapeException>(() => layer.OutputShape(new Shape())).Message);
        Assert.Equal(name, layer.ToString());
        Assert.Empty(layer.Parameters);
        Assert.Equal(new Shape(0, 3), new Sequential(0, Shape.Batch(3), layer).Forward(new Tensor(new Shape(0, 3))).Shape);
    }

    [Fact]
    public void Forward_KnownInputs_ReturnsKnownValues()
    {
        // e^0 : e^log 2 : e^log 5 is 1 : 2 : 5. Four roundings, and those of the logarithms.
        var x = new Tensor(new float[,] { { 0, MathF.Log(2), MathF.Log(5) } });
        Tensor p = new Sequential(0, Shape.Batch(3), new Softmax()).Forward(x),
            log = new Sequential(0, Shape.Batch(3), new LogSoftmax()).Forward(x);
        double[] expected = [0.125, 0.25, 0.625];
        for (int j = 0; j < 3; j++)
        {
            Assert.Equal(expected[j], p.Span[j], 8 * Samples.U);
            Assert.Equal(Math.Log(expected[j]), log.Span[j], 8 * Samples.U);
        }
    }

    [Theory]
    [InlineData("Softmax")]
    [InlineData("LogSoftmax")]
    public void ForwardAndBackward_MoreDimensions_TreatLastAsRows(string name)
    {
        Tensor cube = Samples.Tensor(new Shape(2, 3, 4, 5)), flat = new(new Shape(24, 5));
        cube.Span.CopyTo(flat.Span);
        (float[] y, float[] dX) = Run(cube, Named(name));
        (float[] yFlat, float[] dXFlat) = Run(flat, Named(name));
        Assert.Equal(yFlat, y);
        Assert.Equal(dXFlat, dX);
        Assert.Contains(dX, d => d != 0);
    }

    [Fact]
    public void LogSoftmax_WithNegativeMeanAtTargets_MatchesCrossEntropyGradient()
    {
        // −(1/n) Σ log pᵢₜ computed explicitly: the mean of the output of LogSoftmax at the targets.
        Tensor z = Samples.Tensor(new Shape(4, 6));
        int[] classes = [5, 0, 2, 2];
        var loss = new Graph();
        Node input = loss.Input("z", Shape.Batch(6), needsGradient: true);
        loss.AddLoss(new SoftmaxCrossEntropy(), input);
        loss.Forward(z);
        double expected = loss.Loss(classes);
        loss.Backward();

        var log = new LogSoftmax();
        NodeContext context = new(new RandomStream(1, "test"));
        Tensor y = new(z.Shape), dY = new(z.Shape), dZ = new(z.Shape);
        log.Forward(z, y, context);
        double sum = 0;
        for (int i = 0; i < 4; i++)
        {
            sum -= y[i, classes[i]] / 4;
            dY[i, classes[i]] = -1f / 4;
        }

        log.Backward(z, y, dY, dZ, context);
        Assert.Equal(expected, sum, 10 * Samples.U * 3); // for numbers up to 3
        for (int i = 0; i < dZ.Span.Length; i++)
        {
            Assert.Equal(input.Gradient!.Span[i], dZ.Span[i], 10 * Samples.U / 4);
        }
    }

    private static (float[] Y, float[] DX) Run(Tensor x, Layer layer)
    {
        var graph = new Graph();
        Node input = graph.Input("x", x.Shape.WithRows(Shape.Any), needsGradient: true);
        Node y = graph.Add("y", layer, input);
        graph.AddLoss(new MeanSquaredError());
        graph.Forward(x);
        graph.Loss(new Tensor(x.Shape));
        graph.Backward();
        return (y.Value.Span.ToArray(), input.Gradient!.Span.ToArray());
    }

    private static Layer Named(string name) => name == "Softmax" ? new Softmax() : new LogSoftmax();
}
