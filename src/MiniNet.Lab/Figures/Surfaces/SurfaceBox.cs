using System.Xml.Linq;
using MiniNet.Calculus;
using static MiniNet.Figures.SvgParts;

namespace MiniNet.Figures;

/// <summary>
/// Draws the box around a surface: its floor and the two back walls, with grid lines at the ticks and labels where nothing covers them.
/// </summary>
internal sealed class SurfaceBox(
    SurfaceGrid grid, Projection view, Func<(double Right, double Up, double Depth), (double X, double Y)> place)
{
    private const double TickOffset = 0.055, NameOffset = 0.17;

    private readonly double[] xs = [grid.X[0], grid.X[^1]], ys = [grid.Y[0], grid.Y[^1]], zs = [view.Z.Low, view.Z.High];

    public IEnumerable<XElement> Draw()
    {
        (bool isX, bool isY) = view.IsFarEndNear;
        (double nearX, double farX, double nearY, double farY) = (xs[isX ? 1 : 0], xs[isX ? 0 : 1], ys[isY ? 1 : 0], ys[isY ? 0 : 1]);
        yield return Face((xs[0], ys[0], zs[0]), (xs[1], ys[0], zs[0]), (xs[1], ys[1], zs[0]), (xs[0], ys[1], zs[0]));
        yield return Face((farX, ys[0], zs[0]), (farX, ys[1], zs[0]), (farX, ys[1], zs[1]), (farX, ys[0], zs[1]));
        yield return Face((xs[0], farY, zs[0]), (xs[1], farY, zs[0]), (xs[1], farY, zs[1]), (xs[0], farY, zs[1]));
        double[] xTicks = [.. Ticks(xs)], yTicks = [.. Ticks(ys)], zTicks = [.. Ticks(zs)];
        foreach (double x in xTicks)
        {
            yield return Wire((x, nearY, zs[0]), (x, farY, zs[0]));
            yield return Wire((x, farY, zs[0]), (x, farY, zs[1]));
        }

        foreach (double y in yTicks)
        {
            yield return Wire((nearX, y, zs[0]), (farX, y, zs[0]));
            yield return Wire((farX, y, zs[0]), (farX, y, zs[1]));
        }

        foreach (double z in zTicks)
        {
            yield return Wire((farX, ys[0], z), (farX, ys[1], z));
            yield return Wire((xs[0], farY, z), (xs[1], farY, z));
        }

        // The heights are labelled at the vertical edge that appears farthest to the left.
        (double X, double Y)[] edges = [(nearX, farY), (farX, nearY)];
        (double edgeX, double edgeY) = edges.MinBy(edge => view.Project(edge.X, edge.Y, zs[0]).Right);
        double middleX = (xs[0] + xs[1]) / 2, middleY = (ys[0] + ys[1]) / 2, middleZ = (zs[0] + zs[1]) / 2;
        (double X, double Y) outX = Outward((middleX, nearY)), outY = Outward((nearX, middleY)), outZ = (-1, 0);
        IEnumerable<XElement> labels =
        [
            .. xTicks.SelectMany(x => Tick((x, nearY, zs[0]), outX, x)), .. Name((middleX, nearY, zs[0]), outX, grid.XName),
            .. yTicks.SelectMany(y => Tick((nearX, y, zs[0]), outY, y)), .. Name((nearX, middleY, zs[0]), outY, grid.YName),
            .. zTicks.SelectMany(z => Tick((edgeX, edgeY, z), outZ, z)), .. Upright((edgeX, edgeY, middleZ), grid.ZName),
        ];
        foreach (XElement label in labels)
        {
            yield return label;
        }
    }

    private static IEnumerable<double> Ticks(double[] range) =>
        new Axis(range[0], range[1], 0, 1).Ticks(5).Where(tick => tick >= range[0] && tick <= range[1]);

    private (double X, double Y) At((double X, double Y, double Z) point) => place(view.Project(point.X, point.Y, point.Z));

    // The projected direction from the middle of the floor to the middle of an edge.
    private (double X, double Y) Outward((double X, double Y) edge)
    {
        (double X, double Y) from = At(((xs[0] + xs[1]) / 2, (ys[0] + ys[1]) / 2, zs[0])), to = At((edge.X, edge.Y, zs[0]));
        double length = Math.Sqrt(((to.X - from.X) * (to.X - from.X)) + ((to.Y - from.Y) * (to.Y - from.Y)));
        return length < 1e-6 ? (0, 1) : ((to.X - from.X) / length, Math.Max(0.35, (to.Y - from.Y) / length));
    }

    private IEnumerable<XElement> Tick((double X, double Y, double Z) at, (double X, double Y) outward, double value)
    {
        ((double x, double y), double away) = (At(at), TickOffset * 300);
        yield return Line(x, y, x + (outward.X * 5), y + (outward.Y * 5), SvgParts.Frame);
        yield return Text(x + (outward.X * away), y + (outward.Y * away) + 5, Axis.Label(value), anchor: Anchor(outward), size: 13)
            .WithAttribute("class", "tick");
    }

    private IEnumerable<XElement> Name((double X, double Y, double Z) at, (double X, double Y) outward, string name)
    {
        ((double x, double y), double away) = (At(at), NameOffset * 300);
        yield return Text(x + (outward.X * away), y + (outward.Y * away) + 5, Truncate(name, 14), anchor: Anchor(outward));
    }

    private IEnumerable<XElement> Upright((double X, double Y, double Z) at, string name)
    {
        (double x, double y) = At(at);
        yield return Text(0, 0, Truncate(name, 24)).WithAttribute("transform", $"translate({N(Math.Max(18, x - 60))} {N(y)}) rotate(-90)");
    }

    private static string Anchor((double X, double Y) outward) => outward.X switch { < -0.4 => "end", > 0.4 => "start", _ => "middle" };

    private XElement Face(params (double X, double Y, double Z)[] corners) =>
        Polygon(corners.Select(At), "#f6f6f6", "#bbbbbb", 1).WithAttribute("class", "wall");

    private XElement Wire((double X, double Y, double Z) from, (double X, double Y, double Z) to)
    {
        ((double x1, double y1), (double x2, double y2)) = (At(from), At(to));
        return Line(x1, y1, x2, y2, "#d8d8d8").WithAttribute("class", "wire");
    }
}
