using System.Globalization;
using global::ScottPlot;
using global::ScottPlot.Plottables;
using MiniNet.Figures;
using MiniNet.Metrics;

namespace MiniNet.ScottPlot;

/// <summary>Draws confusion matrices.</summary>
public static class ConfusionMatrixPlots
{
    private const int MaxNameLength = 20, MaxClassesWithCounts = 30;

    private static readonly Color Line = Color.FromHex("#CCCCCC");

    /// <summary>
    /// Draws the counts, with true classes from top to bottom and predicted classes from left to right. The colour of a cell is its share
    /// of the rows of the true class, so that rare classes are as visible as frequent ones.
    /// </summary>
    /// <remarks>Names longer than 20 characters are truncated. With more than 30 classes the counts are omitted.</remarks>
    /// <param name="matrix">The confusion matrix.</param>
    /// <param name="name">The name of what was evaluated, for the title. By default, no name.</param>
    /// <returns>The figure, not yet rendered.</returns>
    /// <exception cref="ArgumentException">There are no classes.</exception>
    public static Plot ToPlot(this ConfusionMatrix matrix, string name = "")
    {
        int classes = matrix.Classes.Count;
        if (classes == 0)
        {
            throw new ArgumentException("The confusion matrix has no classes to draw.", nameof(matrix));
        }

        int right = Enumerable.Range(0, classes).Sum(c => matrix[c, c]);
        string title = string.Create(
            CultureInfo.InvariantCulture,
            $"{(name.Length > 0 ? $"{SvgParts.Truncate(name, 48)}: " : "")}"
            + $"accuracy {Figure.Share(matrix.Accuracy)} ({right} of {matrix.Rows})");
        Plot plot = Figure.Create(title);
        Heatmap cells = plot.Add.Heatmap(Shares(matrix));
        cells.Colormap = new global::ScottPlot.Colormaps.CustomInterpolated(
            [Colors.White, Color.FromHex("#9ECAE9"), Color.FromHex("#0072B2"), Color.FromHex("#08306B")]);
        cells.ManualRange = new global::ScottPlot.Range(0, 1);
        cells.CellAlignment = Alignment.MiddleCenter;
        if (classes <= MaxClassesWithCounts)
        {
            AddLines(plot, classes);
            AddCounts(plot, matrix);
        }

        AddNames(plot, matrix);

        global::ScottPlot.Panels.ColorBar bar = plot.Add.ColorBar(cells);
        bar.Label = "share of the true class";
        (bar.LabelStyle.FontSize, bar.LabelStyle.Bold, bar.LabelStyle.ForeColor) = (13, false, Figure.Ink);
        bar.Axis.TickLabelStyle.ForeColor = Figure.Ink;
        bar.Axis.TickGenerator = new global::ScottPlot.TickGenerators.NumericManual(
            [0, 0.25, 0.5, 0.75, 1], ["0", "0.25", "0.5", "0.75", "1"]);
        bar.Width = 18;

        plot.HideGrid();
        plot.Axes.SetLimits(-0.5, classes - 0.5, -0.5, classes - 0.5);
        FigureFonts.Fit(plot, [title, .. matrix.Classes]);
        return plot;
    }

    private static double[,] Shares(ConfusionMatrix matrix)
    {
        int classes = matrix.Classes.Count;
        var shares = new double[classes, classes];
        for (int truth = 0; truth < classes; truth++)
        {
            int rows = matrix.Support(truth);
            for (int predicted = 0; predicted < classes; predicted++)
            {
                shares[truth, predicted] = rows == 0 ? 0 : (double)matrix[truth, predicted] / rows;
            }
        }

        return shares;
    }

    private static void AddLines(Plot plot, int classes)
    {
        for (int i = 1; i < classes; i++)
        {
            plot.Add.VerticalLine(i - 0.5, 0.5f, Line);
            plot.Add.HorizontalLine(i - 0.5, 0.5f, Line);
        }
    }

    private static void AddCounts(Plot plot, ConfusionMatrix matrix)
    {
        int classes = matrix.Classes.Count;
        for (int cell = 0; cell < classes * classes; cell++)
        {
            (int truth, int predicted) = (cell / classes, cell % classes);
            int rows = matrix[truth, predicted];
            Text count = plot.Add.Text(rows.ToString(CultureInfo.InvariantCulture), predicted, classes - 1 - truth);
            count.LabelAlignment = Alignment.MiddleCenter;
            count.LabelFontSize = classes <= 5 ? 18 : classes <= 12 ? 13 : 9;
            count.LabelFontColor = rows == 0 ? Colors.Gray
                : rows > 0.5 * matrix.Support(truth) ? Colors.White // the cell is dark
                : Figure.Ink;
        }
    }

    private static void AddNames(Plot plot, ConfusionMatrix matrix)
    {
        int classes = matrix.Classes.Count;
        string[] names = [.. matrix.Classes.Select(name => SvgParts.Truncate(name, MaxNameLength))];
        double[] positions = [.. Enumerable.Range(0, classes).Select(c => (double)c)];
        IAxis bottom = plot.Axes.Bottom, left = plot.Axes.Left;
        bottom.TickGenerator = new global::ScottPlot.TickGenerators.NumericManual(positions, names) { MaxTickCount = classes };
        left.TickGenerator = new global::ScottPlot.TickGenerators.NumericManual([.. positions.Reverse()], names) { MaxTickCount = classes };
        plot.XLabel("predicted class");
        plot.YLabel("true class");
        foreach (IAxis axis in new[] { bottom, left })
        {
            axis.TickLabelStyle.FontSize = classes <= 20 ? 12 : 9;
            axis.MajorTickStyle.Color = Colors.Transparent; // invisible, but its length keeps the names away from the axis
        }

        // Rotate the names if they might not fit side by side. ScottPlot does not reserve the height for that.
        using Paint paint = Paint.NewDisposablePaint();
        float width = names.Max(name => bottom.TickLabelStyle.Measure(name, paint).Width);
        if (width * classes > 420)
        {
            bottom.TickLabelStyle.Rotation = -45;
            bottom.TickLabelStyle.Alignment = Alignment.UpperRight;
            bottom.MinimumSize = (width * 0.71f) + 45;
        }
    }
}
