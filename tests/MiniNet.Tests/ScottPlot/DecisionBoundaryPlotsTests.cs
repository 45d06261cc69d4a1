using global::ScottPlot;
using MiniNet.Data;
using MiniNet.Layers;
using MiniNet.Models;
using MiniNet.ScottPlot;

namespace MiniNet.Tests.ScottPlot;

/// <summary>
/// Uses a linear classifier with a known boundary: z(right) − z(left) = x + 100 · z' + 2 · [word is common] − 3, z' the scaled column z.
/// </summary>
public sealed class DecisionBoundaryPlotsTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void ToPlot_OtherColumns_AreFixedAtMeanAndMostFrequent()
    {
        RenderedPlot picture = RenderedPlot.Draw(Known().ToPlot(Rows(), "x", "y"));
        // With z at its mean and the common word, the difference is x − 1.
        foreach (double y in new[] { -1.5, 0.3, 1.5 })
        {
            Assert.True(IsMostly(picture.At(.6, y), Color.FromHex("#0072B2")), "left of the boundary is the first class");
            Assert.True(IsMostly(picture.At(1.4, y), Color.FromHex("#D55E00")), "right of it is the second");
            Assert.True(picture.Darkest(1, y, radius: 2) < picture.Darkest(.6, y) - 60, "the boundary is a dark line");
            Assert.True(picture.Darkest(1, y, radius: 2) < picture.Darkest(1.4, y) - 60, "the boundary is a dark line");
        }
    }

    [Fact]
    public void ToPlot_LowerProbability_IsPaler()
    {
        RenderedPlot picture = RenderedPlot.Draw(Known().ToPlot(Rows(), "x", "y"));
        int[] brightness =
            [.. new[] { -3.5, -1, 0.2, 0.8 }.Select(x => picture.At(x, .3)).Select(colour => colour.R + colour.G + colour.B)];
        Assert.Equal(brightness.Order(), brightness);
        Assert.True(brightness[^1] > brightness[0] + 60);
    }

    [Fact]
    public void ToPlot_Rows_AreMarkedInTheColourOfTheirClass()
    {
        Plot plot = Known().ToPlot(Rows(), "x", "y");
        RenderedPlot picture = RenderedPlot.Draw(plot);
        Assert.True(picture.Has(Color.FromHex("#0072B2"), -4, -2));
        Assert.True(picture.Has(Color.FromHex("#D55E00"), 4, 2));
        Assert.True(picture.Has(Color.FromHex("#0072B2"), 3, -1)); // on the background of the other class: predicted incorrectly
        Assert.Equal(["left (2)", "right (2)"], plot.Legend.GetItems().Select(item => item.LabelText));
        Assert.Equal("side, as predicted at z = 7, word = common", plot.Axes.Title.Label.Text);
        RenderedPlot.AssertEveryTextIsDrawn(plot);
    }

    [Fact]
    public void ToPlot_InvalidColumns_Throws()
    {
        Classifier classifier = Known();
        Assert.StartsWith(
            "'word' is not a numeric column of the classifier. Choose from x, y, z.",
            Refused(() => classifier.ToPlot(Rows(), "x", "word")),
            StringComparison.Ordinal);
        Assert.StartsWith("'no' is not a numeric column", Refused(() => classifier.ToPlot(Rows(), "no", "y")), StringComparison.Ordinal);
        Assert.StartsWith("Both axes show the column 'x'", Refused(() => classifier.ToPlot(Rows(), "x", "x")), StringComparison.Ordinal);
        string other = folder.Write("other.csv", "x,y,z,word,side\n1,2,3,common,left\n2,1,3,common,up\n");
        string message = Assert.Throws<DataFormatException>(() => classifier.ToPlot(CsvDataset.Load(other, "side"), "x", "y")).Message;
        Assert.EndsWith("'up' in the target 'side' is not a class of the classifier.", message, StringComparison.Ordinal);
    }

    private static string Refused(Func<Plot> draw) => Assert.Throws<ArgumentException>(() => draw()).Message;

    // The background is the colour of its class mixed with white, so its channels have the same order.
    private static bool IsMostly(Color ground, Color colour) =>
        Math.Sign(ground.R - ground.B) == Math.Sign(colour.R - colour.B) && Math.Abs(ground.R - ground.B) > 8;

    private CsvDataset Rows() => CsvDataset.Load(
        folder.Write(
            "rows.csv", "y,word,x,z,side\n-2,common,-4,50,left\n-1,rare,3,50,left\n1,common,2,50,right\n2,common,4,50,right\n"),
        "side");

    private static Classifier Known()
    {
        ColumnEncoder[] columns =
        [
            new StandardScaler("x", 0, 1),
            new StandardScaler("y", 0, 1),
            new StandardScaler("z", 7, 1),
            new OneHotEncoder("word", ["rare", "common"]),
        ];
        var network = new Sequential(seed: 1, new Linear(5, 2));
        network.Parameters[0].Value.Span.Clear();
        network.Parameters[1].Value.Span.Clear();
        (int Input, float Weight)[] right = [(0, 1), (2, 100), (4, 2)];
        foreach ((int input, float weight) in right)
        {
            network.Parameters[0].Value[input, 1] = weight;
        }

        network.Parameters[1].Value.Span[1] = -3;
        return new Classifier(network, new Preprocessing(columns, "side", ["left", "right"]));
    }
}
