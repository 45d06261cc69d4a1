// A run's loss curves as a ScottPlot figure, which its owner may restyle, save or show.
// Left out: accuracy, timing and anything interactive; the library's own Plots folder draws without a package.
// Inside this namespace "ScottPlot" means MiniNet.ScottPlot, so the package is always named from global::.

using System.Globalization;
using MiniNet.Training;

namespace MiniNet.ScottPlot;

/// <summary>Draws what a training run recorded.</summary>
public static class HistoryPlots
{
    // A limit on a whole decade would lose that decade's tick to rounding in the tick generator.
    private const double DecadeMargin = 0.05;

    /// <summary>Draws training loss and validation loss against the epoch, and marks the best epoch.</summary>
    /// <remarks>
    /// A loss that is NaN or infinite is left out, and on a logarithmic axis one that is zero or negative too;
    /// a curve with nothing left is not drawn. The caller owns the plot and disposes it.
    /// </remarks>
    /// <param name="history">The run, of at least one epoch.</param>
    /// <param name="logarithmic">Whether the loss axis is logarithmic. The figure then holds log10 of the losses.</param>
    /// <returns>The figure, not yet rendered.</returns>
    /// <exception cref="ArgumentException"><paramref name="history"/> has no epochs.</exception>
    public static global::ScottPlot.Plot ToPlot(this TrainingHistory history, bool logarithmic = false)
    {
        if (history.Epochs.Count == 0)
        {
            throw new ArgumentException("The history has no epochs, so there is nothing to draw.", nameof(history));
        }

        var plot = new global::ScottPlot.Plot();
        List<double> heights = [];
        AddCurve(plot, "training", history.Epochs, static epoch => epoch.TrainingLoss, logarithmic, heights);
        AddCurve(plot, "validation", history.Epochs, static epoch => epoch.ValidationLoss, logarithmic, heights);
        if (history.BestEpoch > 0)
        {
            var best = plot.Add.VerticalLine(history.BestEpoch);
            best.LegendText = string.Create(CultureInfo.InvariantCulture, $"best epoch {history.BestEpoch}");
            best.LinePattern = global::ScottPlot.LinePattern.Dashed;
            best.LineColor = global::ScottPlot.Colors.Gray;
        }

        plot.Title("Loss by epoch");
        plot.XLabel("epoch");
        plot.YLabel("loss (cross-entropy)");
        plot.ShowLegend(global::ScottPlot.Alignment.UpperRight);
        plot.Axes.Bottom.TickGenerator = new global::ScottPlot.TickGenerators.NumericAutomatic { IntegerTicksOnly = true };
        plot.Axes.AutoScaleY();
        plot.Axes.SetLimitsX(history.Epochs[0].Epoch - 0.5, history.Epochs[^1].Epoch + 0.5);
        if (logarithmic)
        {
            UseLogarithmicAxis(plot, heights);
        }

        return plot;
    }

    private static void AddCurve(
        global::ScottPlot.Plot plot, string legend, IReadOnlyList<EpochResult> epochs,
        Func<EpochResult, float> lossOf, bool logarithmic, List<double> heights)
    {
        List<double> xs = [];
        List<double> ys = [];
        foreach (EpochResult epoch in epochs)
        {
            float loss = lossOf(epoch);
            if (!float.IsFinite(loss) || (logarithmic && loss <= 0))
            {
                continue;
            }

            xs.Add(epoch.Epoch);
            ys.Add(logarithmic ? Math.Log10(loss) : loss);
        }

        if (xs.Count == 0)
        {
            return;
        }

        var curve = plot.Add.Scatter(xs.ToArray(), ys.ToArray());
        curve.LegendText = legend;
        curve.LineWidth = 2;
        heights.AddRange(ys);
    }

    // ScottPlot 5's axes are linear: heights are powers of ten already, and the ticks say so.
    private static void UseLogarithmicAxis(global::ScottPlot.Plot plot, List<double> powers)
    {
        plot.Axes.Left.TickGenerator = new global::ScottPlot.TickGenerators.NumericAutomatic
        {
            IntegerTicksOnly = true,
            LabelFormatter = static power => Math.Pow(10, power).ToString("G3", CultureInfo.InvariantCulture),
            MinorTickGenerator = new global::ScottPlot.TickGenerators.LogMinorTickGenerator { Divisions = 10 },
        };
        if (powers.Count == 0)
        {
            return;
        }

        double bottom = Math.Floor(powers.Min());
        double top = Math.Max(Math.Ceiling(powers.Max()), bottom + 1);   // at least one decade, so two labelled ticks
        plot.Axes.SetLimitsY(bottom - DecadeMargin, top + DecadeMargin);
    }
}
