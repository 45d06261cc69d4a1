using System.Xml.Linq;
using static MiniNet.Figures.SvgParts;

namespace MiniNet.Figures;

/// <summary>Draws marked points, paths and arrows, in the figure and in the legend.</summary>
internal static class PlotMarkers
{
    private static readonly int[][] Dashes = [[], [9, 4], [3, 3], [12, 4, 3, 4]];

    // Black comes first because it stands out most on a coloured background. Paths differ in both colour and dashes.
    private static readonly string[] PathColours = ["#000000", "#D55E00", "#0072B2", "#CC79A7", "#009E73", "#E69F00"];

    public static string ColourOfPath(int index) => PathColours[index % PathColours.Length];

    public static IReadOnlyList<int> DashesOf(int index) => Dashes[index % Dashes.Length];

    public static (string Fill, string Words) StyleOf(PlottedPointKind kind) => kind switch
    {
        PlottedPointKind.Minimum => ("#56B4E9", "minimum"),
        PlottedPointKind.Maximum => ("#D55E00", "maximum"),
        PlottedPointKind.Saddle => ("#F0E442", "saddle"),
        PlottedPointKind.Degenerate => ("#CC79A7", "degenerate"),
        _ => ("#ffffff", "point"),
    };

    /// <summary>Returns the corners of the symbol of a kind, centred at 0.</summary>
    public static (double X, double Y)[] Corners(PlottedPointKind kind) => kind switch
    {
        PlottedPointKind.Minimum => [(-7, -5), (7, -5), (0, 7)],
        PlottedPointKind.Maximum => [(-7, 5), (7, 5), (0, -7)],
        PlottedPointKind.Saddle =>
        [
            (-7, -4), (-4, -7), (0, -3), (4, -7), (7, -4), (3, 0), (7, 4), (4, 7), (0, 3), (-4, 7), (-7, 4), (-3, 0),
        ],
        PlottedPointKind.Degenerate => [(-5.5, -5.5), (5.5, -5.5), (5.5, 5.5), (-5.5, 5.5)],
        _ => [(-6, 0), (0, -6), (6, 0), (0, 6)],
    };

    /// <summary>Draws the symbol of a kind, centred at a position.</summary>
    public static XElement Point(PlottedPointKind kind, double x, double y) =>
        Polygon(Corners(kind).Select(corner => (x + corner.X, y + corner.Y)), StyleOf(kind).Fill, "#000000", 1.5)
            .WithAttribute("class", $"mark {StyleOf(kind).Words}");

    /// <summary>Draws the parts of a path over a light outline, which keeps it visible on any background.</summary>
    public static IEnumerable<XElement> Path(IReadOnlyList<IReadOnlyList<(double X, double Y)>> parts, int index)
    {
        foreach (IReadOnlyList<(double X, double Y)> part in parts)
        {
            yield return Polyline(Thinned(part), Paper, 5).WithAttribute("opacity", "0.8").WithAttribute("class", "rim");
        }

        foreach (IReadOnlyList<(double X, double Y)> part in parts)
        {
            yield return Dashed(Polyline(Thinned(part), ColourOfPath(index), 2.2), index).WithAttribute("class", "path");
        }
    }

    public static XElement Start(double x, double y, int index) =>
        Circle(x, y, 5, ColourOfPath(index), Paper).WithAttribute("class", "start");

    public static XElement End(double x, double y, int index) => Circle(x, y, 5, Paper, ColourOfPath(index)).WithAttribute("class", "end");

    /// <summary>Draws the sample line beside a path's name in the legend.</summary>
    public static IEnumerable<XElement> Sample(double left, double y, int index) =>
        [
            Line(left, y, left + 34, y, Paper, 6).WithAttribute("class", "rim"),
            Dashed(Line(left, y, left + 34, y, ColourOfPath(index), 2.6), index)];

    /// <summary>Draws an arrow from (x, y) to (x + dx, y + dy).</summary>
    public static XElement Arrow(double x, double y, double dx, double dy)
    {
        double length = Math.Sqrt((dx * dx) + (dy * dy)), head = Math.Min(5, length / 2);
        (double ux, double uy) = (dx / length, dy / length);
        (double tipX, double tipY, double neckX, double neckY) = (x + dx, y + dy, x + dx - (head * ux), y + dy - (head * uy));
        string path = $"M{N(x)} {N(y)} L{N(tipX)} {N(tipY)} "
            + $"M{N(neckX - (head * 0.6 * uy))} {N(neckY + (head * 0.6 * ux))} L{N(tipX)} {N(tipY)} "
            + $"L{N(neckX + (head * 0.6 * uy))} {N(neckY - (head * 0.6 * ux))}";
        return new XElement(
            Svg + "path",
            new XAttribute("class", "arrow"),
            new XAttribute("d", path),
            new XAttribute("fill", "none"),
            new XAttribute("stroke", "#111111"),
            new XAttribute("stroke-width", "1.3"),
            new XAttribute("stroke-linejoin", "round"));
    }

    /// <summary>Adds the dash pattern for an index to a line; the first pattern is solid.</summary>
    public static XElement Dashed(XElement line, int index) =>
        DashesOf(index).Count == 0
            ? line
            : line.WithAttribute("stroke-dasharray", string.Join(' ', DashesOf(index))).WithAttribute("stroke-linecap", "butt");

    // Drops points closer than 0.3 units to the last one kept, since thousands of tiny steps look like a single point.
    private static IEnumerable<(double X, double Y)> Thinned(IReadOnlyList<(double X, double Y)> part)
    {
        (double X, double Y) last = part[0];
        for (int i = 0; i < part.Count; i++)
        {
            if (i == 0 || i == part.Count - 1 || Math.Abs(part[i].X - last.X) + Math.Abs(part[i].Y - last.Y) >= 0.3)
            {
                yield return last = part[i];
            }
        }
    }
}
