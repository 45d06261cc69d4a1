using MiniNet.Graphs;
using MiniNet.Losses;
using MiniNet.Tensors;

namespace MiniNet.Tests.Losses;

public class MeanAbsoluteErrorAndHuberTests
{
    private static readonly Tensor P = new(new float[,] { { 1, -2 }, { 0.5f, 3 } }), T = new(new float[,] { { 0.5f, 1 }, { 0.5f, 5 } });

    [Fact]
    public void MeanAbsoluteError_MatchesClosedForm()
    {
        // p − t = 0.5, −3, 0, −2: the mean over all elements, and the signs divided by their number.
        (float loss, Tensor dP) = Run(new MeanAbsoluteError());
        Assert.Equal(5.5f / 4, loss);
        Assert.Equal([0.25f, -0.25f, 0, -0.25f], dP.Span);
    }

    [Fact]
    public void Huber_MatchesClosedForm()
    {
        // δ = 2: half the squares within δ, 2(|r| − 1) beyond it. At |r| = 2, both are 2.
        (float loss, Tensor dP) = Run(new Huber(delta: 2));
        Assert.Equal((0.125f + 4 + 0 + 2) / 4, loss);
        Assert.Equal([0.125f, -0.5f, 0, -0.5f], dP.Span);
    }

    [Fact]
    public void Huber_LargeDeltaIsHalfSquaredError_SmallDeltaIsAbsoluteError()
    {
        float squared = Run(new MeanSquaredError()).Loss, absolute = Run(new MeanAbsoluteError()).Loss;
        Assert.Equal(squared / 2, Run(new Huber(100)).Loss);
        Assert.Equal(absolute, Run(new Huber(1e-6f)).Loss / 1e-6f, 1e-6); // minus δ/2 for three of four elements, and a rounding
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Huber_DeltaOutOfRange_Throws(float delta) =>
        Assert.Equal("delta", Assert.Throws<ArgumentOutOfRangeException>(() => new Huber(delta)).ParamName);

    [Fact]
    public void Check_WrongTargets_Throws()
    {
        foreach (Loss loss in new Loss[] { new MeanAbsoluteError(), new Huber() })
        {
            Tensor fewer = new(new Shape(1, 3), "t");
            Assert.Equal(
                "expects target values [2, 3], got t [1, 3] 0..0",
                Assert.Throws<TargetsException>(() => loss.Check(new Shape(2, 3), fewer)).Message);
            Assert.Equal(
                "expects target values [2, 3], got 2 classes: 0, 1; for classes, use a loss such as SoftmaxCrossEntropy",
                Assert.Throws<TargetsException>(() => loss.Check(new Shape(2, 3), new[] { 0, 1 })).Message);
            loss.Check(new Shape(2, 1, 3), new Tensor(new Shape(2, 1, 3)));
        }
    }

    private static (float Loss, Tensor Gradient) Run(Loss of)
    {
        var graph = new Graph();
        Node input = graph.Input("p", Shape.Batch(2), needsGradient: true);
        graph.AddLoss(of, input);
        graph.Forward(P);
        float loss = graph.Loss(T);
        graph.Backward();
        return (loss, input.Gradient!);
    }
}
