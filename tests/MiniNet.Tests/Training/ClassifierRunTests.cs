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
    public void Names_OfOptimizersActivationsAndSchedules_AreComplete()
    {
        Type[] types = typeof(Graph).Assembly.GetExportedTypes();
        Assert.Equal(
            types.Where(type => type.IsSubclassOf(typeof(Optimizer))).Select(type => type.Name).Order(StringComparer.Ordinal),
            Enum.GetNames<OptimizerKind>().Order(StringComparer.Ordinal));
        Assert.Equal(
            types.Where(type => type.IsSubclassOf(typeof(Schedule))).Select(type => type.Name).Append("PlateauSchedule")
                .Order(StringComparer.Ordinal),
            Enum.GetNames<ScheduleKind>().Select(name => name + "Schedule").Order(StringComparer.Ordinal));

        // The other elementwise layers are functions for formulas.
        string[] functions = [nameof(Affine), nameof(Cos), nameof(Exp), nameof(Log), nameof(Power), nameof(Sin)];
        Assert.Equal(
            types.Where(type => type.IsSubclassOf(typeof(Layer))
                    && (type.IsSubclassOf(typeof(ElementwiseLayer)) || type.Name is "ReLU" or "GELU" or "SiLU" or "Sigmoid" or "Tanh"
                        or "Softmax" or "LogSoftmax" or "LeakyReLU" or "ELU" or "Softplus"))
                .Select(type => type.Name).Except(functions).Order(StringComparer.Ordinal),
            Enum.GetNames<Activation>().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Settings_EveryName_CreatesTheTypeOfThatName()
    {
        foreach (OptimizerKind kind in Enum.GetValues<OptimizerKind>())
        {
            Assert.Equal($"{kind}", (Settings with { Optimizer = kind }).CreateOptimizer([]).GetType().Name);
        }

        foreach (Activation kind in Enum.GetValues<Activation>())
        {
            Graph network = (Settings with { Activation = kind, Dropout = 0.25f }).CreateNetwork(4, 3);
            Assert.Equal($"{kind}", network.Nodes[2].Operation!.GetType().Name);
            Assert.Equal(0.25f, ((Dropout)network.Nodes[3].Operation!).Probability);
        }

        foreach (ScheduleKind kind in Enum.GetValues<ScheduleKind>().Except([ScheduleKind.Plateau]))
        {
            ClassifierSettings settings = Settings with { Schedule = kind, Epochs = 10, LearningRate = 0.5f };
            Schedule schedule = settings.CreateSchedule(batches: 4)!;
            Assert.Equal($"{kind}Schedule", schedule.GetType().Name);
            Assert.Equal(0.5f, Enumerable.Range(0, 40).Max(schedule.At), 1e-6f);
        }

        Assert.Null((Settings with { Schedule = ScheduleKind.Plateau }).CreateSchedule(4));
    }

    [Fact]
    public void Train_AllNewSettings_EqualsTheTrainerByHand()
    {
        var run = new ClassifierRun(
            Iris(),
            Settings with
            {
                Optimizer = OptimizerKind.AdamW,
                Schedule = ScheduleKind.Warmup,
                WeightDecay = 0.1f,
                MaxGradientNorm = 0.3f,
                Activation = Activation.GELU,
                Dropout = 0.1f,
            });
        (float Training, float Validation)[] losses = Losses(run);

        (CsvDataset training, CsvDataset validation, _) = Iris().Split(70, 15, 15, seed: 4);
        Preprocessing preprocessing = Preprocessing.Fit(training);
        var model = new Sequential(seed: 4, new Linear(4, 6), new GELU(), new Dropout(0.1f), new Linear(6, 3));
        var trainer = new Trainer(model, new AdamW(model.Parameters, .001f, weightDecay: 0.1f))
        {
            MaxGradientNorm = 0.3f,
            Schedule = new WarmupSchedule(1, new CosineSchedule(.001f, 19)), // 5 epochs of 4 batches
        };
        TrainingResult result = trainer.Train(
            preprocessing.Apply(training), preprocessing.Apply(validation), 5, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(result.History.Epochs.Select(epoch => (epoch.TrainingLoss, epoch.ValidationLoss)), losses);
    }

    [Fact]
    public void Constructor_SettingOutOfRange_Throws()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new ClassifierRun(Iris(), Settings with { LearningRate = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ClassifierRun(Iris(), Settings with { Hidden = [0] }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ClassifierRun(Iris(), Settings with { Dropout = 1 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ClassifierRun(Iris(), Settings with { WeightDecay = -1 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ClassifierRun(Iris(), Settings with { MaxGradientNorm = 0 }));
        Assert.Throws<ArgumentException>(
            () => new ClassifierRun(Iris(), Settings with { Optimizer = OptimizerKind.RProp, WeightDecay = 0.1f }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ClassifierRun(Iris(), Settings with { Split = (70, 0, 15) }));
    }

    private static CsvDataset Iris() => CsvDataset.Load(Repository.Dataset("iris.csv"), "species");

    private static float[][] Weights(Graph graph) => [.. graph.Parameters.Select(parameter => parameter.Value.Span.ToArray())];
}
