using MiniNet.Graphs;
using MiniNet.Layers;
using MiniNet.Losses;
using MiniNet.Tensors;

namespace MiniNet.Tests.Losses;

public class SoftmaxCrossEntropyTests
{
    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(10)]
    [InlineData(100)]
    public void Forward_UniformScores_ReturnsLogOfNumberOfClasses(int classes)
    {
        var z = new Tensor(new Shape(4, classes));
        z.Span.Fill(3.5f);
        // The sum of equal exponentials has an error of at most one rounding per addition.
        Assert.Equal(Math.Log(classes), LossOf(z, [0, 1, 0, classes - 1]), (classes + 8) * Samples.U);
    }

    [Fact]
    public void Forward_PerfectScores_ReturnsAboutZero() =>
        Assert.Equal(0, LossOf(new Tensor(new float[,] { { 50, 0, 0 }, { 0, 0, 60 } }), [0, 2]), 4 * Samples.U);

    [Fact]
    public void Forward_ReturnsMeanOverRows()
    {
        // Known values from PyTorch 1.13.1, with eight digits.
        Tensor z = new(new float[,] { { 1, 2, 3 }, { -1, 0.5f, 2 } });
        Assert.Equal(1.8244586, LossOf(z, [2, 0]), 5e-7);
        double one = LossOf(new Tensor(new float[,] { { 1, 2, 3 } }), [2]),
            other = LossOf(new Tensor(new float[,] { { -1, 0.5f, 2 } }), [0]);
        Assert.Equal((one + other) / 2, LossOf(z, [2, 0]), 8 * Samples.U);
    }

    [Fact]
    public void Backward_ReturnsProbabilitiesMinusOneHotOverN()
    {
        Tensor z = new(new float[,] { { 1, 2, 3 }, { -1, 0.5f, 2 } });
        var graph = new Graph();
        Node input = graph.Input("z", Shape.Batch(3), needsGradient: true);
        graph.AddLoss(new SoftmaxCrossEntropy(), input);
        graph.Forward(z);
        graph.Loss(new[] { 2, 0 });
        graph.Backward();
        double[] expected = [0.04501529, 0.12236424, -0.16737952, -0.48044372, 0.08764520, 0.39279851]; // PyTorch's, to about 3e-8
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], input.Gradient!.Span[i], 2e-7);
        }
    }

    [Fact]
    public void Softmax_RowsAddUpTo1AndAreShiftInvariant()
    {
        Tensor z = Samples.Tensor(new Shape(6, 9)), shifted = z.Clone();
        for (int i = 0; i < 6; i++)
        {
            foreach (ref float value in shifted.Row(i))
            {
                value += 64 * i;
            }
        }

        Tensor p = SoftmaxCrossEntropy.Softmax(z), pShifted = SoftmaxCrossEntropy.Softmax(shifted);
        for (int i = 0; i < 6; i++)
        {
            double sum = 0;
            for (int j = 0; j < 9; j++)
            {
                sum += p[i, j];
                Assert.InRange(p[i, j], 0, 1);

                // The shift rounds z to a float of up to 512. That changes the exponent, and so p relatively, by at most 512u, for z and
                // the maximum alike.
                Assert.Equal(p[i, j], pShifted[i, j], 2 * 512 * Samples.U * p[i, j]);
            }

            Assert.Equal(1, sum, 20 * Samples.U);
        }

        Assert.Equal(z.Shape, p.Shape);
    }

    [Theory]
    [InlineData(1e4f)]
    [InlineData(-1e4f)]
    public void ForwardAndBackward_ExtremeScores_StayFinite(float score)
    {
        // In both rows the wrong class leads by 10,000: L = 10,000, p = (1, 0) or (0, 1), and the gradient has its maximum, 1 and −1.
        var graph = new Graph();
        Node input = graph.Input("z", Shape.Batch(2), needsGradient: true);
        graph.AddLoss(new SoftmaxCrossEntropy(), input);
        graph.Forward(new Tensor(new float[,] { { score, 0 } }));
        int wrong = score > 0 ? 0 : 1;
        Assert.Equal(1e4f, graph.Loss(new[] { 1 - wrong }));
        graph.Backward();
        Assert.Equal(1, input.Gradient!.Span[wrong]);
        Assert.Equal(-1, input.Gradient!.Span[1 - wrong]);
    }

    [Theory]
    [InlineData(new[] { 0, 3 }, "expects classes 0 to 2, got 3 in row 1")]
    [InlineData(new[] { -1, 0 }, "expects classes 0 to 2, got -1 in row 0")]
    [InlineData(new[] { 0 }, "expects 2 class indices, or probabilities [2, 3], got 1 classes: 0")]
    [InlineData(new[] { 0, 1, 2 }, "expects 2 class indices, or probabilities [2, 3], got 3 classes: 0, 1, 2")]
    public void Check_InvalidClasses_Throws(int[] classes, string message) =>
        Assert.Equal(message, Assert.Throws<TargetsException>(() => new SoftmaxCrossEntropy().Check(new Shape(2, 3), classes)).Message);

    [Fact]
    public void Check_WrongScores_Throws()
    {
        Assert.Equal("expects scores [n, classes], got [2, 1, 3]", Message(new SoftmaxCrossEntropy(), new Shape(2, 1, 3), new[] { 0, 1 }));
        Assert.Equal(
            "expects scores [n, 2], a column for each class weight, got [2, 3]",
            Message(new SoftmaxCrossEntropy([1, 2]), new Shape(2, 3), new[] { 0, 1 }));
        new SoftmaxCrossEntropy([1, 2, 0]).Check(new Shape(2, 3), new[] { 0, 2 });
    }

    [Fact]
    public void Check_InvalidProbabilities_Throws()
    {
        var loss = new SoftmaxCrossEntropy();
        var shape = new Shape(2, 3);
        Assert.Equal(
            "expects 2 class indices, or probabilities [2, 3], got q [2, 2] 0..0", Message(loss, shape, new Tensor(new Shape(2, 2), "q")));
        Assert.Equal(
            "expects 2 class indices, or probabilities [2, 3], got q [3, 3] 0..0", Message(loss, shape, new Tensor(new Shape(3, 3), "q")));
        Assert.Equal(
            "expects target values of at least 0, got -0.5 in row 1, column 2",
            Message(loss, shape, new Tensor(new float[,] { { 0, 1, 0 }, { 1, 0.5f, -0.5f } })));
        Assert.Equal(
            "expects target values of at least 0, got NaN in row 0, column 1",
            Message(loss, shape, new Tensor(new float[,] { { 0, float.NaN, 0 }, { 1, 0, 0 } })));
        Assert.Equal(
            "expects probabilities that add up to 1, within 0.01, got 3 in row 1",
            Message(loss, shape, new Tensor(new float[,] { { 0, 1, 0 }, { 1, 1, 1 } })));
        Assert.Equal(
            "expects probabilities that add up to 1, within 0.01, got 0.98 in row 0",
            Message(loss, shape, new Tensor(new float[,] { { 0, 0.98f, 0 }, { 1, 0, 0 } })));
        loss.Check(shape, new Tensor(new float[,] { { 0.333f, 0.333f, 0.333f }, { 0.331f, 0.335f, 0.335f } })); // accepts rounded values
    }

    [Theory]
    [InlineData(-0.5f)]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Constructor_WeightOutOfRange_Throws(float weight) =>
        Assert.Equal("classWeights", Assert.Throws<ArgumentOutOfRangeException>(() => new SoftmaxCrossEntropy([1, weight])).ParamName);

    [Theory]
    [InlineData(-0.1f)]
    [InlineData(1.1f)]
    [InlineData(float.NaN)]
    public void Constructor_SmoothingOutOfRange_Throws(float smoothing) =>
        Assert.Equal(
            "labelSmoothing",
            Assert.Throws<ArgumentOutOfRangeException>(() => new SoftmaxCrossEntropy(labelSmoothing: smoothing)).ParamName);

    [Fact]
    public void Constructor_CopiesWeights()
    {
        float[] weights = [1, 2];
        var loss = new SoftmaxCrossEntropy(weights, 0.25f);
        weights[0] = 5;
        Assert.Equal([1, 2], loss.ClassWeights!);
        Assert.Equal(0.25f, loss.LabelSmoothing);
        Assert.Null(new SoftmaxCrossEntropy().ClassWeights);
    }

    [Theory]
    [InlineData(false, false, 0)]
    [InlineData(false, false, 0.3f)]
    [InlineData(false, false, 1)]
    [InlineData(false, true, 0)]
    [InlineData(false, true, 0.3f)]
    [InlineData(true, false, 0)]
    [InlineData(true, false, 0.3f)]
    [InlineData(true, true, 0)]
    [InlineData(true, true, 0.3f)]
    public void ForwardAndBackward_AllOptions_MatchPyTorchDefinition(bool probabilities, bool weights, float s)
    {
        const int Rows = 7, Classes = 5;
        float[]? w = weights ? [0.5f, 2, 0, 1, 3] : null;
        Tensor z = Samples.Tensor(new Shape(Rows, Classes), 3),
            q = SoftmaxCrossEntropy.Softmax(Samples.Tensor(new Shape(Rows, Classes), 4));
        int[] classes = [3, 0, 4, 1, 0, 2, 3];
        Targets targets = probabilities ? q : classes;

        // As in the PyTorch documentation. For indices, a weighted mean of −log p of the class; smoothing adds the weighted −log p of all
        // classes with the same divisor. For probabilities, a mean over the rows. The derivative of log pₖ by zⱼ is 1[j = k] − pⱼ.
        double d = 0, expected = 0;
        var gradient = new double[Rows, Classes];
        for (int i = 0; i < Rows; i++)
        {
            d += probabilities ? 1 : w?[classes[i]] ?? 1;
            double sum = 0;
            for (int k = 0; k < Classes; k++)
            {
                sum += Math.Exp(z[i, k]);
            }

            for (int k = 0; k < Classes; k++)
            {
                double truth = probabilities ? q[i, k] : k == classes[i] ? 1 : 0,
                    share = (w?[k] ?? 1) * (truth - (s * truth) + (s / Classes));
                expected -= share * (z[i, k] - Math.Log(sum));
                for (int j = 0; j < Classes; j++)
                {
                    gradient[i, j] -= share * ((j == k ? 1 : 0) - (Math.Exp(z[i, j]) / sum));
                }
            }
        }

        (float loss, Tensor dZ) = Run(new SoftmaxCrossEntropy(w, s), z, targets);
        Assert.Equal(expected / d, loss, 10 * Samples.U * (expected / d));
        for (int i = 0; i < Rows; i++)
        {
            for (int j = 0; j < Classes; j++)
            {
                // Terms of up to 3/d, the maximum weight; about 20 roundings.
                Assert.Equal(gradient[i, j] / d, dZ[i, j], 20 * Samples.U * 3 / d);
            }
        }
    }

    [Fact]
    public void OneHotProbabilitiesAndEqualWeights_MatchPlainLoss()
    {
        // The general and the fast implementation agree except for the roundings of the few factors of the gradient.
        Tensor z = Samples.Tensor(new Shape(4, 3), 5);
        (float plain, Tensor gradient) = Run(new SoftmaxCrossEntropy(), z, new[] { 2, 0, 1, 1 });
        Tensor oneHot = new(new float[,] { { 0, 0, 1 }, { 1, 0, 0 }, { 0, 1, 0 }, { 0, 1, 0 } });
        foreach ((float loss, Tensor dZ) in new[]
        {
            Run(new SoftmaxCrossEntropy(), z, oneHot),
            Run(new SoftmaxCrossEntropy([2, 2, 2]), z, new[] { 2, 0, 1, 1 })
        })
        {
            Assert.Equal(plain, loss, 4 * Samples.U * plain);
            for (int i = 0; i < 12; i++)
            {
                Assert.Equal(gradient.Span[i], dZ.Span[i], 8 * Samples.U * Math.Abs(gradient.Span[i]));
            }
        }
    }

    [Fact]
    public void BatchWithZeroWeight_HasZeroLossAndGradient()
    {
        Tensor z = Samples.Tensor(new Shape(2, 3), 6);
        foreach (float smoothing in new[] { 0, 0.5f })
        {
            (float loss, Tensor dZ) = Run(new SoftmaxCrossEntropy([0, 1, 1], smoothing), z, new[] { 0, 0 });
            Assert.Equal(0, loss);
            Assert.Equal(new float[6], dZ.Span);
        }
    }

    [Fact]
    public void Backward_ScalesWithIncomingGradient()
    {
        // The loss is part of a larger expression: three times the same loss of the same scores.
        Tensor z = Samples.Tensor(new Shape(2, 3), 7);
        foreach (SoftmaxCrossEntropy of in new[] { new SoftmaxCrossEntropy(), new SoftmaxCrossEntropy([1, 2, 3], 0.1f) })
        {
            var graph = new Graph();
            Node input = graph.Input("z", Shape.Batch(3), needsGradient: true);
            Node loss = graph.AddLoss(of, input);
            graph.Add("three", new Add(), graph.Add("two", new Add(), loss, loss), graph.AddLoss(of, input, "again"));
            graph.Forward(z);
            graph.Loss(new[] { 0, 2 });
            graph.Backward();
            Tensor once = Run(of, z, new[] { 0, 2 }).Gradient;
            for (int i = 0; i < 6; i++)
            {
                Assert.Equal(3 * once.Span[i], input.Gradient!.Span[i], 6 * Samples.U * Math.Abs(once.Span[i]));
            }
        }
    }

    private static string Message(SoftmaxCrossEntropy loss, Shape prediction, Targets targets) =>
        Assert.ThrowsAny<MiniNetException>(() => loss.Check(prediction, targets)).Message;

    private static (float Loss, Tensor Gradient) Run(SoftmaxCrossEntropy of, Tensor z, Targets targets)
    {
        var graph = new Graph();
        Node input = graph.Input("z", Shape.Batch(z.Shape.Columns), needsGradient: true);
        graph.AddLoss(of, input);
        graph.Forward(z);
        float loss = graph.Loss(targets);
        graph.Backward();
        return (loss, input.Gradient!);
    }

    private static float LossOf(Tensor z, int[] classes)
    {
        var graph = new Graph();
        graph.AddLoss(new SoftmaxCrossEntropy(), graph.Input("z", Shape.Batch(z.Shape.Columns)));
        graph.Forward(z);
        return graph.Loss(classes);
    }
}
