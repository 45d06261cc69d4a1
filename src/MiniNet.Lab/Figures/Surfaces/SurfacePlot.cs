using System.Xml.Linq;
using MiniNet.Calculus;
using static MiniNet.Figures.SvgParts;

namespace MiniNet.Figures;

/// <summary>
/// Draws a function of two variables as a three-dimensional surface in one self-contained SVG image: coloured by height and shaded, in a
/// box with axes, optionally with paths, marked points and a tangent plane.
/// </summary>
/// <remarks>
/// The projection is orthographic. Heights are linear even if the colours follow levels at equal ratios. Parts of a path or plane that the
/// surface hides are drawn faintly. A grid of more than 48 cells along a side is drawn with 48 of them.
/// </remarks>
public static class SurfacePlot
{
    private const double Width = 576, Left = 86, PlotWidth = 334, Top = 66, PlotHeight = 330, BarLeft = 480;
    private const int MaxCells = 48, PlaneTiles = 24;

    /// <summary>Draws the figure.</summary>
    /// <param name="grid">The sampled function.</param>
    /// <param name="options">The options, or null to show only the function.</param>
    /// <returns>The SVG document.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A level, the azimuth or the tangent plane is not finite, the elevation is not from 0
    /// to 90, or <see cref="SurfaceOptions.MaxLevels"/> is below 1.</exception>
    /// <exception cref="ArgumentException">The tangent plane is not over two variables.</exception>
    public static string Draw(SurfaceGrid grid, SurfaceOptions? options = null)
    {
        options ??= new();
        Check(options);
        LevelScale scale = LevelScale.Of(grid, options);
        var view = new Projection(grid, scale, options.Azimuth, options.Elevation);
        (double left, double right, double below, double above) = view.Extent();
        double size = Math.Min(PlotWidth / (right - left), PlotHeight / (above - below)), bottom = Top + ((above - below) * size);
        var legend = new PlotLegend(20, Width - 40);
        var overlay = new SurfaceOverlay(grid, view, Place);
        legend.AddPaths(
            grid, options.Paths, [.. options.Paths.Select(path => path.Steps.Any(step => !overlay.IsOverGrid(step.X, step.Y)))]);
        legend.AddPoints(grid, options.Points.Where(point => overlay.IsOverGrid(point.X, point.Y)));
        if (options.Tangent is { } plane)
        {
            string slopes = $"∂{Truncate(grid.ZName, 12)}/∂{Truncate(grid.XName, 12)} = {FormatNumber(plane.Gradient[0])}, "
                + $"∂{Truncate(grid.ZName, 12)}/∂{Truncate(grid.YName, 12)} = {FormatNumber(plane.Gradient[1])}";
            legend.Add(
                $"tangent plane at ({FormatNumber(plane.Point[0])}, {FormatNumber(plane.Point[1])}): {slopes}",
                (x, y) => [SurfaceOverlay.Plane([[(x, y + 5), (x + 24, y + 5), (x + 34, y - 5), (x + 10, y - 5)]], isHidden: false)]);
        }

        legend.AddOmittedCells(grid);
        if (scale.IsConstant)
        {
            legend.Add(double.IsNaN(scale.Low)
                ? $"no value of {Truncate(grid.ZName, 20)} is finite"
                : $"{Truncate(grid.ZName, 20)} is {FormatNumber(scale.Low)} everywhere");
        }

        if (scale.Description.Length > 0)
        {
            legend.Add($"colours: {scale.Description}");
        }

        string title = Truncate(options.Title ?? $"{grid.ZName} over {grid.XName} and {grid.YName}", 56);
        return Document(
            Width,
            bottom + 72 + legend.Height,
            title,
            ContourPlot.Describe(grid, scale, legend),
            Text(20, 28, title, anchor: "start", size: 17),
            new SurfaceBox(grid, view, Place).Draw(),
            Surface(grid, scale, view, Place),
            ColourBar.Bands(
                scale, grid.ZName, BarLeft, 78, Math.Max(bottom, 240), fraction => ColourScale.ForHeight(fraction), isEven: true),
            options.Tangent is { } tangent ? overlay.Plane(tangent, PlaneTiles) : null,
            options.Paths.SelectMany(overlay.Path),
            options.Points.SelectMany(overlay.Point),
            legend.Draw(bottom + 62));

        (double X, double Y) Place((double Right, double Up, double Depth) seen) =>
            (Left + ((PlotWidth - ((right - left) * size)) / 2) + ((seen.Right - left) * size), Top + ((above - seen.Up) * size));
    }

    internal static void Check(SurfaceOptions options)
    {
        Require.Finite(options.Azimuth, nameof(options.Azimuth));
        if (!(options.Elevation is >= 0 and <= 90))
        {
            throw new ArgumentOutOfRangeException(nameof(options), options.Elevation, "The elevation must be from 0 to 90 degrees.");
        }

        if (options.Tangent is { } plane)
        {
            Require.TwoVariables(plane.Point.Count, "tangent plane", nameof(options));
            Require.Finite(plane.Point[0] + plane.Point[1] + plane.Value + plane.Gradient[0] + plane.Gradient[1], nameof(options.Tangent));
        }
    }

    // Draws from back to front (the painter's algorithm), so that nearer cells hide farther ones.
    private static IEnumerable<XElement> Surface(
        SurfaceGrid grid, LevelScale scale, Projection view, Func<(double Right, double Up, double Depth), (double X, double Y)> place)
    {
        (int[] columns, int[] rows) = (ChooseIndices(grid.X.Count), ChooseIndices(grid.Y.Count));
        (bool isX, bool isY) = view.IsFarEndNear;
        for (int i = 0; i + 1 < rows.Length; i++)
        {
            for (int j = 0; j + 1 < columns.Length; j++)
            {
                (int r, int c) = (isY ? i : rows.Length - 2 - i, isX ? j : columns.Length - 2 - j);
                (int row, int column, int nextRow, int nextColumn) = (rows[r], columns[c], rows[r + 1], columns[c + 1]);
                (double a, double b, double d, double e) =
                    (grid.Z[row, column], grid.Z[row, nextColumn], grid.Z[nextRow, nextColumn], grid.Z[nextRow, column]);
                if (!double.IsFinite(a) || !double.IsFinite(b) || !double.IsFinite(d) || !double.IsFinite(e))
                {
                    continue;
                }

                (double x, double y, double nextX, double nextY) = (grid.X[column], grid.Y[row], grid.X[nextColumn], grid.Y[nextRow]);
                double mean = (a / 4) + (b / 4) + (d / 4) + (e / 4);
                double light = view.Light((b - a + d - e) / 2 / (nextX - x), (e - a + d - b) / 2 / (nextY - y));
                (double X, double Y)[] corners = [Seen(x, y, a), Seen(nextX, y, b), Seen(nextX, nextY, d), Seen(x, nextY, e)];
                string colour = ColourScale.ForHeight(scale.Fraction(mean), 0, 0.72 + (0.36 * light)),
                    line = ColourScale.ForHeight(scale.Fraction(mean), 0, 0.55);
                yield return Polygon(corners, colour, line, 0.4).WithAttribute("class", "piece");
            }
        }

        (double X, double Y) Seen(double x, double y, double z) => place(view.Project(x, y, z));
    }

    private static int[] ChooseIndices(int count)
    {
        int cells = Math.Min(count - 1, MaxCells);
        return [.. Enumerable.Range(0, cells + 1).Select(i => (int)Math.Round((double)i * (count - 1) / cells))];
    }
}
