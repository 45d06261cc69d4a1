using System.Text;
using System.Text.Json;
using MiniNet.Calculus;
using MiniNet.Figures;

namespace MiniNet.Pages;

/// <summary>
/// Creates an interactive page for a function of two variables: a surface that the reader can rotate, its level curves, the value, gradient
/// and tangent plane at each grid point, and paths to follow step by step. The page is one HTML file that needs no network and runs in any
/// browser.
/// </summary>
/// <remarks>
/// The page is built from the files under <c>Page</c>. Numbers are stored with all their digits. The values shown for a point are those of
/// the grid, and the values shown for a path's step are those given with it; nothing is interpolated. A grid of 81×81 points with its
/// gradient makes a file of about half a megabyte.
/// </remarks>
/// <example>
/// <code>
/// SurfaceGrid saddle = SurfaceGrid.Sample((x, y) => x * x - y * y, (-2, 2), (-2, 2)).WithGradient((x, y) => (2 * x, -2 * y));
/// File.WriteAllText("saddle.html", SurfacePage.Draw(saddle, new() { Title = "A saddle", Points = [new(0, 0, PlottedPointKind.Saddle)] }));
/// </code>
/// </example>
public static class SurfacePage
{
    private const int Colours = 64;

    /// <summary>Creates the page.</summary>
    /// <param name="grid">The sampled function. If it has a gradient, the page shows it, and the tangent plane.</param>
    /// <param name="options">The options, or null to show only the function. Arrows appear on the level curves.</param>
    /// <returns>The HTML document.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A level or the azimuth is not finite, the elevation is not from 0 to 90, or
    /// <see cref="SurfaceOptions.MaxLevels"/> is below 1.</exception>
    /// <exception cref="ArgumentException"><see cref="SurfaceOptions.Tangent"/> is not over two variables.</exception>
    public static string Draw(SurfaceGrid grid, SurfaceOptions? options = null)
    {
        options ??= new();
        SurfacePlot.Check(options);
        string title = options.Title ?? $"{grid.ZName} over {grid.XName} and {grid.YName}";
        (string svg, PlotFrame frame) = ContourPlot.Render(grid, options);
        return PageParts.Page(
            ["SurfaceView.js", "SurfacePage.js"],
            "SurfacePage",
            title,
            ("contour", svg),
            ("data", Data(grid, options, frame)));
    }

    // The JSON writer escapes all non-ASCII characters and every character that could end a script element.
    private static string Data(SurfaceGrid grid, SurfaceOptions options, PlotFrame frame)
    {
        LevelScale scale = LevelScale.Of(grid, options);
        var view = new Projection(grid, scale, options.Azimuth, options.Elevation);
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            WriteAxis(json, "x", grid.XName, (grid.X[0], grid.X[^1]), grid.X);
            WriteAxis(json, "y", grid.YName, (grid.Y[0], grid.Y[^1]), grid.Y);
            WriteAxis(json, "z", grid.ZName, view.Z, grid.Z.Cast<double>());
            Write(json, "gradientX", grid.GradientX?.Cast<double>());
            Write(json, "gradientY", grid.GradientY?.Cast<double>());
            Write(json, "levels", scale.Levels);
            Write(json, "box", [frame.Left, frame.Top, frame.Right, frame.Bottom]);
            Write(json, "view", [options.Azimuth, options.Elevation]);
            Write(json, "size", [view.Size.Wide, view.Size.Deep, Projection.BoxHeight]);
            json.WriteNumber("leftOut", grid.OmittedCells);
            json.WriteBoolean("constant", scale.IsConstant);
            json.WriteStartArray("colours");
            for (int i = 0; i < Colours; i++)
            {
                json.WriteStringValue(ColourScale.ForHeight(i / (Colours - 1.0)));
            }

            json.WriteEndArray();
            WritePaths(json, options.Paths);
            WritePoints(json, options.Points);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    private static void WriteAxis(
        Utf8JsonWriter json, string axis, string name, (double Low, double High) range, IEnumerable<double> values)
    {
        json.WriteStartObject(axis);
        json.WriteString("name", SvgParts.Truncate(name, 60));
        Write(json, "range", [range.Low, range.High]);
        json.WriteStartArray("ticks");
        foreach (double tick in new Axis(range.Low, range.High, 0, 1).Ticks(5).Where(tick => tick >= range.Low && tick <= range.High))
        {
            json.WriteStartArray();
            json.WriteNumberValue(tick);
            json.WriteStringValue(Axis.Label(tick));
            json.WriteEndArray();
        }

        json.WriteEndArray();
        Write(json, "values", values);
        json.WriteEndObject();
    }

    private static void WritePaths(Utf8JsonWriter json, IReadOnlyList<PlottedPath> paths)
    {
        json.WriteStartArray("paths");
        for (int i = 0; i < paths.Count; i++)
        {
            json.WriteStartObject();
            json.WriteString("name", SvgParts.Truncate(paths[i].Name, 60));
            json.WriteString("colour", PlotMarkers.ColourOfPath(i));
            Write(json, "dashes", PlotMarkers.DashesOf(i).Select(dash => (double)dash));
            Write(json, "x", paths[i].Steps.Select(step => step.X));
            Write(json, "y", paths[i].Steps.Select(step => step.Y));
            Write(json, "value", paths[i].Steps.Select(step => step.Value));
            Write(json, "gradient", paths[i].Steps.Select(step => step.GradientNorm));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WritePoints(Utf8JsonWriter json, IReadOnlyList<PlottedPoint> points)
    {
        json.WriteStartArray("points");
        foreach (PlottedPoint point in points)
        {
            json.WriteStartObject();
            Write(json, "at", [point.X, point.Y]);
            json.WriteString("kind", PlotMarkers.StyleOf(point.Kind).Words);
            json.WriteString("colour", PlotMarkers.StyleOf(point.Kind).Fill);
            Write(json, "corners", PlotMarkers.Corners(point.Kind).SelectMany(corner => new[] { corner.X, corner.Y }));
            json.WriteString("name", SvgParts.Truncate(point.Name ?? "", 20));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, string name, IEnumerable<double>? values)
    {
        if (values is null)
        {
            json.WriteNull(name);
            return;
        }

        json.WriteStartArray(name);
        foreach (double value in values)
        {
            PageParts.Write(json, value);
        }

        json.WriteEndArray();
    }
}
