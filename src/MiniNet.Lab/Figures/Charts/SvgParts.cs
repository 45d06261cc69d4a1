using System.Globalization;
using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace MiniNet.Figures;

/// <summary>Contains the SVG elements that all figures share.</summary>
internal static class SvgParts
{
    public const string Ink = "#222222", Frame = "#555555", Grid = "#e3e3e3", Paper = "#ffffff";

    private const int MaxDigits = 12;

    public static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    // Colours that colour-blind readers can distinguish: Okabe and Ito, 2008.
    public static readonly string[] Colours = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000"];

    /// <summary>Creates an SVG document with a white background and a title.</summary>
    /// <param name="width">The width in SVG units; the default font size is 14 units.</param>
    /// <param name="height">The height in SVG units.</param>
    /// <param name="title">The title.</param>
    /// <param name="description">A description of the figure for screen readers.</param>
    /// <param name="parts">The content.</param>
    public static string Document(double width, double height, string title, string description, params object?[] parts)
    {
        var svg = new XElement(
            Svg + "svg",
            new XAttribute("viewBox", $"0 0 {N(width)} {N(height)}"),
            new XAttribute("width", N(width)),
            new XAttribute("height", N(height)),
            new XAttribute("font-family", "system-ui, sans-serif"),
            new XAttribute("font-size", 14),
            new XAttribute("role", "img"),
            new XElement(Svg + "title", title),
            new XElement(Svg + "desc", description),
            Rectangle(0, 0, width, height, Paper).WithAttribute("class", "paper"),
            parts);
        return new XDocument(svg).ToString().ReplaceLineEndings("\n") + "\n";
    }

    public static XElement Circle(double x, double y, double radius, string colour, string fill) => new(
        Svg + "circle",
        new XAttribute("cx", N(x)),
        new XAttribute("cy", N(y)),
        new XAttribute("r", N(radius)),
        new XAttribute("fill", fill),
        new XAttribute("stroke", colour),
        new XAttribute("stroke-width", 2));

    public static XElement Line(double x1, double y1, double x2, double y2, string colour, double thickness = 1) => new(
        Svg + "line",
        new XAttribute("x1", N(x1)),
        new XAttribute("y1", N(y1)),
        new XAttribute("x2", N(x2)),
        new XAttribute("y2", N(y2)),
        new XAttribute("stroke", colour),
        new XAttribute("stroke-width", N(thickness)));

    public static XElement Text(double x, double y, string text, string anchor = "middle", int? size = null) => new(
        Svg + "text",
        new XAttribute("x", N(x)),
        new XAttribute("y", N(y)),
        new XAttribute("text-anchor", anchor),
        size is null ? null : new XAttribute("font-size", size),
        new XAttribute("fill", Ink),
        text);

    public static XElement Rectangle(double x, double y, double width, double height, string fill) => new(
        Svg + "rect",
        new XAttribute("x", N(x)),
        new XAttribute("y", N(y)),
        new XAttribute("width", N(width)),
        new XAttribute("height", N(height)),
        new XAttribute("fill", fill));

    public static XElement Polyline(IEnumerable<(double X, double Y)> points, string colour, double thickness) => new(
        Svg + "polyline",
        new XAttribute("points", Points(points)),
        new XAttribute("fill", "none"),
        new XAttribute("stroke", colour),
        new XAttribute("stroke-width", N(thickness)),
        new XAttribute("stroke-linejoin", "round"),
        new XAttribute("stroke-linecap", "round"));

    public static XElement Polygon(IEnumerable<(double X, double Y)> points, string fill, string line, double thickness) => new(
        Svg + "polygon",
        new XAttribute("points", Points(points)),
        new XAttribute("fill", fill),
        new XAttribute("stroke", line),
        new XAttribute("stroke-width", N(thickness)),
        new XAttribute("stroke-linejoin", "round"));

    /// <summary>Adds a white outline to a text, which keeps it legible on any background.</summary>
    public static XElement WithHalo(this XElement text) =>
        text.WithAttribute("stroke", Paper).WithAttribute("stroke-width", "3").WithAttribute(
            "stroke-linejoin", "round").WithAttribute("paint-order", "stroke");

    public static XElement WithAttribute(this XElement element, string attribute, object value)
    {
        element.SetAttributeValue(attribute, value);
        return element;
    }

    /// <summary>
    /// Returns a name on one line, shortened to a maximum number of characters. Control characters, and those that XML cannot represent,
    /// are replaced.
    /// </summary>
    public static string Truncate(string name, int maxLength)
    {
        var text = new StringBuilder();
        foreach (Rune rune in name.EnumerateRunes().Take(maxLength))
        {
            text.Append(Rune.IsControl(rune) || (rune.IsBmp && !XmlConvert.IsXmlChar((char)rune.Value)) ? Rune.ReplacementChar : rune);
        }

        return name.EnumerateRunes().Skip(maxLength).Any() ? text.Append('…').ToString() : text.ToString();
    }

    public static string N(double value) => Math.Round(value, 2).ToString(CultureInfo.InvariantCulture);

    /// <summary>Formats a number with four significant digits, or more if needed to show a tenth of a distance. Never returns -0.</summary>
    public static string FormatNumber(double value, double distance = double.PositiveInfinity)
    {
        if (!double.IsFinite(value))
        {
            return double.IsNaN(value) ? "NaN" : value > 0 ? "∞" : "-∞";
        }

        double size = Math.Abs(value);
        if (size == 0)
        {
            return "0";
        }

        int power = (int)Math.Floor(Math.Log10(size)),
            digits = (int)Math.Clamp(power - Math.Floor(Math.Log10(distance)) + 2, 4, MaxDigits);
        return size is < 1e-3 or >= 1e6 ? value.ToString($"0.{new string('#', digits - 1)}e0", CultureInfo.InvariantCulture)
            : Math.Round(value, Math.Clamp(digits - 1 - power, 0, 15)).ToString(CultureInfo.InvariantCulture);
    }

    private static string Points(IEnumerable<(double X, double Y)> points) =>
        string.Join(' ', points.Select(point => $"{N(point.X)},{N(point.Y)}"));
}
