using MiniNet.Graphs;
using MiniNet.Layers;
using MiniNet.Tensors;

namespace MiniNet.Tests.Layers;

public class EmbeddingTests
{
    [Fact]
    public void ForwardAndBackward_RepeatedIndex_LooksUpRowAndAddsGradients()
    {
        (Embedding layer, Graph graph) = Prepare(Shape.Batch(2));
        Tensor x = new(new float[,] { { 2, 0 }, { 2, 2 } });
        Tensor y = graph.Forward(x);
        Assert.Equal(new Shape(2, 2, 3), y.Shape);
        Assert.Equal([20, 21, 22, 0, 1, 2, 20, 21, 22, 20, 21, 22], y.Span);

        Tensor dY = new(y.Shape);
        new float[] { 1, 2, 3, 4, 5, 6, 10, 20, 30, 100, 200, 300 }.CopyTo(dY.Span);
        layer.Weight.Gradient.Span.Fill(0.5f);
        layer.Backward(x, y, dY, null, graph.Output.Context);
        Assert.Equal([4.5f, 5.5f, 6.5f, 0.5f, 0.5f, 0.5f, 111.5f, 222.5f, 333.5f, 0.5f, 0.5f, 0.5f], layer.Weight.Gradient.Span);
    }

    [Fact]
    public void Forward_OneIndexPerRow_ReturnsItsVector()
    {
        (_, Graph graph) = Prepare(new Shape(Shape.Any));
        Tensor x = new(new Shape(2));
        (x.Span[0], x.Span[1]) = (3, 1);
        Tensor y = graph.Forward(x);
        Assert.Equal(new Shape(2, 3), y.Shape);
        Assert.Equal([30, 31, 32, 10, 11, 12], y.Span);
        Assert.Empty(graph.Forward(new Tensor(new Shape(0))).Span.ToArray());
    }

    [Theory]
    [InlineData(4, "4")]
    [InlineData(-1, "-1")]
    [InlineData(0.5f, "0.5")]
    [InlineData(float.NaN, "NaN")]
    [InlineData(float.PositiveInfinity, "Infinity")]
    [InlineData(1e20f, "1E+20")]
    public void Forward_InvalidIndex_ThrowsAndNamesPosition(float bad, string text)
    {
        (_, Graph graph) = Prepare(Shape.Batch(3));
        Tensor x = new(new Shape(5, 3));
        x[3, 1] = bad;
        Assert.Equal(
            $"y (Embedding 4 x 3) expects whole numbers from 0 to 3, got {text} in row 3, column 1 from x",
            Assert.Throws<ShapeException>(() => graph.Forward(x)).Message);
    }

    [Fact]
    public void Backward_PassesNoGradientToSource()
    {
        var graph = new Graph();
        Node x = graph.Input("x", Shape.Batch(1), needsGradient: true);
        Node before = graph.Add("before", new Add(), x, x);
        graph.Add("y", new Linear(1, 1), graph.Add("flat", new Flatten(), graph.Add("embedding", new Embedding(3, 1), before)));
        graph.Forward(new Tensor(new float[,] { { 1 } }));
        graph.Backward();
        Assert.False(before.HasReceivedGradient);
        Assert.Equal([0], x.Gradient!.Span);
        Assert.False(new Embedding(2, 2).HasInputGradient);
    }

    [Fact]
    public void ShapesAndInitialValues_MatchPyTorch()
    {
        var layer = new Embedding(1000, 20);
        _ = new Sequential(1, Shape.Batch(1), layer);
        float[] values = layer.Weight.Value.Span.ToArray();
        Assert.Equal(new Shape(1000, 20), layer.Weight.Value.Shape);
        Assert.Equal(("weight", "W", false), (layer.Weight.Name, layer.Weight.Value.Name, layer.Weight.IsTransposedInFiles));
        Assert.InRange(values.Average(), -0.03, 0.03);    // 20,000 of N(0, 1): the mean to 0.007, the variance to 0.01
        Assert.InRange(values.Average(value => value * value), 0.95, 1.05);
        Assert.InRange(values.Max(), 3, 6);
        Assert.Equal(Shape.Batch(7, 20), layer.OutputShape(Shape.Batch(7)));
        Assert.Equal(
            "expects [n] or [n, k], got [n, 7, 8]", Assert.Throws<ShapeException>(() => layer.OutputShape(Shape.Batch(7, 8))).Message);
    }

    [Fact]
    public void Constructor_SizeOutOfRange_Throws()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new Embedding(0, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Embedding(1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Embedding((1 << 24) + 1, 1)); // 2²⁴ + 1 is not a float
        Assert.Throws<ShapeException>(() => new Embedding(1 << 24, 1 << 24));
    }

    // W[i, j] = 10i + j
    private static (Embedding Layer, Graph Graph) Prepare(Shape input)
    {
        var layer = new Embedding(4, 3);
        var graph = new Graph();
        graph.Add("y", layer, graph.Input("x", input));
        for (int i = 0; i < 4; i++)
        {
            new float[] { 10 * i, (10 * i) + 1, (10 * i) + 2 }.CopyTo(layer.Weight.Value.Row(i));
        }

        return (layer, graph);
    }
}
