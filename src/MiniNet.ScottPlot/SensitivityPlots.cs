using global::ScottPlot;
using MiniNet.Explanations;
using MiniNet.Figures;

namespace MiniNet.ScottPlot;

/// <summary>Draws how the probabilities of the classes depend on the columns.</summary>
public static class SensitivityPlots
{
    private const int MaxBars = 40;

    /// <summary>
    /// Draws a horizontal bar for each class and change, with the strongest change on top. A bar shows by how much the probability of the
    /// class changes per standard deviation of a numeric column, or when a category is switched. For several rows it shows the mean, with
    /// an error bar of one standard deviation over the rows on each side.
    /// </summary>
    /// <remarks>These are local slopes of the model, not causal effects. See <see cref="Sensitivity"/>.</remarks>
    /// <param name="report">The effects.</param>
    /// <param name="name">The name of the rows that they were computed for, for the title. By default, no name.</param>
    /// <param name="maxChanges">
    /// The maximum number of changes to draw, at least 1. With many classes fewer are drawn, to limit the figure to about 40 bars.
    /// </param>
    /// <returns>The figure, not yet rendered.</returns>
    /// <exception cref="ArgumentException">The report has no effects.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxChanges"/> is less than 1.</exception>
    public static Plot ToPlot(this SensitivityReport report, string name = "", int maxChanges = 12)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxChanges, 1);
        SensitivityEffect[] effects = [.. report.Effects.Where(effect => effect.Rows > 0)];
        if (effects.Length == 0)
        {
            throw new ArgumentException("The report has no effects to draw.", nameof(report));
        }

        string[] classes = [.. report.Probabilities.Select(each => each.Class)];
        InputChange[] all = [.. effects.Select(effect => effect.Change).Distinct()
            .OrderByDescending(change => effects.Where(effect => effect.Change == change).Max(effect => effect.Strength))];
        InputChange[] changes = [.. all.Take(Math.Min(maxChanges, Math.Max(MaxBars / classes.Length, 1)))];
        string[] labels = [.. changes.Select(change => SvgParts.Truncate(change.ToString(), 32))];
        string left = changes.Length < all.Length ? $", the strongest {changes.Length} of {all.Length}" : "";
        string title = $"Sensitivity{(name.Length > 0 ? $": {SvgParts.Truncate(name, 40)}" : "")}{left}";
        Plot plot = Figure.Create(title);
        for (int c = 0; c < classes.Length; c++)
        {
            SensitivityEffect?[] bars =
                [.. changes.Select(change => effects.FirstOrDefault(effect => effect.Class == classes[c] && effect.Change == change))];
            AddBars(plot, report, classes, c, bars);
        }

        global::ScottPlot.Plottables.VerticalLine zero = plot.Add.VerticalLine(0, 1, Figure.Ink);
        zero.ExcludeFromLegend = true;
        double[] positions = [.. Enumerable.Range(0, changes.Length).Select(i => (double)-i)];
        plot.Axes.Left.TickGenerator =
            new global::ScottPlot.TickGenerators.NumericManual(positions, labels) { MaxTickCount = labels.Length };
        plot.Axes.Left.MajorTickStyle.Color = Colors.Transparent; // invisible, but its length keeps the names away from the axis
        plot.Grid.YAxisStyle.IsVisible = false;
        plot.XLabel(Unit(changes) + (report.Rows > 1 ? ", ± standard deviation over rows" : ""));
        plot.Axes.AutoScale();
        plot.Axes.SetLimitsY(-changes.Length + 0.4, 0.6);
        Figure.ShowLegend(plot, beside: true);
        FigureFonts.Fit(plot, [title, .. labels, .. classes]);
        return plot;
    }

    private static void AddBars(Plot plot, SensitivityReport report, string[] classes, int c, SensitivityEffect?[] effects)
    {
        double thickness = 0.8 / classes.Length;
        List<Bar> bars = [];
        for (int i = 0; i < effects.Length; i++)
        {
            if (effects[i] is { } effect)
            {
                bars.Add(new Bar
                {
                    Orientation = Orientation.Horizontal,
                    Position = -i + 0.4 - ((c + 0.5) * thickness),
                    Value = effect.MeanPerDeviation,
                    Error = report.Rows > 1 ? effect.SpreadPerDeviation : 0,
                    ErrorSize = thickness * 0.4,
                    Size = thickness * 0.9,
                    FillColor = Figure.Colour(c),
                    LineWidth = report.Rows > 1 ? 1 : 0,
                    LineColor = Figure.Ink,
                });
            }
        }

        global::ScottPlot.Plottables.BarPlot group = plot.Add.Bars(bars);
        group.LegendText = $"{SvgParts.Truncate(classes[c], 30)} (p = {Figure.Share(report.Probabilities[c].Probability)})";
    }

    private static string Unit(InputChange[] changes) =>
        changes.All(change => change.Category is null) ? "change of p per standard deviation"
        : changes.All(change => change.Category is not null) ? "change of p when switched"
        : "change of p per standard deviation, or when switched";
}
