using MiniNet.Data;
using MiniNet.Graphs;
using MiniNet.Layers;
using MiniNet.Metrics;
using MiniNet.Optimizers;
using MiniNet.Training;

namespace MiniNet.Tests.Training;

public sealed class ClassifierRunTests : IDisposable
{
    private static readonly ClassifierSettings Settings = new() { Seed = 4, Epochs = 5, Hidden = [6] };
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Train_Iris_EqualsTheStepsByHand()
    {
        var run = new ClassifierRun(Iris(), Settings);
        List<EpochResult> epochs = [.. run.Train(cancellation: TestContext.Current.CancellationToken).History.Epochs];

        (CsvDataset training, CsvDataset validation, CsvDataset test) = Iris().Split(70, 15, 15, seed: 4);
        Preprocessing preprocessing = Preprocessing.Fit(training);
        var model = new Sequential(seed: 4, new Linear(4, 6), new ReLU(), new Linear(6, 3));
        var trainer = new Trainer(model, new Adam(model.Parameters, .001f)) { BatchSize = 32, Seed = 4 };
        List<EpochResult> byHand =
            [.. trainer.Epochs(preprocessing.Apply(training), preprocessing.Apply(validation), 5, TestContext.Current.CancellationToken)];

        Assert.Equal(
            byHand.Select(epoch => (epoch.TrainingLoss, epoch.ValidationLoss)),
            epochs.Select(epoch => (epoch.TrainingLoss, epoch.ValidationLoss)));
        Assert.Equal(Weights(model), Weights(run.Classifier.Network));
        Evaluation judged = Evaluation.Of(model, preprocessing.Apply(test));
        Assert.Equal((judged.Loss, judged.Confusion.Accuracy), (run.Test().Loss, run.Test().Confusion.Accuracy));
    }

    [Fact]
    public void Train_OtherTestRows_ChangesOnlyTheTestResult()
    {
        var run = new ClassifierRun(Iris(), Settings);
        string[] lines = File.ReadAllLines(Repository.Dataset("iris.csv"));
        foreach (int row in run.Split.Test.Rows)
        {
            lines[row + 1] = "1e6,-1e6,1e6,-1e6," + lines[row + 1].Split(',')[4];
        }

        var changed = new ClassifierRun(CsvDataset.Load(folder.Write("changed.csv", string.Join('\n', lines)), "species"), Settings);
        Assert.Equal(Losses(run), Losses(changed));
        Assert.Equal(Weights(run.Classifier.Network), Weights(changed.Classifier.Network));
        Assert.NotEqual(run.Test().Loss, changed.Test().Loss);
    }

    private static (float Training, float Validation)[] Losses(ClassifierRun run) =>
    [
        .. run.Train(cancellation: TestContext.Current.CancellationToken).History.Epochs
            .Select(epoch => (epoch.TrainingLoss, epoch.ValidationLoss)),
    ];

    [Theory]
    [InlineData(Activation.ReLU, "Linear 4 -> 5, ReLU, Linear 5 -> 2, ReLU, Linear 2 -> 3")]
    [InlineData(Activation.Tanh, "Linear 4 -> 5, Tanh, Linear 5 -> 2, Tanh, Linear 2 -> 3")]
    [InlineData(Activation.Sigmoid, "Linear 4 -> 5, Sigmoid, Linear 5 -> 2, Sigmoid, Linear 2 -> 3")]
    public void Settings_HiddenAndActivation_DefineTheNetwork(Activation activation, string layers)
    {
        Graph network = new ClassifierRun(Iris(), Settings with { Hidden = [5, 2], Activation = activation }).Classifier.Network;
        Assert.Equal(layers, string.Join(", ", network.Nodes.Skip(1).Select(node => node.Operation)));
    }

    [Fact]
    public void Settings_WithoutHiddenLayers_CreateLinearClassifier() =>
        Assert.Equal(
            "Linear 4 -> 3",
            string.Join(
                ", ",
                new ClassifierRun(Iris(), Settings with { Hidden = [] }).Classifier.Network.Nodes.Skip(1).Select(node => node.Operation)));

    [Fact]
    public void Settings_SgdAndLearningRate_DefineTheOptimizer()
    {
        Optimizer optimizer = (Settings with { Optimizer = OptimizerKind.SGD, LearningRate = .25f }).CreateOptimizer([]);
        Assert.Equal((.25f, .9f), (optimizer.LearningRate, Assert.IsType<SGD>(optimizer).Momentum));
    }

    [Fact]
    public void Constructor_SettingOutOfRange_Throws()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new ClassifierRun(Iris(), Settings with { LearningRate = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ClassifierRun(Iris(), Settings with { Hidden = [0] }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ClassifierRun(Iris(), Settings with { Split = (70, 0, 15) }));
    }

    private static CsvDataset Iris() => CsvDataset.Load(Repository.Dataset("iris.csv"), "species");

    private static float[][] Weights(Graph graph) => [.. graph.Parameters.Select(parameter => parameter.Value.Span.ToArray())];
}
