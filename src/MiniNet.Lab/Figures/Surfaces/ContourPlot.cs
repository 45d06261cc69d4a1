using System.Text;
using System.Xml.Linq;
using MiniNet.Calculus;
using static MiniNet.Figures.SvgParts;

namespace MiniNet.Figures;

/// <summary>
/// Draws the level curves of a function of two variables in one self-contained SVG image, optionally with gradient arrows, optimizer paths
/// and marked points.
/// </summary>
/// <remarks>
/// <para>A gradient is perpendicular to its level curve only if both axes have the same scale. Both axes therefore have the same scale,
/// unless one range is more than four times the other. In that case the axes differ, a note says so, and an arrow shows the gradient
/// with respect to coordinates on the picture (∂z/∂x divided by the length of a unit, and likewise for y). It is still perpendicular to the
/// curves as drawn, and points in the direction of steepest ascent as drawn.</para>
/// <para>The length of an arrow is proportional to the square root of the gradient's norm, so that small gradients in a valley stay
/// visible.</para>
/// </remarks>
public static class ContourPlot
{
    internal const string NoValue = "#d9d9d9";
    private const double Width = 576, Left = 78, Top = 60, PlotSize = 376, PaperShare = 0.45;
    private const int MaxDots = 100;

    /// <summary>Draws the figure.</summary>
    /// <param name="grid">The sampled function.</param>
    /// <param name="options">The options, or null to show only the function.</param>
    /// <returns>The SVG document.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A level is not finite, or <see cref="SurfaceOptions.MaxLevels"/> is below
    /// 1.</exception>
    public static string Draw(SurfaceGrid grid, SurfaceOptions? options = null) => Render(grid, options ?? new()).Svg;

    internal static (string Svg, PlotFrame Frame) Render(SurfaceGrid grid, SurfaceOptions options)
    {
        var frame = PlotFrame.CreateWithEqualUnits(Left, Top, PlotSize, PlotSize, (grid.X[0], grid.X[^1]), (grid.Y[0], grid.Y[^1]));
        LevelScale scale = LevelScale.Of(grid, options);
        var legend = new PlotLegend(20, Width - 40);
        (List<List<(double X, double Y)>> Parts, bool IsCut)[] paths =
            [.. options.Paths.Select(path => frame.Clip(path.Steps.Select(step => frame.Map(step.X, step.Y))))];
        PlottedPoint[] points = [.. options.Points.Where(point => frame.Contains(frame.Map(point.X, point.Y)))];
        legend.AddPaths(grid, options.Paths, [.. paths.Select(path => path.IsCut)]);
        legend.AddPoints(grid, points);
        AddNotes(legend, grid, options, scale, frame);
        string title = Truncate(options.Title ?? $"Level curves of {grid.ZName} over {grid.XName} and {grid.YName}", 56);
        double height = frame.Bottom + 62 + legend.Height;
        string svg = Document(
            Width,
            height,
            title,
            Describe(grid, scale, legend),
            Text(20, 28, title, anchor: "start", size: 17),
            Background(grid, scale, frame),
            Curves(grid, scale, frame),
            Arrows(options.Arrows, frame),
            frame.Axes(grid.XName, grid.YName),
            ColourBar.Bands(scale, grid.ZName, frame.Right + 22, frame.Top, frame.Bottom, Colour),
            paths.SelectMany((path, i) => PlotMarkers.Path(path.Parts, i)),
            options.Paths.SelectMany((path, i) => Ends(path, i, frame)),
            points.SelectMany(point => Point(point, frame)),
            legend.Draw(frame.Bottom + 54));
        return (svg, frame);
    }

    internal static string Describe(SurfaceGrid grid, LevelScale scale, PlotLegend legend)
    {
        string values = double.IsNaN(scale.Low) ? "No value is finite"
            : scale.IsConstant ? $"The value is {FormatNumber(scale.Low)} everywhere"
            : $"Values range from {scale.Label(scale.Low)} to {scale.Label(scale.High)}";
        return $"{Truncate(grid.ZName, 40)} for {Truncate(grid.XName, 40)} from {FormatNumber(grid.X[0])} to {FormatNumber(grid.X[^1])} "
            + $"and {Truncate(grid.YName, 40)} from {FormatNumber(grid.Y[0])} to {FormatNumber(grid.Y[^1])}. "
            + $"{values}. {legend.Description}";
    }

    private static void AddNotes(PlotLegend legend, SurfaceGrid grid, SurfaceOptions options, LevelScale scale, PlotFrame frame)
    {
        if (options.Arrows.Count > 0)
        {
            legend.Add("gradient (arrow length grows with the square root of its norm)", (x, y) => [PlotMarkers.Arrow(x + 4, y, 28, 0)]);
        }

        legend.AddOmittedCells(grid);
        if (scale.IsConstant)
        {
            legend.Add(double.IsNaN(scale.Low)
                ? $"no value of {Truncate(grid.ZName, 20)} is finite"
                : $"{Truncate(grid.ZName, 20)} is {FormatNumber(scale.Low)} everywhere: there are no level curves");
        }

        if (scale.Description.Length > 0)
        {
            legend.Add(scale.Description);
        }

        if (!frame.HasEqualUnits)
        {
            legend.Add("the axes have different scales, so angles are distorted");
        }
    }

    private static string Colour(double fraction) => ColourScale.ForHeight(fraction, PaperShare);

    // Draws the lowest band first, and on top of it, for each level, the region at or above it. The ground stays visible where cells are
    // skipped.
    private static IEnumerable<XElement> Background(SurfaceGrid grid, LevelScale scale, PlotFrame frame)
    {
        yield return Rectangle(
            frame.Left, frame.Top, frame.Right - frame.Left, frame.Bottom - frame.Top, NoValue).WithAttribute("class", "ground");
        for (int band = 0; band < scale.Bands; band++)
        {
            double from = band == 0 ? double.MinValue : scale.Levels[band - 1];
            var path = new StringBuilder();
            foreach (IReadOnlyList<(double X, double Y)> rim in LevelCurves.Regions(grid, from))
            {
                path.Append('M').AppendJoin('L', Corners(rim.Select(point => frame.Map(point.X, point.Y)))).Append('Z');
            }

            yield return new XElement(
                Svg + "path",
                new XAttribute("class", "band"),
                new XAttribute("d", path),
                new XAttribute("fill", Colour(scale.BandFraction(band))),
                new XAttribute("fill-rule", "evenodd"));
        }
    }

    // Rounds to a tenth, removes repeated points, and keeps only the corners of straight horizontal or vertical runs.
    private static IEnumerable<string> Corners(IEnumerable<(double X, double Y)> rim)
    {
        List<(double X, double Y)> simplified = [];
        foreach ((double X, double Y) point in rim.Select(point => (Math.Round(point.X, 1), Math.Round(point.Y, 1))))
        {
            if (simplified.Count > 0 && simplified[^1] == point)
            {
                continue;
            }

            if (simplified is [.., var before, var last]
                && ((before.X == last.X && last.X == point.X) || (before.Y == last.Y && last.Y == point.Y)))
            {
                simplified.RemoveAt(simplified.Count - 1);
            }

            simplified.Add(point);
        }

        return simplified.Select(point => $"{N(point.X)} {N(point.Y)}");
    }

    private static IEnumerable<XElement> Curves(SurfaceGrid grid, LevelScale scale, PlotFrame frame)
    {
        var labels = new LevelLabels(frame);
        List<XElement> texts = [];
        foreach (double level in scale.Levels)
        {
            string text = scale.Label(level);
            List<(double X, double Y)[]> curves =
                [.. LevelCurves.Lines(grid, level).Select(line => line.Select(point => frame.Map(point.X, point.Y)).ToArray())];
            foreach ((double X, double Y)[] curve in curves)
            {
                yield return Polyline(curve, "#333333", 0.7).WithAttribute("class", "level").WithAttribute("data-level", text);
            }

            texts.AddRange(labels.Place(curves, text));
        }

        foreach (XElement text in texts)
        {
            yield return text;
        }
    }

    private static IEnumerable<XElement> Arrows(IReadOnlyList<PlottedArrow> arrows, PlotFrame frame)
    {
        // Arrows are drawn in picture coordinates, so the derivatives are divided by the length of one unit along each axis.
        (double unitX, double unitY) = (frame.X.Map(1) - frame.X.Map(0), frame.Y.Map(1) - frame.Y.Map(0));
        (double X, double Y, double Dx, double Dy, double Length)[] shown =
        [
            .. arrows.Select(arrow => (X: frame.X.Map(arrow.X), Y: frame.Y.Map(arrow.Y), Dx: arrow.Dx / unitX, Dy: arrow.Dy / unitY))
                .Select(arrow => (arrow.X, arrow.Y, arrow.Dx, arrow.Dy, Length: Math.Sqrt((arrow.Dx * arrow.Dx) + (arrow.Dy * arrow.Dy))))
                .Where(arrow => double.IsFinite(arrow.Length) && frame.Contains((arrow.X, arrow.Y))),
        ];
        double longest = shown.Length == 0 ? 0 : shown.Max(arrow => arrow.Length);
        double room = Math.Clamp(
            Math.Sqrt((frame.Right - frame.Left) * (frame.Bottom - frame.Top) / Math.Max(shown.Length, 1)) * 1.1, 12, 44);
        foreach ((double x, double y, double dx, double dy, double length) in shown)
        {
            double size = longest == 0 ? 0 : Math.Sqrt(length / longest) * room;
            if (size < 1)
            {
                yield return Circle(x, y, 1, "#111111", "#111111").WithAttribute("class", "still");
                continue;
            }

            (double stepX, double stepY) = (dx / length * size, dy / length * size);
            if (frame.Contains((x + stepX, y + stepY)))
            {
                yield return PlotMarkers.Arrow(x, y, stepX, stepY);
                continue;
            }

            while (!frame.Contains((x - stepX, y - stepY)))        // near the border the arrow ends at its point, shortened until it fits
            {
                (stepX, stepY) = (stepX / 2, stepY / 2);
            }

            yield return PlotMarkers.Arrow(x - stepX, y - stepY, stepX, stepY);
        }
    }

    private static IEnumerable<XElement> Ends(PlottedPath path, int index, PlotFrame frame)
    {
        (double X, double Y) start = frame.Map(path.Steps[0].X, path.Steps[0].Y), end = frame.Map(path.Steps[^1].X, path.Steps[^1].Y);
        foreach ((double x, double y) in path.Steps.Count > MaxDots
            ? []
            : path.Steps.Select(step => frame.Map(step.X, step.Y)).Where(frame.Contains))
        {
            yield return Circle(x, y, 2, "none", PlotMarkers.ColourOfPath(index)).WithAttribute("class", "step");
        }

        if (frame.Contains(start))
        {
            yield return PlotMarkers.Start(start.X, start.Y, index);
        }

        if (frame.Contains(end) && path.Steps.Count > 1)
        {
            yield return PlotMarkers.End(end.X, end.Y, index);
        }
    }

    private static IEnumerable<XElement> Point(PlottedPoint point, PlotFrame frame)
    {
        (double x, double y) = frame.Map(point.X, point.Y);
        yield return PlotMarkers.Point(point.Kind, x, y);
        if (point.Name is { } name)
        {
            bool isLeft = x > (frame.Left + frame.Right) / 2;
            yield return Text(isLeft ? x - 11 : x + 11, y + 5, Truncate(name, 20), anchor: isLeft ? "end" : "start")
                .WithHalo().WithAttribute("class", "label");
        }
    }
}
