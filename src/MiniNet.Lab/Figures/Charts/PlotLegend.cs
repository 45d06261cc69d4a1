using System.Xml.Linq;
using MiniNet.Calculus;
using static MiniNet.Figures.SvgParts;

namespace MiniNet.Figures;

/// <summary>Draws the legend below a figure: what its symbols mean, and what is not drawn.</summary>
internal sealed class PlotLegend(double left, double width)
{
    private const double LineHeight = 20, Indent = 48, LetterWidth = 7.3;
    private readonly List<(Func<double, double, IEnumerable<XElement>>? Sign, string[] Lines)> entries = [];

    public double Height => entries.Sum(entry => entry.Lines.Length) * LineHeight;

    /// <summary>Gets the legend as text, for screen readers.</summary>
    public string Description => string.Join(". ", entries.Select(entry => string.Join(' ', entry.Lines)));

    /// <summary>Adds an entry. If a symbol is given, it is drawn before the text, at the given left and middle coordinates.</summary>
    public void Add(string text, Func<double, double, IEnumerable<XElement>>? sign = null) =>
        entries.Add((sign, [.. Wrap(text, (int)((width - (sign is null ? 0 : Indent)) / LetterWidth))]));

    public void AddPaths(SurfaceGrid grid, IReadOnlyList<PlottedPath> paths, IReadOnlyList<bool> isCut)
    {
        for (int i = 0; i < paths.Count; i++)
        {
            int index = i;
            PlottedStep end = paths[i].Steps[^1];
            string value = double.IsNaN(end.Value) ? "" : $", {Truncate(grid.ZName, 12)} = {FormatNumber(end.Value)}";
            string to = double.IsFinite(end.X) && double.IsFinite(end.Y)
                ? $" to {FormatPoint(grid, end.X, end.Y)}{value}{(isCut[i] ? "; leaves the picture" : "")}"
                : "; diverges";
            int steps = paths[i].Steps.Count - 1;
            Add(
                $"{Truncate(paths[i].Name, 30)}: {steps} step{(steps == 1 ? "" : "s")}{to}",
                (x, y) => [.. PlotMarkers.Sample(x, y, index), PlotMarkers.Start(x + 5, y, index), PlotMarkers.End(x + 34, y, index)]);
        }
    }

    public void AddPoints(SurfaceGrid grid, IEnumerable<PlottedPoint> points)
    {
        foreach (IGrouping<PlottedPointKind, PlottedPoint> kind in points.GroupBy(point => point.Kind).OrderBy(kind => kind.Key))
        {
            string words = PlotMarkers.StyleOf(kind.Key).Words;
            Add(
                kind.Count() == 1 ? $"{words} at {FormatPoint(grid, kind.First().X, kind.First().Y)}" : $"{words} ({kind.Count()} points)",
                (x, y) => [PlotMarkers.Point(kind.Key, x + 17, y)]);
        }
    }

    // Coordinates that differ from 0 only by rounding, relative to the width of the figure, are written as 0.
    private static string FormatPoint(SurfaceGrid grid, double x, double y) =>
        $"({FormatNumber(Math.Abs(x) < 1e-6 * (grid.X[^1] - grid.X[0]) ? 0 : x)}, "
        + $"{FormatNumber(Math.Abs(y) < 1e-6 * (grid.Y[^1] - grid.Y[0]) ? 0 : y)})";

    public void AddOmittedCells(SurfaceGrid grid)
    {
        if (grid.OmittedCells is > 0 and int count)
        {
            Add(
                $"not drawn: {count} of {grid.Cells} cells, where {Truncate(grid.ZName, 20)} is not finite",
                (x, y) => [Rectangle(x + 6, y - 6, 22, 12, ContourPlot.NoValue).WithAttribute("stroke", SvgParts.Frame)]);
        }
    }

    public IEnumerable<XElement> Draw(double top)
    {
        double y = top + 14;
        foreach ((Func<double, double, IEnumerable<XElement>>? sign, string[] lines) in entries)
        {
            if (sign is not null)
            {
                yield return new XElement(Svg + "g", new XAttribute("class", "sign"), sign(left, y - 5));
            }

            foreach (string line in lines)
            {
                yield return Text(sign is null ? left : left + Indent, y, line, anchor: "start");
                y += LineHeight;
            }
        }
    }

    private static IEnumerable<string> Wrap(string text, int maxLength)
    {
        string line = "";
        foreach (string word in text.Split(' ').SelectMany(word => word.Chunk(maxLength).Select(part => new string(part))))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > maxLength)
            {
                yield return line;
                line = word;
            }
            else
            {
                line = line.Length == 0 ? word : $"{line} {word}";
            }
        }

        yield return line;
    }
}
