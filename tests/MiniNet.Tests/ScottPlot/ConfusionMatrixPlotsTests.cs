using global::ScottPlot;
using MiniNet.Metrics;
using MiniNet.ScottPlot;

namespace MiniNet.Tests.ScottPlot;

public class ConfusionMatrixPlotsTests
{
    [Fact]
    public void ToPlot_Cells_AreDarkerForLargerShares()
    {
        Plot plot = Matrix([[8, 0, 0], [0, 6, 2], [100, 0, 900]]).ToPlot("iris");
        RenderedPlot picture = RenderedPlot.Draw(plot);
        double[,] shares = { { 1, 0, 0 }, { 0, .75, .25 }, { .1, 0, .9 } };
        var seen = new List<(double Share, double Brightness)>();
        for (int truth = 0; truth < 3; truth++)
        {
            for (int predicted = 0; predicted < 3; predicted++)
            {
                Color cell = picture.At(predicted + .35, 2 - truth + .35); // beside the number; the first true class is on top
                seen.Add((shares[truth, predicted], cell.R + cell.G + cell.B));
            }
        }

        Assert.All(seen.Where(cell => cell.Share == 0), cell => Assert.Equal(3 * 255, cell.Brightness));
        double[] others = [.. seen.Where(cell => cell.Share > 0).OrderBy(cell => cell.Share).Select(cell => cell.Brightness)];
        Assert.Equal(others.OrderDescending(), others);
        Assert.Equal(others.Length, others.Distinct().Count());
        Assert.Equal("iris: accuracy 0.900 (914 of 1016)", plot.Axes.Title.Label.Text);
    }

    [Fact]
    public void ToPlot_Counts_AreInTheirCells()
    {
        Plot plot = Matrix([[1, 2], [3, 4]]).ToPlot();
        Assert.Equal(
            ["1 at 0, 1", "2 at 1, 1", "3 at 0, 0", "4 at 1, 0"],
            plot.GetPlottables<global::ScottPlot.Plottables.Text>()
                .Select(text => $"{text.LabelText} at {text.Location.X}, {text.Location.Y}"));
        Assert.Equal(
            ["class 0", "class 1"],
            plot.Axes.Bottom.TickGenerator is global::ScottPlot.TickGenerators.NumericManual ticks ? Labels(plot, ticks) : []);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(10)]
    [InlineData(40)]
    public void ToPlot_EveryText_IsDrawn(int classes) =>
        RenderedPlot.AssertEveryTextIsDrawn(
            Matrix([.. Enumerable.Range(0, classes).Select(t => Enumerable.Range(0, classes).Select(p => t == p ? 9 : 1).ToArray())])
                .ToPlot("a"));

    // Rotated names need height; without it they would be cut off at the bottom of the picture.
    [Fact]
    public void ToPlot_LongNames_HaveEnoughSpace()
    {
        string[] names = [.. Enumerable.Range(0, 10).Select(i => $"a long name, number {i}, of a class")];
        Plot plot = new ConfusionMatrix(names).ToPlot();
        RenderedPlot.Draw(plot, 700, 600);
        float height = 600 - plot.RenderManager.LastRender.DataRect.Bottom, length = "a long name, number ".Length * 6;
        Assert.InRange(height, length * .7, length * 1.6);
    }

    [Fact]
    public void ToPlot_NoClasses_Throws() => Assert.Throws<ArgumentException>(() => new ConfusionMatrix([]).ToPlot());

    private static string[] Labels(Plot plot, global::ScottPlot.TickGenerators.NumericManual ticks)
    {
        RenderedPlot.Draw(plot);
        return [.. ticks.Ticks.Select(tick => tick.Label)];
    }

    private static ConfusionMatrix Matrix(int[][] counts)
    {
        var matrix = new ConfusionMatrix([.. counts.Select((_, c) => $"class {c}")]);
        for (int truth = 0; truth < counts.Length; truth++)
        {
            for (int predicted = 0; predicted < counts.Length; predicted++)
            {
                matrix.Add(truth, predicted, counts[truth][predicted]);
            }
        }

        return matrix;
    }
}
