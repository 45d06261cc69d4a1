using System.Xml.Linq;
using static MiniNet.Figures.SvgParts;
using MiniNet.Explanations;
using MiniNet.Stepping;

namespace MiniNet.Figures;

/// <summary>Which colour is which value: a column beside a figure.</summary>
internal static class ColourBar
{
    /// <summary>How much of a figure a bar needs from its left on, its numbers included.</summary>
    public const double Room = Width + LabelGap + LabelWidth;

    private const double Width = 16, LabelGap = 7, LabelWidth = 72, LeastDistance = 17;
    private const double DigitWidth = 0.64;     // of its height, in the widest of the usual faces
    private const int Fine = 64;

    /// <summary>The bands between levels, each as high as the others, with the levels' numbers between them and the least and greatest value at the ends. If even, colours change within bands.</summary>
    public static IEnumerable<XElement> Bands(LevelScale scale, string name, double left, double top, double bottom, Func<double, string> colour, bool isEven = false)
    {
        if (scale.IsConstant)
        {
            yield break;
        }

        double height = (bottom - top) / scale.Bands;
        foreach (XElement band in isEven ? Steps(left, top, bottom, Fine, colour) : Steps(left, top, bottom, scale.Bands, fraction => colour(scale.OfBand((int)(fraction * scale.Bands)))))
        {
            yield return band;
        }

        yield return Text(left, top - 14, Shown(name, 10), anchor: "start");
        (double Value, double Y)[] labels = [(scale.Low, bottom), (scale.High, top), .. scale.Levels.Select((level, i) => (level, bottom - ((i + 1) * height)))];
        foreach (XElement label in Labels(left, labels.Select(label => (scale.Label(label.Value), label.Y))))
        {
            yield return label;
        }

        yield return Rectangle(left, top, Width, bottom - top, "none").With("stroke", SvgParts.Frame);
    }

    /// <summary>Evenly changing colours, from the least value at the bottom to the greatest.</summary>
    public static IEnumerable<XElement> Even(double most, double left, double top, double bottom)
    {
        foreach (XElement step in Steps(left, top, bottom, Fine, fraction => ColourScale.Signed((fraction * 2) - 1)))
        {
            yield return step;
        }

        yield return Rectangle(left, top, Width, bottom - top, "none").With("stroke", SvgParts.Frame);
        var axis = new Axis(-most, most, bottom, top);
        foreach (XElement label in Labels(left, [(Short(-most), bottom), (Short(most), top), .. axis.Ticks(6).Select(tick => (Short(tick), axis.Place(tick)))]))
        {
            yield return label;
        }
    }

    // From below; each reaches a little under the one before, so that no seam is seen.
    private static IEnumerable<XElement> Steps(double left, double top, double bottom, int count, Func<double, string> colour)
    {
        double height = (bottom - top) / count;
        return Enumerable.Range(0, count).Select(i => Rectangle(left, bottom - ((i + 1) * height), Width, height + (i == 0 ? 0 : 0.5), colour((i + 0.5) / count)));
    }

    // The first ones count most; one that would touch another is left out.
    private static IEnumerable<XElement> Labels(double left, IEnumerable<(string Text, double Y)> labels)
    {
        List<double> taken = [];
        foreach ((string text, double y) in labels)
        {
            if (taken.TrueForAll(other => Math.Abs(other - y) >= LeastDistance))
            {
                taken.Add(y);
                yield return Line(left + Width, y, left + Width + 4, y, SvgParts.Frame);
                yield return Text(left + Width + 7, y + 5, text, anchor: "start", size: text.Length > 7 ? Math.Min(12, (int)(LabelWidth / (DigitWidth * text.Length))) : null);
            }
        }
    }
}
