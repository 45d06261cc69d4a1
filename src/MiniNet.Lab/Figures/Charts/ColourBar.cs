using System.Xml.Linq;
using static MiniNet.Figures.SvgParts;

namespace MiniNet.Figures;

/// <summary>Draws a colour bar beside a figure, which shows the value of each colour.</summary>
internal static class ColourBar
{
    /// <summary>The width that a colour bar needs, including its labels.</summary>
    public const double TotalWidth = Width + LabelGap + LabelWidth;

    private const double Width = 16, LabelGap = 7, LabelWidth = 72, MinDistance = 17;
    private const double DigitWidth = 0.64;     // relative to the font size, in the widest common font
    private const int GradientSteps = 64;

    /// <summary>
    /// Draws the bands between levels, all with the same height. The levels are labelled between the bands, the minimum and maximum at the
    /// ends. If <paramref name="isEven"/> is true, colours also change within a band.
    /// </summary>
    public static IEnumerable<XElement> Bands(
        LevelScale scale, string name, double left, double top, double bottom, Func<double, string> colour, bool isEven = false)
    {
        if (scale.IsConstant)
        {
            yield break;
        }

        double height = (bottom - top) / scale.Bands;
        foreach (XElement band in isEven
            ? Steps(left, top, bottom, GradientSteps, colour)
            : Steps(left, top, bottom, scale.Bands, fraction => colour(scale.BandFraction((int)(fraction * scale.Bands)))))
        {
            yield return band;
        }

        yield return Text(left, top - 14, Truncate(name, 10), anchor: "start");
        (double Value, double Y)[] labels =
        [
            (scale.Low, bottom),
            (scale.High, top),
            .. scale.Levels.Select((level, i) => (level, bottom - ((i + 1) * height))),
        ];
        foreach (XElement label in Labels(left, labels.Select(label => (scale.Label(label.Value), label.Y))))
        {
            yield return label;
        }

        yield return Rectangle(left, top, Width, bottom - top, "none").WithAttribute("stroke", SvgParts.Frame);
    }

    /// <summary>Draws a continuous colour bar from -<paramref name="max"/> at the bottom to <paramref name="max"/> at the top.</summary>
    public static IEnumerable<XElement> Continuous(double max, double left, double top, double bottom)
    {
        foreach (XElement step in Steps(left, top, bottom, GradientSteps, fraction => ColourScale.ForSigned((fraction * 2) - 1)))
        {
            yield return step;
        }

        yield return Rectangle(left, top, Width, bottom - top, "none").WithAttribute("stroke", SvgParts.Frame);
        var axis = new Axis(-max, max, bottom, top);
        foreach (XElement label in Labels(
            left,
            [
                (FormatNumber(-max), bottom), (FormatNumber(max), top),
                .. axis.Ticks(6).Select(tick => (FormatNumber(tick), axis.Map(tick)))]))
        {
            yield return label;
        }
    }

    // Drawn from the bottom up. Each step slightly overlaps the previous one, so that no gap is visible.
    private static IEnumerable<XElement> Steps(double left, double top, double bottom, int count, Func<double, string> colour)
    {
        double height = (bottom - top) / count;
        return Enumerable.Range(0, count).Select(i => Rectangle(
            left, bottom - ((i + 1) * height), Width, height + (i == 0 ? 0 : 0.5), colour((i + 0.5) / count)));
    }

    // Earlier labels have priority: a label that would overlap an earlier one is not drawn.
    private static IEnumerable<XElement> Labels(double left, IEnumerable<(string Text, double Y)> labels)
    {
        List<double> taken = [];
        foreach ((string text, double y) in labels)
        {
            if (taken.TrueForAll(other => Math.Abs(other - y) >= MinDistance))
            {
                taken.Add(y);
                yield return Line(left + Width, y, left + Width + 4, y, SvgParts.Frame);
                yield return Text(
                    left + Width + 7,
                    y + 5,
                    text,
                    anchor: "start",
                    size: text.Length > 7 ? Math.Min(12, (int)(LabelWidth / (DigitWidth * text.Length))) : null);
            }
        }
    }
}
