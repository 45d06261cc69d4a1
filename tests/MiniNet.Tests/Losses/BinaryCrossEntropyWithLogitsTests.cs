using System.Globalization;
using MiniNet.Graphs;
using MiniNet.Losses;
using MiniNet.Tensors;

namespace MiniNet.Tests.Losses;

public class BinaryCrossEntropyWithLogitsTests
{
    [Fact]
    public void ForwardAndBackward_MatchClosedForm()
    {
        // At z = 0 the probability is ½: L = log 2 for any t. At z = log 3 it is ¾. N is 4, the number of elements.
        float log3 = MathF.Log(3);
        Tensor z = new(new float[,] { { 0, log3 }, { -log3, log3 } }), t = new(new float[,] { { 1, 1 }, { 0, 0.25f } });
        (float loss, Tensor dZ) = Run(new BinaryCrossEntropyWithLogits(), z, t);
        double expected = (Math.Log(2) - (2 * Math.Log(0.75)) - (0.25 * Math.Log(0.75)) - (0.75 * Math.Log(0.25))) / 4;
        Assert.Equal(expected, loss, 4 * Samples.U * expected); // log 3 itself is rounded
        double[] gradient = [-0.5 / 4, -0.25 / 4, 0.25 / 4, 0.5 / 4];
        for (int i = 0; i < 4; i++)
        {
            Assert.Equal(gradient[i], dZ.Span[i], 8 * Samples.U * Math.Abs(gradient[i]));
        }
    }

    [Fact]
    public void PositiveWeight_ScalesPositiveAnswersOfItsColumn()
    {
        // For the sums, a yes with weight w is the same as w rows with that yes. A no does not change.
        Tensor z = new(new float[,] { { 0.5f, -1 } }), yes = new(new float[,] { { 1, 1 } }), no = new(new Shape(1, 2));
        (float plainYes, Tensor dYes) = Run(new BinaryCrossEntropyWithLogits(), z, yes);
        (float plainNo, Tensor dNo) = Run(new BinaryCrossEntropyWithLogits(), z, no);
        (float doubled, Tensor dDoubled) = Run(new BinaryCrossEntropyWithLogits([2, 2]), z, yes);
        (float first, Tensor dFirst) = Run(new BinaryCrossEntropyWithLogits([2, 1]), z, yes);
        (float none, Tensor dNone) = Run(new BinaryCrossEntropyWithLogits([2, 1]), z, no);
        Assert.Equal(2 * plainYes, doubled, 4 * Samples.U * plainYes);
        Assert.Equal(plainNo, none);
        Assert.Equal(dNo.Span, dNone.Span);
        Assert.Equal([2 * dYes[0, 0], 2 * dYes[0, 1]], dDoubled.Span);
        Assert.Equal([2 * dYes[0, 0], dYes[0, 1]], dFirst.Span);
        Assert.Equal(plainYes + (Math.Log(1 + Math.Exp(-0.5)) / 2), first, 4 * Samples.U * first);
    }

    [Fact]
    public void SoftmaxOfTwoClasses_MatchesBinaryCrossEntropy()
    {
        // The softmax of (z, 0) is σ(z): the loss of one column is that of two classes.
        Tensor z = Samples.Tensor(new Shape(6, 1), 1), scores = new(new Shape(6, 2)), t = new(new Shape(6, 1));
        int[] classes = [0, 1, 1, 0, 1, 0];
        for (int i = 0; i < 6; i++)
        {
            scores[i, 0] = z[i, 0];
            t[i, 0] = 1 - classes[i];
        }

        float of = Run(new SoftmaxCrossEntropy(), scores, classes).Loss;
        Assert.Equal(of, Run(new BinaryCrossEntropyWithLogits(), z, t).Loss, 4 * Samples.U * of);
    }

    [Fact]
    public void Check_InvalidTargets_Throws()
    {
        var loss = new BinaryCrossEntropyWithLogits([1, 2]);
        Tensor t = new(new float[,] { { 0, 1 }, { 1, 2 } }, "t");
        Assert.Equal(
            "expects scores [n, 2], a column for each positive weight, got [2, 3]",
            Message(loss, new Shape(2, 3), new Tensor(new Shape(2, 3))));
        Assert.Equal("expects target values [3, 2], got t [2, 2] 0..2", Message(loss, new Shape(3, 2), t));
        Assert.Equal(
            "expects target values [2, 2], got 2 classes: 0, 1; for classes, use a loss such as SoftmaxCrossEntropy",
            Message(loss, new Shape(2, 2), new[] { 0, 1 }));
        Assert.Equal("expects target values from 0 to 1, got 2 in row 1, column 1", Message(loss, new Shape(2, 2), t));
        t[1, 1] = -1;
        Assert.Equal("expects target values from 0 to 1, got -1 in row 1, column 1", Message(loss, new Shape(2, 2), t));
        t[1, 1] = float.NaN;
        Assert.Equal("expects target values from 0 to 1, got NaN in row 1, column 1", Message(loss, new Shape(2, 2), t));
        t[1, 1] = 0.5f;
        loss.Check(new Shape(2, 2), t);
        new BinaryCrossEntropyWithLogits().Check(new Shape(1, 2, 3, 4), new Tensor(new Shape(1, 2, 3, 4)));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Constructor_WeightOutOfRange_Throws(float weight) =>
        Assert.Equal(
            "positiveWeight", Assert.Throws<ArgumentOutOfRangeException>(() => new BinaryCrossEntropyWithLogits([weight])).ParamName);

    [Fact]
    public void Check_CultureWithDecimalComma_FormatsWithPoint()
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            var comma = (CultureInfo)CultureInfo.InvariantCulture.Clone();
            comma.NumberFormat.NumberDecimalSeparator = ",";
            CultureInfo.CurrentCulture = comma;
            var shape = new Shape(1, 2);
            Assert.Equal(
                "expects target values from 0 to 1, got 1.5 in row 0, column 1",
                Message(new BinaryCrossEntropyWithLogits(), shape, new Tensor(new float[,] { { 0, 1.5f } })));
            Assert.Equal(
                "expects probabilities that add up to 1, within 0.01, got 0.75 in row 0",
                Message(new KullbackLeibler(), shape, new Tensor(new float[,] { { 0.5f, 0.25f } })));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    private static string Message(Loss loss, Shape prediction, Targets targets) =>
        Assert.ThrowsAny<MiniNetException>(() => loss.Check(prediction, targets)).Message;

    private static (float Loss, Tensor Gradient) Run(Loss of, Tensor z, Targets targets)
    {
        var graph = new Graph();
        Node input = graph.Input("z", z.Shape, needsGradient: true);
        graph.AddLoss(of, input);
        graph.Forward(z);
        float loss = graph.Loss(targets);
        graph.Backward();
        return (loss, input.Gradient!);
    }
}
