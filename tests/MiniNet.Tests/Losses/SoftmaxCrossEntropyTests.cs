using MiniNet.Graphs;
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
    public void Forward_UniformScores_IsTheLogOfTheNumberOfClasses(int classes)
    {
        var z = new Tensor(new Shape(4, classes));
        z.Span.Fill(3.5f);
        // The sum of equal exponentials errs by at most one rounding an addition.
        Assert.Equal(Math.Log(classes), LossOf(z, [0, 1, 0, classes - 1]), (classes + 8) * Samples.U);
    }

    [Fact]
    public void Forward_PerfectScores_IsAboutZero() =>
        Assert.Equal(0, LossOf(new Tensor(new float[,] { { 50, 0, 0 }, { 0, 0, 60 } }), [0, 2]), 4 * Samples.U);

    [Fact]
    public void Forward_IsTheMeanOverTheRows()
    {
        // Known values, from PyTorch 1.13.1: eight digits of them.
        Tensor z = new(new float[,] { { 1, 2, 3 }, { -1, 0.5f, 2 } });
        Assert.Equal(1.8244586, LossOf(z, [2, 0]), 5e-7);
        double one = LossOf(new Tensor(new float[,] { { 1, 2, 3 } }), [2]), other = LossOf(new Tensor(new float[,] { { -1, 0.5f, 2 } }), [0]);
        Assert.Equal((one + other) / 2, LossOf(z, [2, 0]), 8 * Samples.U);
    }

    [Fact]
    public void Backward_IsPLessTheOneHotOverN()
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
    public void Softmax_RowsAddUpTo1_AndAShiftChangesNothing()
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

                // The shift rounds z to a float of up to 512: that moves the exponent, and so p relatively, by at most 512u, z and max alike.
                Assert.Equal(p[i, j], pShifted[i, j], 2 * 512 * Samples.U * p[i, j]);
            }

            Assert.Equal(1, sum, 20 * Samples.U);
        }

        Assert.Equal(z.Shape, p.Shape);
    }

    [Theory]
    [InlineData(1e4f)]
    [InlineData(-1e4f)]
    public void ForwardAndBackward_FarOut_StayFinite(float score)
    {
        // In both the wrong class leads by 10,000: L = 10,000, p = (1, 0) or (0, 1), and the gradient is as large as it gets, 1 and −1.
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
    [InlineData(new[] { 0 }, "expects 2 class indices for scores [2, 3], got 1 classes: 0")]
    [InlineData(new[] { 0, 1, 2 }, "expects 2 class indices for scores [2, 3], got 3 classes: 0, 1, 2")]
    public void Check_ClassesThatDoNotFit_AreNamed(int[] classes, string message) =>
        Assert.Equal(message, Assert.Throws<ShapeException>(() => new SoftmaxCrossEntropy().Check(new Shape(2, 3), classes)).Message);

    [Fact]
    public void Check_ValuesOrNoMatrix_AreRefused()
    {
        var loss = new SoftmaxCrossEntropy();
        Tensor values = new(new Shape(2, 3), "t");
        Assert.Equal("expects 2 class indices for scores [2, 3], got t [2, 3] 0..0", Assert.Throws<ShapeException>(() => loss.Check(new Shape(2, 3), values)).Message);
        Assert.Throws<ShapeException>(() => loss.Check(new Shape(2, 1, 3), new[] { 0, 1 }));
        loss.Check(new Shape(2, 3), new[] { 0, 2 });
    }

    private static float LossOf(Tensor z, int[] classes)
    {
        var graph = new Graph();
        graph.AddLoss(new SoftmaxCrossEntropy(), graph.Input("z", Shape.Batch(z.Shape.Columns)));
        graph.Forward(z);
        return graph.Loss(classes);
    }
}
