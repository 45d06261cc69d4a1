using System.Xml.Linq;
using MiniNet.Figures;

namespace MiniNet.Tests.Figures;

public class HeatMapTests
{
    [Fact]
    public void Draw_OppositeValues_HaveColoursOfEqualStrength()
    {
        XElement[] cells = FigureChecks.Parse(HeatMap.Draw(
            new double[,] { { -2, -1, 0, 1, 2, double.NaN } }, ["r"], Names("c", 6), "t")).Of("cell");
        string[] colours = [.. cells.Select(cell => cell.Attribute("fill")!.Value)];
        Assert.Equal("#ffffff", colours[2]);
        Assert.Equal(6, colours.Distinct().Count());
        for (int i = 0; i < 2; i++)
        {
            Assert.InRange(Math.Abs(ColourScale.Luminance(colours[i]) - ColourScale.Luminance(colours[4 - i])), 0, 0.1);
        }

        Assert.True(Part(colours[0], 5) > Part(colours[0], 1) && Part(colours[4], 1) > Part(colours[4], 5), "blue below 0, brown above");
        Assert.True(ColourScale.Luminance(colours[0]) < ColourScale.Luminance(colours[1])
            && ColourScale.Luminance(colours[4]) < ColourScale.Luminance(colours[3]));
    }

    [Fact]
    public void Draw_SmallMatrix_HasLegibleNumbersInItsCells()
    {
        double[,] values = new double[30, 30];
        for (int i = 0; i < 900; i++)
        {
            values[i / 30, i % 30] = Math.Sin(i) * Math.Pow(10, (i % 9) - 4);
        }

        XElement svg = FigureChecks.Parse(HeatMap.Draw(values, Names("row", 30), Names("column", 30), "t"));
        (XElement[] cells, XElement[] numbers) = (svg.Of("cell"), svg.Of("number"));
        Assert.Equal((900, 900), (cells.Length, numbers.Length));
        for (int i = 0; i < 900; i++)
        {
            XElement cell = cells[i], number = numbers[i];
            double value = values[i / 30, i % 30], shown = double.Parse(number.Value, provider: null);
            Assert.Equal(value, shown, Math.Max(Math.Abs(value) * 0.06, 1e-5));
            Assert.InRange(number.Number("x"), cell.Number("x"), cell.Number("x") + cell.Number("width"));
            Assert.InRange(number.Number("y"), cell.Number("y"), cell.Number("y") + cell.Number("height"));
            Assert.InRange(number.Value.Length * number.Number("font-size") * 0.56, 0, cell.Number("width"));
            (double a, double b) =
                (ColourScale.Luminance(cell.Attribute("fill")!.Value), ColourScale.Luminance(number.Attribute("fill")!.Value));
            Assert.True((Math.Max(a, b) + 0.05) / (Math.Min(a, b) + 0.05) >= 4.5, $"{number} on {cell}");
        }

        FigureChecks.AssertInside(svg);
    }

    [Theory]
    [InlineData(31, 2)]
    [InlineData(2, 31)]
    [InlineData(300, 300)]
    [InlineData(1, 1)]
    public void Draw_AnySize_StaysInsideThePicture(int rows, int columns)
    {
        double[,] values = new double[rows, columns];
        values[0, 0] = -3;
        XElement svg = FigureChecks.Parse(HeatMap.Draw(
            values, Names("row ", rows), Names("a column with a name that is long ", columns), "A title"));
        Assert.Equal(rows * columns, svg.Of("cell").Length);
        Assert.Equal(rows > 30 || columns > 30 ? 0 : rows * columns, svg.Of("number").Length);
        FigureChecks.AssertInside(svg);
        double[] names =
        [
            .. svg.Elements(FigureChecks.Svg + "text").Where(text => text.Value.StartsWith("row ", StringComparison.Ordinal))
                .Select(text => text.Number("y")),
        ];
        Assert.All(names.Zip(names.Skip(1)), pair => Assert.True(pair.Second - pair.First >= 14, "names touch"));
    }

    [Theory]
    [InlineData(0.005239)]
    [InlineData(-1.234e-5)]
    [InlineData(1.234e-300)]
    public void Draw_ColourBarLabels_FitInThePicture(double strongest) =>
        FigureChecks.AssertFits(
            FigureChecks.Parse(HeatMap.Draw(new double[,] { { strongest, 0, 0, 0, 0, 0 } }, ["r"], Names("c", 6), "t")));

    [Fact]
    public void Draw_OddMatrices_AreDrawnOrThrow()
    {
        foreach (double value in (double[])[0, double.NaN, double.PositiveInfinity, double.MaxValue, double.Epsilon])
        {
            XElement svg = FigureChecks.Parse(HeatMap.Draw(new double[,] { { value } }, ["r"], ["c"], "t"));
            FigureChecks.AssertInside(svg);
            Assert.Single(svg.Of("number"));
        }

        Assert.Throws<ArgumentException>(() => HeatMap.Draw(new double[0, 0], [], [], "t"));
        Assert.StartsWith(
            "The matrix is 1×2, with 1 row names and 1 column names.",
            Assert.Throws<ArgumentException>(() => HeatMap.Draw(new double[1, 2], ["r"], ["c"], "t")).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Draw_NamesWithMarkup_AreEscapedInEveryCulture()
    {
        XElement svg = FigureChecks.Parse(
            HeatMap.Draw(new double[,] { { 1 } }, [FigureChecks.Wicked], [FigureChecks.Wicked], FigureChecks.Wicked));
        Assert.Empty(svg.Descendants(FigureChecks.Svg + "script"));
        FigureChecks.AssertHoldsText(svg, "</title></svg><script>");
        FigureChecks.AssertInside(svg);
        FigureChecks.AssertSameInEveryCulture(() => HeatMap.Draw(new double[,] { { -1.5, 0.25 } }, ["r"], ["a", "b"], "t"));
    }

    private static int Part(string colour, int at) => Convert.ToInt32(colour.Substring(at, 2), 16);

    private static string[] Names(string name, int count) => [.. Enumerable.Range(0, count).Select(i => $"{name}{i}")];
}
