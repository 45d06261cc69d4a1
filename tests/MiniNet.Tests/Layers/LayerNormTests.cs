using MiniNet.Graphs;
using MiniNet.Layers;
using MiniNet.Tensors;

namespace MiniNet.Tests.Layers;

/// <summary>Tests the results of LayerNorm. Its derivative is also checked in <see cref="FiniteDifferencesTests"/>.</summary>
public class LayerNormTests
{
    [Theory]
    [InlineData(new[] { 3, 4 }, new[] { 4 })]
    [InlineData(new[] { 2, 3, 5 }, new[] { 5 })]
    [InlineData(new[] { 2, 3, 5 }, new[] { 3, 5 })]
    [InlineData(new[] { 2, 3, 4, 9 }, new[] { 9 })]
    [InlineData(new[] { 2, 3, 4, 9 }, new[] { 4, 9 })]
    [InlineData(new[] { 2, 3, 4, 9 }, new[] { 3, 4, 9 })]
    [InlineData(new[] { 2, 70 }, new[] { 70 })]
    public void ForwardAndBackward_MatchDoublePrecision(int[] dimensions, int[] normalized)
    {
        var layer = new LayerNorm(new Shape(normalized), epsilon: 1e-3f);
        var graph = new Graph();
        graph.Add("y", layer, graph.Input("x", new Shape(dimensions).WithRows(Shape.Any)));
        var random = new RandomStream(3, "layer norm");
        Samples.Normal(layer.Weight!.Value.Shape.Length, random).CopyTo(layer.Weight.Value.Span);
        Samples.Normal(layer.Weight.Value.Shape.Length, random).CopyTo(layer.Bias!.Value.Span);
        Tensor x = Samples.Tensor(new Shape(dimensions), random), dY = Samples.Tensor(x.Shape, random), dX = new(x.Shape);
        Tensor y = graph.Forward(x, Phase.Inference);
        layer.Backward(x, y, dY, dX, graph.Output.Context);

        int size = layer.NormalizedShape.Length, groups = x.Shape.Length / size;
        double[] dGamma = new double[size], dBeta = new double[size];
        for (int g = 0; g < groups; g++)
        {
            Span<float> xs = x.Span.Slice(g * size, size), ys = y.Span.Slice(g * size, size), dYs = dY.Span.Slice(g * size, size),
                dXs = dX.Span.Slice(g * size, size);
            double mean = xs.ToArray().Average(value => (double)value),
                variance = xs.ToArray().Average(value => (value - mean) * (value - mean));
            double s = 1 / Math.Sqrt(variance + 1e-3f), sum = 0, dot = 0;
            ReadOnlySpan<float> gamma = layer.Weight.Value.Span, beta = layer.Bias.Value.Span;
            for (int k = 0; k < size; k++)
            {
                double xHat = (xs[k] - mean) * s, d = gamma[k] * (double)dYs[k];
                Assert.Equal((gamma[k] * xHat) + beta[k], ys[k], 4 * Samples.U * (Math.Abs(gamma[k] * xHat) + Math.Abs(beta[k])));
                (sum, dot) = (sum + (d / size), dot + (d * xHat / size));
                (dGamma[k], dBeta[k]) = (dGamma[k] + (dYs[k] * xHat), dBeta[k] + dYs[k]);
            }

            for (int k = 0; k < size; k++)
            {
                // Terms of up to 10 s, each rounded a few times. The SIMD kernels round the means of up to 108 terms as often.
                Assert.Equal(s * ((gamma[k] * (double)dYs[k]) - sum - ((xs[k] - mean) * s * dot)), dXs[k], 30 * Samples.U * 10 * s);
            }
        }

        for (int k = 0; k < size; k++)
        {
            Assert.Equal(dGamma[k], layer.Weight.Gradient.Span[k], 30 * Samples.U * groups); // sums of numbers of about 1
            Assert.Equal(dBeta[k], layer.Bias.Gradient.Span[k], 30 * Samples.U * groups);
        }
    }

    [Fact]
    public void Groups_AreIndependent()
    {
        var graph = new Sequential(1, Shape.Batch(2, 4), new LayerNorm(4));
        Tensor x = Samples.Tensor(new Shape(3, 2, 4));
        float[] before = graph.Forward(x).Span.ToArray();
        x.Row(1)[..4].Fill(100);
        float[] after = graph.Forward(x).Span.ToArray();
        Assert.Equal(before[..8], after[..8]);
        Assert.Equal([0, 0, 0, 0], after[8..12]);
        Assert.Equal(before[12..], after[12..]);
    }

    [Fact]
    public void Affine_False_HasNoParameters()
    {
        var layer = new LayerNorm(2, affine: false);
        Assert.Empty(layer.Parameters);
        Assert.Equal((null, null), (layer.Weight, layer.Bias));
        Assert.Equal("LayerNorm [2] without γ and β", layer.ToString());
        float s = 1 / MathF.Sqrt(1 + 1e-5f);
        var graph = new Graph();
        Node x = graph.Input("x", Shape.Batch(2), needsGradient: true);
        graph.Add("y", layer, x);
        Tensor values = new(new float[,] { { 1, 3 } }), dX = new(values.Shape);
        Tensor y = graph.Forward(values);
        Assert.Equal([-s, s], y.Span);
        layer.Backward(values, y, new Tensor(new float[,] { { 1, 0 } }), dX, graph.Output.Context);
        Assert.Equal(0, dX.Span[0] + dX.Span[1], 4 * Samples.U); // moving both in the same direction changes nothing
    }

    [Fact]
    public void ShapesAndInitialValues_MatchPyTorch()
    {
        var layer = new LayerNorm(new Shape(2, 3));
        Assert.Equal(new Shape(2, 3), layer.NormalizedShape);
        Assert.Equal(1e-5f, layer.Epsilon);
        Assert.Equal("LayerNorm [2, 3]", layer.ToString());
        Assert.Equal(["weight", "bias"], layer.Parameters.Select(parameter => parameter.Name));
        Assert.Equal(["γ", "β"], layer.Parameters.Select(parameter => parameter.Value.Name));
        Assert.Equal(new Shape(2, 3), layer.Weight!.Value.Shape);
        Assert.Equal([1, 1, 1, 1, 1, 1], layer.Weight.Value.Span);
        Assert.Equal([0, 0, 0, 0, 0, 0], layer.Bias!.Value.Span);
        Assert.Equal(Shape.Batch(2, 3), layer.OutputShape(Shape.Batch(2, 3)));
        Assert.Equal(Shape.Batch(7, 2, 3), layer.OutputShape(Shape.Batch(7, 2, 3)));
        Assert.Equal(
            "expects [n, ..., 2, 3], got [n, 3, 2]", Assert.Throws<ShapeException>(() => layer.OutputShape(Shape.Batch(3, 2))).Message);
        Assert.Equal(
            "expects [n, ..., 3], got [n, 4]", Assert.Throws<ShapeException>(() => new LayerNorm(3).OutputShape(Shape.Batch(4))).Message);
        Assert.Throws<ShapeException>(() => new LayerNorm(3).OutputShape(new Shape(3))); // no dimension for the rows
        Assert.Empty(new Sequential(1, Shape.Batch(3), new LayerNorm(3)).Forward(new Tensor(new Shape(0, 3))).Span.ToArray());
    }

    [Fact]
    public void Constructor_ValueOutOfRange_Throws()
    {
        Assert.Equal("features", Assert.Throws<ArgumentOutOfRangeException>(() => new LayerNorm(0)).ParamName);
        Assert.Equal("features", Assert.Throws<ArgumentOutOfRangeException>(() => new LayerNorm(-3)).ParamName);
        Assert.Throws<ArgumentOutOfRangeException>(() => new LayerNorm(default(Shape)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new LayerNorm(new Shape(2, 0)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new LayerNorm(Shape.Batch(2)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new LayerNorm(new Shape(2, 2, 2, 2)));
        foreach (float epsilon in new[] { 0, -1, float.NaN, float.PositiveInfinity })
        {
            Assert.Equal("epsilon", Assert.Throws<ArgumentOutOfRangeException>(() => new LayerNorm(3, epsilon)).ParamName);
        }
    }
}
