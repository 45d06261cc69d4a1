using MiniNet.Graphs;
using MiniNet.Initializers;
using MiniNet.Layers;
using MiniNet.Tensors;

namespace MiniNet.Tests.Layers;

/// <summary>
/// Compares with closed forms. <c>Kernels/ConvolutionTests</c> covers many sizes, <see cref="FiniteDifferencesTests"/> the derivatives.
/// </summary>
public class Conv2dTests
{
    [Fact]
    public void ForwardAndBackward_MatchClosedForm()
    {
        //      1 2 3        1 0
        //  x = 4 5 6    W = 0 2    b = 10
        //      7 8 9
        var conv = new Conv2d(1, 1, 2);
        (Graph graph, Tensor dX) = Alone(conv, new Shape(1, 1, 3, 3));
        new float[] { 1, 0, 0, 2 }.CopyTo(conv.Weight.Value.Span);
        conv.Bias!.Value.Span[0] = 10;
        Tensor x = Values(new Shape(1, 1, 3, 3), 1, 2, 3, 4, 5, 6, 7, 8, 9);
        Tensor y = graph.Forward(x);
        Assert.Equal(new Shape(1, 1, 2, 2), y.Shape);
        Assert.Equal([21, 24, 30, 33], y.Span); // 1 + 2·5 + 10 and so on

        // Twice, because all three gradients must be added.
        for (int times = 1; times <= 2; times++)
        {
            conv.Backward(x, y, Values(y.Shape, 1, 2, 3, 4), dX, graph.Output.Context);
            float[] dW = [37, 47, 67, 77], expected = [1, 2, 0, 3, 6, 4, 0, 6, 8]; // dW[0, 0] = 1·1 + 2·2 + 4·3 + 5·4
            Assert.Equal([.. dW.Select(d => times * d)], conv.Weight.Gradient.Span.ToArray());
            Assert.Equal([times * 10f], conv.Bias.Gradient.Span);
            Assert.Equal([.. expected.Select(d => times * d)], dX.Span.ToArray());
        }
    }

    [Fact]
    public void Forward_StrideAndPadding_MatchEquation()
    {
        // One pixel in three rows of three, with padding 1 and stride 2: the corners of W, rotated by 180°.
        var conv = new Conv2d(1, 1, 3, stride: 2, padding: 1, bias: false);
        (Graph graph, _) = Alone(conv, new Shape(1, 1, 3, 3));
        new float[] { 1, 2, 3, 4, 5, 6, 7, 8, 9 }.CopyTo(conv.Weight.Value.Span);
        Assert.Equal([9, 7, 3, 1], graph.Forward(Values(new Shape(1, 1, 3, 3), 0, 0, 0, 0, 1, 0, 0, 0, 0)).Span);
        Assert.Equal([5, 0, 0, 0], graph.Forward(Values(new Shape(1, 1, 3, 3), 1, 0, 0, 0, 0, 0, 0, 0, 0)).Span);
    }

    [Fact]
    public void Forward_WindowOfWholeImage_MatchesLinear()
    {
        var conv = new Conv2d(2, 5, (3, 4));
        (Graph graph, _) = Alone(conv, Shape.Batch(2, 3, 4));
        var linear = new Linear(24, 5);
        var chain = new Sequential(1, linear);
        conv.Bias!.Value.Span.CopyTo(linear.Bias!.Value.Span);
        for (int o = 0; o < 5; o++)
        {
            for (int k = 0; k < 24; k++)
            {
                linear.Weight.Value[k, o] = conv.Weight.Value[o, k];
            }
        }

        Tensor x = Samples.Tensor(new Shape(7, 2, 3, 4)), rows = new(new Shape(7, 24));
        x.Span.CopyTo(rows.Span);
        ReadOnlySpan<float> y = graph.Forward(x).Span, expected = chain.Forward(rows).Span;
        for (int i = 0; i < y.Length; i++)
        {
            Assert.Equal(expected[i], y[i], 2 * 26 * Samples.U * 10); // 24 products and b, whose absolute values add up to less than 10
        }
    }

    [Fact]
    public void OutputShape_MatchesEquation()
    {
        var conv = new Conv2d(3, 8, (3, 5), stride: (2, 1), padding: (1, 0));
        Assert.Equal((3, 8), (conv.InChannels, conv.OutChannels));
        Assert.Equal((new Size2d(3, 5), new Size2d(2, 1), new Size2d(1, 0)), (conv.KernelSize, conv.Stride, conv.Padding));
        Assert.Equal(Shape.Batch(8, 4, 3), conv.OutputShape(Shape.Batch(3, 8, 7)));
        Assert.Equal(new Shape(2, 8, 4, 3), conv.OutputShape(new Shape(2, 3, 7, 7)));
        Assert.Equal(new Shape(8, 3, 3, 5), conv.Weight.Value.Shape);
        Assert.Equal(new Shape(8), conv.Bias!.Value.Shape);
        Assert.False(conv.Weight.IsTransposedInFiles);
        Assert.Equal([conv.Weight, conv.Bias], conv.Parameters);
        Assert.Equal(["W", "b"], conv.Parameters.Select(parameter => parameter.Value.Name));
        Assert.Null(conv.InputShape);
        Assert.Equal([], new Sequential(1, Shape.Batch(3, 8, 7), conv).Forward(new Tensor(new Shape(0, 3, 8, 7))).Span.ToArray());
    }

    [Fact]
    public void OutputShape_IncompatibleShape_ThrowsWithAdvice()
    {
        var graph = new Graph();
        Node rows = graph.Input("pixels", Shape.Batch(64)), images = graph.Input("images", Shape.Batch(3, 4, 4));
        Assert.Equal(
            "conv (Conv2d 1 -> 8, 3x3) expects [n, 1, h, w], got [n, 64] from pixels; "
            + "add an Unflatten(1, h, w) before it to turn rows into images",
            Assert.Throws<ShapeException>(() => graph.Add("conv", new Conv2d(1, 8, 3), rows)).Message);
        Assert.Equal(
            "conv (Conv2d 1 -> 8, 3x3, padding 1x1 without bias) expects [n, 1, h, w], got [n, 3, 4, 4] from images",
            Assert.Throws<ShapeException>(() => graph.Add("conv", new Conv2d(1, 8, 3, padding: 1, bias: false), images)).Message);
        Assert.Equal(
            "conv (Conv2d 3 -> 8, 3x5, stride 2x1) expects images with room for its window of 3x5, "
            + "got [n, 3, 4, 4] from images; choose a smaller window or more padding",
            Assert.Throws<ShapeException>(() => graph.Add("conv", new Conv2d(3, 8, (3, 5), stride: (2, 1)), images)).Message);
        graph.Add("conv", new Conv2d(3, 8, (3, 5), padding: (0, 1)), images);
        Assert.Throws<ShapeException>(() => new Conv2d(3, 8, 1, padding: 1).OutputShape(Shape.Batch(3, 0, 4)));
    }

    [Fact]
    public void Constructor_ExceedsTensorCapacity_Throws()
    {
        Assert.Equal(
            "needs [65536, 65536, 1, 1], more numbers than one tensor can hold",
            Assert.Throws<ShapeException>(() => new Conv2d(65536, 65536, 1)).Message);
        Assert.Throws<ShapeException>(() => new Conv2d(int.MaxValue, 1, int.MaxValue));
        Assert.Throws<ShapeException>(() => new Conv2d(1, 1, 1, padding: 1 << 20).OutputShape(Shape.Batch(1, 1, 1)));
        Assert.Throws<ShapeException>(() => new Conv2d(1, 1, 1, padding: int.MaxValue).OutputShape(Shape.Batch(1, 1, 1)));
        Assert.Throws<ShapeException>(() => new Conv2d(1, 1, 1, stride: 1 << 30, padding: int.MaxValue).OutputShape(Shape.Batch(1, 1, 1)));
    }

    [Theory]
    [InlineData(0, 1, 1, 1, 0, "inChannels")]
    [InlineData(1, 0, 1, 1, 0, "outChannels")]
    [InlineData(1, 1, 0, 1, 0, "kernelSize")]
    [InlineData(1, 1, 1, 0, 0, "stride")]
    [InlineData(1, 1, 1, -1, 0, "stride")]
    [InlineData(1, 1, 1, 1, -1, "padding")]
    public void Constructor_SizeOutOfRange_Throws(int inChannels, int outChannels, int kernelSize, int stride, int padding, string name)
    {
        Assert.Equal(
            name,
            Assert.Throws<ArgumentOutOfRangeException>(
                () => new Conv2d(inChannels, outChannels, (kernelSize, 1), (1, stride), (padding, 0))).ParamName);
        Assert.Equal(
            name,
            Assert.Throws<ArgumentOutOfRangeException>(
                () => new Conv2d(inChannels, outChannels, (1, kernelSize), (stride, 1), (0, padding))).ParamName);
    }

    [Fact]
    public void InitialValues_MatchPyTorch()
    {
        var conv = new Conv2d(4, 50, (3, 5));
        _ = new Sequential(1, Shape.Batch(4, 9, 9), conv);
        float bound = 1 / MathF.Sqrt(60), step = bound / 1000;
        foreach (Parameter parameter in conv.Parameters)
        {
            // Uniform up to the bound: nothing beyond it, something close to it, and a variance of bound²/3 (from 50 numbers, within ±30%).
            float[] values = parameter.Value.Span.ToArray();
            Assert.InRange(values.Max(MathF.Abs), values.Length > 50 ? bound - (10 * step) : bound / 2, bound);
            Assert.InRange(values.Average(value => value * value) / (bound * bound / 3), 0.7, 1.3);
        }

        // The arguments of the initializer: each element of y has 60 inputs, and each element of x goes to 750 elements of y.
        var glorot = new Conv2d(4, 50, (3, 5), initializer: new GlorotUniform());
        _ = new Sequential(1, Shape.Batch(4, 9, 9), glorot);
        float expected = MathF.Sqrt(6f / (60 + 750));
        Assert.InRange(glorot.Weight.Value.Span.ToArray().Max(MathF.Abs), expected * 0.99f, expected);
    }

    private static (Graph Graph, Tensor DX) Alone(Conv2d conv, Shape input)
    {
        var graph = new Graph();
        graph.Add("y", conv, graph.Input("x", input));
        return (graph, new Tensor(input.Rows == Shape.Any ? input.WithRows(1) : input));
    }

    private static Tensor Values(Shape shape, params float[] values)
    {
        var tensor = new Tensor(shape);
        values.CopyTo(tensor.Span);
        return tensor;
    }
}
