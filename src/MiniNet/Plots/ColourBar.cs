using System.Xml.Linq;
using static MiniNet.Plots.SvgParts;

namespace MiniNet.Plots;

/// <summary>Which colour is which value: a column beside a figure.</summary>
internal static class ColourBar
{
    private const double Width = 16, LeastDistance = 17;

    /// <summary>The bands between levels, each as high as the others, with the levels' numbers between them and the least and greatest value at the ends.</summary>
    public static IEnumerable<XElement> Bands(LevelScale scale, string name, double left, double top, double bottom, Func<double, string> colour)
    {
        if (scale.IsConstant)
        {
            yield break;
        }

        double height = (bottom - top) / scale.Bands;
        for (int band = 0; band < scale.Bands; band++)
        {
            yield return Rectangle(left, bottom - ((band + 1) * height), Width, height, colour(scale.OfBand(band)));
        }

        yield return Text(left, top - 14, Shown(name, 10), anchor: "start");
        (double Value, double Y)[] labels = [(scale.Low, bottom), (scale.High, top), .. scale.Levels.Select((level, i) => (level, bottom - ((i + 1) * height)))];
        foreach (XElement label in Labels(left, labels))
        {
            yield return label;
        }

        yield return Rectangle(left, top, Width, bottom - top, "none").With("stroke", SvgParts.Frame);
    }

    /// <summary>Evenly changing colours, from the least value at the bottom to the greatest.</summary>
    public static IEnumerable<XElement> Even(double most, double left, double top, double bottom)
    {
        const int Steps = 64;
        for (int i = 0; i < Steps; i++)
        {
            double height = (bottom - top) / Steps;
            yield return Rectangle(left, bottom - ((i + 1) * height), Width, height + (i == 0 ? 0 : 0.5), ColourScale.Signed(((i + 0.5) / Steps * 2) - 1));
        }

        yield return Rectangle(left, top, Width, bottom - top, "none").With("stroke", SvgParts.Frame);
        foreach (XElement label in Labels(left, [(-most, bottom), (most, top), (0, (top + bottom) / 2), (-most / 2, (top + (3 * bottom)) / 4), (most / 2, ((3 * top) + bottom) / 4)]))
        {
            yield return label;
        }
    }

    // The first ones count most; one that would touch another is left out.
    private static IEnumerable<XElement> Labels(double left, IEnumerable<(double Value, double Y)> labels)
    {
        List<double> taken = [];
        foreach ((double value, double y) in labels)
        {
            if (taken.TrueForAll(other => Math.Abs(other - y) >= LeastDistance))
            {
                taken.Add(y);
                yield return Line(left + Width, y, left + Width + 4, y, SvgParts.Frame);
                yield return Text(left + Width + 7, y + 5, Short(value), anchor: "start");
            }
        }
    }
}
