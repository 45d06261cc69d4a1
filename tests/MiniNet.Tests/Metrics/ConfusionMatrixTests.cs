using MiniNet.Metrics;

namespace MiniNet.Tests.Metrics;

public class ConfusionMatrixTests
{
    // Class 2 occurs but is never predicted. Class 3 is predicted but never occurs. Class 4 does neither.
    private static readonly int[] Truth = [0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2];
    private static readonly int[] Predicted = [0, 0, 0, 1, 3, 1, 1, 0, 1, 0, 1, 3];

    [Fact]
    public void Counts_MatchScikitLearn()
    {
        // confusion_matrix(truth, predicted, labels=[0, 1, 2, 3, 4])
        int[,] expected = { { 3, 1, 0, 1, 0 }, { 1, 3, 0, 0, 0 }, { 1, 1, 0, 1, 0 }, { 0, 0, 0, 0, 0 }, { 0, 0, 0, 0, 0 } };
        ConfusionMatrix matrix = Count(Truth, Predicted, classes: 5);
        for (int truth = 0; truth < 5; truth++)
        {
            for (int predicted = 0; predicted < 5; predicted++)
            {
                Assert.Equal(expected[truth, predicted], matrix[truth, predicted]);
            }
        }

        Assert.Equal(12, matrix.Rows);
    }

    [Fact]
    public void Add_SeveralRows_CountsAll()
    {
        var matrix = new ConfusionMatrix(["a", "b"]);
        matrix.Add(0, 1, 3);
        matrix.Add(0, 1);
        matrix.Add(1, 1, 0);
        Assert.Equal((4, 0, 4), (matrix[0, 1], matrix[1, 1], matrix.Rows));
    }

    [Theory]
    [InlineData(-1, 0, 1)]
    [InlineData(2, 0, 1)]
    [InlineData(0, -1, 1)]
    [InlineData(0, 2, 1)]
    [InlineData(0, 0, -1)]
    public void Add_InvalidArgument_ThrowsAndCountsNothing(int truth, int predicted, int rows)
    {
        var matrix = new ConfusionMatrix(["a", "b"]);
        Assert.Throws<ArgumentOutOfRangeException>(() => matrix.Add(truth, predicted, rows));
        Assert.Equal(0, matrix.Rows);
    }

    [Fact]
    public void Add_TooManyRows_ThrowsAndCountsNothing()
    {
        var matrix = new ConfusionMatrix(["a"]);
        matrix.Add(0, 0, int.MaxValue);
        Assert.Throws<OverflowException>(() => matrix.Add(0, 0));
        Assert.Equal((int.MaxValue, int.MaxValue), (matrix[0, 0], matrix.Rows));
    }

    [Fact]
    public void Scores_WithEmptyClasses_MatchScikitLearn()
    {
        // precision_recall_fscore_support(truth, predicted, labels=[0, 1, 2, 3, 4], zero_division=0)
        ConfusionMatrix matrix = Count(Truth, Predicted, classes: 5);
        AssertScores([.6, .6, 0, 0, 0], matrix.Precision);
        AssertScores([.6, .75, 0, 0, 0], matrix.Recall);
        AssertScores([.6, 0.6666666666666665, 0, 0, 0], matrix.F1);
        AssertScores([5, 4, 3, 0, 0], c => matrix.Support(c));
        Assert.Equal(0.31666666666666665, matrix.MacroF1, 1e-12); // f1_score(truth, predicted, average="macro", zero_division=0)
        Assert.Equal(.5, matrix.Accuracy, 1e-12);
        Assert.Equal(5.0 / 12, matrix.BaselineAccuracy, 1e-12);
    }

    [Fact]
    public void Scores_Of60Rows_MatchScikitLearn()
    {
        const string truth = "230312213011210000030230111303330121222032311300120310233310";
        const string predicted = "130312213310210000000333101331230220323031302030220310213310";
        ConfusionMatrix matrix = Count([.. truth.Select(c => c - '0')], [.. predicted.Select(c => c - '0')], classes: 4);
        AssertScores([0.6842105263157895, 0.6666666666666666, 0.6363636363636364, 0.6111111111111112], matrix.Precision);
        AssertScores([0.7647058823529411, 0.5333333333333333, 0.5833333333333334, 0.6875], matrix.Recall);
        AssertScores([0.7222222222222222, 0.5925925925925926, 0.6086956521739131, 0.6470588235294118], matrix.F1);
        AssertScores([17, 15, 12, 16], c => matrix.Support(c));
        Assert.Equal(0.6426423226295349, matrix.MacroF1, 1e-12);
        Assert.Equal(.65, matrix.Accuracy, 1e-12);
        Assert.Equal(0.2833333333333333, matrix.BaselineAccuracy, 1e-12);
    }

    [Fact]
    public void Scores_WithoutRows_AreZero()
    {
        var matrix = new ConfusionMatrix(["a", "b"]);
        Assert.Equal(
            [0, 0, 0, 0, 0, 0],
            [matrix.Accuracy, matrix.BaselineAccuracy, matrix.MacroF1, matrix.Precision(0), matrix.Recall(0), matrix.F1(0)]);
        Assert.Equal((0, 0), (matrix.Rows, matrix.Support(1)));
    }

    [Fact]
    public void Scores_WithoutClasses_AreZero()
    {
        var matrix = new ConfusionMatrix([]);
        Assert.Equal([0, 0, 0], [matrix.Accuracy, matrix.BaselineAccuracy, matrix.MacroF1]);
        Assert.Equal(0, matrix.Rows);
    }

    private static void AssertScores(double[] expected, Func<int, double> score)
    {
        for (int c = 0; c < expected.Length; c++)
        {
            Assert.Equal(expected[c], score(c), 1e-12);
        }
    }

    private static ConfusionMatrix Count(int[] truth, int[] predicted, int classes)
    {
        var matrix = new ConfusionMatrix([.. Enumerable.Range(0, classes).Select(c => $"c{c}")]);
        for (int row = 0; row < truth.Length; row++)
        {
            matrix.Add(truth[row], predicted[row]);
        }

        return matrix;
    }
}
