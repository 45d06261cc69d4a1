using System.Globalization;
using System.Xml.Linq;
using static MiniNet.Figures.SvgParts;

namespace MiniNet.Figures;

/// <summary>
/// Draws named numbers as horizontal bars in one self-contained SVG image. Positive bars are brown, negative bars blue; each shows its
/// value and, if given, an interval.
/// </summary>
public static class BarChart
{
    private const double Width = 560, Top = 50, RowHeight = 26, BarHeight = 16, LetterWidth = 7.3, ValueWidth = 64;

    /// <summary>Draws the chart.</summary>
    /// <param name="bars">The bars from top to bottom, at least one. Groups appear in the order of their first bars.</param>
    /// <param name="title">The title.</param>
    /// <param name="valueName">The name and unit of the values, shown below the axis.</param>
    /// <returns>The SVG document.</returns>
    /// <exception cref="ArgumentException">There are no bars, or an interval is not finite or does not contain the bar's value.</exception>
    public static string Draw(IReadOnlyList<PlottedBar> bars, string title, string valueName = "value")
    {
        Check(bars);
        List<(PlottedBar? Bar, string? Heading)> rows = [];
        foreach (IGrouping<string, PlottedBar> group in bars.GroupBy(bar => bar.Group ?? "", StringComparer.Ordinal))
        {
            rows.AddRange(group.Key.Length > 0 ? [(null, group.Key)] : []);
            rows.AddRange(group.Select(bar => ((PlottedBar?)bar, (string?)null)));
        }

        double[] ends =
        [
            0,
            .. bars.SelectMany(bar => new[] { bar.Value, bar.Low ?? bar.Value, bar.High ?? bar.Value }).Where(double.IsFinite),
        ];
        double left = 28 + (Math.Min(24, bars.Max(bar => bar.Name.EnumerateRunes().Count())) * LetterWidth);
        bool hasLeft = ends.Min() < 0;
        var x = ends.Max() > ends.Min()
            ? new Axis(ends.Min(), ends.Max(), left + (hasLeft ? ValueWidth : 4), Width - ValueWidth - 8)
            : new Axis(0, 1, left, Width - ValueWidth - 8);
        double bottom = Top + (rows.Count * RowHeight) + 4;
        title = Truncate(title, 54);
        return Document(
            Width,
            bottom + 56,
            title,
            $"{Truncate(valueName, 60)}: {string.Join("; ", bars.Take(60).Select(Describe))}",
            Text(20, 28, title, anchor: "start", size: 17),
            x.Ticks(hasLeft ? 5 : 6).SelectMany(tick => Tick(x.Map(tick), bottom, tick)),
            rows.SelectMany((row, i) => row.Bar is { } bar
                ? Bar(bar, x, left, Top + (i * RowHeight))
                :
                [
                    Text(20, Top + (i * RowHeight) + 18, Truncate(row.Heading!, 60), anchor: "start")
                        .WithAttribute("font-weight", "600").WithAttribute("class", "group"),
                ]),
            Line(x.Map(0), Top, x.Map(0), bottom, SvgParts.Frame).WithAttribute("class", "zero"),
            Text(Width / 2, bottom + 44, Truncate(valueName, 60)));
    }

    private static void Check(IReadOnlyList<PlottedBar> bars)
    {
        if (bars.Count == 0)
        {
            throw new ArgumentException("There are no bars to draw; pass at least one.", nameof(bars));
        }

        foreach (PlottedBar bar in bars)
        {
            if (!double.IsFinite(bar.Low ?? 0) || !double.IsFinite(bar.High ?? 0) || bar.Low > bar.Value || bar.High < bar.Value)
            {
                throw new ArgumentException(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"The interval of '{bar.Name}' is {bar.Low} to {bar.High}; it must be finite and contain the value {bar.Value}."),
                    nameof(bars));
            }
        }
    }

    private static string Describe(PlottedBar bar) =>
        $"{(bar.Group is { } group ? $"{Truncate(group, 40)}, " : "")}{Truncate(bar.Name, 40)} {FormatNumber(bar.Value)}"
        + (bar.Low is null && bar.High is null ? "" : $" ({FormatNumber(bar.Low ?? bar.Value)} to {FormatNumber(bar.High ?? bar.Value)})");

    private static IEnumerable<XElement> Tick(double x, double bottom, double tick)
    {
        yield return Line(x, Top, x, bottom + 4, Grid);
        yield return Text(x, bottom + 21, Axis.Label(tick));
    }

    private static IEnumerable<XElement> Bar(PlottedBar bar, Axis x, double left, double top)
    {
        double middle = top + (RowHeight / 2), zero = x.Map(0);
        yield return Text(left - 8, middle + 5, Truncate(bar.Name, 24), anchor: "end").WithAttribute("class", "name");
        if (!double.IsFinite(bar.Value))
        {
            yield return Text(zero + 6, middle + 5, FormatNumber(bar.Value), anchor: "start").WithAttribute("class", "value");
            yield break;
        }

        double end = x.Map(bar.Value), farthest = bar.Value < 0 ? x.Map(bar.Low ?? bar.Value) : x.Map(bar.High ?? bar.Value);
        yield return Rectangle(
            Math.Min(zero, end),
            middle - (BarHeight / 2),
            Math.Abs(end - zero),
            BarHeight,
            bar.Value < 0 ? "#5a94cf" : "#dd9a55").WithAttribute("class", "bar");
        if (bar.Low is not null || bar.High is not null)
        {
            (double low, double high) = (x.Map(bar.Low ?? bar.Value), x.Map(bar.High ?? bar.Value));
            yield return Line(low, middle, high, middle, Ink, 1.5).WithAttribute("class", "interval");
            yield return Line(low, middle - 4, low, middle + 4, Ink, 1.5);
            yield return Line(high, middle - 4, high, middle + 4, Ink, 1.5);
        }

        yield return Text(
            bar.Value < 0 ? farthest - 6 : farthest + 6,
            middle + 5,
            FormatNumber(bar.Value),
            anchor: bar.Value < 0 ? "end" : "start").WithHalo().WithAttribute("class", "value");
    }
}
