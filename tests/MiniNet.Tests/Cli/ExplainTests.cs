using System.Globalization;
using MiniNet.Files;
using MiniNet.Layers;
using MiniNet.Models;

namespace MiniNet.Tests.Cli;

public sealed class ExplainTests(PredictAndEvaluateTests.Trained trained) : IClassFixture<PredictAndEvaluateTests.Trained>
{
    private static readonly string Iris = Repository.Dataset("iris.csv");

    [Fact]
    public void Explain_ToAFile_IsTheWholeWalk()
    {
        Mininet.Outcome outcome = Mininet.Run("explain", trained.Model, Iris, "--row", "5");
        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Errors));
        string[] lines = outcome.Output.ReplaceLineEndings("\n").Split('\n');
        Assert.Equal(
            ["0 · Linear", "1 · ReLU", "2 · Linear", "loss · SoftmaxCrossEntropy", "gradients · ZeroGradients", "loss · SoftmaxCrossEntropy", "2 · Linear", "1 · ReLU", "0 · Linear"],
            lines.Where(line => line.Contains(" · ", StringComparison.Ordinal) && !line.StartsWith(' ')).Select(line => string.Join(" · ", line.Split(" · ")[..2])));

        // The loss is that of what predict says of the row.
        Classifier classifier = ModelFile.Load(trained.Model);
        string[] cells = File.ReadLines(Iris).ElementAt(5).Split(',');
        float p = classifier.Predict(cells[..4]).Probabilities.Single(each => each.Class == cells[4]).Probability;
        string loss = lines.First(line => line.Contains("L = ", StringComparison.Ordinal)).Split("   ")[1];
        Assert.Equal(-Math.Log(p), double.Parse(loss, CultureInfo.InvariantCulture), 1e-4 + (1e-4 * -Math.Log(p)));
    }

    [Fact]
    public void Explain_AWeight_EndsWithTheFiniteDifference()
    {
        Mininet.Outcome outcome = Mininet.Run("explain", trained.Model, Iris, "--row", "5", "--weight", "2.weight[3,1]");
        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Errors));
        Assert.StartsWith("dL/d Linear2.W[3,1] = ", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("Finite difference: ", outcome.Output.TrimEnd().Split('\n')[^1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2.weight", "--weight must be a parameter and a place in it")]
    [InlineData("3.weight[0,0]", "the parameters are 0.weight [4, 100], 0.bias [100], 2.weight")]
    [InlineData("2.bias[3]", "there is no 2.bias[3]; its shape is [3], and places count from 0.")]
    public void Explain_AWeightThatIsNone_IsOneLine(string weight, string message)
    {
        Mininet.Outcome outcome = Mininet.Run("explain", trained.Model, Iris, "--weight", weight);
        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains(message, outcome.Errors, StringComparison.Ordinal);
        Assert.Single(outcome.Errors.Trim().Split('\n'));
    }

    [Fact]
    public void Explain_AsAPage_WritesIt()
    {
        string file = trained.Folder["backprop.html"];
        Mininet.Outcome outcome = Mininet.Run("explain", trained.Model, Iris, "--row", "5", "--html", file);
        Assert.Equal((0, file), (outcome.ExitCode, outcome.Output.Trim()));
        string page = File.ReadAllText(file);
        Assert.Contains("iris.csv, row 5: species is setosa", page, StringComparison.Ordinal);
        Assert.Contains("\"columnNames\":[\"sepal_length\",\"sepal_width\",\"petal_length\",\"petal_width\"]", page, StringComparison.Ordinal);
        Assert.Contains("\"rowNames\":[\"setosa\"]", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("151", "there is no row 151; there are 150.", 1)]
    [InlineData("0", "--row must be a number from 1 to 2147483647, not '0'.", 2)]
    [InlineData("five", "--row must be a number from 1 to 2147483647, not 'five'.", 2)]
    public void Explain_ARowThatIsNone_IsOneLine(string row, string message, int exitCode)
    {
        Mininet.Outcome outcome = Mininet.Run("explain", trained.Model, Iris, "--row", row);
        Assert.Equal(exitCode, outcome.ExitCode);
        Assert.EndsWith(message, outcome.Errors.Trim(), StringComparison.Ordinal);
        Assert.Single(outcome.Errors.Trim().Split('\n'));
    }

    [Theory]
    [InlineData("graph.svg", "<svg ")]
    [InlineData("graph.gv", "digraph {")]
    [InlineData("graph.mmd", "flowchart TD")]
    public void Graph_OfANetworkAlone_IsDrawnAsTheFilesNameSays(string name, string start)
    {
        using var folder = new TemporaryFolder();
        var network = new Sequential(seed: 1, new Linear(2, 3), new ReLU());
        ModelFile.SaveNetwork(folder["network.safetensors"], network);
        Mininet.Outcome outcome = Mininet.Run("graph", folder["network.safetensors"], "--output", folder[name]);
        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Errors));
        Assert.StartsWith(start, File.ReadAllText(folder[name]), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mermaid", "flowchart TD")]
    [InlineData("dot", "digraph {")]
    [InlineData("svg", "<svg ")]
    public void Graph_IsDrawnInEveryFormat(string format, string start)
    {
        string file = trained.Folder["graph." + format];
        Mininet.Outcome printed = Mininet.Run("graph", trained.Model, "--format", format), written = Mininet.Run("graph", trained.Model, "--format", format, "--output", file);
        Assert.Equal((0, 0, ""), (printed.ExitCode, written.ExitCode, printed.Errors));
        Assert.StartsWith(start, printed.Output, StringComparison.Ordinal);
        Assert.Equal(printed.Output, File.ReadAllText(file));
    }
}
