using System.Xml.Linq;
using MiniNet.Figures;

namespace MiniNet.Tests.Figures;

public class BarChartTests
{
    private static readonly PlottedBar[] Bars =
    [
        new("a", 0.5, 0.25, 0.75, "one"),
        new("b", -0.25, -0.5, -0.125, "one"),
        new("c", 0, Group: "two"),
        new("d", 1, Group: "one"),
        new("e", double.NaN, Group: "two"),
    ];

    [Fact]
    public void Draw_BarsAndIntervals_MatchTheirValues()
    {
        XElement svg = FigureChecks.Parse(BarChart.Draw(Bars, "t"));
        Func<double, double> x = Scale(svg);
        double[][] ends = [.. svg.Of("bar").Select(bar => new[] { x(bar.Number("x")), x(bar.Number("x") + bar.Number("width")) })];
        double[][] expected = [[0, 0.5], [-0.25, 0], [0, 1], [0, 0]];       // the three bars of group one, then those of group two
        Assert.All(ends.Zip(expected), pair => Assert.True(
            Math.Abs(pair.First[0] - pair.Second[0]) < 2e-3 && Math.Abs(pair.First[1] - pair.Second[1]) < 2e-3));
        double[][] intervals = [.. svg.Of("interval").Select(line => new[] { x(line.Number("x1")), x(line.Number("x2")) })];
        Assert.All(intervals.Zip((double[][])[[0.25, 0.75], [-0.5, -0.125]]), pair => Assert.True(
            Math.Abs(pair.First[0] - pair.Second[0]) < 2e-3 && Math.Abs(pair.First[1] - pair.Second[1]) < 2e-3));
        Assert.Equal(["0.5", "-0.25", "1", "0", "NaN"], svg.Of("value").Select(text => text.Value));
        Assert.NotEqual(svg.Of("bar")[0].Attribute("fill")!.Value, svg.Of("bar")[1].Attribute("fill")!.Value);
        FigureChecks.AssertInside(svg);
    }

    [Fact]
    public void Draw_Groups_AreTogetherUnderTheirNames()
    {
        XElement svg = FigureChecks.Parse(BarChart.Draw(Bars, "t"));
        (double Y, string Text)[] rows = [.. svg.Of("group").Concat(svg.Of("name")).Select(text => (text.Number("y"), text.Value)).Order()];
        Assert.Equal(["one", "a", "b", "d", "two", "c", "e"], rows.Select(row => row.Text));
        Assert.Empty(FigureChecks.Parse(BarChart.Draw([new("a", 1)], "t")).Of("group"));
    }

    [Theory]
    [InlineData(1e300)]
    [InlineData(1e-300)]
    [InlineData(0)]
    [InlineData(-7)]
    [InlineData(-123456)]
    [InlineData(-1.2345e-9)]
    public void Draw_AnyValue_StaysInsideThePicture(double value)
    {
        FigureChecks.AssertInside(FigureChecks.Parse(BarChart.Draw(
            [
                new("a name that is far too long to be shown in full", value),
                new("b", value / 2, value < 0 ? value : 0, value < 0 ? 0 : value),
            ],
            "t")));
        FigureChecks.AssertInside(FigureChecks.Parse(BarChart.Draw([new("a", value), new("b", -value)], "t")));
    }

    [Fact]
    public void Draw_NoBarsOrInvalidInterval_Throws()
    {
        Assert.Throws<ArgumentException>(() => BarChart.Draw([], "t"));
        Assert.StartsWith(
            "The interval of 'a' is 2 to 3;",
            Assert.Throws<ArgumentException>(() => BarChart.Draw([new("a", 1, 2, 3)], "t")).Message,
            StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => BarChart.Draw([new("a", 1, double.NaN, 3)], "t"));
    }

    [Fact]
    public void Draw_NamesWithMarkup_AreEscapedInEveryCulture()
    {
        XElement svg = FigureChecks.Parse(
            BarChart.Draw([new(FigureChecks.Wicked, 1, Group: FigureChecks.Wicked)], FigureChecks.Wicked, FigureChecks.Wicked));
        Assert.Empty(svg.Descendants(FigureChecks.Svg + "script"));
        FigureChecks.AssertHoldsText(svg, "</title></svg><script>");
        FigureChecks.AssertInside(svg);
        FigureChecks.AssertSameInEveryCulture(() => BarChart.Draw(Bars, "t"));
        FigureChecks.AssertSameInEveryCulture(() =>
            Assert.Throws<ArgumentException>(() => BarChart.Draw([new("a", 1.5, -2.5, 0.5)], "t")).Message);
    }

    // Reads the scale from the tick labels below the bars.
    private static Func<double, double> Scale(XElement svg)
    {
        double below = svg.Of("zero")[0].Number("y2") + 21;
        (double X, double Value)[] labels =
        [
            .. svg.Elements(FigureChecks.Svg + "text").Where(text => text.Number("y") == below)
                .Select(text => (text.Number("x"), double.Parse(text.Value, provider: null))),
        ];
        return place => labels[0].Value + ((place - labels[0].X) / (labels[^1].X - labels[0].X) * (labels[^1].Value - labels[0].Value));
    }
}
