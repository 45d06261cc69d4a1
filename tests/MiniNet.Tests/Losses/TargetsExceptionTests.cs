using MiniNet.Data;
using MiniNet.Graphs;
using MiniNet.Layers;
using MiniNet.Losses;
using MiniNet.Metrics;
using MiniNet.Optimizers;
using MiniNet.Tensors;
using MiniNet.Training;

namespace MiniNet.Tests.Losses;

/// <summary>Wrong targets are reported by an exception of their own, which says what to do.</summary>
public class TargetsExceptionTests
{
    private const string GiveALoss = "The targets are values; give a loss such as new MeanSquaredError().";

    [Fact]
    public void TrainerAndEvaluation_ValuesWithoutALoss_SayToGiveOne()
    {
        var rows = new Dataset(Samples.Tensor(new Shape(6, 2)), Samples.Tensor(new Shape(6, 1), 2));
        var model = new Sequential(new Linear(2, 1));
        var trainer = new Trainer(model, new SGD(model.Parameters, 0.1f));
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        Assert.Equal(
            GiveALoss, Assert.Throws<TargetsException>(() => trainer.Train(rows, rows, 1, cancellation: cancellation)).Message);
        Assert.Equal(GiveALoss, Assert.Throws<TargetsException>(() => Evaluation.Of(model, rows)).Message);

        var regression = new Trainer(model, new SGD(model.Parameters, 0.1f), new MeanSquaredError());
        Assert.Single(regression.Train(rows, rows, 1, cancellation: cancellation).History.Epochs);
        Assert.InRange(Evaluation.Of(model, rows, new MeanSquaredError()).Loss, 0, 100);
    }

    [Fact]
    public void Trainer_ProbabilitiesWithoutALoss_TrainsAClassifier()
    {
        var rows = new Dataset(Samples.Tensor(new Shape(2, 3)), new Tensor(new float[,] { { 0.25f, 0.75f }, { 1, 0 } }));
        var model = new Sequential(new Linear(3, 2));
        var trainer = new Trainer(model, new SGD(model.Parameters, 0.1f));
        Assert.Single(trainer.Train(rows, rows, 1, cancellation: TestContext.Current.CancellationToken).History.Epochs);
    }

    [Fact]
    public void Loss_ClassesForALossOfValues_NamesTheNodeAndTheRemedy()
    {
        var model = new Sequential(new Linear(3, 2));
        model.AddLoss(new MeanSquaredError());
        model.Forward(new Tensor(new Shape(2, 3)));
        Assert.Equal(
            "loss (MeanSquaredError) expects target values [2, 2], got 2 classes: 0, 1 for 0; " +
            "for classes, use a loss such as SoftmaxCrossEntropy",
            Assert.Throws<TargetsException>(() => model.Loss(new[] { 0, 1 })).Message);
    }
}
