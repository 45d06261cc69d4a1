using global::ScottPlot;
using MiniNet.ScottPlot;
using MiniNet.Training;

namespace MiniNet.Tests.ScottPlot;

public class HistoryPlotsTests
{
    private static readonly Color Blue = Color.FromHex("#0072B2"), Orange = Color.FromHex("#D55E00"), Green = Color.FromHex("#009E73");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ToPlot_OneRun_DrawsEveryEpochAtItsCoordinates(bool logarithmic)
    {
        TrainingHistory history = Falling(20, 0.1f, 0.4f);
        RenderedPlot picture = RenderedPlot.Draw(history.ToPlot("iris", logarithmic));
        foreach (EpochResult epoch in history.Epochs.SkipLast(1)) // the last is the best, and has a ring
        {
            Assert.True(picture.Has(Blue, epoch.Epoch, Height(epoch.TrainingLoss, logarithmic)), $"training, epoch {epoch.Epoch}");
            Assert.True(picture.Has(Orange, epoch.Epoch, Height(epoch.ValidationLoss, logarithmic)), $"validation, epoch {epoch.Epoch}");
        }
    }

    [Fact]
    public void ToPlot_BestEpoch_HasARing()
    {
        Plot plot = History([1, .5f, .4f, .3f], [1.2f, .6f, .8f, 1]).ToPlot();
        RenderedPlot picture = RenderedPlot.Draw(plot);
        Assert.Equal(Colors.White, picture.At(2, .6));
        Assert.True(picture.Has(Orange, 2, .6, below: 4)); // the curve is above the ring
        Assert.False(picture.Has(Orange, 2, .6, radius: 1)); // elsewhere the curve itself is there
        Assert.True(picture.Has(Orange, 3, .8, radius: 1));
    }

    [Fact]
    public void ToPlot_OneEpoch_ShowsBothLosses()
    {
        RenderedPlot picture = RenderedPlot.Draw(History([.5f], [.8f]).ToPlot());
        Assert.True(picture.Has(Blue, 1, .5));
        Assert.True(picture.Has(Orange, 1, .8, radius: 5));
    }

    [Fact]
    public void ToPlot_SeveralRuns_DrawsEachInItsColourAndNamesIt()
    {
        (string, TrainingHistory)[] runs =
            [("first", Falling(9, .1f, .4f)), ("second", Falling(12, .1f, 1.5f)), ("third", Falling(6, .1f, 2.5f))];
        Plot plot = runs.ToPlot(lossName: "squared error");
        RenderedPlot picture = RenderedPlot.Draw(plot);
        Color[] colours = [Blue, Orange, Green];
        for (int i = 0; i < runs.Length; i++)
        {
            EpochResult epoch = runs[i].Item2.Epochs[3];
            Assert.True(picture.Has(colours[i], epoch.Epoch, epoch.ValidationLoss));
            Assert.True(picture.Has(colours[i], epoch.Epoch, epoch.TrainingLoss));
        }

        Assert.Equal("Loss by epoch: first, second, third", plot.Axes.Title.Label.Text);
        Assert.Equal("squared error", plot.Axes.Left.Label.Text);
        string[] legend = [.. plot.Legend.GetItems().Select(item => item.LabelText)];
        Assert.Equal(
            ["first: best 0.849 at epoch 9", "second: best 0.999 at epoch 12", "third: best 2.35 at epoch 6", "validation", "training"],
            legend);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ToPlot_EveryText_IsDrawn(bool logarithmic)
    {
        RenderedPlot.AssertEveryTextIsDrawn(Falling(20, 0.1f, 0.4f).ToPlot("iris", logarithmic, "cross-entropy"));
        RenderedPlot.AssertEveryTextIsDrawn(new[] { ("a", Falling(20, 0.1f, 0.4f)), ("b", Falling(9, 0.1f, 0.4f)) }.ToPlot(logarithmic));
    }

    // The losses of a Titanic run. With limits at whole decades they would be two flat lines.
    [Fact]
    public void ToPlot_Logarithmic_TakesItsLimitsFromTheLosses()
    {
        AxisLimits limits = History([.577f, .49f, .48f], [.533f, .48f, .4708f]).ToPlot(logarithmic: true).Axes.GetLimits();
        double low = Math.Log10(.4708), high = Math.Log10(.577), room = .05 * (high - low);
        Assert.Equal(low - room, limits.Bottom, 1e-6);
        Assert.Equal(high + room, limits.Top, 1e-6);
    }

    [Fact]
    public void ToPlot_Logarithmic_OmitsLossesOfZeroOrLess()
    {
        Plot plot = History([1, .5f, 0, .25f], [1, .5f, .25f, -1]).ToPlot(logarithmic: true);
        Assert.Equal(
            [3, 3], plot.GetPlottables<global::ScottPlot.Plottables.Scatter>().Select(curve => curve.Data.GetScatterPoints().Count));
        Assert.Empty(plot.GetPlottables<global::ScottPlot.Plottables.Marker>()); // the best loss is one of the omitted ones
    }

    [Fact]
    public void ToPlot_AnyLosses_IsDrawn()
    {
        float[][] all =
        [
            [0, 0, 0],
            [float.MaxValue, 1e38f, 1e30f],
            [3e-40f, 2e-40f, float.Epsilon],
            [float.MaxValue, 1, float.Epsilon],
            [.50001f, .50002f, .50003f],
            [-1, -2, -3],
        ];
        foreach (float[] losses in all)
        {
            foreach (bool logarithmic in new[] { false, true }.Where(logarithmic => !logarithmic || losses.Max() > 0))
            {
                Plot plot = History(losses, losses).ToPlot("odd", logarithmic);
                Assert.True(RenderedPlot.Draw(plot).Count(Orange) > 60, $"{string.Join(", ", losses)}");
                Assert.InRange(plot.Axes.Left.TickGenerator.Ticks.Count(tick => tick.IsMajor), 1, 25);
            }
        }
    }

    [Fact]
    public void ToPlot_LongNamesAndLineBreaks_AreTruncatedToOneLine()
    {
        string name = "two\nlines " + new string('x', 200);
        Plot plot = new[] { (name, Falling(3, .1f, .4f)), ("b", Falling(3, .1f, .4f)) }.ToPlot();
        Assert.Equal("Loss by epoch: 2 runs", plot.Axes.Title.Label.Text);
        Assert.StartsWith("two\uFFFDlines xxxxxxxxxxxx…: best ", plot.Legend.GetItems()[0].LabelText, StringComparison.Ordinal);
    }

    [Fact]
    public void ToPlot_NothingToDraw_Throws()
    {
        Assert.StartsWith(
            "There are no losses to draw.",
            Assert.Throws<ArgumentException>(() => Array.Empty<(string, TrainingHistory)>().ToPlot()).Message,
            StringComparison.Ordinal);
        Assert.StartsWith(
            "There are no losses to draw.",
            Assert.Throws<ArgumentException>(() => History([0], [-1]).ToPlot(logarithmic: true)).Message,
            StringComparison.Ordinal);
        Assert.StartsWith(
            "The run 'a' has no epochs to draw.",
            Assert.Throws<ArgumentException>(() => new TrainingHistory().ToPlot("a")).Message,
            StringComparison.Ordinal);
    }

    private static double Height(double loss, bool logarithmic) => logarithmic ? Math.Log10(loss) : loss;

    private static TrainingHistory History(float[] training, float[] validation)
    {
        var history = new TrainingHistory();
        for (int i = 0; i < training.Length; i++)
        {
            history.Add(new EpochResult(i + 1, training[i], validation[i], .5f, 1));
        }

        return history;
    }

    // Both curves fall, the upper one by a constant above the lower.
    private static TrainingHistory Falling(int epochs, float rate, float above)
    {
        float[] training = [.. Enumerable.Range(0, epochs).Select(i => MathF.Exp(-rate * i) * MathF.Max(1, above))];
        return History(training, [.. training.Select(loss => loss + (above < 1 ? above : above / 3))]);
    }
}
