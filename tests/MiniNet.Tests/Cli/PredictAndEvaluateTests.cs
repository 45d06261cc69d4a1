using System.Diagnostics;
using System.Text.Json;

namespace MiniNet.Tests.Cli;

/// <summary>Tests of predict, evaluate and plot. One model is trained for all tests.</summary>
public sealed class PredictAndEvaluateTests(PredictAndEvaluateTests.Trained trained) : IClassFixture<PredictAndEvaluateTests.Trained>
{
    private static readonly string Iris = Repository.Dataset("iris.csv");

    [Fact]
    public void Predict_ShuffledColumnsWithoutTarget_AgreesWithEvaluate()
    {
        // The same file with shuffled columns, without the target, and with a column that the model does not know.
        string[][] rows = [.. File.ReadLines(Iris).Select(line => line.Split(','))];
        string shuffled = trained.Folder.Write(
            "shuffled.csv",
            string.Join('\n', rows.Select((row, i) => $"{row[3]},{row[1]},{(i == 0 ? "note" : "n" + i)},{row[0]},{row[2]}")) + "\n");
        Mininet.Outcome predicted = Mininet.Run("predict", trained.Model, shuffled);
        Assert.Equal(0, predicted.ExitCode);
        Assert.Equal($"mininet: {shuffled}: ignored the columns that the model does not use: 'note'.", predicted.Errors.Trim());

        string[][] lines = [.. predicted.Output.TrimEnd().Split('\n').Select(line => line.Split(','))];
        Assert.Equal(
            [
                "petal_width", "sepal_width", "note", "sepal_length", "petal_length", "predicted_species",
                "probability_setosa", "probability_versicolor", "probability_virginica",
            ],
            lines[0]);
        int right = lines.Skip(1).Zip(rows.Skip(1), (line, row) => line[5] == row[4]).Count(same => same);
        double accuracy = JsonDocument.Parse(Mininet.Run("evaluate", trained.Model, Iris, "--json").Output).RootElement
            .GetProperty("test").GetProperty("accuracy").GetDouble();
        Assert.Equal(accuracy, right / 150.0);
        Assert.Equal("n150", lines[150][2]);
        Assert.All(
            lines.Skip(1),
            line => Assert.Equal(1, line[6..].Sum(cell => double.Parse(cell, System.Globalization.CultureInfo.InvariantCulture)), 1e-5));
    }

    [Fact]
    public void Predict_ToFile_WritesWhatItPrints()
    {
        string file = trained.Folder["predictions.csv"];
        Mininet.Outcome outcome = Mininet.Run("predict", trained.Model, Iris, "--output", file);
        Assert.Equal((0, $"{file}: 150 rows predicted.\n"), (outcome.ExitCode, outcome.Output.ReplaceLineEndings("\n")));
        Assert.Equal(Mininet.Run("predict", trained.Model, Iris).Output, File.ReadAllText(file));
    }

    [Theory]
    [InlineData("model")]
    [InlineData("data")]
    [InlineData("data, spelt in another way")]
    [InlineData("a link to the data")]
    public void Predict_OutputIsAnInput_IsAUsageError(string which)
    {
        string model = trained.Folder.Write("precious.safetensors", File.ReadAllBytes(trained.Model));
        string data = trained.Folder.Write("precious.csv", File.ReadAllBytes(Iris)), link = trained.Folder["link.csv"];
        if (which.StartsWith("a link", StringComparison.Ordinal))
        {
            Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need a privilege on Windows.");
            File.CreateSymbolicLink(link, data);
        }

        string output = which switch
        {
            "model" => model,
            "data" => data,
            "a link to the data" => link,
            _ => Path.Combine(trained.Folder["run"], "..", ".", "precious.csv"),
        };
        Mininet.Outcome outcome = Mininet.Run("predict", model, data, "--output", output);
        Assert.Equal((2, $"--output is {output}, which this command reads; choose another file."), (outcome.ExitCode, outcome.Error()));
        Assert.Equal(File.ReadAllBytes(trained.Model), File.ReadAllBytes(model));
        Assert.Equal(File.ReadAllBytes(Iris), File.ReadAllBytes(data));
    }

    [Fact]
    public void Predict_Interrupted_LeavesNoFiles()
    {
        Mininet.SkipWithout("INT", 2);
        using var folder = new TemporaryFolder();
        string data = folder["long.csv"];
        using (var file = new StreamWriter(data))
        {
            file.WriteLine("sepal_length,sepal_width,petal_length,petal_width");
            for (int row = 0; row < 1_000_000; row++) // seconds of work
            {
                file.WriteLine("5,3,4,1");
            }
        }

        using Process process = Mininet.Start(
            new Dictionary<string, string>(StringComparer.Ordinal), "predict", trained.Model, data, "--output", folder["out.csv"]);
        Mininet.Outcome outcome;
        try
        {
            var watch = Stopwatch.StartNew();
            while (!HasOutput() && !process.HasExited && watch.Elapsed < TimeSpan.FromMinutes(1))
            {
                Thread.Sleep(5);
            }

            Assert.False(process.HasExited);
            Assert.Equal(2, folder.Names().Length); // the data, and the output under a temporary name
            Assert.DoesNotContain("out.csv", folder.Names(), StringComparer.Ordinal);
            outcome = Mininet.Interrupt(process);
        }
        finally
        {
            process.Kill(entireProcessTree: true); // does nothing if it has ended
        }

        Assert.Equal((130, "interrupted; nothing was written."), (outcome.ExitCode, outcome.Error()));
        Assert.Equal("", outcome.Output);
        Assert.Equal(["long.csv"], folder.Names());

        // The command first creates an empty file and removes it, to check that it can write. Only later does it handle signals.
        bool HasOutput() =>
            Directory.GetFiles(folder.Path, "out.csv.*").Any(file => new FileInfo(file) is { Exists: true, Length: > 0 });
    }

    [Fact]
    public void Evaluate_Json_ContainsTheConfusionMatrixByRow()
    {
        // Twenty setosa have a wrong class name, so that exchanged rows and columns would be noticed.
        string data = trained.Folder.Write(
            "misnamed.csv",
            string.Join('\n', File.ReadLines(Iris).Select((line, i) => i is > 0 and <= 20 ? line.Replace("setosa", "virginica") : line)));
        JsonElement evaluated = JsonDocument.Parse(Mininet.Run("evaluate", trained.Model, data, "--json").Output).RootElement;
        Assert.Equal(
            ["rows", "classes", "target", "test", "baseline", "perClass"], evaluated.EnumerateObject().Select(property => property.Name));
        JsonElement[] classes = [.. evaluated.GetProperty("perClass").EnumerateArray()];
        Assert.Equal(["setosa", "versicolor", "virginica"], classes.Select(entry => entry.GetProperty("name").GetString()));
        int[][] matrix =
            [.. classes.Select(entry => entry.GetProperty("predicted").EnumerateArray().Select(count => count.GetInt32()).ToArray())];
        int[] supports = [30, 50, 70];
        Assert.Equal(supports, matrix.Select(row => row.Sum()));

        // Compare the counts with the classes that predict appends, and the metrics with their definitions.
        string[] truth = [.. File.ReadLines(data).Skip(1).Select(line => line.Split(',')[4])];
        string[] predicted =
            [.. Mininet.Run("predict", trained.Model, data).Output.TrimEnd().Split('\n').Skip(1).Select(line => line.Split(',')[5])];
        string[] names = [.. classes.Select(entry => entry.GetProperty("name").GetString()!)];
        for (int t = 0; t < 3; t++)
        {
            for (int p = 0; p < 3; p++)
            {
                Assert.Equal(truth.Zip(predicted).Count(pair => pair == (names[t], names[p])), matrix[t][p]);
            }

            Assert.Equal(matrix[t][t] / (double)supports[t], classes[t].GetProperty("recall").GetDouble(), 1e-12);
            Assert.Equal(matrix[t][t] / (double)matrix.Sum(row => row[t]), classes[t].GetProperty("precision").GetDouble(), 1e-12);
        }
    }

    [Fact]
    public void Predict_MissingColumn_ReportsIt()
    {
        string data = trained.Folder.Write("missing.csv", "sepal_length,sepal_width,petal_len\n1,2,3\n");
        Mininet.Outcome outcome = Mininet.Run("predict", trained.Model, data);
        Assert.Equal(1, outcome.ExitCode);
        Assert.Equal(
            $"{data}: there is no input column 'petal_length'; did you mean 'petal_len'? " +
            "The columns are sepal_length, sepal_width, petal_len.",
            outcome.Error());
    }

    [Fact]
    public void Predict_BadCell_ReportsItAndWritesNoFile()
    {
        string data = trained.Folder.Write("bad.csv", "sepal_length,sepal_width,petal_length,petal_width\n1,2,3,4\n1,2,three,4\n");
        Mininet.Outcome outcome = Mininet.Run("predict", trained.Model, data, "--output", trained.Folder["never.csv"]);
        Assert.Equal(1, outcome.ExitCode);
        Assert.Equal(
            $"{data}, row 2 (line 3), column 'petal_length': 'three' is not a number, but this column held numbers in training; " +
            "correct it, or remove the row.",
            outcome.Error());
        Assert.Empty(Directory.GetFiles(trained.Folder.Path, "never*"));
    }

    [Fact]
    public void Predict_UnknownCategory_ListsTheKnownCategories()
    {
        string run = trained.Folder["titanic"];
        Assert.Equal(
            0, Mininet.Run("train", Repository.Dataset("titanic.csv"), "--target", "survived", "--epochs", "2", "--output", run).ExitCode);
        string data = trained.Folder.Write("stowaway.csv", "class,sex,age\n4th,Male,Adult\n");
        Mininet.Outcome outcome = Mininet.Run(
            "predict", Path.Combine(run, "model.safetensors"), data, "--output", trained.Folder["never.csv"]);
        Assert.Equal(1, outcome.ExitCode);
        Assert.Equal(
            $"{data}, row 1 (line 2), column 'class': '4th' is not a category of the training rows; " +
            "the categories are 1st, 2nd, 3rd, Crew.",
            outcome.Error());
    }

    [Fact]
    public void Predict_MissingModel_ReportsIt()
    {
        Mininet.Outcome outcome = Mininet.Run("predict", trained.Folder["no.safetensors"], Iris);
        Assert.Equal((1, $"{trained.Folder["no.safetensors"]}: there is no such model file."), (outcome.ExitCode, outcome.Error()));
    }

    [Fact]
    public void Evaluate_UnknownClass_ReportsTheCell()
    {
        string data = trained.Folder.Write("class.csv", "sepal_length,sepal_width,petal_length,petal_width,species\n1,2,3,4,rose\n");
        Mininet.Outcome outcome = Mininet.Run("evaluate", trained.Model, data);
        Assert.Equal(1, outcome.ExitCode);
        Assert.Equal(
            $"{data}, row 1 (line 2), column 'species': 'rose' is not a class of the model; the classes are setosa, versicolor, virginica.",
            outcome.Error());
    }

    [Fact]
    public void Evaluate_TestRows_GivesTheMetricsOfTraining()
    {
        // The test rows of the run, from its seed and proportions.
        var test = MiniNet.Data.CsvDataset.Load(Iris, "species").Split(70, 15, 15, seed: 1).Test;
        string[] lines = File.ReadAllLines(Iris);
        string data = trained.Folder.Write(
            "test.csv", string.Join('\n', [lines[0], .. test.Rows.ToArray().Select(row => lines[row + 1])]) + "\n");
        JsonElement evaluated = JsonDocument.Parse(Mininet.Run("evaluate", trained.Model, data, "--json").Output).RootElement;
        JsonElement trainedFigures = JsonDocument.Parse(
            File.ReadAllText(Path.Combine(trained.Run, "run.json"))).RootElement.GetProperty("results");
        foreach (string figure in (string[])["accuracy", "loss", "macroF1"])
        {
            Assert.Equal(
                trainedFigures.GetProperty("test").GetProperty(figure).GetDouble(),
                evaluated.GetProperty("test").GetProperty(figure).GetDouble());
        }
    }

    [Fact]
    public void Plot_TwoRuns_DrawsBothInOnePicture()
    {
        string picture = trained.Folder["both.svg"];
        Mininet.Outcome outcome = Mininet.Run("plot", trained.Run, trained.Run, "--log", "--output", picture);
        Assert.Equal((0, picture), (outcome.ExitCode, outcome.Output.Trim()));
        Assert.Equal(4, System.Xml.Linq.XDocument.Load(picture).Descendants().Count(element => element.Name.LocalName == "polyline"));
    }

    [Fact]
    public void Plot_OneRun_RedrawsItsPicture()
    {
        string picture = Path.Combine(trained.Run, "loss.svg"), before = File.ReadAllText(picture);
        File.Delete(picture);
        Assert.Equal(0, Mininet.Run("plot", trained.Run).ExitCode);
        Assert.Equal(before, File.ReadAllText(picture));
    }

    /// <summary>A model trained once on iris.</summary>
    public sealed class Trained : IDisposable
    {
        public Trained() => Assert.Equal(0, Mininet.Run("train", Iris, "--target", "species", "--output", Run).ExitCode);

        internal TemporaryFolder Folder { get; } = new();

        internal string Run => Folder["run"];

        internal string Model => Path.Combine(Run, "model.safetensors");

        public void Dispose() => Folder.Dispose();
    }
}
