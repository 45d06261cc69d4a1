using System.Text.Json.Nodes;
using MiniNet.Data;
using MiniNet.Graphs;
using MiniNet.Kernels;
using MiniNet.Layers;
using MiniNet.Optimizers;
using MiniNet.Stepping;
using MiniNet.Training;

namespace MiniNet.Tests.Training;

/// <summary>Tests a run that is recorded in a folder, opened again and replayed.</summary>
public sealed class RunRecordTests : IDisposable
{
    private static readonly ClassifierSettings Settings = new() { Seed = 4, Epochs = 5, BatchSize = 16, Hidden = [6], LearningRate = .01f };
    private static readonly ClassifierSettings Diverging =
        Settings with { Optimizer = OptimizerKind.SGD, LearningRate = 100, Hidden = [64, 64, 64], BatchSize = 4 };
    private readonly TemporaryFolder folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public void GoTo_SeveralBatches_HasTheStateOfTheLoopByHand()
    {
        ClassifierRun run = Trained(Settings);
        float[][] best = Weights(run.Classifier.Network);
        Graph byHand = new ClassifierRun(run.Data, Settings).Classifier.Network.Fork();
        byHand.AddLoss(new MiniNet.Losses.SoftmaxCrossEntropy());
        var optimizer = new Adam(byHand.Parameters, .01f);
        var loader = new DataLoader(run.Classifier.Preprocessing.Apply(run.Split.Training), 16, seed: 4);
        for (int epoch = 1; epoch <= 5; epoch++)
        {
            foreach (Batch batch in loader)
            {
                if (epoch == 3 || (epoch, batch.Number) is (1, 1) or (5, 7))
                {
                    foreach (ClassifierRun from in (ClassifierRun[])[run, ClassifierRun.Open(folder.Path)])
                    {
                        ReplayedBatch replayed = from.GoTo(epoch, batch.Number, Cancellation);
                        Assert.Equal(Weights(byHand), Weights(replayed.Graph));
                        Assert.Equal(
                            optimizer.State.Select(tensor => tensor.Span.ToArray()),
                            replayed.Optimizer.State.Select(tensor => tensor.Span.ToArray()));
                        Assert.Equal(batch.Inputs.Span.ToArray(), replayed.Batch.Inputs.Span.ToArray());
                        Assert.Equal(batch.Targets.Classes.ToArray(), replayed.Batch.Targets.Classes.ToArray());
                        Assert.Equal((7, 0), (replayed.Batches, replayed.CreateStepper().Position));
                    }
                }

                byHand.Forward(batch.Inputs);
                byHand.Loss(batch.Targets);
                byHand.ZeroGradients();
                byHand.Backward();
                optimizer.Step();
            }
        }

        Assert.Equal(best, Weights(run.Classifier.Network)); // not changed by the replays
    }

    [Fact]
    public void Load_RecordedRun_ReturnsTheRecord()
    {
        var settings = new ClassifierSettings
        {
            Seed = ulong.MaxValue,
            Epochs = 3,
            BatchSize = 7,
            LearningRate = 1 / 30f,
            Optimizer = OptimizerKind.SGD,
            Schedule = ScheduleKind.Cosine,
            WeightDecay = 0.001f,
            MaxGradientNorm = 0.7f,
            Hidden = [5, 4],
            Activation = Activation.Tanh,
            Dropout = 0.2f,
            Split = (70.1, 15, 14.9),
            Patience = 2,
        };
        Assert.All(
            typeof(ClassifierSettings).GetProperties(),
            property => Assert.NotEqual(property.GetValue(new ClassifierSettings()), property.GetValue(settings)));
        ClassifierRun run = Trained(settings);
        RunRecord record = RunRecord.Load(folder.Path);
        Assert.Equal(settings.Hidden, record.Settings.Hidden);
        Assert.Equal(settings, record.Settings with { Hidden = settings.Hidden });
        Assert.Equal(("species", Data, RunRecord.ComputeHash(Data)), (record.Target, record.DataPath, record.DataHash));
        Assert.Equal((Kernel.Backend, Kernel.VectorBits, 3, null), (record.Backend, record.VectorBits, record.LastEpoch, record.Diverged));
        Assert.Equal(run.History.Epochs.Select(epoch => epoch.ValidationLoss), record.History.Epochs.Select(epoch => epoch.ValidationLoss));
    }

    [Fact]
    public void Load_RecordOfAnEarlierVersion_HasTheDefaultsOfThatVersion()
    {
        Trained(Settings);
        Edit(run =>
        {
            foreach (string name in (string[])["schedule", "weightDecay", "maxGradientNorm", "dropout", "customNetwork"])
            {
                Assert.True(((JsonObject)run["settings"]!).Remove(name));
            }
        });
        Assert.Equal(Settings, RunRecord.Load(folder.Path).Settings with { Hidden = Settings.Hidden });
        Assert.Equal(5, ClassifierRun.Open(folder.Path).GoTo(5, 7, Cancellation).Epoch);
    }

    [Fact]
    public void Open_CustomNetwork_ReplaysWithTheSameFunctionOnly()
    {
        ClassifierRun run = Trained(Settings with { Schedule = ScheduleKind.Plateau }, createNetwork: Residual);
        Assert.Equal(["input", "0", "1.0", "1.1", "1.2", "2"], run.Classifier.Network.Nodes.Select(node => node.Name));
        ClassifierRun opened = ClassifierRun.Open(folder.Path, createNetwork: Residual);
        ReplayedBatch expected = run.GoTo(5, 7, Cancellation);
        Assert.Equal(Weights(expected.Graph), Weights(opened.GoTo(5, 7, Cancellation).Graph));
        Assert.Equal(6, opened.ReplayWeights(cancellation: Cancellation).Weights.Count);
        Assert.Equal(
            "the run has a custom network: open it in a program with ClassifierRun.Open and the same createNetwork.",
            Assert.Throws<ReplayException>(() => ClassifierRun.Open(folder.Path)).Message);
        Assert.StartsWith(
            "Epoch 1 differs from the recorded run: ",
            Assert.Throws<ReplayException>(() => ClassifierRun.Open(folder.Path, createNetwork: Other).GoTo(2, 1, Cancellation)).Message,
            StringComparison.Ordinal);
        Trained(Settings);
        Assert.Equal(
            "the run has the network of its settings: open it without createNetwork.",
            Assert.Throws<ReplayException>(() => ClassifierRun.Open(folder.Path, createNetwork: Other)).Message);

        static Graph Residual(int inputs, int classes) => new Sequential(
            seed: 11, new Linear(inputs, 6), new Snippets.Residual(new Linear(6, 6), new Tanh()), new Linear(6, classes));

        static Graph Other(int inputs, int classes) => new Sequential(seed: 11, new Linear(inputs, classes));
    }

    [Theory]
    [InlineData("versions", "build", "00", "with another build of MiniNet VERSION")]
    [InlineData("versions", "dotnet", "9.0.1", "on .NET 9.0.1, not DOTNET")]
    [InlineData("versions", "system", "Minix", "on Minix, not SYSTEM")]
    [InlineData("kernels", "side", "OTHER", "with the OTHER kernels, not the SIDE ones")]
    [InlineData("kernels", "vectorBits", 1024, "with vectors of 1024 bits, not BITS")]
    public void Open_EnvironmentDiffers_ReplaysAndSaysWhatDiffers(string section, string name, object value, string difference)
    {
        ClassifierRun trained = Trained(Settings);
        Edit(run => run[section]![name] = value is int number ? number : Filled((string)value));
        ClassifierRun opened = ClassifierRun.Open(folder.Path);
        Assert.Equal([Filled(difference)], opened.Differences);
        Assert.Equal(5, opened.GoTo(5, 1, Cancellation).Epoch);
        Assert.Empty(trained.Differences);

        // The losses are compared all the same.
        float loss = trained.History.Epochs[1].ValidationLoss;
        string path = folder["history.csv"], text = File.ReadAllText(path);
        File.WriteAllText(path, text.Replace($",{loss:R},", $",{MathF.BitIncrement(loss):R},", StringComparison.Ordinal));
        string message = Assert.Throws<ReplayException>(() => ClassifierRun.Open(folder.Path).GoTo(3, 1, Cancellation)).Message;
        Assert.StartsWith("Epoch 2 differs from the recorded run: losses ", message, StringComparison.Ordinal);
        Assert.EndsWith(
            $"The run was trained {Filled(difference)}, which can change the last digits. Replay it there, or train again.",
            message,
            StringComparison.Ordinal);

        // A landscape does not need the same bits.
        Assert.Equal(6, ClassifierRun.Open(folder.Path).ReplayWeights(cancellation: Cancellation).Weights.Count);

        static string Filled(string text) => text
            .Replace("OTHER", Kernel.Backend == KernelBackend.Simd ? "plain" : "simd", StringComparison.Ordinal)
            .Replace("SIDE", Kernel.Backend == KernelBackend.Simd ? "simd" : "plain", StringComparison.Ordinal)
            .Replace("BITS", $"{Kernel.VectorBits}", StringComparison.Ordinal)
            .Replace("VERSION", This.Version, StringComparison.Ordinal)
            .Replace("DOTNET", This.DotNet, StringComparison.Ordinal)
            .Replace("SYSTEM", This.System, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(
        "path", "no.csv", "no.csv: the data file of the run does not exist; specify its path (on the command line with --data FILE).")]
    [InlineData(
        "sha256",
        "00",
        "DATA: this is not the data that the run was trained on (the SHA-256 differs); restore the original file, or train again.")]
    public void Open_DataDiffers_Throws(string name, string value, string message)
    {
        Trained(Settings);
        Edit(run => run["data"]![name] = value);
        Assert.Equal(
            message.Replace("DATA", Data, StringComparison.Ordinal),
            Assert.Throws<ReplayException>(() => ClassifierRun.Open(folder.Path)).Message);
    }

    [Fact]
    public void Open_OtherVersion_IsADifferenceOnlyOfAnotherBuild()
    {
        Trained(Settings);
        Edit(run => run["versions"]!["mininet"] = "0.0.9");
        Assert.Empty(ClassifierRun.Open(folder.Path).Differences);
        Edit(run => run["versions"]!["build"] = "00");
        Assert.Equal([$"with MiniNet 0.0.9, not {This.Version}"], ClassifierRun.Open(folder.Path).Differences);
    }

    [Theory]
    [InlineData("epoch")]
    [InlineData("batch")]
    [InlineData("validation")]
    public void GoToFirstNotFinite_RunDivergesElsewhere_Throws(string what)
    {
        Trained(Diverging, onDiverged: _ => { });
        Edit(run =>
        {
            JsonNode at = run["results"]!["diverged"]!;
            at[what] = what == "validation" ? true : (int)at[what]! + 1;
        });
        string message = Assert.Throws<ReplayException>(() => ClassifierRun.Open(folder.Path).GoToFirstNotFinite(Cancellation)).Message;
        Assert.StartsWith("The replay ends differently from the recorded run: epoch ", message, StringComparison.Ordinal);
    }

    [Fact]
    public void GoToFirstNotFinite_RecordedDivergenceDoesNotOccur_Throws()
    {
        Trained(Settings);
        Edit(run => run["results"]!["diverged"] = new JsonObject
        {
            ["epoch"] = 5,
            ["batch"] = 7,
            ["validation"] = false,
            ["message"] = "epoch 5, batch 7: the loss is NaN",
        });
        string message = Assert.Throws<ReplayException>(() => ClassifierRun.Open(folder.Path).GoToFirstNotFinite(Cancellation)).Message;
        Assert.StartsWith(
            "The replay ends differently from the recorded run: the loss stays finite; recorded: epoch 5, batch 7: the loss is NaN.",
            message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Open_DataChanged_ThrowsUnlessGivenTheOriginalFile()
    {
        string copy = folder.Write("copy.csv", File.ReadAllBytes(Data));
        Trained(Settings, copy);
        File.AppendAllText(copy, "5,3,1.5,0.2,setosa\n");
        Assert.Contains(
            "the SHA-256 differs", Assert.Throws<ReplayException>(() => ClassifierRun.Open(folder.Path)).Message, StringComparison.Ordinal);
        Assert.Equal(7, ClassifierRun.Open(folder.Path, Data).GoTo(2, 7, Cancellation).Batch.Number);
    }

    [Theory]
    [InlineData("Epoch 6 does not exist: the run has 5 epoch(s), counted from 1.", 6, 1)]
    [InlineData("Epoch 0 does not exist: the run has 5 epoch(s), counted from 1.", 0, 1)]
    [InlineData("Batch 8 of epoch 2 does not exist: each epoch of this run has 7 batch(es). Epochs and batches are counted from 1.", 2, 8)]
    public void GoTo_EpochOrBatchOutOfRange_Throws(string message, int epoch, int batch)
    {
        ClassifierRun run = Trained(Settings);
        Assert.Equal(message, Assert.Throws<ReplayException>(() => run.GoTo(epoch, batch, Cancellation)).Message);
        Assert.Equal(
            message, Assert.Throws<ReplayException>(() => ClassifierRun.Open(folder.Path).GoTo(epoch, batch, Cancellation)).Message);
    }

    [Fact]
    public void GoTo_RunStoppedEarly_ThrowsAfterTheLastEpoch()
    {
        ClassifierRun run = Trained(Settings with { LearningRate = 1, Epochs = 500, Patience = 3 });
        int epochs = run.History.Epochs.Count;
        Assert.InRange(epochs, 4, 499);
        Assert.Equal(epochs, ClassifierRun.Open(folder.Path).GoTo(epochs, 7, Cancellation).Epoch);
        var e = Assert.Throws<ReplayException>(() => ClassifierRun.Open(folder.Path).GoTo(epochs + 1, 1, Cancellation));
        Assert.Equal($"Epoch {epochs + 1} does not exist: the run has {epochs} epoch(s), counted from 1.", e.Message);
        Assert.Contains(
            $"the run stopped after epoch {epochs} because ",
            Assert.Throws<ReplayException>(() => run.GoTo(epochs + 1, 1, Cancellation)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void GoTo_LossesDifferFromTheRecord_Throws()
    {
        ClassifierRun run = Trained(Settings);
        float loss = run.History.Epochs[1].ValidationLoss;
        string path = folder["history.csv"], text = File.ReadAllText(path);
        File.WriteAllText(path, text.Replace($",{loss:R},", $",{MathF.BitIncrement(loss):R},", StringComparison.Ordinal));
        ClassifierRun opened = ClassifierRun.Open(folder.Path);
        Assert.Equal(2, opened.GoTo(2, 7, Cancellation).Epoch); // the difference is not known until the epoch is over
        Assert.StartsWith(
            "Epoch 2 differs from the recorded run: losses ",
            Assert.Throws<ReplayException>(() => opened.GoTo(3, 1, Cancellation)).Message,
            StringComparison.Ordinal);
        Assert.Throws<ReplayException>(() => opened.GoToFirstNotFinite(Cancellation));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{\"settings\": {}}")]
    [InlineData("hidden")]
    [InlineData("split")]
    [InlineData("side")]
    [InlineData("number")]
    [InlineData("two names")]
    public void Load_DamagedRecord_Throws(string text)
    {
        Trained(Settings);
        switch (text)
        {
            case "hidden":
                Edit(run => run["settings"]!["hidden"]![0] = 1.5);
                break;
            case "split":
                Edit(run => run["settings"]!["split"] = new JsonArray(50, 50));
                break;
            case "side":
                Edit(run => run["kernels"]!["side"] = "fast");
                break;
            case "number":
                Edit(run => run["settings"]!["optimizer"] = "1");
                break;
            case "two names":
                Edit(run => run["settings"]!["activation"] = "ReLU, Tanh");
                break;
            default:
                folder.Write("run.json", text);
                break;
        }

        string message = Assert.Throws<ReplayException>(() => RunRecord.Load(folder.Path)).Message;
        Assert.StartsWith(
            $"{folder["run.json"]}: this is not the record of a run that can be replayed: ", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_SettingOutOfRange_Throws()
    {
        Trained(Settings);
        Edit(run => run["settings"]!["batchSize"] = 0);
        Assert.StartsWith(
            "run.json: a setting is out of range: ",
            Assert.Throws<ReplayException>(() => ClassifierRun.Open(folder.Path)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Load_HistoryOfAnotherRun_Throws()
    {
        Trained(Settings);
        Edit(run => run["results"]!["epochs"] = 4);
        Assert.Equal(
            $"{folder.Path}: run.json records 4 epochs, but history.csv has 5, so they are not from the same run. Train again.",
            Assert.Throws<ReplayException>(() => RunRecord.Load(folder.Path)).Message);
    }

    [Fact]
    public void Load_FolderWithoutRun_Throws() => Assert.Equal(
        $"{folder["no"]}: not a run folder, because it has no run.json; name a folder that train wrote.",
        Assert.Throws<ReplayException>(() => RunRecord.Load(folder["no"])).Message);

    [Fact]
    public void GoToFirstNotFinite_DivergedRun_ReturnsTheBatch()
    {
        DivergedException? diverged = null;
        ClassifierRun run = Trained(Diverging, onDiverged: e => diverged = e);
        RunRecord record = RunRecord.Load(folder.Path);
        Assert.Equal(new RunDivergence(diverged!.Epoch, diverged.Batch, IsValidation: false, diverged.Message), record.Diverged);
        Assert.Equal(diverged.Epoch, record.LastEpoch);

        ClassifierRun opened = record.Reopen();
        ReplayedBatch replayed = opened.GoToFirstNotFinite(Cancellation)!;
        Assert.Equal((diverged.Epoch, diverged.Batch, diverged.Message), (replayed.Epoch, replayed.Batch.Number, replayed.Divergence));
        Step step = replayed.CreateStepper().RunUntil(step => step.NotFinite is not null)!;
        Assert.Equal((StepKind.Forward, diverged.Node, $"the value of {diverged.Node}"), (step.Kind, step.Name, step.NotFinite));
        Assert.False(step.Output!.IsFinite);
        Assert.All(step.Inputs, input => Assert.True(input.IsFinite));

        Assert.Equal(diverged.Batch, opened.GoTo(diverged.Epoch, diverged.Batch, Cancellation).Batch.Number);
        var e = Assert.Throws<ReplayException>(() => opened.GoTo(diverged.Epoch, diverged.Batch + 1, Cancellation));
        Assert.Equal(
            $"Batch {diverged.Batch + 1} of epoch {diverged.Epoch} does not exist: the run diverged in batch {diverged.Batch} and " +
            "took no further steps.",
            e.Message);
        Assert.Equal(
            diverged.Message, Assert.Throws<DivergedException>(() => run.GoTo(diverged.Epoch, diverged.Batch + 1, Cancellation)).Message);
    }

    [Fact]
    public void GoToFirstNotFinite_FiniteRun_ReturnsNull()
    {
        Trained(Settings);
        Assert.Null(ClassifierRun.Open(folder.Path).GoToFirstNotFinite(Cancellation));
    }

    private static string Data => Repository.Dataset("iris.csv");

    private static RunRecord This => RunRecord.Create(new ClassifierRun(CsvDataset.Load(Data, "species"), Settings), "");

    private static float[][] Weights(Graph graph) => [.. graph.Parameters.Select(parameter => parameter.Value.Span.ToArray())];

    private ClassifierRun Trained(
        ClassifierSettings settings,
        string? data = null,
        Action<DivergedException>? onDiverged = null,
        Func<int, int, Graph>? createNetwork = null)
    {
        var run = new ClassifierRun(CsvDataset.Load(data ?? Data, "species"), settings, createNetwork);
        DivergedException? diverged = null;
        try
        {
            Assert.NotEmpty(run.Train(cancellation: Cancellation).History.Epochs);
        }
        catch (DivergedException e) when (onDiverged is not null)
        {
            onDiverged(diverged = e);
        }

        folder.Write("run.json", RunRecord.Create(run, RunRecord.ComputeHash(run.Data.Path), diverged).ToJson().ToJsonString());
        run.History.Save(folder["history.csv"]);
        return run;
    }

    private void Edit(Action<JsonNode> change)
    {
        JsonNode run = JsonNode.Parse(File.ReadAllText(folder["run.json"]))!;
        change(run);
        folder.Write("run.json", run.ToJsonString());
    }
}
