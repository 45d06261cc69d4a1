using System.Globalization;
using MiniNet.Data;
using MiniNet.Explanations;
using MiniNet.GradientChecking;
using MiniNet.Graphs;
using MiniNet.Layers;
using MiniNet.Losses;
using MiniNet.Models;
using MiniNet.Tensors;
using MiniNet.Tests.Models;

namespace MiniNet.Tests.Explanations;

/// <summary>
/// Compares the sensitivity, from the text of a cell to a probability, with finite differences, closed forms and Predict.
/// </summary>
public sealed class SensitivityTests : IDisposable
{
    private static readonly string[] Kinds = ["chain", "residual", "structured", "dropout", "own loss"];
    private readonly TemporaryFolder folder = new();

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    public static TheoryData<string> All => [.. Kinds];

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Changes_NumbersAndCategories_FollowColumnOrder()
    {
        var sensitivity = new Sensitivity(TinyClassifier.Known());
        Assert.Equal(["a", "colour → blue", "colour → red", "b"], sensitivity.Changes.Select(change => change.ToString()));
        Assert.Equal([2.5, null, null, 1 / 3.0], sensitivity.Changes.Select(change => change.StandardDeviation));
    }

    [Theory]
    [InlineData("10", .5)]
    [InlineData("11.5", 0.8175744761936437)] // σ(1.5)
    [InlineData("7", 0.04742587317756678)] // σ(−3)
    [InlineData("30", 0.99999999793884631)] // σ(20): 1 in float32, but its slope is still accurate
    public void At_LogisticRegression_MatchesClosedForm(string a, double yes)
    {
        SensitivityReport report = new Sensitivity(TinyClassifier.Known()).At(a, "red", "0.5");
        double slope = yes * (1 - yes); // p(yes) = σ(a − 10), so w / σ = 1
        SensitivityEffect ofYes = Find(report, "yes", "a"), ofNo = Find(report, "no", "a");
        Assert.Equal((1, 1L), (report.Rows, ofYes.Rows));
        Assert.Equal(yes, report.Probabilities[1].Probability, 1e-6);
        Near(slope, ofYes.Mean, 2e-6 * slope); // float32 scores of up to 20 give an error of 20u and a little more
        Near(-slope, ofNo.Mean, 2e-6 * slope);
        Near(2.5 * slope, ofYes.MeanPerDeviation, 5e-6 * slope);
        Near(2.5 * slope, ofNo.Strength, 5e-6 * slope);
        Assert.Equal((0, 0), (ofYes.Spread, Find(report, "yes", "b").Mean));
    }

    [Fact]
    public void At_LogisticRegressionWithRandomWeights_MatchesClosedForm()
    {
        var classifier = new Classifier(new Sequential(seed: 3, new Linear(4, 2)), TinyClassifier.Preprocessing());
        Tensor w = ((Linear)classifier.Network["0"].Operation!).Weight.Value;
        foreach ((string a, string b) in ((string, string)[])[("8", "0.25"), ("11", "-0.5"), ("14.5", "0")])
        {
            SensitivityReport report = new Sensitivity(classifier).At(a, "blue", b);
            double yes = classifier.Predict(a, "blue", b).Probabilities[1].Probability;
            Near(yes * (1 - yes) * (w[0, 1] - w[0, 0]) / 2.5, Find(report, "yes", "a").Mean, 1e-6);
            Near(yes * (1 - yes) * (w[3, 1] - w[3, 0]) * 3, Find(report, "yes", "b").Mean, 1e-6);
        }
    }

    // Changes the text of a cell to eleven values and predicts each; the values are dyadic, so they are parsed without error. p is a
    // float32 number after a few dozen operations with an error of at most u each: each value is assumed to have at least 16u of noise, and
    // the residuals add what exceeds it. The tolerance is 12 standard errors. The test also asserts that these are small compared with the
    // slopes, as otherwise the comparison would mean nothing.
    [Theory]
    [MemberData(nameof(All))]
    public void At_NumericColumn_MatchesSlopeOfWholePipeline(string kind)
    {
        Classifier classifier = Make(kind);
        var sensitivity = new Sensitivity(classifier);
        int trusted = 0;
        for (int row = 0; row < 12; row++)
        {
            double a = 6 + (row * 0.75), b = -0.5 + (row * 0.125);
            string colour = row % 3 == 0 ? "red" : "blue";
            SensitivityReport report = sensitivity.At($"{a}", colour, $"{b}");
            double scale = report.Effects.Where(each => each.Change.Category is null).Max(each => each.Strength) + 1e-6;
            foreach (string name in (string[])["no", "yes"])
            {
                double[] alongA = [.. Enumerable.Range(-5, 11).Select(t => P(classifier, name, a + (t / 32.0), colour, b))];
                double[] alongB = [.. Enumerable.Range(-5, 11).Select(t => P(classifier, name, a, colour, b + (t / 256.0)))];
                foreach ((string column, SlopeEstimate slope) in ((string, SlopeEstimate)[])
                [
                    ("a", SlopeEstimate.Fit(alongA, 1 / 32.0, 16 * Samples.U)),
                    ("b", SlopeEstimate.Fit(alongB, 1 / 256.0, 16 * Samples.U)),
                ])
                {
                    SensitivityEffect effect = Find(report, name, column);
                    Near(slope.Value, effect.Mean, SlopeEstimate.ConfidenceFactor * slope.Error);
                    trusted += SlopeEstimate.ConfidenceFactor * slope.Error * effect.Change.StandardDeviation < 0.02 * scale ? 1 : 0;
                }
            }
        }

        Assert.True(trusted >= 24, $"only {trusted} of 48 slopes are known accurately enough");
    }

    [Theory]
    [MemberData(nameof(All))]
    public void EachRow_SumOverClasses_IsZero(string kind)
    {
        Assert.All(new Sensitivity(Make(kind)).EachRow(Rows(100), Now), row => SumsTo0(row));
        Assert.All(new Sensitivity(ThreeClasses()).EachRow(Samples.Tensor(new Shape(100, 4), 5), Now), row => SumsTo0(row));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void At_SwitchedCategory_MatchesPredictionOfSwitchedRow(string kind)
    {
        Classifier classifier = Make(kind);
        var sensitivity = new Sensitivity(classifier);
        for (int row = 0; row < 12; row++)
        {
            double a = 6 + (row * 0.75), b = -0.5 + (row * 0.125);
            (string own, string other) = row % 3 == 0 ? ("red", "blue") : ("blue", "red");
            SensitivityReport report = sensitivity.At($"{a}", own, $"{b}");
            foreach (string name in (string[])["no", "yes"])
            {
                SensitivityEffect effect = Find(report, name, $"colour → {other}");
                Assert.Equal(1, effect.Rows);

                // Two roundings of p, and the error of the float32 exponential.
                Near(P(classifier, name, a, other, b) - P(classifier, name, a, own, b), effect.Mean, 8 * Samples.U);
                Assert.Equal(effect.Mean, effect.MeanPerDeviation);
                Assert.Equal(
                    (0, 0, 0),
                    (
                        Find(report, name, $"colour → {own}").Rows,
                        Find(report, name, $"colour → {own}").Mean,
                        Find(report, name, $"colour → {own}").Strength));
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(99)]
    [InlineData(100)]
    [InlineData(1000)]
    public void Of_AnyBatchSize_IsMeanOverSingleRows(int batchSize)
    {
        string path = folder.Write("rows.csv", TinyClassifier.Csv(100, seed: 2, "b", "note", "colour", "a")); // without the target column
        Classifier classifier = TinyClassifier.Residual();
        (SensitivityReport report, IReadOnlyList<string> ignored) = new Sensitivity(classifier, batchSize).Of(path, cancellation: Now);
        Assert.Equal(["note"], ignored);
        SensitivityReport[] alone =
        [
            .. File.ReadLines(path).Skip(1).Select(line => line.Split(',')).Select(
                cells => new Sensitivity(classifier).At(cells[3], cells[2], cells[0])),
        ];
        Assert.Equal((100, 8), (report.Rows, report.Effects.Count));
        for (int i = 0; i < report.Effects.Count; i++)
        {
            double[] values = [.. alone.Select(each => each.Effects[i]).Where(effect => effect.Rows > 0).Select(effect => effect.Mean)];
            double mean = values.Average();
            SensitivityEffect effect = report.Effects[i];
            Assert.Equal(values.Length, effect.Rows);
            Near(mean, effect.Mean, 1e-6);
            Near(values.Average(Math.Abs), effect.MeanAbsolute, 1e-6);
            Near(Math.Sqrt(values.Average(value => (value - mean) * (value - mean))), effect.Spread, 1e-6);
            Assert.InRange(effect.Spread, 1e-4, 1); // the spread is not trivially 0
        }

        Near(alone.Average(each => each.Probabilities[1].Probability), report.Probabilities[1].Probability, 1e-6);
        Assert.Equal(2, new Sensitivity(classifier, batchSize).AtRow(path, 2).Report.Effects.Count(effect => effect.Rows == 0));
        Assert.Equal(alone[1].Effects, new Sensitivity(classifier).AtRow(path, 2).Report.Effects);
    }

    [Fact]
    public void Sensitivity_AnyCulture_ReadsNumbersTheSame()
    {
        // This build uses invariant globalization, so the culture is created by hand.
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        (culture.NumberFormat.NumberDecimalSeparator, culture.NumberFormat.NumberGroupSeparator) = (",", ".");
        var sensitivity = new Sensitivity(TinyClassifier.Residual());
        IReadOnlyList<SensitivityEffect> expected = sensitivity.At("9.25", "red", "-0.5").Effects;
        string path = folder.Write("rows.csv", "a,colour,b\n9.25,red,-0.5\n");
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = culture;
            Assert.Equal(expected, sensitivity.At("9.25", "red", "-0.5").Effects);
            Assert.Equal(expected, sensitivity.Of(path, cancellation: Now).Report.Effects);
            Assert.Throws<DataFormatException>(() => sensitivity.At("9,25", "red", "-0.5"));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void EachRow_SameRows_AgreesWithOf()
    {
        Tensor x = Rows(300);
        var sensitivity = new Sensitivity(TinyClassifier.Structured());
        IReadOnlyList<double[,]> each = sensitivity.EachRow(x, Now);
        SensitivityReport report = sensitivity.Of(x, cancellation: Now);
        Assert.Equal((300, 300L), (each.Count, report.Rows));
        for (int c = 0; c < 2; c++)
        {
            for (int j = 0; j < 4; j++)
            {
                SensitivityEffect effect = report.Effects[(c * 4) + j];
                Near(each.Sum(row => row[c, j]) / effect.Rows, effect.Mean, 1e-12);
                Assert.Equal(j is 0 or 3 ? 300 : each.Count(row => row[c, j] != 0), effect.Rows);
            }
        }
    }

    [Fact]
    public void Of_Model_IsRestored()
    {
        Classifier classifier = Make("dropout");
        Graph network = classifier.Network;
        network.Forward(Rows(5)); // half of a training step, whose gradients may still be needed
        foreach (Parameter parameter in network.Parameters)
        {
            parameter.Gradient.Span.Fill(0.25f);
        }

        float[][] Numbers() => [.. network.Nodes.Select(node => node.Operation).OfType<Operation>()
            .SelectMany(
                operation => operation.State.Concat(
                    operation.Parameters.SelectMany(parameter => (Tensor[])[parameter.Value, parameter.Gradient])))
            .Append(network.Output.Value).Select(tensor => tensor.Span.ToArray())];
        float[][] before = Numbers();
        IReadOnlyList<ulong> random = network.RandomState;
        SensitivityReport first = new Sensitivity(classifier).Of(Rows(40), cancellation: Now),
            again = new Sensitivity(classifier).Of(Rows(40), cancellation: Now);
        Assert.Equal(first.Effects, again.Effects); // nothing is random
        Assert.Equal(before, Numbers());
        Assert.Equal(random, network.RandomState);
        Assert.False(network.Nodes[0].NeedsGradient);
    }

    [Fact]
    public void UnknownCategory_ThrowsAsText_IsZerosWhenEncoded()
    {
        Classifier classifier = TinyClassifier.Residual();
        var sensitivity = new Sensitivity(classifier);
        Assert.Equal(
            "column 'colour': 'pink' is not a category of the training rows; the categories are blue, red.",
            Assert.Throws<DataFormatException>(() => sensitivity.At("9", "pink", "0")).Message);

        string path = folder.Write("rows.csv", "a,colour,b,answer\n9,pink,0,yes\n8,red,1,no\n");
        SensitivityReport report = sensitivity.Of(
            classifier.Preprocessing.Apply(CsvDataset.Load(path, "answer")).Inputs,
            cancellation: Now);
        Assert.Equal((2, 1), (Find(report, "yes", "colour → blue").Rows, Find(report, "yes", "colour → red").Rows));
        Assert.Equal(
            $"{path}, row 1 (line 2), column 'colour': 'pink' is not a category of the training rows; the categories are blue, red.",
            Assert.Throws<DataFormatException>(() => sensitivity.Of(path, cancellation: Now)).Message);
    }

    [Theory]
    [InlineData("a,colour,b\n", ": there are no rows under the header.")]
    [InlineData("a,colour\n1,red\n", ": there is no input column 'b'. The columns are a, colour.")]
    [InlineData("a,colour,b\n1,red,\n", ", row 1 (line 2), column 'b': the cell is empty; fill it in, or remove the row.")]
    public void Of_InvalidFile_ThrowsNamingThePlace(string text, string message)
    {
        string path = folder.Write("rows.csv", text);
        Assert.Equal(
            path + message,
            Assert.Throws<DataFormatException>(() => new Sensitivity(TinyClassifier.Known()).Of(path, cancellation: Now)).Message);
    }

    [Fact]
    public void AtRow_MissingRow_ThrowsNamingIt()
    {
        string path = folder.Write("rows.csv", "a,colour,b\n1,red,2\n");
        var sensitivity = new Sensitivity(TinyClassifier.Known());
        Assert.Equal(
            $"{path}: there is no row 2; the file has 1.",
            Assert.Throws<DataFormatException>(() => sensitivity.AtRow(path, 2)).Message);
        Assert.Equal("A row needs 3 cells (a, colour, b), not 1.", Assert.Throws<DataFormatException>(() => sensitivity.At("1")).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => sensitivity.AtRow(path, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Sensitivity(TinyClassifier.Known(), 0));
        Assert.Throws<ShapeException>(() => sensitivity.Of(new Tensor(new Shape(2, 3)), cancellation: Now));
    }

    [Fact]
    public void Changes_OnlyCategories_HasSwitches_SingleCategoryThrows()
    {
        var sensitivity = new Sensitivity(
            new Classifier(
                new Sequential(seed: 1, new Linear(3, 2)),
                new([new OneHotEncoder("sex", ["f", "m"]), new OneHotEncoder("port", ["x"])], "y", ["u", "v"])));
        Assert.Equal(["sex → f", "sex → m"], sensitivity.Changes.Select(change => change.ToString()));
        Assert.Equal([1L, 0, 1, 0], sensitivity.At("m", "x").Effects.Select(effect => effect.Rows));

        var e = Assert.Throws<DataFormatException>(
            () => new Sensitivity(
                new Classifier(new Sequential(seed: 1, new Linear(1, 2)), new([new OneHotEncoder("port", ["x"])], "y", ["u", "v"]))));
        Assert.Equal(
            "there is nothing to change: no column of the model is numeric, and each categorical column had a single category in training.",
            e.Message);
    }

    [Fact]
    public void Of_NetworkNotFinite_ThrowsNamingTheRow()
    {
        Classifier classifier = TinyClassifier.Known();
        classifier.Network.Parameters[0].Value[3, 1] = 1e38f; // b is scaled to 0 in the first rows, and overflows float32 in the third
        string path = folder.Write("rows.csv", "a,colour,b\n1,red,-0.001\n2,red,-0.001\n3,red,9\n");
        string message = "row 3: the network's scores or their slopes are NaN or infinite; train the model again.";
        Assert.Equal(
            $"{path}, {message}",
            Assert.Throws<DataFormatException>(() => new Sensitivity(classifier, 2).Of(path, cancellation: Now)).Message);
        Assert.Equal($"{path}, {message}", Assert.Throws<DataFormatException>(() => new Sensitivity(classifier).AtRow(path, 3)).Message);
        Tensor x = Rows(3);
        x[2, 3] = 9;
        (x[0, 3], x[1, 3]) = (0, 0);
        Assert.Equal(message, Assert.Throws<DataFormatException>(() => new Sensitivity(classifier, 2).EachRow(x, Now)).Message);
    }

    [Fact]
    public void Of_ReportsProgress_AndCanBeCancelled()
    {
        var sensitivity = new Sensitivity(TinyClassifier.Known(), 40);
        var progress = new RecordingProgress();
        sensitivity.Of(Rows(100), progress, Now);
        Assert.Equal([40L, 80, 100], progress.All);

        using var cancellation = new CancellationTokenSource();
        progress = new RecordingProgress { Then = cancellation.Cancel };
        Assert.Throws<OperationCanceledException>(() => sensitivity.Of(Rows(100), progress, cancellation.Token));
        Assert.Equal([40L], progress.All);
    }

    /// <summary>Buffers are allocated once; additional rows cost only what reading them costs, and nothing is read here.</summary>
    [Fact]
    public void Of_ManyRows_AllocatesNoMoreThanFewRows()
    {
        var sensitivity = new Sensitivity(TinyClassifier.Chain());
        Tensor few = Rows(256), many = Rows(25_600);
        sensitivity.Of(few, cancellation: Now);
        long Allocated(Tensor x)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            sensitivity.Of(x, cancellation: Now);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Assert.InRange(Allocated(many) - Allocated(few), 0, 99 * 512); // a few hundred bytes for each of the 99 additional batches
    }

    private static Classifier Make(string kind)
    {
        switch (kind)
        {
            case "chain": return TinyClassifier.Chain();
            case "residual": return TinyClassifier.Residual();
            case "structured": return TinyClassifier.Structured();
            case "own loss":
                Classifier own = TinyClassifier.Chain();
                own.Network.AddLoss(new SoftmaxCrossEntropy(labelSmoothing: 0.1f));
                return own;
            default:
                var network = new Sequential(
                    seed: 4,
                    new Linear(4, 8),
                    new BatchNorm1d(8),
                    new Tanh(),
                    new Dropout(0.5f),
                    new Linear(8, 2));
                network.Forward(Rows(50)); // initializes the running statistics
                return new Classifier(network, TinyClassifier.Preprocessing());
        }
    }

    private static Classifier ThreeClasses() => new(
        new Sequential(seed: 6, new Linear(4, 6), new GELU(), new Linear(6, 3)),
        new([.. Enumerable.Range(0, 4).Select(i => new StandardScaler($"x{i}", i, i + 1))], "y", ["u", "v", "w"]));

    private static Tensor Rows(int count)
    {
        Tensor x = Samples.Tensor(new Shape(count, 4), 11);
        for (int row = 0; row < count; row++)
        {
            (x[row, 1], x[row, 2]) = row % 2 == 0 ? (1, 0) : (0, 1);
        }

        return x;
    }

    private static double P(Classifier classifier, string name, double a, string colour, double b) =>
        classifier.Predict($"{a}", colour, $"{b}").Probabilities.Single(p => p.Class == name).Probability;

    private static SensitivityEffect Find(SensitivityReport report, string name, string change) =>
        report.Effects.Single(effect => effect.Class == name && effect.Change.ToString() == change);

    // Each class has its own pass with its own rounding errors: a few dozen u of the terms.
    private static void SumsTo0(double[,] row)
    {
        for (int j = 0; j < row.GetLength(1); j++)
        {
            double sum = 0, absolute = 0;
            for (int c = 0; c < row.GetLength(0); c++)
            {
                sum += row[c, j];
                absolute += Math.Abs(row[c, j]);
            }

            Near(0, sum, (100 * Samples.U * absolute) + 1e-9);
        }
    }

    private static void Near(double expected, double actual, double tolerance) =>
        Assert.True(Math.Abs(expected - actual) <= tolerance, $"{actual} is not {expected} to {tolerance}");

    private sealed class RecordingProgress : IProgress<long>
    {
        public List<long> All { get; } = [];

        public Action? Then { get; init; }

        public void Report(long value)
        {
            All.Add(value);
            Then?.Invoke();
        }
    }
}
