using System.Globalization;
using System.Text.Json;
using System.Xml.Linq;
using MiniNet.Data;
using MiniNet.Explanations;
using MiniNet.Files;
using MiniNet.Graphs;
using MiniNet.Layers;
using MiniNet.Models;
using MiniNet.Tests.Models;

namespace MiniNet.Tests.Cli;

public sealed class SensitivityTests(PredictAndEvaluateTests.Trained trained) : IClassFixture<PredictAndEvaluateTests.Trained>
{
    private static readonly string Iris = Repository.Dataset("iris.csv");

    [Fact]
    public void Table_ListsEveryClassAndColumn_StrongestFirst()
    {
        Mininet.Outcome outcome = Mininet.Run("sensitivity", trained.Model, Iris);
        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Errors));
        string[] lines = outcome.Output.ReplaceLineEndings("\n").TrimEnd().Split('\n');
        Assert.Equal(
            "iris.csv, 150 rows: how the probability of each class of species depends on each column, strongest effect first.", lines[0]);
        Assert.Equal(["class", "p", "column", "per", "unit", "per", "σ", "±", "over", "rows", "size", "rows"], Words(lines[2]));
        Assert.Contains("± over rows: the standard deviation", lines[^1], StringComparison.Ordinal);
        Assert.EndsWith("These are local slopes of the model, not causal effects.", lines[^1], StringComparison.Ordinal);

        string[][] rows = [.. lines[4..16].Select(Words)]; // the first row of a class also has its name and p
        SensitivityReport report = new Sensitivity(ModelFile.Load(trained.Model)).Of(
            Iris, cancellation: TestContext.Current.CancellationToken).Report;
        SensitivityEffect[] expected =
        [
            .. report.Probabilities.SelectMany(
                each => report.Effects.Where(effect => effect.Class == each.Class).OrderByDescending(effect => effect.Strength)),
        ];
        Assert.Equal(12, expected.Length);
        for (int i = 0; i < 12; i++)
        {
            Assert.Equal(i % 4 == 0 ? 8 : 6, rows[i].Length);
            Assert.Equal(expected[i].Class, rows[i - (i % 4)][0]);
            Assert.Equal(expected[i].Change.Column, rows[i][^6]);
            double[] figures = [expected[i].Mean, expected[i].MeanPerDeviation, expected[i].SpreadPerDeviation, expected[i].Strength, 150];
            for (int j = 0; j < 5; j++)
            {
                double shown = double.Parse(rows[i][j - 5 + rows[i].Length], CultureInfo.InvariantCulture);
                // the precision of the table
                Assert.Equal(figures[j], shown, Math.Abs(figures[j]) < 1e-5 ? 0.06 * Math.Abs(figures[j]) : 5.1e-5);
            }
        }
    }

    [Fact]
    public void Row_GivesTheEffectsOfThatRow_AndNeedsNoTarget()
    {
        string data = trained.Folder.Write(
            "unlabelled.csv", string.Join('\n', File.ReadLines(Iris).Select(line => line[..line.LastIndexOf(',')])));
        Mininet.Outcome outcome = Mininet.Run("sensitivity", trained.Model, data, "--row", "84", "--json");
        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Errors));
        JsonElement root = JsonDocument.Parse(outcome.Output).RootElement;
        Assert.Equal(
            ["rows", "row", "classes", "target", "probabilities", "effects"], root.EnumerateObject().Select(property => property.Name));
        Assert.Equal((1, 84), (root.GetProperty("rows").GetInt32(), root.GetProperty("row").GetInt32()));
        string[] cells = File.ReadLines(data).ElementAt(84).Split(',');
        SensitivityReport report = new Sensitivity(ModelFile.Load(trained.Model)).At(cells);
        Assert.Equal(
            report.Effects.Select(effect => effect.Mean),
            root.GetProperty("effects").EnumerateArray().Select(effect => effect.GetProperty("mean").GetDouble()));
        Assert.Equal(
            report.Probabilities.Select(each => each.Probability),
            root.GetProperty("probabilities").EnumerateArray().Select(p => p.GetDouble()));

        string table = Mininet.Run("sensitivity", trained.Model, data, "--row", "84").Output;
        Assert.StartsWith("unlabelled.csv, row 84: ", table, StringComparison.Ordinal);
        Assert.DoesNotContain("± over rows", table, StringComparison.Ordinal);
    }

    [Fact]
    public void Pictures_AreWrittenAndListed()
    {
        string bars = trained.Folder["bars.svg"], map = trained.Folder["map.svg"];
        Mininet.Outcome outcome = Mininet.Run("sensitivity", trained.Model, Iris, "--bars", bars, "--heatmap", map);
        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Errors));
        Assert.Equal([bars, map], outcome.Output.TrimEnd().ReplaceLineEndings("\n").Split('\n')[^2..]);
        Assert.Equal(12, XDocument.Load(bars).Descendants().Count(element => (string?)element.Attribute("class") == "bar"));
        Assert.Equal(12, XDocument.Load(map).Descendants().Count(element => (string?)element.Attribute("class") == "cell"));
        Assert.Contains("petal_length", File.ReadAllText(bars), StringComparison.Ordinal);
        Assert.Contains("versicolor", File.ReadAllText(map), StringComparison.Ordinal);
    }

    [Fact]
    public void Categories_AreSwitchedToTheOthersOnly()
    {
        string model = Save("tiny", TinyClassifier.Residual());
        string data = trained.Folder.Write("tiny.csv", TinyClassifier.Csv(20, 4, "note", "b", "a", "colour", "answer"));
        Mininet.Outcome outcome = Mininet.Run("sensitivity", model, data, "--heatmap", trained.Folder["tiny.svg"]);
        Assert.Equal(
            (0, $"mininet: {data}: ignored the columns that the model does not use: 'note'."), (outcome.ExitCode, outcome.Errors.Trim()));
        Assert.Contains("colour → blue", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("colour → red", outcome.Output, StringComparison.Ordinal);
        string own = File.ReadLines(data).ElementAt(3).Split(',')[3], other = own == "red" ? "blue" : "red";
        string row = Mininet.Run("sensitivity", model, data, "--row", "3").Output;
        Assert.Contains($"colour → {other}", row, StringComparison.Ordinal);
        Assert.DoesNotContain($"colour → {own}", row, StringComparison.Ordinal);

        string words = Save(
            "words",
            new(
                new Sequential(seed: 1, new Linear(3, 2)),
                new([new OneHotEncoder("sex", ["f", "m"]), new OneHotEncoder("port", ["x"])], "y", ["u", "v"])));
        Mininet.Outcome categories = Mininet.Run("sensitivity", words, trained.Folder.Write("words.csv", "port,sex\nx,f\nx,m\n"));
        Assert.Equal((0, ""), (categories.ExitCode, categories.Errors));
        Assert.DoesNotContain("σ", categories.Output, StringComparison.Ordinal); // no column has a standard deviation
        Assert.DoesNotContain("port", categories.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void ManyColumns_StrongestAreShown_RestIsCounted()
    {
        string model = Save(
            "wide",
            new(
                new Sequential(seed: 1, new Linear(20, 3)),
                new([.. Enumerable.Range(0, 20).Select(i => new StandardScaler($"x{i}", 0, 1))], "y", ["u", "v", "w"])));
        string data = trained.Folder.Write(
            "wide.csv",
            string.Join(',', Enumerable.Range(0, 20).Select(i => $"x{i}")) + "\n" + string.Join(',', Enumerable.Repeat("0.5", 20)) + "\n");
        string[] lines = Mininet.Run("sensitivity", model, data).Output.ReplaceLineEndings("\n").TrimEnd().Split('\n');
        Assert.Equal(36, lines.Count(line => line.Contains(" x", StringComparison.Ordinal)));
        Assert.Equal("24 weaker effects are not shown; --json prints all.", lines[^2]);
    }

    [Fact]
    public void BadData_PrintsOneLine_AndWritesNoPicture()
    {
        string empty = trained.Folder.Write("empty.csv", "sepal_length,sepal_width,petal_length,petal_width\n");
        string missing = trained.Folder.Write("missing.csv", "sepal_length,sepal_width,petal_len\n1,2,3\n");
        string bad = trained.Folder.Write("bad.csv", "sepal_length,sepal_width,petal_length,petal_width\n1,2,3,4\n1,2,three,4\n");
        AssertRefused(1, $"{empty}: there are no rows under the header.", trained.Model, empty);
        AssertRefused(
            1,
            $"{missing}: there is no input column 'petal_length'; did you mean 'petal_len'? " +
            "The columns are sepal_length, sepal_width, petal_len.",
            trained.Model,
            missing);
        AssertRefused(
            1,
            $"{bad}, row 2 (line 3), column 'petal_length': 'three' is not a number, but this column held numbers in training; " +
            "correct it, or remove the row.",
            trained.Model,
            bad);
        AssertRefused(1, $"{Iris}: there is no row 151; the file has 150.", trained.Model, Iris, "--row", "151");
        AssertRefused(1, $"{trained.Folder["no.csv"]}: there is no such file.", trained.Model, trained.Folder["no.csv"]);
        AssertRefused(2, "--row must be a number from 1 to 2147483647, not '0'.", trained.Model, Iris, "--row", "0");
    }

    [Fact]
    public void UnsuitableModel_PrintsOneLine()
    {
        string network = trained.Folder["network.safetensors"];
        var regression = new Graph(seed: 1);
        regression.Add("y", new Linear(4, 1), regression.Input("x", MiniNet.Tensors.Shape.Batch(4)));
        ModelFile.SaveNetwork(network, regression);
        Assert.Contains(
            "it holds only a network, without columns and classes",
            Mininet.Run("sensitivity", network, Iris).Error(),
            StringComparison.Ordinal);

        string constant = Save(
            "constant", new(new Sequential(seed: 1, new Linear(1, 2)), new([new OneHotEncoder("port", ["x"])], "y", ["u", "v"])));
        AssertRefused(
            1,
            $"{constant}: there is nothing to change: no column of the model is numeric, " +
            "and each categorical column had a single category in training.",
            constant,
            trained.Folder.Write("port.csv", "port\nx\n"));
        AssertRefused(1, $"{trained.Folder["no.safetensors"]}: there is no such model file.", trained.Folder["no.safetensors"], Iris);
    }

    [Fact]
    public void InvalidOutput_PrintsOneLine_AndWritesNothing()
    {
        string nowhere = Path.Combine(trained.Folder["nowhere"], "bars.svg");
        string copy = trained.Folder.Write("precious.csv", File.ReadAllBytes(Iris));
        Mininet.Outcome outcome = Mininet.Run("sensitivity", trained.Model, Iris, "--bars", nowhere);
        Assert.Equal((1, ""), (outcome.ExitCode, outcome.Output));
        Assert.StartsWith($"{nowhere}: cannot be written: ", outcome.Error(), StringComparison.Ordinal);
        AssertRefused(2, $"--heatmap is {copy}, which this command reads; choose another file.", trained.Model, copy, "--heatmap", copy);
        Assert.Equal(File.ReadAllBytes(Iris), File.ReadAllBytes(copy));
        AssertRefused(
            2,
            $"--bars and --heatmap are the same file, {trained.Folder["one.svg"]}; choose two files.",
            trained.Model, Iris, "--bars", trained.Folder["one.svg"], "--heatmap", trained.Folder["one.svg"]);
        AssertRefused(2, "--bars must be a path, not ''.", trained.Model, Iris, "--bars", "");
    }

    [Fact]
    public void Help_SaysThatASlopeIsNotACause()
    {
        string help = Mininet.Run("sensitivity", "--help").Output;
        Assert.Contains("a local slope of the model, not a causal effect", help.ReplaceLineEndings(" "), StringComparison.Ordinal);
        Assert.Contains("Default: all rows.", help, StringComparison.Ordinal);
    }

    private void AssertRefused(int exitCode, string message, string model, string data, params string[] options)
    {
        string picture = trained.Folder["never.svg"];
        Mininet.Outcome outcome = Mininet.Run(
            ["sensitivity", model, data, .. options.Contains("--bars") ? options : [.. options, "--bars", picture]]);
        Assert.Equal((exitCode, message, ""), (outcome.ExitCode, outcome.Error(), outcome.Output));
        Assert.DoesNotContain(
            trained.Folder.Names(),
            name => name.StartsWith("never", StringComparison.Ordinal) || name.EndsWith(".tmp", StringComparison.Ordinal));
    }

    private string Save(string name, Classifier classifier)
    {
        string path = trained.Folder[$"{name}.safetensors"];
        ModelFile.Save(path, classifier);
        return path;
    }

    private static string[] Words(string line) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
