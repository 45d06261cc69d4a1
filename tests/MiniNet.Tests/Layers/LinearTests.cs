using MiniNet.Graphs;
using MiniNet.Layers;
using MiniNet.Tensors;

namespace MiniNet.Tests.Layers;

public class LinearTests
{
    [Fact]
    public void Forward_ReturnsProductPlusBias()
    {
        var linear = new Linear(2, 3);
        var graph = new Sequential(0, linear);
        new float[] { 1, 2, 3, 4, 5, 6 }.CopyTo(linear.Weight.Value.Span); // after adding the layer, which initializes the weights
        new float[] { 10, 20, 30 }.CopyTo(linear.Bias!.Value.Span);
        Assert.Equal([19, 32, 45, 9, 18, 27], graph.Forward(new Tensor(new float[,] { { 1, 2 }, { -1, 0 } })).Span);
    }

    [Fact]
    public void Forward_WithoutBias_OverwritesOutput()
    {
        var linear = new Linear(2, 1, bias: false);
        var graph = new Sequential(0, linear);
        new float[] { 1, 2 }.CopyTo(linear.Weight.Value.Span);
        Tensor x = new(new float[,] { { 3, 4 } });
        graph.Forward(x);
        Assert.Equal([11], graph.Forward(x).Span);
        Assert.Null(linear.Bias);
        Assert.Equal([linear.Weight], linear.Parameters);
    }

    [Fact]
    public void Backward_AllGradients_MatchClosedForm()
    {
        var linear = new Linear(2, 2);
        var graph = new Graph();
        graph.Add("y", linear, graph.Input("x", Shape.Batch(2)));
        new float[] { 1, 2, 3, 4 }.CopyTo(linear.Weight.Value.Span);
        Tensor x = new(new float[,] { { 1, 2 }, { 3, 4 } }), dY = new(new float[,] { { 1, 0 }, { 2, 1 } });
        Tensor y = graph.Forward(x), dX = new(new float[,] { { 100, 100 }, { 100, 100 } });
        linear.Backward(x, y, dY, dX, graph.Output.Context);
        Assert.Equal([7, 3, 10, 4], linear.Weight.Gradient.Span); // xᵀ·dY
        Assert.Equal([3, 1], linear.Bias!.Gradient.Span);
        Assert.Equal([101, 103, 104, 110], dX.Span);              // added to the old content: dY·Wᵀ
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 0)]
    [InlineData(-3, 1)]
    public void Constructor_SizeBelow1_Throws(int inputs, int outputs) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new Linear(inputs, outputs));

    [Fact]
    public void Constructor_WeightsExceedTensorCapacity_ThrowsWithCount() => Assert.Equal(
        "Linear 65536 -> 65536: 4294967296 weights are more than one tensor can hold; make one of the two smaller",
        Assert.Throws<ShapeException>(() => new Linear(65536, 65536)).Message);

    [Fact]
    public void OutputShape_MatchesEquation()
    {
        var linear = new Linear(4, 16);
        Assert.Equal((4, 16), (linear.Inputs, linear.Outputs));
        Assert.Equal(Shape.Batch(4), linear.InputShape);
        Assert.Equal(Shape.Batch(16), linear.OutputShape(Shape.Batch(4)));
        Assert.Equal(new Shape(7, 16), linear.OutputShape(new Shape(7, 4)));
        Assert.Equal(new Shape(4, 16), linear.Weight.Value.Shape);
        Assert.Equal(new Shape(16), linear.Bias!.Value.Shape);
        Assert.Equal(["W", "b"], linear.Parameters.Select(parameter => parameter.Value.Name));
        Assert.True(linear.Weight.IsTransposedInFiles);
        Assert.False(linear.Bias.IsTransposedInFiles);
        Assert.Equal("expects [n, 4], got [7, 5]", Assert.Throws<ShapeException>(() => linear.OutputShape(new Shape(7, 5))).Message);
        Assert.Throws<ShapeException>(() => linear.OutputShape(new Shape(4)));
    }

    [Fact]
    public void ToString_ShowsSizes()
    {
        Assert.Equal("Linear 4 -> 16", new Linear(4, 16).ToString());
        Assert.Equal("Linear 4 -> 16 without bias", new Linear(4, 16, bias: false).ToString());
    }
}
