using System.Xml.Linq;
using static MiniNet.Figures.SvgParts;

namespace MiniNet.Figures;

/// <summary>
/// Draws functions of one variable as lines in one self-contained SVG image: slices of a surface, such as along x for several y, and
/// tangent lines, whose slopes are the partial derivatives.
/// </summary>
/// <example>
/// <code>
/// PlottedCurve[] slices = [PlottedCurve.AlongX(grid, -1), PlottedCurve.AlongX(grid, 0), PlottedCurve.AlongX(grid, 1)];
/// File.WriteAllText("slices.svg", SlicePlot.Draw(slices, "x", "z", tangents: [new(0.5, 0.25, 1)]));
/// </code>
/// </example>
public static class SlicePlot
{
    private const double Width = 560, Left = 78, Top = 48, PlotWidth = 460, PlotHeight = 330;

    /// <summary>Draws the figure.</summary>
    /// <param name="curves">The curves, at least one.</param>
    /// <param name="xName">The name of the variable.</param>
    /// <param name="yName">The name of the function value.</param>
    /// <param name="title">The title, or null for a title made of the two names.</param>
    /// <param name="tangents">The tangent lines, or null for none. Tangents that are not finite are not drawn.</param>
    /// <returns>The SVG document.</returns>
    /// <exception cref="ArgumentException">No point has a finite x and value.</exception>
    public static string Draw(
        IReadOnlyList<PlottedCurve> curves,
        string xName = "x",
        string yName = "z",
        string? title = null,
        IReadOnlyList<PlottedTangent>? tangents = null)
    {
        (double X, double Y)[] shown = [.. curves.SelectMany(curve => curve.Points).Where(IsFinite)];
        if (shown.Length == 0)
        {
            throw new ArgumentException("There are no finite values to draw; at least one point needs a finite x and y.", nameof(curves));
        }

        PlottedTangent[] touching =
        [
            .. (tangents ?? [])
                .Where(tangent => double.IsFinite(tangent.X) && double.IsFinite(tangent.Y) && double.IsFinite(tangent.Slope)),
        ];
        IEnumerable<double> heights = [.. shown.Select(point => point.Y), .. touching.Select(tangent => tangent.Y)];
        (double low, double high) = (heights.Min(), heights.Max());
        double margin = (high - low) * 0.05;
        var frame = PlotFrame.CreateFilled(
            Left, Top, PlotWidth, PlotHeight, (shown.Min(point => point.X), shown.Max(point => point.X)), (low - margin, high + margin));
        var legend = new PlotLegend(20, Width - 40);
        for (int i = 0; i < curves.Count; i++)
        {
            int index = i, gaps = curves[i].Points.Count(point => !IsFinite(point));
            legend.Add(
                Truncate(curves[i].Name, 60) + (gaps == 0 ? "" : $"; {gaps} of {curves[i].Points.Count} values are not finite"),
                (x, y) => [WithDashes(Line(x, y, x + 36, y, SvgParts.Colours[0], 2.4), index)]);
        }

        foreach (PlottedTangent tangent in touching)
        {
            legend.Add(
                $"tangent at {Truncate(xName, 20)} = {FormatNumber(tangent.X)}: slope {FormatNumber(tangent.Slope)}",
                (x, y) => [Tangent((x, y), (x + 36, y)), Circle(x + 18, y, 4, "#000000", Paper)]);
        }

        title = Truncate(title ?? $"{yName} along {xName}", 54);
        return Document(
            Width,
            frame.Bottom + 62 + legend.Height,
            title,
            $"{Truncate(yName, 40)} along {Truncate(xName, 40)}. {legend.Description}",
            Text(20, 28, title, anchor: "start", size: 17),
            frame.Axes(xName, yName, withGrid: true),
            curves.SelectMany((curve, i) => Curve(curve, i, frame)),
            touching.SelectMany(tangent => TangentThrough(tangent, frame)),
            legend.Draw(frame.Bottom + 54));
    }

    private static bool IsFinite((double X, double Y) point) => double.IsFinite(point.X) && double.IsFinite(point.Y);

    private static IEnumerable<XElement> Curve(PlottedCurve curve, int index, PlotFrame frame)
    {
        foreach (List<(double X, double Y)> part in frame.Clip(curve.Points.Select(point => frame.Map(point.X, point.Y))).Parts)
        {
            yield return WithDashes(Polyline(part, SvgParts.Colours[0], 2.2), index).WithAttribute("class", "curve");
        }

        if (curve.Points.Count(IsFinite) == 1)
        {
            (double x, double y) = curve.Points.First(IsFinite);
            yield return Circle(frame.X.Map(x), frame.Y.Map(y), 3, ColourOf(index), ColourOf(index));
        }
    }

    private static string ColourOf(int index) => SvgParts.Colours[index % SvgParts.Colours.Length];

    // Dashes as well as colours, so that overlapping curves stay visible and can be distinguished without colour.
    private static XElement WithDashes(XElement line, int index) =>
        PlotMarkers.Dashed(line.WithAttribute("stroke", ColourOf(index)), index);

    // Spans two fifths of the figure's width, clipped to the box.
    private static IEnumerable<XElement> TangentThrough(PlottedTangent tangent, PlotFrame frame)
    {
        (double X, double Y) at = frame.Map(tangent.X, tangent.Y), next = frame.Map(tangent.X + 1, tangent.Y + tangent.Slope);
        (double dx, double dy) = (next.X - at.X, next.Y - at.Y);
        double share = (frame.Right - frame.Left) * 0.2 / Math.Sqrt((dx * dx) + (dy * dy));
        foreach (List<(double X, double Y)> part in frame.Clip(
            [(at.X - (share * dx), at.Y - (share * dy)), (at.X + (share * dx), at.Y + (share * dy))]).Parts)
        {
            yield return Tangent(part[0], part[^1]);
        }

        if (frame.Contains(at))
        {
            bool isLeft = at.X > (frame.Left + frame.Right) / 2, isBelow = at.Y < frame.Top + 40;
            yield return Circle(at.X, at.Y, 4, "#000000", Paper);
            yield return Text(
                isLeft ? at.X - 10 : at.X + 10,
                at.Y + (isBelow ? 24 : -12),
                $"slope {FormatNumber(tangent.Slope)}",
                anchor: isLeft ? "end" : "start").WithHalo();
        }
    }

    private static XElement Tangent((double X, double Y) from, (double X, double Y) to) =>
        Line(from.X, from.Y, to.X, to.Y, "#000000", 2).WithAttribute("stroke-dasharray", "7 3").WithAttribute("class", "tangent");
}
