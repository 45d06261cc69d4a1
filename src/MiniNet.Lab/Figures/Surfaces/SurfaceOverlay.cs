using System.Xml.Linq;
using MiniNet.Calculus;
using static MiniNet.Figures.SvgParts;

namespace MiniNet.Figures;

/// <summary>Draws the paths, points and tangent plane on a surface. Parts hidden by the surface are drawn faintly.</summary>
internal sealed class SurfaceOverlay(
    SurfaceGrid grid, Projection view, Func<(double Right, double Up, double Depth), (double X, double Y)> place)
{
    /// <summary>Determines whether the surface has a finite height at a point of the grid.</summary>
    public bool IsOverGrid(double x, double y) => double.IsFinite(grid.At(x, y));

    public IEnumerable<XElement> Path(PlottedPath path, int index)
    {
        List<(List<(double X, double Y)> Line, bool IsHidden)> parts = [];
        for (int i = 0; i + 1 < path.Steps.Count; i++)
        {
            foreach (((double X, double Y) from, (double X, double Y) to, bool isHidden) in SplitAtCells(path.Steps[i], path.Steps[i + 1]))
            {
                if (parts.Count > 0 && parts[^1].IsHidden == isHidden && parts[^1].Line[^1] == from)
                {
                    parts[^1].Line.Add(to);
                }
                else
                {
                    parts.Add(([from, to], isHidden));
                }
            }
        }

        IEnumerable<XElement> lines =
        [
            .. PlotMarkers.Path([.. parts.Where(part => part.IsHidden).Select(part => part.Line)], index)
                .Select(line => line.WithAttribute("opacity", "0.3")),
            .. PlotMarkers.Path([.. parts.Where(part => !part.IsHidden).Select(part => part.Line)], index),
        ];
        foreach (XElement line in lines)
        {
            yield return line;
        }

        foreach ((PlottedStep step, bool isEnd) in new[] { (path.Steps[0], false), (path.Steps[^1], true) }
            .Where(end => IsOverGrid(end.Item1.X, end.Item1.Y) && (!end.Item2 || path.Steps.Count > 1)))
        {
            (double x, double y) = At(step.X, step.Y, grid.At(step.X, step.Y));
            yield return Faint(isEnd ? PlotMarkers.End(x, y, index) : PlotMarkers.Start(x, y, index), step.X, step.Y);
        }
    }

    public IEnumerable<XElement> Point(PlottedPoint point)
    {
        if (!IsOverGrid(point.X, point.Y))
        {
            yield break;
        }

        (double x, double y) = At(point.X, point.Y, grid.At(point.X, point.Y));
        yield return Faint(PlotMarkers.Point(point.Kind, x, y), point.X, point.Y);
        if (point.Name is { } name)
        {
            yield return Text(x, y - 11, Truncate(name, 20)).WithHalo();
        }
    }

    /// <summary>Draws the part of the tangent plane around its point, in tiles, as far as it lies over the grid.</summary>
    public IEnumerable<XElement> Plane(TangentPlane plane, int tiles)
    {
        (double low, double high) = (view.Z.Low, view.Z.High);
        double above = (high - low) * 0.25;                     // how far the plane may extend above and below the box
        if (!IsOverGrid(plane.Point[0], plane.Point[1]) || !IsNear(plane.Value))
        {
            yield break;
        }

        // The plane is half as wide as the box, or less if it would rise or fall by more than a fifth of the box's height from its point to
        // a side.
        double rise = (high - low) * 0.2;
        double dx = 2 * Math.Min((grid.X[^1] - grid.X[0]) / 4, rise / Math.Abs(plane.Gradient[0])) / tiles,
            dy = 2 * Math.Min((grid.Y[^1] - grid.Y[0]) / 4, rise / Math.Abs(plane.Gradient[1])) / tiles;
        List<(double X, double Y)[]> seen = [], hidden = [];
        for (int i = 0; i < tiles * tiles; i++)
        {
            (double x, double y) = (
                plane.Point[0] + (((i % tiles) - (tiles / 2.0)) * dx),
                plane.Point[1] + (((i / tiles) - (tiles / 2.0)) * dy));
            (double X, double Y)[] corners = [(x, y), (x + dx, y), (x + dx, y + dy), (x, y + dy)];
            if (Array.TrueForAll(corners, corner => IsInBox(corner.X, corner.Y) && IsNear(Z(corner))))
            {
                (IsBehind(x + (dx / 2), y + (dy / 2), Z((x + (dx / 2), y + (dy / 2)))) ? hidden : seen)
                    .Add([.. corners.Select(corner => At(corner.X, corner.Y, Z(corner)))]);
            }
        }

        yield return Plane(hidden, isHidden: true);
        yield return Plane(seen, isHidden: false);
        (double pointX, double pointY) = At(plane.Point[0], plane.Point[1], plane.Value);
        yield return Circle(pointX, pointY, 4, "#000000", Paper);

        bool IsNear(double z) => z >= low - above && z <= high + above;

        double Z((double X, double Y) at) =>
            plane.Value + (plane.Gradient[0] * (at.X - plane.Point[0])) + (plane.Gradient[1] * (at.Y - plane.Point[1]));
    }

    public static XElement Plane(IEnumerable<(double X, double Y)[]> tiles, bool isHidden) => new(
        Svg + "g",
        new XAttribute("class", isHidden ? "plane hidden" : "plane"),
        new XAttribute("opacity", isHidden ? "0.25" : "0.75"),
        tiles.Select(corners => Polygon(corners, "#ff8ad8", "#ff8ad8", 0.6)));

    private bool IsInBox(double x, double y) => x >= grid.X[0] && x <= grid.X[^1] && y >= grid.Y[0] && y <= grid.Y[^1];

    // A point that touches the surface counts as visible. A point below the surface is hidden when seen from above.
    private bool IsBehind(double x, double y, double z) =>
        grid.At(x, y) > z + ((view.Z.High - view.Z.Low) * 0.012) || view.IsHidden(x, y, z);

    private XElement Faint(XElement mark, double x, double y) =>
        view.IsHidden(x, y, grid.At(x, y)) ? mark.WithAttribute("opacity", "0.35") : mark;

    private (double X, double Y) At(double x, double y, double z) => place(view.Project(x, y, z));

    // A step may cross many cells, so it is divided into pieces that follow the surface.
    private IEnumerable<((double X, double Y) From, (double X, double Y) To, bool IsHidden)> SplitAtCells(PlottedStep from, PlottedStep to)
    {
        double cells = Math.Max(
            Math.Abs(to.X - from.X) / (grid.X[^1] - grid.X[0]) * (grid.X.Count - 1),
            Math.Abs(to.Y - from.Y) / (grid.Y[^1] - grid.Y[0]) * (grid.Y.Count - 1));
        int count = double.IsFinite(cells) ? (int)Math.Clamp(Math.Ceiling(cells * 2), 1, 400) : 0;
        for (int i = 0; i < count; i++)
        {
            (double x1, double y1, double x2, double y2) = (
                Along(from.X, to.X, i), Along(from.Y, to.Y, i), Along(from.X, to.X, i + 1), Along(from.Y, to.Y, i + 1));
            (double z1, double z2) = (grid.At(x1, y1), grid.At(x2, y2));
            if (double.IsFinite(z1) && double.IsFinite(z2))
            {
                yield return (At(x1, y1, z1), At(x2, y2, z2), view.IsHidden((x1 + x2) / 2, (y1 + y2) / 2, (z1 + z2) / 2));
            }
        }

        double Along(double a, double b, int i) => i == count ? b : a + ((b - a) * i / count);
    }
}
