using MiniNet.ScottPlot;
using MiniNet.Training;

namespace MiniNet.Tests.ScottPlot;

/// <summary>Runs only with -p:ScottPlot=true, where the package is there.</summary>
public class HistoryPlotsTests
{
    [Theory]
    [InlineData(1, false)]
    [InlineData(1, true)]
    [InlineData(40, false)]
    [InlineData(40, true)]
    public void ToPlot_RendersAPicture(int epochs, bool logarithmic)
    {
        var history = new TrainingHistory();
        for (int epoch = 1; epoch <= epochs; epoch++)
        {
            history.Add(new EpochResult(epoch, 1f / epoch, 1.2f / epoch, 0.9f, 0.1));
        }

        global::ScottPlot.Plot plot = history.ToPlot(logarithmic);
        string svg = plot.GetSvgXml(600, 400);
        Assert.Contains("<svg", svg, StringComparison.Ordinal);
    }

    [Fact]
    public void ToPlot_NoEpochs_IsRefused() => Assert.Throws<ArgumentException>(() => new TrainingHistory().ToPlot());
}
