using System.Globalization;
using MiniNet.Data;
using MiniNet.Files;
using MiniNet.Graphs;
using MiniNet.Layers;
using MiniNet.Losses;
using MiniNet.Models;
using MiniNet.Stepping;
using MiniNet.Tensors;

namespace MiniNet.Tests.Cli;

public sealed class ExplainTests(PredictAndEvaluateTests.Trained trained) : IClassFixture<PredictAndEvaluateTests.Trained>
{
    private static readonly string Iris = Repository.Dataset("iris.csv");

    [Fact]
    public void Explain_RedirectedOutput_PrintsAllSteps()
    {
        Mininet.Outcome outcome = Mininet.Run("explain", trained.Model, Iris, "--row", "5");
        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Errors));
        string[] lines = outcome.Output.ReplaceLineEndings("\n").Split('\n');
        Assert.Equal(
            [
                "0 · Linear", "1 · ReLU", "2 · Linear", "loss · SoftmaxCrossEntropy", "gradients · ZeroGradients",
                "loss · SoftmaxCrossEntropy", "2 · Linear", "1 · ReLU", "0 · Linear",
            ],
            lines
                .Where(line => line.Contains(" · ", StringComparison.Ordinal) && !line.StartsWith(' '))
                .Select(line => string.Join(" · ", line.Split(" · ")[..2])));

        // The loss must match the probability that the classifier predicts for the row.
        Classifier classifier = ModelFile.Load(trained.Model);
        string[] cells = File.ReadLines(Iris).ElementAt(5).Split(',');
        float p = classifier.Predict(cells[..4]).Probabilities.Single(each => each.Class == cells[4]).Probability;
        string loss = lines.First(line => line.Contains("L = ", StringComparison.Ordinal)).Split("   ")[1];
        Assert.Equal(-Math.Log(p), double.Parse(loss, CultureInfo.InvariantCulture), 1e-4 + (1e-4 * -Math.Log(p)));
    }

    [Fact]
    public void Explain_Weight_EndsWithTheFiniteDifference()
    {
        Mininet.Outcome outcome = Mininet.Run("explain", trained.Model, Iris, "--row", "5", "--weight", "2.weight[3,1]");
        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Errors));
        Assert.StartsWith("dL/d 2.weight[3,1] = ", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("Finite difference: ", outcome.Output.TrimEnd().Split('\n')[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void Explain_Weight_UsesInferencePhaseLikeTheStepper()
    {
        CsvDataset data = CsvDataset.Load(Iris, target: "species");
        var network = new Sequential(seed: 1, new Linear(4, 6), new BatchNorm1d(6), new Dropout(0.5f), new Linear(6, 3));
        string file = trained.Folder["other.safetensors"];
        ModelFile.Save(file, new Classifier(network, Preprocessing.Fit(data)));
        Mininet.Outcome outcome = Mininet.Run("explain", file, Iris, "--row", "5", "--weight", "0.weight[2,3]");
        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Errors));

        (Tensor x, int label) = ModelFile.Load(file).ReadRow(Iris, 5);
        Graph graph = network.Fork();
        graph.AddLoss(new SoftmaxCrossEntropy());
        var stepper = new BackpropStepper(graph, x, new Targets([label]), phase: Phase.Inference);
        stepper.RunTo("0");
        float expected = stepper.RunTo("0")!.Contributions[0].Added[2, 3];
        Assert.NotEqual(0, expected);
        Assert.StartsWith(
            $"dL/d 0.weight[2,3] = {expected.ToString("G6", CultureInfo.InvariantCulture)}: ", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Explain_WeightWithHtml_IsAUsageError()
    {
        string file = trained.Folder["no.html"];
        Mininet.Outcome outcome = Mininet.Run("explain", trained.Model, Iris, "--weight", "0.weight[0,0]", "--html", file);
        Assert.Equal(
            (2, "--html writes all steps to a page, and --weight prints one gradient as text; use only one of them."),
            (outcome.ExitCode, outcome.Error()));
        Assert.False(File.Exists(file));
    }

    [Theory]
    [InlineData("2.weight", "--weight must be a parameter with an index")]
    [InlineData("3.weight[0,0]", "the parameters are 0.weight [4, 100], 0.bias [100], 2.weight")]
    [InlineData("2.bias[3]", "there is no 2.bias[3]; the shape is [3], and indices start at 0.")]
    public void Explain_InvalidWeight_PrintsOneLine(string weight, string message)
    {
        Mininet.Outcome outcome = Mininet.Run("explain", trained.Model, Iris, "--weight", weight);
        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains(message, outcome.Errors, StringComparison.Ordinal);
        Assert.Single(outcome.Errors.Trim().Split('\n'));
    }

    [Fact]
    public void Explain_Html_WritesThePage()
    {
        string file = trained.Folder["backprop.html"];
        Mininet.Outcome outcome = Mininet.Run("explain", trained.Model, Iris, "--row", "5", "--html", file);
        Assert.Equal((0, file), (outcome.ExitCode, outcome.Output.Trim()));
        string page = File.ReadAllText(file);
        Assert.Contains("iris.csv, row 5: species is setosa", page, StringComparison.Ordinal);
        Assert.Contains(
            "\"columnNames\":[\"sepal_length\",\"sepal_width\",\"petal_length\",\"petal_width\"]", page, StringComparison.Ordinal);
        Assert.Contains("\"rowNames\":[\"setosa\"]", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("151", "there is no row 151; the file has 150.", 1)]
    [InlineData("0", "--row must be a number from 1 to 2147483647, not '0'.", 2)]
    [InlineData("five", "--row must be a number from 1 to 2147483647, not 'five'.", 2)]
    public void Explain_InvalidRow_PrintsOneLine(string row, string message, int exitCode)
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
    public void Graph_OutputExtension_DecidesTheFormat(string name, string start)
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
    public void Graph_EachFormat_PrintsAndWritesTheSame(string format, string start)
    {
        string file = trained.Folder["graph." + format];
        Mininet.Outcome printed = Mininet.Run("graph", trained.Model, "--format", format);
        Mininet.Outcome written = Mininet.Run("graph", trained.Model, "--format", format, "--output", file);
        Assert.Equal((0, 0, ""), (printed.ExitCode, written.ExitCode, printed.Errors));
        Assert.StartsWith(start, printed.Output, StringComparison.Ordinal);
        Assert.Equal(printed.Output, File.ReadAllText(file));
    }
}
