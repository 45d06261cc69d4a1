using MiniNet.ScottPlot;

namespace MiniNet.Tests.ScottPlot;

public class LogTicksTests
{
    [Theory]
    [InlineData(0.0008, 2.1, 12, "0.001 0.002 0.005 0.01 0.02 0.05 0.1 0.2 0.5 1 2")]
    [InlineData(0.1, 1.2, 12, "0.1 0.2 0.5 1")]
    [InlineData(0.46, 0.58, 12, "0.46 0.48 0.5 0.52 0.54 0.56 0.58")]
    [InlineData(0.2, 0.8, 12, "0.2 0.3 0.4 0.5 0.6 0.7 0.8")]
    [InlineData(1e-12, 1e3, 12, "1e-12 1e-10 1e-8 1e-6 0.0001 0.01 1 100")]
    [InlineData(0.0008, 2.1, 5, "0.001 0.01 0.1 1")]
    [InlineData(900_000, 2_100_000, 12, "1e6 1.2e6 1.4e6 1.6e6 1.8e6 2e6")]
    public void For_Range_LabelsRoundNumbers(double low, double high, int most, string labels)
    {
        global::ScottPlot.Tick[] ticks = LogTicks.For(Math.Log10(low), Math.Log10(high) + 1e-12, most);
        string[] actual = [.. ticks.Where(tick => tick.IsMajor).Select(tick => tick.Label)];
        Assert.Equal(labels.Split(' '), actual);
        Assert.All(ticks, tick => Assert.InRange(tick.Position, Math.Log10(low) - 1e-9, Math.Log10(high) + 1e-9));
        Assert.All(
            ticks.Where(tick => tick.IsMajor),
            tick => Assert.Equal(
                double.Parse(tick.Label, System.Globalization.CultureInfo.InvariantCulture),
                Math.Pow(10, tick.Position),
                1e-4 * Math.Pow(10, tick.Position)));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 0)]
    [InlineData(double.NaN, 1)]
    [InlineData(0, double.PositiveInfinity)]
    public void For_NoRange_HasNoTicks(double low, double high) => Assert.Empty(LogTicks.For(low, high, 12));
}
