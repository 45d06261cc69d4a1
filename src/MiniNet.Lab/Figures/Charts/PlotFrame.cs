using System.Xml.Linq;
using static MiniNet.Figures.SvgParts;

namespace MiniNet.Figures;

/// <summary>Represents the plot area of a figure: a box with an x axis from left to right and a y axis from bottom to top.</summary>
internal sealed class PlotFrame
{
    /// <summary>The maximum ratio of the two ranges at which both axes have the same scale.</summary>
    public const double MaxAspectRatio = 4;

    private PlotFrame(double left, double top, double right, double bottom, Axis x, Axis y, bool hasEqualUnits) =>
        (Left, Top, Right, Bottom, X, Y, HasEqualUnits) = (left, top, right, bottom, x, y, hasEqualUnits);

    public double Left { get; }

    public double Top { get; }

    public double Right { get; }

    public double Bottom { get; }

    public Axis X { get; }

    public Axis Y { get; }

    /// <summary>Gets a value indicating whether both axes have the same scale.</summary>
    public bool HasEqualUnits { get; }

    /// <summary>Creates a box that fills the available space.</summary>
    public static PlotFrame CreateFilled(
        double left, double top, double width, double height, (double Low, double High) x, (double Low, double High) y) =>
        new(
            left,
            top,
            left + width,
            top + height,
            new Axis(x.Low, x.High, left, left + width),
            new Axis(y.Low, y.High, top + height, top),
            hasEqualUnits: false);

    /// <summary>
    /// Creates a box whose axes have the same scale, so that angles are preserved. If one range is so much longer that the box would be a
    /// narrow strip, the box fills the available space instead.
    /// </summary>
    public static PlotFrame CreateWithEqualUnits(
        double left, double top, double width, double height, (double Low, double High) x, (double Low, double High) y)
    {
        double wide = x.High - x.Low, high = y.High - y.Low;
        if (!(wide <= high * MaxAspectRatio && high <= wide * MaxAspectRatio))
        {
            return CreateFilled(left, top, width, height * 0.75, x, y);
        }

        double unit = Math.Min(width / wide, height / high);
        (double right, double bottom) = (left + (wide * unit), top + (high * unit));
        return new PlotFrame(
            left, top, right, bottom, new Axis(x.Low, x.High, left, right), new Axis(y.Low, y.High, bottom, top), hasEqualUnits: true);
    }

    public (double X, double Y) Map(double x, double y) => (X.Map(x), Y.Map(y));

    public bool Contains((double X, double Y) point) => point.X >= Left && point.X <= Right && point.Y >= Top && point.Y <= Bottom;

    /// <summary>Draws the ticks, their labels and the axis names around the box.</summary>
    public IEnumerable<XElement> Axes(string xName, string yName, bool withGrid = false)
    {
        foreach (double tick in Y.Ticks(6))
        {
            yield return Line(
                withGrid ? Left : Left - 5,
                Y.Map(tick),
                withGrid ? Right : Left,
                Y.Map(tick),
                withGrid ? Grid : SvgParts.Frame);
            yield return Text(Left - 8, Y.Map(tick) + 5, Axis.Label(tick), anchor: "end");
        }

        foreach (double tick in X.Ticks(Right - Left < 250 ? 4 : 7))
        {
            yield return Line(X.Map(tick), Bottom, X.Map(tick), Bottom + 5, SvgParts.Frame);
            yield return Text(X.Map(tick), Bottom + 21, Axis.Label(tick));
        }

        yield return Rectangle(
            Left, Top, Right - Left, Bottom - Top, "none").WithAttribute("stroke", SvgParts.Frame).WithAttribute("class", "box");
        yield return Text((Left + Right) / 2, Bottom + 43, Truncate(xName, 40));
        yield return Text(0, 0, Truncate(yName, 40)).WithAttribute("transform", $"translate(18 {N((Top + Bottom) / 2)}) rotate(-90)");
    }

    /// <summary>Returns the parts of a line inside the box, and whether any part is outside. Non-finite points leave a gap.</summary>
    public (List<List<(double X, double Y)>> Parts, bool IsCut) Clip(IEnumerable<(double X, double Y)> points)
    {
        List<List<(double X, double Y)>> parts = [];
        bool isCut = false;
        (double X, double Y)? before = null;
        foreach ((double X, double Y) point in points)
        {
            bool isFinite = double.IsFinite(point.X) && double.IsFinite(point.Y);
            isCut |= !isFinite || !Contains(point);
            if (isFinite && before is { } last && Clip(last, point) is { } piece)
            {
                if (parts.Count > 0 && parts[^1][^1] == piece.From)
                {
                    parts[^1].Add(piece.To);
                }
                else
                {
                    parts.Add([piece.From, piece.To]);
                }
            }

            before = isFinite ? point : null;
        }

        return (parts, isCut);
    }

    // Liang and Barsky, 1984: each side of the box limits the visible part of the segment.
    private ((double X, double Y) From, (double X, double Y) To)? Clip((double X, double Y) from, (double X, double Y) to)
    {
        (double first, double last, double dx, double dy) = (0, 1, to.X - from.X, to.Y - from.Y);
        foreach ((double step, double room) in new[]
            { (-dx, from.X - Left), (dx, Right - from.X), (-dy, from.Y - Top), (dy, Bottom - from.Y) })
        {
            if (step == 0 ? room < 0 : (step < 0 ? room / step > last : room / step < first))
            {
                return null;
            }

            (first, last) = step < 0 ? (Math.Max(first, room / step), last)
                : step > 0 ? (first, Math.Min(last, room / step))
                : (first, last);
        }

        return (first == 0 ? from : At(first), last == 1 ? to : At(last));

        (double X, double Y) At(double share) =>
            (Math.Clamp(from.X + (share * dx), Left, Right), Math.Clamp(from.Y + (share * dy), Top, Bottom));
    }
}
