using MiniNet.Graphs;
using MiniNet.Layers;
using MiniNet.Tensors;

namespace MiniNet.Tests.Layers;

/// <summary>
/// Tests the results and running statistics of BatchNorm1d and BatchNorm2d. <see cref="FiniteDifferencesTests"/> also checks the derivative
/// in training.
/// </summary>
public class BatchNormTests
{
    public static TheoryData<int[]> Shapes => new([6, 3], [2, 3, 5], [3, 3, 2, 4], [40, 3], [2, 3]);

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Training_NormalizesChannelsAndUpdatesRunningStatistics(int[] dimensions)
    {
        (BatchNorm layer, Graph graph, Tensor x) = Prepare(dimensions);
        for (int step = 0; step < 3; step++)
        {
            float[] meanBefore = layer.RunningMean.Span.ToArray(), varianceBefore = layer.RunningVariance.Span.ToArray();
            Tensor y = graph.Forward(x);
            for (int c = 0; c < 3; c++)
            {
                (double mean, double variance, int count) = Moments(x, c);
                foreach (int at in Places(x, c))
                {
                    // x̂, γx̂ and the sum are each rounded once.
                    double expected = ((x.Span[at] - mean) / Math.Sqrt(variance + layer.Epsilon) * Gamma(c)) + Beta(c);
                    Assert.Equal(expected, y.Span[at], 4 * Samples.U * (Math.Abs(expected) + (2 * Math.Abs(Beta(c)))));
                }

                // The batch has weight 0.3, its variance is the unbiased estimate, and each number is rounded a few times.
                double runningMean = (0.7 * meanBefore[c]) + (0.3 * mean),
                    runningVariance = (0.7 * varianceBefore[c]) + (0.3 * variance * count / (count - 1));
                Assert.Equal(runningMean, layer.RunningMean.Span[c], 6 * Samples.U * (Math.Abs(meanBefore[c]) + Math.Abs(mean)));
                Assert.Equal(runningVariance, layer.RunningVariance.Span[c], 8 * Samples.U * runningVariance);
            }

            Samples.Tensor(x.Shape, (ulong)step + 50).Span.CopyTo(x.Span);
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Inference_UsesRunningStatisticsWithoutChangingThem(int[] dimensions)
    {
        (BatchNorm layer, Graph graph, Tensor x) = Prepare(dimensions);
        new float[] { 0.5f, -1, 2 }.CopyTo(layer.RunningMean.Span);
        new float[] { 4, 0.25f, 1e-3f }.CopyTo(layer.RunningVariance.Span);
        float[][] before = [.. layer.State.Concat(layer.Parameters.Select(parameter => parameter.Value))
            .Select(tensor => tensor.Span.ToArray())];
        Tensor y = graph.Forward(x, Phase.Inference), single = graph.Predict(new Tensor(x.Shape.WithRows(1))),
            none = graph.Predict(new Tensor(x.Shape.WithRows(0)));
        Assert.Equal(
            before, layer.State.Concat(layer.Parameters.Select(parameter => parameter.Value)).Select(tensor => tensor.Span.ToArray()));
        Assert.Equal((1, 0), (single.Shape.Rows, none.Shape.Rows));
        Tensor dY = Samples.Tensor(x.Shape, 8), dX = new(x.Shape);
        dX.Span.Fill(1);
        layer.Backward(x, y, dY, dX, graph.Output.Context);
        for (int c = 0; c < 3; c++)
        {
            // y is linear in x: s, the difference, two products and a sum are each rounded once.
            double mean = layer.RunningMean.Span[c], s = 1 / Math.Sqrt((double)layer.RunningVariance.Span[c] + layer.Epsilon),
                dGamma = 0, dBeta = 0, size = 0;
            foreach (int at in Places(x, c))
            {
                double xHat = (x.Span[at] - mean) * s;
                Assert.Equal((Gamma(c) * xHat) + Beta(c), y.Span[at], 6 * Samples.U * (Math.Abs(Gamma(c) * xHat) + Math.Abs(Beta(c))));
                Assert.Equal(1 + (Gamma(c) * s * dY.Span[at]), dX.Span[at], 5 * Samples.U * (1 + Math.Abs(Gamma(c) * s * dY.Span[at])));
                (dGamma, dBeta, size) = (
                    dGamma + (dY.Span[at] * xHat), dBeta + dY.Span[at], size + (Math.Abs(dY.Span[at]) * (1 + Math.Abs(xHat))));
            }

            Assert.Equal(dGamma, layer.Weight!.Gradient.Span[c], 50 * Samples.U * size);
            Assert.Equal(dBeta, layer.Bias!.Gradient.Span[c], 50 * Samples.U * size);
        }
    }

    [Fact]
    public void Training_GradientOfX_MatchesClosedForm()
    {
        // Four numbers, ±1 and ±3: μ = 0, v = 5, x̂ = x/√5 except for ε. With dY = (1, 0, 0, 0) at x = 3, dX = s(dY − 1/4 − x·3/20).
        var layer = new BatchNorm1d(1, epsilon: 1e-9f, affine: false);
        var graph = new Graph();
        graph.Add("y", layer, graph.Input("x", Shape.Batch(1)));
        Tensor x = new(new float[,] { { 3 }, { 1 }, { -1 }, { -3 } }),
            dY = new(new float[,] { { 1 }, { 0 }, { 0 }, { 0 } }), dX = new(x.Shape);
        layer.Backward(x, graph.Forward(x), dY, dX, graph.Output.Context);
        double s = 1 / Math.Sqrt(5);
        double[] expected = [0.3 * s, -0.4 * s, -0.1 * s, 0.2 * s];
        for (int i = 0; i < 4; i++)
        {
            Assert.Equal(expected[i], dX.Span[i], 4 * Samples.U); // three terms below 1, each rounded
        }
    }

    [Theory]
    [InlineData(Phase.Training)]
    [InlineData(Phase.Inference)]
    public void Backward_InBothPhases_MatchesFiniteDifferences(Phase phase)
    {
        (BatchNorm layer, Graph graph, Tensor x) = Prepare([4, 3, 2, 2]);
        float[] state = [0.2f, -0.3f, 0.1f];
        Tensor dY = Samples.Tensor(x.Shape, 9), dX = new(x.Shape);
        layer.Backward(x, Run(x), dY, dX, graph.Output.Context);
        const float H = 1f / 64;
        for (int i = 0; i < x.Span.Length; i++)
        {
            float value = x.Span[i];
            double[] loss = new double[2];
            foreach (int side in new[] { 0, 1 })
            {
                x.Span[i] = side == 0 ? value + H : value - H;
                ReadOnlySpan<float> y = Run(x).Span;
                for (int k = 0; k < y.Length; k++)
                {
                    loss[side] += (double)y[k] * dY.Span[k];
                }
            }

            x.Span[i] = value;

            // 48 values of up to 5, rounded three times: about 10⁻⁶ each and 10⁻⁵ in total, divided by 2H. The curvature adds a few times
            // H².
            Assert.Equal((loss[0] - loss[1]) / (2 * H), dX.Span[i], 3e-3);
        }

        Assert.InRange(dX.Span.ToArray().Max(MathF.Abs), 0.3, 10);

        Tensor Run(Tensor input)
        {
            state.CopyTo(layer.RunningMean.Span);
            layer.RunningVariance.Span.Fill(0.8f);
            return graph.Forward(input, phase);
        }
    }

    [Theory]
    [InlineData(1, 64)]
    [InlineData(0, 64)]
    [InlineData(1, 64, 1)]
    public void Training_OneValuePerChannel_Throws(params int[] dimensions)
    {
        var shape = new Shape(dimensions);
        var graph = new Graph();
        graph.Add("norm", new BatchNorm1d(64), graph.Input("x", shape.WithRows(Shape.Any)));
        Assert.Equal(
            $"norm (BatchNorm1d 64) needs at least two values per channel in training, got {shape} from x; "
            + "choose another batch size or drop the last batch",
            Assert.Throws<ShapeException>(() => graph.Forward(new Tensor(shape))).Message);
        graph.Forward(new Tensor(shape), Phase.Inference);
        var images = new Sequential(1, Shape.Batch(2, 1, 2), new BatchNorm2d(2));
        images.Forward(new Tensor(new Shape(1, 2, 1, 2))); // one image, but two values per channel
    }

    [Theory]
    [InlineData(0, new float[] { 0 }, new float[] { 1 })]
    [InlineData(1, new float[] { 4 }, new float[] { 2 })]
    public void Momentum_0KeepsRunningStatistics_1TakesBatchStatistics(float momentum, float[] mean, float[] variance)
    {
        var layer = new BatchNorm1d(1, momentum: momentum);
        var graph = new Sequential(1, Shape.Batch(1), layer);
        graph.Forward(new Tensor(new float[,] { { 3 }, { 5 } })); // mean 4; unbiased variance of two numbers at distance 1: 2
        Assert.Equal(mean, layer.RunningMean.Span);
        Assert.Equal(variance, layer.RunningVariance.Span);
    }

    [Fact]
    public void Affine_False_HasNoParameters()
    {
        var layer = new BatchNorm2d(2, affine: false);
        Assert.Empty(layer.Parameters);
        Assert.Equal((null, null), (layer.Weight, layer.Bias));
        Assert.Equal([layer.RunningMean, layer.RunningVariance], layer.State);
        Assert.Equal("BatchNorm2d 2 without γ and β", layer.ToString());
        var graph = new Sequential(1, Shape.Batch(2, 2, 1), layer);
        Tensor x = new(new Shape(1, 2, 2, 1));
        new float[] { 1, 3, -5, 5 }.CopyTo(x.Span);
        float s1 = 1 / MathF.Sqrt(1 + 1e-5f), s5 = 5 / MathF.Sqrt(25 + 1e-5f);
        Assert.Equal([-s1, s1, -s5, s5], graph.Forward(x).Span);
    }

    [Fact]
    public void InitialValuesShapesAndNames_MatchPyTorch()
    {
        var layer = new BatchNorm1d(3);
        Assert.Equal((3, 1e-5f, 0.1f), (layer.Features, layer.Epsilon, layer.Momentum));
        Assert.Equal(["weight", "bias"], layer.Parameters.Select(parameter => parameter.Name));
        Assert.Equal(["γ", "β"], layer.Parameters.Select(parameter => parameter.Value.Name));
        Assert.Equal(["running_mean", "running_var"], layer.State.Select(tensor => tensor.Name));
        Assert.Equal([1, 1, 1], layer.Weight!.Value.Span);
        Assert.Equal([0, 0, 0], layer.Bias!.Value.Span);
        Assert.Equal([0, 0, 0], layer.RunningMean.Span);
        Assert.Equal([1, 1, 1], layer.RunningVariance.Span);
        Assert.Equal(Shape.Batch(3), layer.OutputShape(Shape.Batch(3)));
        Assert.Equal(Shape.Batch(3, 7), layer.OutputShape(Shape.Batch(3, 7)));
        Assert.Equal(Shape.Batch(3, 7, 8), new BatchNorm2d(3).OutputShape(Shape.Batch(3, 7, 8)));
        Assert.Equal(
            "expects [n, 3] or [n, 3, length], got [n, 3, 7, 8]",
            Assert.Throws<ShapeException>(() => layer.OutputShape(Shape.Batch(3, 7, 8))).Message);
        Assert.Equal(
            "expects [n, 3] or [n, 3, length], got [n, 4]", Assert.Throws<ShapeException>(() => layer.OutputShape(Shape.Batch(4))).Message);
        Assert.Equal(
            "expects [n, 3, h, w], got [n, 3]",
            Assert.Throws<ShapeException>(() => new BatchNorm2d(3).OutputShape(Shape.Batch(3))).Message);
    }

    [Theory]
    [InlineData(0, 1e-5f, 0.1f, "features")]
    [InlineData(2, 0f, 0.1f, "epsilon")]
    [InlineData(2, float.NaN, 0.1f, "epsilon")]
    [InlineData(2, float.PositiveInfinity, 0.1f, "epsilon")]
    [InlineData(2, 1e-5f, -0.1f, "momentum")]
    [InlineData(2, 1e-5f, 1.1f, "momentum")]
    [InlineData(2, 1e-5f, float.NaN, "momentum")]
    public void Constructor_ValueOutOfRange_Throws(int features, float epsilon, float momentum, string name)
    {
        Assert.Equal(name, Assert.Throws<ArgumentOutOfRangeException>(() => new BatchNorm1d(features, epsilon, momentum)).ParamName);
        Assert.Equal(name, Assert.Throws<ArgumentOutOfRangeException>(() => new BatchNorm2d(features, epsilon, momentum)).ParamName);
    }

    private static float Gamma(int c) => c - 0.5f;

    private static float Beta(int c) => 1 - (2 * c);

    private static (BatchNorm Layer, Graph Graph, Tensor X) Prepare(int[] dimensions)
    {
        BatchNorm layer = dimensions.Length == 4 ? new BatchNorm2d(3, 1e-3f, 0.3f) : new BatchNorm1d(3, 1e-3f, 0.3f);
        var graph = new Sequential(1, new Shape(dimensions).WithRows(Shape.Any), layer);
        for (int c = 0; c < 3; c++)
        {
            (layer.Weight!.Value.Span[c], layer.Bias!.Value.Span[c]) = (Gamma(c), Beta(c));
        }

        return (layer, graph, Samples.Tensor(new Shape(dimensions)));
    }

    private static IEnumerable<int> Places(Tensor x, int c)
    {
        int pixels = x.Shape.Columns / 3;
        return Enumerable.Range(0, x.Shape.Length).Where(at => at / pixels % 3 == c);
    }

    private static (double Mean, double Variance, int Count) Moments(Tensor x, int c)
    {
        double[] values = [.. Places(x, c).Select(at => (double)x.Span[at])];
        double mean = values.Average();
        return (mean, values.Average(value => (value - mean) * (value - mean)), values.Length);
    }
}
