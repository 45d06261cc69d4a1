using System.Globalization;
using global::ScottPlot;
using global::ScottPlot.Plottables;
using MiniNet.Data;
using MiniNet.Figures;
using MiniNet.Metrics;
using MiniNet.Models;
using MiniNet.Tensors;
using SkiaSharp;

namespace MiniNet.ScottPlot;

/// <summary>Draws the decision regions of a classifier.</summary>
public static class DecisionBoundaryPlots
{
    private const int GridWidth = 480, GridHeight = 360;
    private const double Margin = 0.08;

    /// <summary>Draws the predicted class over two numeric columns, and the rows of a table with their true classes.</summary>
    /// <remarks>
    /// A paler background means a less probable class; dark lines are the boundaries. If the classifier has more than these two columns,
    /// the background shows one slice: the other numeric columns are fixed at their mean over the training rows, and categorical columns
    /// at the most frequent category of <paramref name="data"/>. The title names these values. The rows keep their own values, so the
    /// prediction for a row may differ from the background at its point.
    /// </remarks>
    /// <param name="classifier">The classifier.</param>
    /// <param name="data">The rows to draw. The figure covers their range.</param>
    /// <param name="x">The column along the horizontal axis.</param>
    /// <param name="y">The column along the vertical axis.</param>
    /// <returns>The figure, not yet rendered.</returns>
    /// <exception cref="ArgumentException">A column is not a numeric column of the classifier, or both are the same one.</exception>
    /// <exception cref="DataFormatException">
    /// The table lacks a column of the classifier, or has a class that the classifier does not know.
    /// </exception>
    /// <example>
    /// <code>
    /// run.Classifier.ToPlot(run.Split.Test, "petal_length", "petal_width").SavePng("boundary.png", 860, 640);
    /// </code>
    /// </example>
    public static Plot ToPlot(this Classifier classifier, CsvDataset data, string x, string y)
    {
        Preprocessing preprocessing = classifier.Preprocessing;
        if (x == y)
        {
            throw new ArgumentException($"Both axes show the column '{x}'; choose two columns.", nameof(y));
        }

        (StandardScaler scaler, int offset) acrossColumn = Find(preprocessing, x, nameof(x)),
            downColumn = Find(preprocessing, y, nameof(y));
        float[] xs = Values(data, x), ys = Values(data, y);
        CoordinateRect area = Area(xs, ys);
        string[] classes = [.. preprocessing.Classes.Select(name => SvgParts.Truncate(name, 30))];
        (float[] held, string others) = Hold(preprocessing, data, x, y);
        string title = $"{SvgParts.Truncate(preprocessing.Target, 30)}, as predicted"
            + $"{(others.Length == 0 ? "" : $" at {SvgParts.Truncate(others, 60)}")}";

        Plot plot = Figure.Create(title);
        plot.Add.ImageRect(Ground(classifier, held, acrossColumn, downColumn, area), area);
        AddRows(plot, data, preprocessing, xs, ys);
        plot.XLabel(SvgParts.Truncate(x, 48));
        plot.YLabel(SvgParts.Truncate(y, 48));
        plot.HideGrid();
        plot.Axes.SetLimits(area.Left, area.Right, area.Bottom, area.Top);
        Figure.ShowLegend(plot, beside: true);
        FigureFonts.Fit(plot, [title, x, y, .. classes]);
        return plot;
    }

    private static (StandardScaler Scaler, int Offset) Find(Preprocessing preprocessing, string name, string parameter)
    {
        int offset = 0;
        foreach (ColumnEncoder column in preprocessing.Columns)
        {
            if (column.Name == name && column is StandardScaler scaler)
            {
                return (scaler, offset);
            }

            offset += column.Width;
        }

        string[] numbers = [.. preprocessing.Columns.OfType<StandardScaler>().Select(column => column.Name)];
        throw new ArgumentException(
            $"'{name}' is not a numeric column of the classifier. " +
            (numbers.Length == 0 ? "It has none." : $"Choose from {string.Join(", ", numbers)}."),
            parameter);
    }

    private static float[] Values(CsvDataset data, string name) =>
        data.Columns.FirstOrDefault(column => column.Name == name) is NumericColumn column
            ? [.. data.Rows.ToArray().Select(row => column.Values[row])]
            : throw new DataFormatException($"{data.Path}: there is no numeric column '{name}'.");

    private static CoordinateRect Area(float[] xs, float[] ys)
    {
        (double left, double right) = Widened(xs);
        (double bottom, double top) = Widened(ys);
        return new CoordinateRect(left, right, bottom, top);

        static (double, double) Widened(float[] values)
        {
            double low = values.Min(), high = values.Max();
            double margin = high > low ? (high - low) * Margin : Math.Max(Math.Abs(low) * 0.1, 0.5);
            return (low - margin, high + margin);
        }
    }

    /// <summary>
    /// Draws the background, one prediction per pixel. Each pixel has the colour of its class, paler for a less probable class, and dark
    /// where a neighbour has another class.
    /// </summary>
    private static Image Ground(
        Classifier classifier,
        float[] held,
        (StandardScaler Scaler, int Offset) across,
        (StandardScaler Scaler, int Offset) down,
        CoordinateRect area)
    {
        var winners = new int[GridHeight, GridWidth];
        var certainties = new float[GridHeight, GridWidth];
        var inputs = new Tensor(new Shape(GridWidth, classifier.Preprocessing.Inputs), "x");
        for (int line = 0; line < GridHeight; line++)
        {
            double y = area.Top - ((line + 0.5) / GridHeight * (area.Top - area.Bottom));
            for (int i = 0; i < GridWidth; i++)
            {
                double x = area.Left + ((i + 0.5) / GridWidth * (area.Right - area.Left));
                Span<float> row = inputs.Row(i);
                held.CopyTo(row);
                row[across.Offset] = (float)((x - across.Scaler.Mean) / across.Scaler.StandardDeviation);
                row[down.Offset] = (float)((y - down.Scaler.Mean) / down.Scaler.StandardDeviation);
            }

            Tensor p = classifier.Network.PredictProbabilities(inputs);
            for (int i = 0; i < GridWidth; i++)
            {
                ReadOnlySpan<float> probabilities = p.Row(i);
                int winner = Evaluation.ArgMax(probabilities);
                (winners[line, i], certainties[line, i]) = (winner, probabilities[winner]);
            }
        }

        using var bitmap = new SKBitmap(GridWidth, GridHeight);
        for (int line = 0; line < GridHeight; line++)
        {
            for (int i = 0; i < GridWidth; i++)
            {
                int winner = winners[line, i];
                bool boundary = winners[line, Math.Min(i + 1, GridWidth - 1)] != winner
                    || winners[Math.Min(line + 1, GridHeight - 1), i] != winner;
                double share = 0.08 + (0.32 * Strength(certainties[line, i], classifier.Preprocessing.Classes.Count));
                bitmap.SetPixel(i, line, boundary ? Mixed(Figure.Ink, 0.8) : Mixed(Figure.Colour(winner), share));
            }
        }

        return new Image(bitmap);
    }

    // 0 if all classes are equally probable, 1 if one is certain.
    private static double Strength(double probability, int classes) =>
        classes == 1 || double.IsNaN(probability) ? 1 : Math.Clamp((probability - (1.0 / classes)) / (1 - (1.0 / classes)), 0, 1);

    /// <summary>Mixes a share of a colour with white.</summary>
    private static SKColor Mixed(Color colour, double share)
    {
        return new SKColor(Part(colour.R), Part(colour.G), Part(colour.B));

        byte Part(byte part) => (byte)Math.Round((part * share) + (255 * (1 - share)));
    }

    // Gets the inputs of the columns that are not on an axis, and the text of their values.
    private static (float[] Inputs, string Text) Hold(Preprocessing preprocessing, CsvDataset data, string x, string y)
    {
        var held = new float[preprocessing.Inputs]; // 0 is the mean of a scaled column
        List<string> texts = [];
        int offset = 0;
        foreach (ColumnEncoder encoder in preprocessing.Columns)
        {
            if (encoder is OneHotEncoder words && MostFrequent(words, data) is { } index)
            {
                held[offset + index] = 1;
                texts.Add($"{encoder.Name} = {words.Categories[index]}");
            }
            else if (encoder is StandardScaler scaler && encoder.Name != x && encoder.Name != y)
            {
                texts.Add($"{encoder.Name} = {Figure.Number(scaler.Mean)}");
            }

            offset += encoder.Width;
        }

        return (held, string.Join(", ", texts));
    }

    private static int? MostFrequent(OneHotEncoder encoder, CsvDataset data)
    {
        if (data.Columns.FirstOrDefault(column => column.Name == encoder.Name) is not CategoricalColumn column)
        {
            throw new DataFormatException($"{data.Path}: there is no categorical column '{encoder.Name}'.");
        }

        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (int row in data.Rows)
        {
            string category = column.Categories[column.Codes[row]];
            counts[category] = counts.GetValueOrDefault(category) + 1;
        }

        return Enumerable.Range(0, encoder.Categories.Count)
            .Where(i => counts.ContainsKey(encoder.Categories[i]))
            .OrderByDescending(i => counts[encoder.Categories[i]])
            .Select(i => (int?)i)
            .FirstOrDefault();
    }

    private static void AddRows(Plot plot, CsvDataset data, Preprocessing preprocessing, float[] xs, float[] ys)
    {
        int[] classOf = [.. Enumerable.Range(0, data.Count).Select(data.ClassOf)];
        for (int c = 0; c < data.Classes.Count; c++)
        {
            int index = preprocessing.IndexOfClass(data.Classes[c]) ?? throw new DataFormatException(
                $"{data.Path}: '{SvgParts.Truncate(data.Classes[c], 60)}' in the target '{data.Target}' is not a class of the classifier.");
            int[] rows = [.. Enumerable.Range(0, data.Count).Where(row => classOf[row] == c)];
            Markers points = plot.Add.Markers(
                rows.Select(row => (double)xs[row]).ToArray(), rows.Select(row => (double)ys[row]).ToArray());
            points.LegendText = string.Create(CultureInfo.InvariantCulture, $"{SvgParts.Truncate(data.Classes[c], 30)} ({rows.Length})");
            points.MarkerShape = MarkerShape.FilledCircle;
            points.MarkerSize = data.Count > 500 ? 5 : 7;
            points.MarkerFillColor = Figure.Colour(index);
            (points.MarkerLineColor, points.MarkerLineWidth) = (Colors.White, 0.8f);
        }
    }
}
