using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json;
using MiniNet.Training;

namespace MiniNet.Tests.Cli;

public sealed class TrainTests : IDisposable
{
    private static readonly string Iris = Repository.Dataset("iris.csv");
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Train_Iris_PrintsDataSummaryAndMetrics()
    {
        Mininet.Outcome outcome = Mininet.Run("train", Iris, "--target", "species", "--output", folder["run"]);
        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Errors));
        Assert.Contains("150 rows, 5 columns", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("4 numeric: sepal_length, sepal_width, petal_length, petal_width", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("target: species, 3 classes: setosa 50, versicolor 50, virginica 50", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("epoch 1: training loss ", outcome.Output, StringComparison.Ordinal);
        Assert.Matches(
            @"Test accuracy 0\.\d{3} \(\d+ of 23 rows\); always answering the most frequent class would give 0\.348\.", outcome.Output);
        Assert.Matches(@"versicolor +\d\.\d{3} +\d\.\d{3} +\d\.\d{3} +\d", outcome.Output);
        Assert.DoesNotContain("\u001b", outcome.Output, StringComparison.Ordinal);
        Assert.Equal(
            ["history.csv", "loss.svg", "model.safetensors", "run.json"],
            Directory.GetFileSystemEntries(folder["run"]).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Train_IntegerTarget_SaysThatItIsTreatedAsClasses()
    {
        Mininet.Outcome outcome = Mininet.Run(
            "train", Repository.Dataset("digits.csv"), "--target", "digit", "--epochs", "2", "--output", folder["run"]);
        Assert.Contains(
            "the target holds few, repeated whole numbers; each is treated as a class", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("2 epochs (maximum reached)", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Train_Json_PrintsOneObjectOnly()
    {
        Mininet.Outcome outcome = Mininet.Run("train", Iris, "--target", "species", "--json", "--seed", "7", "--output", folder["run"]);
        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Errors));
        Assert.Single(outcome.Output.TrimEnd().Split('\n'));
        JsonElement result = JsonDocument.Parse(outcome.Output).RootElement;
        Assert.Equal(
            ["rows", "columns", "classes", "target", "seed", "epochs", "bestEpoch", "test", "baseline", "runFolder", "model", "seconds"],
            result.EnumerateObject().Select(property => property.Name));
        Assert.Equal(["accuracy", "loss", "macroF1"], result.GetProperty("test").EnumerateObject().Select(property => property.Name));
        Assert.Equal(
            (150, 5, 7),
            (result.GetProperty("rows").GetInt32(), result.GetProperty("columns").GetInt32(), result.GetProperty("seed").GetInt32()));
        Assert.Equal(
            ["setosa", "versicolor", "virginica"], result.GetProperty("classes").EnumerateArray().Select(name => name.GetString()));
        Assert.Equal(8 / 23.0, result.GetProperty("baseline").GetProperty("accuracy").GetDouble());
        Assert.True(File.Exists(result.GetProperty("model").GetString()));

        TrainingHistory history = TrainingHistory.Load(Path.Combine(folder["run"], "history.csv"));
        Assert.Equal(
            (history.Epochs.Count, history.BestEpoch),
            (result.GetProperty("epochs").GetInt32(), result.GetProperty("bestEpoch").GetInt32()));
    }

    [Fact]
    public void Train_Quiet_PrintsOnlyTheResult()
    {
        Mininet.Outcome outcome = Mininet.Run("train", Iris, "--target", "species", "--quiet", "--output", folder["run"]);
        Assert.Equal(2, outcome.Output.TrimEnd().Split('\n').Length);
    }

    [Fact]
    public void Train_RunJson_ContainsArgumentsSettingsAndDataHash()
    {
        string[] arguments = ["train", Iris, "--target", "species", "--seed", "3", "--hidden", "8", "--output", folder["run"], "--quiet"];
        Mininet.Run(arguments);
        JsonElement run = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder["run"], "run.json"))).RootElement;
        Assert.Equal(arguments, run.GetProperty("arguments").EnumerateArray().Select(argument => argument.GetString()!));
        Assert.Equal(3, run.GetProperty("seed").GetInt32());
        JsonElement data = run.GetProperty("data");
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Iris))), data.GetProperty("sha256").GetString());
        Assert.Equal(150, data.GetProperty("rows").EnumerateObject().Sum(part => part.Value.GetInt32()));
        Assert.Equal(8, run.GetProperty("settings").GetProperty("hidden")[0].GetInt32());
        Assert.Contains(run.GetProperty("kernels").GetProperty("vectorBits").GetInt32(), (int[])[32, 128, 256, 512]);
    }

    [Fact]
    public void Train_SameSeed_GivesTheSameModelWithOneAndTwoThreads()
    {
        // The layers are wide enough to be multithreaded: 105 rows times 256 x 256 weights are 7 million multiplications.
        var simd = new Dictionary<string, string>(StringComparer.Ordinal) { ["MININET_KERNELS"] = "simd" };
        byte[][] models = [.. ((string[])["1", "2", "2"]).Select((threads, i) =>
        {
            string run = folder[$"run{i}"];
            Mininet.Outcome outcome = Mininet.Run(
                simd, "train", Iris, "--target", "species", "--hidden", "256,256", "--batch-size", "128", "--epochs", "12",
                "--threads", threads, "--quiet", "--output", run);
            Assert.Equal(0, outcome.ExitCode);
            return File.ReadAllBytes(Path.Combine(run, "model.safetensors"));
        })];
        Assert.Equal(models[0], models[1]);
        Assert.Equal(models[1], models[2]);
    }

    [Fact]
    public void Train_OtherSeed_GivesAnotherModel()
    {
        Mininet.Run("train", Iris, "--target", "species", "--epochs", "3", "--seed", "1", "--output", folder["a"]);
        Mininet.Run("train", Iris, "--target", "species", "--epochs", "3", "--seed", "2", "--output", folder["b"]);
        Assert.NotEqual(
            File.ReadAllBytes(Path.Combine(folder["a"], "model.safetensors")),
            File.ReadAllBytes(Path.Combine(folder["b"], "model.safetensors")));
    }

    [Theory]
    [InlineData("INT", 2)]
    [InlineData("TERM", 15)]
    public void Train_Interrupted_SavesTheBestModelAndExitsWith130(string signal, int number)
    {
        Mininet.SkipWithout(signal, number);
        using Process process = Mininet.Start(
            new Dictionary<string, string>(StringComparer.Ordinal),
            "train", Repository.Dataset("digits.csv"), "--target", "digit", "--epochs", "1000000", "--patience", "1000000",
            "--output", folder["run"]);
        Mininet.Outcome outcome;
        try
        {
            Mininet.ReadUpTo(process, "epoch 1:");
            outcome = Mininet.Interrupt(process, signal);
        }
        finally
        {
            process.Kill(entireProcessTree: true); // after a failure above, it must not train on
        }

        Assert.Equal((130, ""), (outcome.ExitCode, outcome.Errors));
        Assert.Contains("(interrupted); kept the weights of epoch ", outcome.Output, StringComparison.Ordinal);
        Assert.Equal(4, Directory.GetFileSystemEntries(folder["run"]).Length);
        Assert.Equal(
            0, Mininet.Run("evaluate", Path.Combine(folder["run"], "model.safetensors"), Repository.Dataset("digits.csv")).ExitCode);
    }

    [Fact]
    public void Train_OutputOfEarlierRun_ReplacesAllFiles()
    {
        // The folders have the same name, because the picture shows it.
        string old = Path.Combine(folder["a"], "run"), fresh = Path.Combine(folder["b"], "run");
        Train(old, "--seed", "1", "--epochs", "9", "--hidden", "7");
        Train(old, "--seed", "2", "--epochs", "3", "--hidden", "5");
        Train(fresh, "--seed", "2", "--epochs", "3", "--hidden", "5");
        Assert.Equal(
            ["history.csv", "loss.svg", "model.safetensors", "run.json"],
            Directory.GetFileSystemEntries(old).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal(
            File.ReadAllBytes(Path.Combine(fresh, "model.safetensors")), File.ReadAllBytes(Path.Combine(old, "model.safetensors")));
        Assert.Equal(File.ReadAllText(Path.Combine(fresh, "loss.svg")), File.ReadAllText(Path.Combine(old, "loss.svg")));
        Assert.Equal(Losses(fresh), Losses(old));
        Assert.Equal(2, JsonDocument.Parse(File.ReadAllText(Path.Combine(old, "run.json"))).RootElement.GetProperty("seed").GetInt32());

        static void Train(string run, params string[] options) =>
            Assert.Equal(0, Mininet.Run(["train", Iris, "--target", "species", "--quiet", "--output", run, .. options]).ExitCode);

        static IEnumerable<(float, float)> Losses(string run) =>
            TrainingHistory.Load(Path.Combine(run, "history.csv")).Epochs.Select(epoch => (epoch.TrainingLoss, epoch.ValidationLoss));
    }

    [Theory]
    [InlineData("TERM", 15, true)]
    [InlineData("TERM", 15, false)]
    public void Train_FolderDeletedDuringTraining_SavesTheRun(string signal, int number, bool onlyStage)
    {
        Mininet.SkipWithout(signal, number);
        string run = folder["run"];
        Mininet.Outcome outcome = Interrupted(
            run, signal, () => Directory.Delete(onlyStage ? Directory.GetDirectories(run).Single() : run, recursive: true));
        Assert.Equal((130, ""), (outcome.ExitCode, outcome.Errors));
        Assert.Equal(4, Directory.GetFileSystemEntries(run).Length);
    }

    [Theory]
    [InlineData("TERM", 15, "model.safetensors", false)]
    [InlineData("TERM", 15, "loss.svg", false)]
    [InlineData("TERM", 15, "run.json", true)]
    public void Train_FilesSavedDuringTraining_GoesToAnotherFolder(string signal, int number, string name, bool earlierRun)
    {
        Mininet.SkipWithout(signal, number);
        string run = folder["run"], saved = Path.Combine(run, name);
        if (earlierRun)
        {
            Assert.Equal(0, Mininet.Run("train", Iris, "--target", "species", "--epochs", "2", "--output", run).ExitCode);
        }

        Mininet.Outcome outcome = Interrupted(run, signal, () => File.WriteAllText(saved, "precious"));
        Assert.Equal(
            (130, $"the files in {run} were changed during the training, so this run is saved in {run}-2."),
            (outcome.ExitCode, outcome.Error()));
        Assert.Equal("precious", File.ReadAllText(saved));
        Assert.Equal(4, Directory.GetFileSystemEntries(run + "-2").Length);
        Assert.Equal(earlierRun ? 4 : 1, Directory.GetFileSystemEntries(run).Length);
    }

    private static Mininet.Outcome Interrupted(string run, string signal, Action afterFirstEpoch)
    {
        using Process process = Mininet.Start(
            new Dictionary<string, string>(StringComparer.Ordinal),
            "train", Iris, "--target", "species", "--epochs", "1000000", "--patience", "1000000", "--output", run);
        try
        {
            Mininet.ReadUpTo(process, "epoch 1:");
            afterFirstEpoch();
            return Mininet.Interrupt(process, signal);
        }
        finally
        {
            process.Kill(entireProcessTree: true);
        }
    }

    [Theory]
    [InlineData("--quiet")]
    [InlineData("--json")]
    [InlineData("--threads=1")] // neither of the two
    public void Train_ColumnOfNumbersAndWords_WarnsOnStandardError(string option)
    {
        string data = folder.Write(
            "data.csv",
            "a,b,y\n" + string.Concat(Enumerable.Range(0, 40).Select(i => $"{(i % 2 == 0 ? "1" : "n/a")},{i},{(i < 20 ? "u" : "v")}\n")));
        Mininet.Outcome outcome = Mininet.Run("train", data, "--target", "y", "--epochs", "2", "--output", folder["run"], option);
        Assert.Equal(0, outcome.ExitCode);
        Assert.Equal(
            $"{data}: column 'a': 50 % of the cells are numbers, but others are not, such as 'n/a', " +
            "so every distinct value is treated as a category. If the column should be numeric, correct or remove the other cells.",
            outcome.Error());
        Assert.DoesNotContain("n/a", outcome.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(20, true)]
    [InlineData(21, false)]
    public void Train_ManyClasses_SaysWhereTheMatrixIs(int classes, bool printed)
    {
        const string Heading = "Rows: true class; columns: predicted.";
        string data = folder.Write(
            "data.csv", "a,y\n" + string.Concat(Enumerable.Range(0, classes * 4).Select(i => $"{i},c{i % classes:00}\n")));
        Mininet.Outcome outcome = Mininet.Run("train", data, "--target", "y", "--epochs", "1", "--output", folder["run"]);
        Assert.Equal((0, printed), (outcome.ExitCode, outcome.Output.Contains(Heading, StringComparison.Ordinal)));
        Assert.Equal(
            !printed,
            outcome.Output.Contains(
                $"(The confusion matrix of {classes} classes is too wide to print; it is in run.json and in evaluate --json.)",
                StringComparison.Ordinal));
        Assert.Matches(@"c19 +\d\.\d{3} +\d\.\d{3} +\d\.\d{3} +1", outcome.Output); // the metrics of each class are always printed

        JsonElement run = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder["run"], "run.json"))).RootElement;
        JsonElement evaluated = JsonDocument.Parse(
            Mininet.Run("evaluate", Path.Combine(folder["run"], "model.safetensors"), data, "--json").Output).RootElement;
        Assert.Equal((classes, 1), Matrix(run.GetProperty("results")));
        Assert.Equal((classes, 4), Matrix(evaluated));

        (int Rows, int Support) Matrix(JsonElement of)
        {
            int[][] rows =
            [
                .. of.GetProperty("perClass").EnumerateArray().Select(
                    entry => entry.GetProperty("predicted").EnumerateArray().Select(count => count.GetInt32()).ToArray()),
            ];
            Assert.All(rows, row => Assert.Equal((classes, rows[0].Sum()), (row.Length, row.Sum())));
            return (rows.Length, rows[0].Sum());
        }
    }

    [Fact]
    public void Train_FolderWithStagingFolderOfKilledRun_Succeeds()
    {
        Directory.CreateDirectory(Path.Combine(folder["run"], ".123.tmp"));
        Assert.Equal(0, Mininet.Run("train", Iris, "--target", "species", "--epochs", "2", "--output", folder["run"]).ExitCode);
    }

    [Fact]
    public void Help_ShowsRangeAndDefaultOfEachOption()
    {
        string help = Mininet.Run("train", "--help").Output;
        string[] options =
        [
            "--seed", "--epochs", "--batch-size", "--learning-rate", "--optimizer", "--schedule", "--hidden", "--activation", "--dropout",
            "--split", "--patience", "--threads",
        ];
        foreach (string option in options)
        {
            Assert.Matches(option + @" <.*Default: [^ ]+\.", help);
        }

        Assert.Contains("--output <FOLDER>", help, StringComparison.Ordinal);
    }
}
