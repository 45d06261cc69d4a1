using MiniNet.Graphs;
using MiniNet.Layers;
using MiniNet.Tensors;

namespace MiniNet.Tests.Layers;

/// <summary>Compares both poolings with closed forms. <c>Kernels/PoolingTests</c> covers many sizes.</summary>
public class PoolingTests
{
    [Fact]
    public void MaxPool_ForwardAndBackward_MatchClosedForm()
    {
        // 1 5 5 0
        // 2 3 9 4     the first 5 receives the gradient, which is added
        Tensor y = Run(new MaxPool2d(2), [1, 5, 5, 0, 2, 3, 9, 4], [10, 20], out float[] dX);
        Assert.Equal(new Shape(1, 1, 1, 2), y.Shape);
        Assert.Equal([5, 9], y.Span);
        Assert.Equal([1, 11, 1, 1, 1, 1, 21, 1], dX);

        y = Run(new MaxPool2d(2, stride: (2, 1)), [1, 5, 5, 0, 2, 3, 9, 4], [10, 20, 40], out dX);
        Assert.Equal([5, 9, 9], y.Span);
        Assert.Equal([1, 11, 1, 1, 1, 1, 61, 1], dX);
    }

    [Fact]
    public void AveragePool_ForwardAndBackward_MatchClosedForm()
    {
        Tensor y = Run(new AveragePool2d(2), [1, 5, 5, 0, 2, 4, 9, 4], [4, 8], out float[] dX);
        Assert.Equal([3, 4.5f], y.Span);
        Assert.Equal([2, 2, 3, 3, 2, 2, 3, 3], dX);

        // The padding counts: at the left edge of each row, half of every window is zeros.
        y = Run(new AveragePool2d((1, 2), stride: (1, 4), padding: (0, 1)), [1, 5, 5, 0, 2, 4, 9, 4], [4, 8, 16, 32], out dX);
        Assert.Equal(new Shape(1, 1, 2, 2), y.Shape);
        Assert.Equal([0.5f, 0, 1, 2], y.Span);
        Assert.Equal([3, 1, 1, 5, 9, 1, 1, 17], dX);
    }

    [Fact]
    public void OutputShape_MatchesEquation()
    {
        Assert.Equal(Shape.Batch(6, 4, 3), new MaxPool2d(2).OutputShape(Shape.Batch(6, 8, 7)));
        Assert.Equal(Shape.Batch(6, 5, 7), new AveragePool2d((4, 3), stride: (2, 1), padding: (2, 1)).OutputShape(Shape.Batch(6, 8, 7)));
        Assert.Equal(new Size2d(2, 3), new MaxPool2d((2, 3)).Stride);
        Assert.Equal(new Size2d(1, 1), new AveragePool2d((2, 3), 1).Stride);
        Assert.Equal("MaxPool2d 2x3, stride 2x3", new MaxPool2d((2, 3)).ToString());
        Assert.Equal("AveragePool2d 3x3, padding 1x1", new AveragePool2d(3, 1, 1).ToString());
        Assert.Equal(
            "expects [n, channels, h, w], got [n, 64]",
            Assert.Throws<ShapeException>(() => new MaxPool2d(2).OutputShape(Shape.Batch(64))).Message);
        Assert.Equal(
            "expects [n, channels, h, w], got [n, 3, 64]",
            Assert.Throws<ShapeException>(() => new AveragePool2d(2).OutputShape(Shape.Batch(3, 64))).Message);
        Assert.Equal(
            "expects images with room for its window of 4x4, got [n, 1, 8, 3]; choose a smaller window or more padding",
            Assert.Throws<ShapeException>(() => new MaxPool2d(4).OutputShape(Shape.Batch(1, 8, 3))).Message);
        Assert.Throws<ShapeException>(() => new MaxPool2d(2, 1, 1).OutputShape(Shape.Batch(1, 0, 3))); // a window that covers only padding
    }

    [Theory]
    [InlineData(3, 3, 2, 1)] // more than half the window size, rounded down
    [InlineData(4, 3, 2, 2)]
    [InlineData(3, 3, -1, 0)]
    [InlineData(0, 3, 0, 0)]
    [InlineData(3, 0, 0, 0)]
    public void Constructor_SizeOutOfRange_Throws(int height, int width, int down, int across)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new MaxPool2d((height, width), 1, (down, across)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new AveragePool2d((height, width), 1, (down, across)));
    }

    [Fact]
    public void Constructor_ZeroStride_Throws()
    {
        Assert.Equal("stride", Assert.Throws<ArgumentOutOfRangeException>(() => new MaxPool2d(2, (1, 0))).ParamName);
        Assert.Equal("stride", Assert.Throws<ArgumentOutOfRangeException>(() => new AveragePool2d(2, (-1, 1))).ParamName);
    }

    // x has two rows of four; dX starts as ones.
    private static Tensor Run(Layer layer, float[] values, float[] gradient, out float[] gradientOfX)
    {
        var graph = new Graph();
        graph.Add("y", layer, graph.Input("x", Shape.Batch(1, 2, 4)));
        Tensor x = new(new Shape(1, 1, 2, 4)), dX = new(x.Shape);
        values.CopyTo(x.Span);
        Tensor y = graph.Forward(x), dY = new(y.Shape);
        gradient.CopyTo(dY.Span);
        dX.Span.Fill(1);
        layer.Backward(x, y, dY, dX, graph.Output.Context);
        layer.Backward(x, y, dY, null, graph.Output.Context); // if the gradient is not needed
        gradientOfX = dX.Span.ToArray();
        return y;
    }
}
