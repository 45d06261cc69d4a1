using System.Globalization;
using System.Xml.Linq;

namespace MiniNet.Tests.Figures;

/// <summary>Reads values back from the SVG of a figure.</summary>
internal static class FigureChecks
{
    public const string Wicked = "</title></svg><script>alert(1)</script> <!-- \"'& ]]> größe 😀 \u0001";

    public static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    public static XElement Parse(string svg) => XDocument.Parse(svg).Root!;

    public static double Number(this XElement element, string attribute) =>
        double.Parse(element.Attribute(attribute)!.Value, CultureInfo.InvariantCulture);

    public static XElement[] Of(this XElement svg, string name) =>
        [.. svg.Descendants().Where(element => element.Attribute("class")?.Value.Split(' ').Contains(name) == true)];

    public static string[] Texts(this XElement svg) => [.. svg.Descendants(Svg + "text").Select(text => text.Value)];

    public static (double X, double Y)[] Points(this XElement element) =>
    [
        .. element.Attribute("points")!.Value.Split(' ').Select(point => point.Split(','))
            .Select(point => (Parsed(point[0]), Parsed(point[1]))),
    ];

    /// <summary>Returns the coordinates in a path's d attribute, in pairs.</summary>
    public static (double X, double Y)[] PathPoints(this XElement path)
    {
        double[] numbers =
            [.. path.Attribute("d")!.Value.Split(['M', 'L', 'Z', ' '], StringSplitOptions.RemoveEmptyEntries).Select(Parsed)];
        return [.. numbers.Chunk(2).Select(pair => (pair[0], pair[1]))];
    }

    /// <summary>Returns a function from x positions to values, read from the labels of the axis below the box.</summary>
    public static Func<double, double> AcrossScale(XElement svg)
    {
        XElement box = svg.Of("box")[0];
        double line = box.Number("y") + box.Number("height") + 21;
        return Scale([.. Labels(svg).Where(text => text.Number("y") == line).Select(text => (text.Number("x"), Parsed(text.Value)))]);
    }

    public static Func<double, double> UpScale(XElement svg)
    {
        XElement box = svg.Of("box")[0];
        double line = box.Number("x") - 8;
        return Scale([.. Labels(svg).Where(text => text.Number("x") == line).Select(text => (text.Number("y") - 5, Parsed(text.Value)))]);
    }

    public static void AssertInside(XElement svg)
    {
        (double width, double height) = (svg.Number("width"), svg.Number("height"));
        foreach (XElement line in svg.Descendants()
            .Where(element => element.Attribute("points") is not null && element.Ancestors(Svg + "defs").Any() == false))
        {
            Assert.All(line.Points(), point =>
                Assert.True(point.X >= 0 && point.X <= width && point.Y >= 0 && point.Y <= height, $"{point} of {line}"));
        }

        foreach (XElement text in svg.Descendants(Svg + "text").Where(text => text.Attribute("transform") is null))
        {
            double size = text.Attribute("font-size") is null ? 14 : text.Number("font-size");
            double wide = text.Value.EnumerateRunes().Count() * size * .56, x = text.Number("x");       // average of a sans-serif font
            double left = text.Attribute("text-anchor")!.Value switch { "end" => x - wide, "middle" => x - (wide / 2), _ => x };
            Assert.True(left >= -1 && left + wide <= width + 1, $"'{text.Value}' goes from {left} to {left + wide}");
            Assert.InRange(text.Number("y"), size * 0.7, height);
        }
    }

    /// <summary>
    /// Asserts that no label is cut off at the right, assuming digits 0.64 times as wide as high, as in the widest common font.
    /// </summary>
    public static void AssertFits(XElement svg) => Assert.All(
        svg.Elements(Svg + "text").Where(text =>
            text.Attribute("text-anchor")!.Value == "start" && double.TryParse(text.Value, CultureInfo.InvariantCulture, out _)),
        text => Assert.InRange(
            text.Number("x")
                + (text.Value.Length * (text.Attribute("font-size") is null ? 14 : text.Number("font-size")) * 0.64),
            0,
            svg.Number("width")));

    /// <summary>Asserts that a text of the figure contains the given text, unescaped.</summary>
    public static void AssertHoldsText(XElement svg, string beginning) =>
        Assert.Contains(svg.Texts(), text => text.Contains(beginning, StringComparison.Ordinal));

    /// <summary>Asserts that the output is the same in a culture with a decimal comma and another negative sign.</summary>
    public static void AssertSameInEveryCulture(Func<string> draw)
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        string expected = draw();
        try
        {
            var other = (CultureInfo)CultureInfo.InvariantCulture.Clone();
            (other.NumberFormat.NumberDecimalSeparator, other.NumberFormat.NegativeSign) = (",", "~");
            CultureInfo.CurrentCulture = other;
            Assert.Equal(expected, draw());
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    private static IEnumerable<XElement> Labels(XElement svg) => svg.Elements(Svg + "text")
        .Where(text => text.Attribute("x") is not null && double.TryParse(text.Value, CultureInfo.InvariantCulture, out _));

    private static Func<double, double> Scale((double Place, double Value)[] labels)
    {
        Assert.True(labels.Length >= 2, "an axis needs at least two labels");
        (double slope, (double Place, double Value) first) =
            ((labels[^1].Value - labels[0].Value) / (labels[^1].Place - labels[0].Place), labels[0]);
        return place => first.Value + ((place - first.Place) * slope);
    }

    private static double Parsed(string number) => double.Parse(number, CultureInfo.InvariantCulture);
}
