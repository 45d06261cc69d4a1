using MiniNet.Data;
using MiniNet.Graphs;
using MiniNet.Layers;
using MiniNet.Metrics;
using MiniNet.Models;
using MiniNet.Tensors;

namespace MiniNet.Tests.Models;

public sealed class ClassifierTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Constructor_WrongNumberOfInputs_Throws()
    {
        var e = Assert.Throws<ShapeException>(() => new Classifier(new Sequential(1, new Linear(3, 2)), TinyClassifier.Preprocessing()));
        Assert.Equal("The network takes [n, 3], but the preprocessing has 4 inputs", e.Message);
    }

    [Fact]
    public void Constructor_WrongNumberOfClasses_Throws()
    {
        var e = Assert.Throws<ShapeException>(() => new Classifier(new Sequential(1, new Linear(4, 3)), TinyClassifier.Preprocessing()));
        Assert.Equal("The network gives [n, 3], but the preprocessing has 2 classes", e.Message);
    }

    [Fact]
    public void Constructor_FixedNumberOfRows_Throws()
    {
        var e = Assert.Throws<ShapeException>(
            () => new Classifier(new Sequential(1, new Shape(8, 4), new Linear(4, 2)), TinyClassifier.Preprocessing()));
        Assert.Equal("The network takes [8, 4], but the preprocessing has 4 inputs and any number of rows: [n, 4]", e.Message);
    }

    [Fact]
    public void Constructor_TwoInputs_Throws()
    {
        var graph = new Graph();
        graph.Add("sum", new Add(), graph.Add("f", new Linear(4, 2), graph.Input("x", Shape.Batch(4))), graph.Input("z", Shape.Batch(2)));
        var e = Assert.Throws<ShapeException>(() => new Classifier(graph, TinyClassifier.Preprocessing()));
        Assert.Equal("The network has 2 inputs, x and z; a classifier needs exactly one, for the columns of the preprocessing", e.Message);
    }

    [Theory]
    [InlineData("10", "no", .5)]
    [InlineData("11.5", "yes", 0.8175744761936437)] // σ(1.5)
    [InlineData("7", "no", 0.04742587317756678)] // σ(−3)
    [InlineData(" 1.15e1 ", "yes", 0.8175744761936437)]
    public void Predict_KnownWeights_MatchesTheLogisticFunction(string a, string expected, double yes)
    {
        Prediction prediction = TinyClassifier.Known().Predict(a, "red", "0.5");
        Assert.Equal(expected, prediction.Class);
        Assert.Equal(["no", "yes"], prediction.Probabilities.Select(p => p.Class), StringComparer.Ordinal);
        Assert.Equal(1 - yes, prediction.Probabilities[0].Probability, 1e-6);
        Assert.Equal(yes, prediction.Probabilities[1].Probability, 1e-6);
    }

    [Fact]
    public void Predict_ByName_EqualsByOrder_AndAddsUpTo1()
    {
        Classifier classifier = TinyClassifier.Residual();
        var random = new RandomStream(1, "rows");
        for (int i = 0; i < 50; i++)
        {
            string a = $"{random.NextNormal() * 10}", b = $"{random.NextNormal()}", colour = i % 2 == 0 ? "red" : "blue";
            Prediction byOrder = classifier.Predict(a, colour, b);
            Prediction byName = classifier.Predict(
                new Dictionary<string, string>(StringComparer.Ordinal) { ["b"] = b, ["other"] = "", ["colour"] = colour, ["a"] = a });
            Assert.Equal(byOrder.Probabilities, byName.Probabilities);
            Assert.Equal(byOrder.Class, byName.Class);
            Assert.Equal(1, byOrder.Probabilities.Sum(p => (double)p.Probability), 1e-6);
            Assert.Equal(byOrder.Class, byOrder.Probabilities.MaxBy(p => p.Probability).Class);
        }
    }

    [Fact]
    public void PredictProbabilities_OfATable_EqualsPredictOfEachRow()
    {
        Classifier classifier = TinyClassifier.Chain();
        string path = folder.Write("f.csv", TinyClassifier.Csv(30, seed: 3, "b", "answer", "a", "colour"));
        Tensor probabilities = classifier.PredictProbabilities(CsvDataset.Load(path, "answer"));
        string[][] rows = [.. File.ReadLines(path).Skip(1).Select(line => line.Split(','))];
        Assert.Equal(new Shape(30, 2), probabilities.Shape);
        for (int i = 0; i < rows.Length; i++)
        {
            Prediction prediction = classifier.Predict(rows[i][2], rows[i][3], rows[i][0]);
            Assert.Equal(prediction.Probabilities[0].Probability, probabilities[i, 0], 1e-6f);
            Assert.Equal(prediction.Probabilities[1].Probability, probabilities[i, 1], 1e-6f);
        }
    }

    [Fact]
    public void Predict_NetworkThatEndsWithSoftmax_AppliesItOnce()
    {
        Classifier scores = TinyClassifier.Chain();
        var layers = new List<Layer>(scores.Network.Nodes.Select(node => node.Operation).OfType<Layer>()) { new Softmax() };
        var probabilities = new Classifier(new Sequential(seed: 7, layers), TinyClassifier.Preprocessing());
        foreach ((Parameter from, Parameter to) in scores.Network.Parameters.Zip(probabilities.Network.Parameters))
        {
            to.Value.CopyFrom(from.Value);
        }

        Assert.Equal(scores.Predict("11", "red", "0").Probabilities, probabilities.Predict("11", "red", "0").Probabilities);
    }

    [Fact]
    public void ToString_ContainsEveryProbability() =>
        Assert.Equal("yes (no 0.182, yes 0.818)", TinyClassifier.Known().Predict("11.5", "red", "0").ToString());

    [Fact]
    public void Predict_WrongNumberOfCells_ListsTheColumns()
    {
        var e = Assert.Throws<DataFormatException>(() => TinyClassifier.Known().Predict("1", "red"));
        Assert.Equal("A row needs 3 cells (a, colour, b), not 2.", e.Message);
    }

    [Theory]
    [InlineData("", "red", "column 'a': the cell is empty.")]
    [InlineData("x", "red", "column 'a': 'x' is not a number, but this column held numbers in training; correct it, or remove the row.")]
    [InlineData("1", "pink", "column 'colour': 'pink' is not a category of the training rows; the categories are blue, red.")]
    public void Predict_BadCell_ReportsTheColumn(string a, string colour, string message)
    {
        var e = Assert.Throws<DataFormatException>(() => TinyClassifier.Known().Predict(a, colour, "0"));
        Assert.Equal(message, e.Message);
    }

    [Fact]
    public void Predict_MissingColumn_ReportsIt()
    {
        var e = Assert.Throws<DataFormatException>(
            () => TinyClassifier.Known().Predict(new Dictionary<string, string>(StringComparer.Ordinal) { ["a"] = "1" }));
        Assert.Equal("The row has no column 'colour'.", e.Message);
    }

    [Fact]
    public void Evaluate_ShuffledColumns_AgreesWithPredict()
    {
        string path = folder.Write("f.csv", TinyClassifier.Csv(600, seed: 3, "extra", "answer", "b", "a", "colour"));
        Classifier classifier = TinyClassifier.Chain();
        (Evaluation evaluation, IReadOnlyList<string> ignored) = classifier.Evaluate(path);
        Assert.Equal(["extra"], ignored);

        var counts = new int[2, 2];
        double loss = 0;
        foreach (string[] cells in File.ReadLines(path).Skip(1).Select(line => line.Split(',')))
        {
            Prediction prediction = classifier.Predict(cells[3], cells[4], cells[2]);
            int truth = cells[1] == "yes" ? 1 : 0;
            counts[truth, prediction.Class == "yes" ? 1 : 0]++;
            loss -= Math.Log(prediction.Probabilities[truth].Probability) / 600;
        }

        Assert.Equal([counts[0, 0], counts[0, 1], counts[1, 0], counts[1, 1]],
            [evaluation.Confusion[0, 0], evaluation.Confusion[0, 1], evaluation.Confusion[1, 0], evaluation.Confusion[1, 1]]);
        Assert.Equal(loss, evaluation.Loss, 1e-4);
    }

    [Theory]
    [InlineData("a,colour,b,answer\n", ": there are no rows under the header.")]
    [InlineData("a,colour,b\n1,red,2\n", ": there is no target column 'answer'. The columns are a, colour, b.")]
    [InlineData(
        "a,colour,b,answer\n1,red,2,maybe\n",
        ", row 1 (line 2), column 'answer': 'maybe' is not a class of the model; the classes are no, yes.")]
    public void Evaluate_BadFile_ReportsThePlace(string text, string message)
    {
        string path = folder.Write("f.csv", text);
        var e = Assert.Throws<DataFormatException>(() => TinyClassifier.Known().Evaluate(path));
        Assert.Equal(path + message, e.Message);
    }
}
