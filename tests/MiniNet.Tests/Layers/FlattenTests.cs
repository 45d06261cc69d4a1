using MiniNet.Graphs;
using MiniNet.Layers;
using MiniNet.Tensors;

namespace MiniNet.Tests.Layers;

/// <summary>Tests of Flatten and Unflatten.</summary>
public class FlattenTests
{
    [Fact]
    public void Flatten_ThenUnflatten_RoundTrips()
    {
        var graph = new Graph();
        Node x = graph.Input("x", Shape.Batch(24), needsGradient: true);
        Node images = graph.Add("images", new Unflatten(2, 3, 4), x);
        Node rows = graph.Add("rows", new Flatten(), images);
        graph.Add("sum", new Linear(24, 1), rows);
        Tensor values = Samples.Tensor(new Shape(1, 24));
        graph.Forward(values);
        Assert.Equal(new Shape(1, 2, 3, 4), images.Value.Shape);
        Assert.Equal(new Shape(1, 24), rows.Value.Shape);
        Assert.Equal(values.Span, images.Value.Span);
        Assert.Equal(values.Span, rows.Value.Span);
        graph.Backward();
        Assert.Equal(((Linear)graph.Output.Operation!).Weight.Value.Span, x.Gradient!.Span);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Backward_AddsToGradient(bool inverse)
    {
        Layer layer = inverse ? new Unflatten(2, 1) : new Flatten();
        var graph = new Graph();
        graph.Add("y", layer, graph.Input("x", inverse ? Shape.Batch(2) : Shape.Batch(2, 1)));
        Tensor x = new(graph.Nodes[0].Shape.WithRows(1)), dX = new(x.Shape);
        Tensor y = graph.Forward(x), dY = new(y.Shape);
        (dX.Span[0], dX.Span[1], dY.Span[0], dY.Span[1]) = (1, 2, 10, 20);
        layer.Backward(x, y, dY, dX, graph.Output.Context);
        layer.Backward(x, y, dY, null, graph.Output.Context);
        Assert.Equal([11, 22], dX.Span);
    }

    [Fact]
    public void OutputShape_MatchesEquation()
    {
        Assert.Equal(Shape.Batch(24), new Flatten().OutputShape(Shape.Batch(2, 3, 4)));
        Assert.Equal(new Shape(5, 2), new Flatten().OutputShape(new Shape(5, 2)));
        Assert.Equal(Shape.Batch(1), new Flatten().OutputShape(new Shape(Shape.Any)));
        Assert.Equal("expects [n, ...], got []", Assert.Throws<ShapeException>(() => new Flatten().OutputShape(default)).Message);
        var unflatten = new Unflatten(1, 8, 8);
        Assert.Equal(Shape.Batch(64), unflatten.InputShape);
        Assert.Equal(Shape.Batch(1, 8, 8), unflatten.OutputShape(Shape.Batch(64)));
        Assert.Equal(new Shape(1, 8, 8), unflatten.RowShape);
        Assert.Equal("Unflatten [1, 8, 8]", unflatten.ToString());
        Assert.Equal("expects [n, 64], got [n, 60]", Assert.Throws<ShapeException>(() => unflatten.OutputShape(Shape.Batch(60))).Message);
        Assert.Throws<ShapeException>(() => unflatten.OutputShape(Shape.Batch(8, 8)));
        Assert.Equal(Shape.Batch(3), new Unflatten(3).OutputShape(Shape.Batch(3)));
    }

    [Fact]
    public void Unflatten_InvalidDimensions_Throws()
    {
        Assert.StartsWith(
            "It takes one to three dimensions of at least 1, not [8, 0].",
            Assert.Throws<ArgumentException>(() => new Unflatten(8, 0)).Message,
            StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new Unflatten(-1));
        Assert.Throws<ArgumentException>(() => new Unflatten());
        Assert.Throws<ArgumentException>(() => new Unflatten(1, 1, 1, 1));
        Assert.Throws<ShapeException>(() => new Unflatten(1 << 20, 1 << 20, 1 << 20));
    }
}
