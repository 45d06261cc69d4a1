// Loss curves as a ScottPlot figure, which you can restyle, combine and save. For a figure without packages see MiniNet.Figures.LossCurves.

using System.Globalization;
using global::ScottPlot;
using global::ScottPlot.Plottables;
using MiniNet.Figures;
using MiniNet.Training;

namespace MiniNet.ScottPlot;

/// <summary>Draws the loss curves of training runs.</summary>
public static class HistoryPlots
{
    private const float Thin = 1.2f, Thick = 2.2f;
    private const double Margin = 0.05;
    private const double FlatMargin = 0.15; // log10 of a factor of 1.4
    private const int MaxLegendEntries = 12, MaxLegendEntriesOverCurves = 4;

    /// <summary>Draws the training loss and the validation loss by epoch, with a ring at the best epoch, whose weights were kept.</summary>
    /// <param name="history">The run, with at least one epoch.</param>
    /// <param name="name">The name of the run, for the title. By default, no name.</param>
    /// <param name="logarithmic">
    /// true for a logarithmic loss axis. The figure then contains log10 of the losses; losses of 0 or less are omitted.
    /// </param>
    /// <param name="lossName">The label of the loss axis. A history does not record which loss it was.</param>
    /// <returns>The figure, not yet rendered.</returns>
    /// <exception cref="ArgumentException">There is nothing to draw.</exception>
    /// <example>
    /// <code>
    /// ScottPlot.Plot plot = trainer.History.ToPlot("iris", logarithmic: true, lossName: "cross-entropy");
    /// plot.SavePng("loss.png", 860, 480);
    /// </code>
    /// </example>
    public static Plot ToPlot(this TrainingHistory history, string name = "", bool logarithmic = false, string lossName = "loss") =>
        ToPlot([(name, history)], logarithmic, lossName);

    /// <summary>Draws the losses of several runs in one chart: validation thick, training thin, a ring at each best epoch.</summary>
    /// <param name="runs">
    /// The name of each run and its epochs; at least one run, each with at least one epoch. The legend names the first twelve.
    /// </param>
    /// <param name="logarithmic">
    /// true for a logarithmic loss axis. The figure then contains log10 of the losses; losses of 0 or less are omitted.
    /// </param>
    /// <param name="lossName">The label of the loss axis. A history does not record which loss it was.</param>
    /// <returns>The figure, not yet rendered.</returns>
    /// <exception cref="ArgumentException">There is nothing to draw.</exception>
    public static Plot ToPlot(
        this IReadOnlyList<(string Name, TrainingHistory History)> runs, bool logarithmic = false, string lossName = "loss")
    {
        if (runs.FirstOrDefault(run => run.History.Epochs.Count == 0) is ({ } empty, _))
        {
            throw new ArgumentException($"The run '{empty}' has no epochs to draw.", nameof(runs));
        }

        double[] heights = [.. runs.SelectMany(run => run.History.Epochs)
            .SelectMany(epoch => new double[] { epoch.TrainingLoss, epoch.ValidationLoss }).Where(loss => !logarithmic || loss > 0)
            .Select(loss => Height(loss, logarithmic))];
        if (heights.Length == 0)
        {
            throw new ArgumentException("There are no losses to draw.", nameof(runs));
        }

        string title = Title(runs);
        Plot plot = Figure.Create(title);
        for (int i = 0; i < runs.Count; i++)
        {
            AddRun(plot, runs, i, logarithmic);
        }

        AddLegend(plot, runs);
        plot.XLabel("epoch");
        plot.YLabel(logarithmic ? $"{lossName} (logarithmic)" : lossName);
        int epochs = runs.Max(run => run.History.Epochs.Count);
        plot.Axes.Bottom.TickGenerator = new global::ScottPlot.TickGenerators.NumericAutomatic { IntegerTicksOnly = true };
        plot.Axes.SetLimitsX(1 - Math.Clamp(epochs * 0.02, 0.2, 0.9), epochs + Math.Max(0.2, epochs * 0.02)); // there is no epoch 0
        SetHeight(plot, heights, logarithmic);
        FigureFonts.Fit(plot, [title, lossName, .. runs.Take(MaxLegendEntries).Select(run => SvgParts.Truncate(run.Name, 48))]);
        return plot;
    }

    private static string Title(IReadOnlyList<(string Name, TrainingHistory History)> runs)
    {
        string names = string.Join(", ", runs.Select(run => run.Name).Where(name => name.Length > 0));
        return names.Length == 0 ? "Loss by epoch"
            : runs.Count == 1 || names.Length <= 48 ? $"Loss by epoch: {SvgParts.Truncate(names, 48)}"
            : $"Loss by epoch: {runs.Count} runs";
    }

    private static void AddRun(Plot plot, IReadOnlyList<(string Name, TrainingHistory History)> runs, int index, bool logarithmic)
    {
        TrainingHistory history = runs[index].History;
        Color training = Figure.Colour(index), validation = runs.Count == 1 ? Figure.Colour(1) : training;
        AddCurve(plot, history, epoch => epoch.TrainingLoss, training, Thin, logarithmic);
        AddCurve(plot, history, epoch => epoch.ValidationLoss, validation, Thick, logarithmic);
        EpochResult best = history.Epochs[history.BestEpoch - 1];
        if (!logarithmic || best.ValidationLoss > 0)
        {
            double height = Height(best.ValidationLoss, logarithmic);
            plot.Add.Marker(best.Epoch, height, MarkerShape.FilledCircle, 8, Colors.White);
            Marker ring = plot.Add.Marker(best.Epoch, height, MarkerShape.OpenCircle, 8, validation);
            ring.MarkerLineWidth = 1.6f;
        }
    }

    private static void AddCurve(
        Plot plot, TrainingHistory history, Func<EpochResult, double> lossOf, Color colour, float width, bool logarithmic)
    {
        Coordinates[] points = [.. history.Epochs.Where(epoch => !logarithmic || lossOf(epoch) > 0)
            .Select(epoch => new Coordinates(epoch.Epoch, Height(lossOf(epoch), logarithmic)))];
        if (points.Length > 0)
        {
            Scatter curve = plot.Add.Scatter(points, colour);
            curve.LineWidth = width;
            curve.MarkerSize = points.Length == 1 ? 5 : 0; // a line with one point is invisible
        }
    }

    private static void AddLegend(Plot plot, IReadOnlyList<(string Name, TrainingHistory History)> runs)
    {
        if (runs.Count == 1)
        {
            plot.Legend.ManualItems.Add(Entry("training", Figure.Colour(0), Thin));
            plot.Legend.ManualItems.Add(Entry(
                string.Create(CultureInfo.InvariantCulture, $"validation, best at epoch {runs[0].History.BestEpoch}"),
                Figure.Colour(1),
                Thick));
        }
        else
        {
            for (int i = 0; i < Math.Min(runs.Count, MaxLegendEntries); i++)
            {
                EpochResult best = runs[i].History.Epochs[runs[i].History.BestEpoch - 1];
                string label = string.Create(
                    CultureInfo.InvariantCulture,
                    $"{SvgParts.Truncate(runs[i].Name, 22)}: best {Figure.Number(best.ValidationLoss)} at epoch {best.Epoch}");
                plot.Legend.ManualItems.Add(Entry(label, Figure.Colour(i), Thick));
            }

            if (runs.Count > MaxLegendEntries)
            {
                plot.Legend.ManualItems.Add(new LegendItem { LabelText = $"and {runs.Count - MaxLegendEntries} more" });
            }

            plot.Legend.ManualItems.Add(Entry("validation", Colors.Gray, Thick));
            plot.Legend.ManualItems.Add(Entry("training", Colors.Gray, Thin));
        }

        Figure.ShowLegend(plot, beside: runs.Count > MaxLegendEntriesOverCurves);
    }

    private static LegendItem Entry(string text, Color colour, float width) =>
        new() { LabelText = text, LineColor = colour, LineWidth = width };

    private static void SetHeight(Plot plot, double[] heights, bool logarithmic)
    {
        double low = heights.Min(), high = heights.Max(), span = high - low;
        if (logarithmic)
        {
            double margin = span > 0 ? span * Margin : FlatMargin;
            plot.Axes.Left.TickGenerator = new LogTicks();
            plot.Axes.SetLimitsY(low - margin, high + margin);
            return;
        }

        (low, high) = (Math.Min(low, 0), Math.Max(high, 0));
        double room = high > low ? (high - low) * Margin : 0.5;
        plot.Axes.SetLimitsY(low < 0 || high == 0 ? low - room : low, high + room);
    }

    private static double Height(double loss, bool logarithmic) => logarithmic ? Math.Log10(loss) : loss;
}
