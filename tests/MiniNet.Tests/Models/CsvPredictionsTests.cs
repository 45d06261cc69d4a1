using System.Globalization;
using MiniNet.Data;
using MiniNet.Files;
using MiniNet.Metrics;
using MiniNet.Models;

namespace MiniNet.Tests.Models;

public sealed class CsvPredictionsTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Write_AppendsClassAndProbabilities()
    {
        string path = folder.Write("f.csv", "note,b,a,colour\n\"x, \"\"y\"\"\",0,11.5,red\n,1,10,blue\n");
        (string text, long rows, IReadOnlyList<string> ignored) = Predict(TinyClassifier.Known(), path);
        string[] lines = text.Split('\n');
        Assert.Equal("note,b,a,colour,predicted_answer,probability_no,probability_yes", lines[0]);
        Assert.StartsWith("\"x, \"\"y\"\"\",0,11.5,red,yes,0.18242", lines[1], StringComparison.Ordinal);
        Assert.Equal(",1,10,blue,no,0.5,0.5", lines[2]);
        Assert.Equal(["", 4.ToString(CultureInfo.InvariantCulture)], [lines[3], lines.Length.ToString(CultureInfo.InvariantCulture)]);
        Assert.Equal(2, rows);
        Assert.Equal(["note"], ignored);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(255)]
    [InlineData(256)]
    [InlineData(257)]
    [InlineData(512)]
    [InlineData(700)]
    public void Write_AnyNumberOfRows_AgreesWithPredictAndEvaluate(int count)
    {
        string path = folder.Write("f.csv", TinyClassifier.Csv(count, seed: 5, "answer", "b", "id", "a", "colour"));
        Classifier classifier = TinyClassifier.Residual();
        (string text, long rows, IReadOnlyList<string> ignored) = Predict(classifier, path);
        Assert.Equal(count, rows);
        Assert.Equal(["id"], ignored);

        string[] source = File.ReadAllLines(path), lines = text.TrimEnd('\n').Split('\n');
        Assert.Equal(source.Length, lines.Length);
        var counts = new int[2, 2];
        for (int i = 1; i < lines.Length; i++)
        {
            string[] cells = lines[i].Split(',');
            Assert.Equal(source[i], string.Join(',', cells[..5]));
            Prediction alone = classifier.Predict(cells[3], cells[4], cells[1]);
            Assert.Equal(alone.Class, cells[5]);
            Assert.Equal(alone.Probabilities[0].Probability, float.Parse(cells[6], CultureInfo.InvariantCulture), 1e-5f);
            Assert.Equal(alone.Probabilities[1].Probability, float.Parse(cells[7], CultureInfo.InvariantCulture), 1e-5f);
            counts[cells[0] == "yes" ? 1 : 0, cells[5] == "yes" ? 1 : 0]++;
        }

        ConfusionMatrix judged = classifier.Evaluate(path).Evaluation.Confusion;
        Assert.Equal([counts[0, 0], counts[0, 1], counts[1, 0], counts[1, 1]], [judged[0, 0], judged[0, 1], judged[1, 0], judged[1, 1]]);
    }

    [Theory]
    [InlineData("a,colour,b\n", ": there are no rows under the header.")]
    [InlineData(
        "a,colour,b,predicted_answer\n1,red,2,x\n",
        ": there is already a column 'predicted_answer', which the prediction would add; rename or remove it.")]
    [InlineData(
        "a,colour,probability_yes,b\n1,red,2,x\n",
        ": there is already a column 'probability_yes', which the prediction would add; rename or remove it.")]
    [InlineData("a,colour\n1,red\n", ": there is no input column 'b'. The columns are a, colour.")]
    [InlineData(
        "a,colour,b\n1,red,2\n1,red,x\n",
        ", row 2 (line 3), column 'b': 'x' is not a number, but this column held numbers in training; correct it, or remove the row.")]
    [InlineData("a,colour,b\n1,red,2\n1,red\n", ", row 2 (line 3): the row has 2 cells, but the header has 3.")]
    public void Write_BadFile_ReportsThePlaceAndLeavesNoFile(string text, string message)
    {
        string path = folder.Write("f.csv", text);
        var e = Assert.Throws<DataFormatException>(() => AtomicFile.Write(
            folder["out.csv"],
            stream => CsvPredictions.Write(TinyClassifier.Known(), path, stream, TestContext.Current.CancellationToken)));
        Assert.Equal(path + message, e.Message);
        Assert.Equal(["f.csv"], folder.Names());
    }

    [Fact]
    public void Write_Cancelled_Throws()
    {
        string path = folder.Write("f.csv", TinyClassifier.Csv(10, seed: 5, "a", "b", "colour"));
        Assert.Throws<OperationCanceledException>(
            () => CsvPredictions.Write(TinyClassifier.Known(), path, Stream.Null, new CancellationToken(canceled: true)));
        using var alone = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
    }

    private static (string Text, long Rows, IReadOnlyList<string> Ignored) Predict(Classifier classifier, string path)
    {
        using var stream = new MemoryStream();
        (long rows, IReadOnlyList<string> ignored) = CsvPredictions.Write(classifier, path, stream, TestContext.Current.CancellationToken);
        stream.Position = 0; // throws if the stream was closed
        using var reader = new StreamReader(stream);
        return (reader.ReadToEnd(), rows, ignored);
    }
}
