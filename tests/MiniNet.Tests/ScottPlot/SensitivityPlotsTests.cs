using global::ScottPlot;
using MiniNet.Explanations;
using MiniNet.ScottPlot;

namespace MiniNet.Tests.ScottPlot;

public class SensitivityPlotsTests
{
    private static readonly InputChange Weak = new("weak", null, 2), Strong = new("strong", "yes", null);

    [Fact]
    public void ToPlot_Bars_ReachFromZeroToTheMeanPerDeviation()
    {
        Plot plot = Report(rows: 1).ToPlot("one row");
        RenderedPlot picture = RenderedPlot.Draw(plot);
        (Color Colour, double Value, double Y)[] bars =
        [
            // The strongest change is on top, each class below the one before.
            (Color.FromHex("#0072B2"), .5, .2), (Color.FromHex("#D55E00"), -.5, -.2),
            (Color.FromHex("#0072B2"), .1 * 2, -.8), (Color.FromHex("#D55E00"), -.1 * 2, -1.2),
        ];
        foreach ((Color colour, double value, double y) in bars)
        {
            Assert.True(picture.Has(colour, value * .5, y, radius: 0));
            Assert.True(picture.Has(colour, value * .97, y, radius: 0));
            Assert.False(picture.Has(colour, value * 1.05, y, radius: 0));
            Assert.False(picture.Has(colour, -value * .5, y, radius: 0));
        }

        Assert.Equal("Sensitivity: one row", plot.Axes.Title.Label.Text);
        Assert.Equal("change of p per standard deviation, or when switched", plot.Axes.Bottom.Label.Text);
        Assert.Equal(["strong → yes", "weak"], plot.Axes.Left.TickGenerator.Ticks.Select(tick => tick.Label));
        RenderedPlot.AssertEveryTextIsDrawn(plot);
    }

    [Fact]
    public void ToPlot_SeveralRows_ShowsTheSpread()
    {
        RenderedPlot one = RenderedPlot.Draw(Report(rows: 1).ToPlot()), several = RenderedPlot.Draw(Report(rows: 9).ToPlot());
        Assert.InRange(several.Darkest(.56, .2), 0, 180); // mean 0.5, spread 0.1: a thin line on white
        Assert.InRange(several.Darkest(.64, .2), 200, 255);
        Assert.InRange(one.Darkest(.52, .2), 200, 255);
    }

    [Fact]
    public void ToPlot_MaxChanges_LimitsTheChanges()
    {
        Plot plot = Report(rows: 1).ToPlot(maxChanges: 1);
        Assert.Equal("Sensitivity, the strongest 1 of 2", plot.Axes.Title.Label.Text);
        Assert.Equal(
            [.5, -.5], plot.GetPlottables<global::ScottPlot.Plottables.BarPlot>().SelectMany(group => group.Bars).Select(bar => bar.Value));
    }

    [Fact]
    public void ToPlot_NoEffects_Throws()
    {
        Assert.Throws<ArgumentException>(() => new SensitivityReport(1, [("a", 1)], []).ToPlot());
        Assert.Throws<ArgumentOutOfRangeException>(() => Report(rows: 1).ToPlot(maxChanges: 0));
    }

    private static SensitivityReport Report(int rows) => new(
        rows,
        [("no", .4), ("yes", .6)],
        [
            new SensitivityEffect("no", Weak, rows, .1, .1, .02), new SensitivityEffect("no", Strong, rows, .5, .5, .1),
            new SensitivityEffect("yes", Weak, rows, -.1, .1, .02), new SensitivityEffect("yes", Strong, rows, -.5, .5, .1),
        ]);
}
