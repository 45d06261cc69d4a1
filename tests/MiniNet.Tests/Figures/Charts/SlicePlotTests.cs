using System.Xml.Linq;
using MiniNet.Calculus;
using MiniNet.Figures;

namespace MiniNet.Tests.Figures;

public class SlicePlotTests
{
    private static readonly SurfaceGrid Grid =
        SurfaceGrid.Sample((x, y) => (x * x) + (3 * y), (-1, 3), (0, 1), 41, 11, "width", "height", "loss");

    [Fact]
    public void Draw_Curves_PlacesPointsAccordingToAxes()
    {
        PlottedCurve[] curves = [PlottedCurve.AlongX(Grid, 0.52), PlottedCurve.Sample("line", x => 5 - x, -1, 3, 11)];
        XElement svg = FigureChecks.Parse(SlicePlot.Draw(curves, "width", "loss"));
        (Func<double, double> x, Func<double, double> y) = (FigureChecks.AcrossScale(svg), FigureChecks.UpScale(svg));
        XElement[] lines = svg.Of("curve");
        for (int i = 0; i < 2; i++)
        {
            Assert.Equal(curves[i].Points.Count, lines[i].Points().Length);
            Assert.All(lines[i].Points().Zip(curves[i].Points), pair =>
            {
                Assert.Equal(pair.Second.X, x(pair.First.X), 1e-3);
                Assert.Equal(pair.Second.Y, y(pair.First.Y), 0.01);
            });
        }

        Assert.Contains("height = 0.5", svg.Texts());
        FigureChecks.AssertInside(svg);
    }

    [Fact]
    public void Along_ValueBetweenGridLines_UsesNearestRowOrColumn()
    {
        Assert.Equal("height = 0.5", PlottedCurve.AlongX(Grid, 0.54).Name);
        Assert.Equal(Grid.X.Select(x => (x, (x * x) + (3 * Grid.Y[5]))), PlottedCurve.AlongX(Grid, 0.54).Points);
        Assert.Equal("width = 3", PlottedCurve.AlongY(Grid, 99).Name);
        Assert.Equal(Grid.Y.Select(y => (y, 9 + (3 * y))), PlottedCurve.AlongY(Grid, 99).Points);
    }

    [Fact]
    public void Draw_Tangent_HasItsSlopeInThePicture()
    {
        foreach (double at in (double[])[-1, 0.5, 1, 3])
        {
            XElement svg = FigureChecks.Parse(SlicePlot.Draw(
                [PlottedCurve.AlongX(Grid, 0)], tangents: [new(at, at * at, 2 * at), new(double.NaN, 0, 1)]));
            (Func<double, double> x, Func<double, double> y) = (FigureChecks.AcrossScale(svg), FigureChecks.UpScale(svg));
            XElement line = svg.Of("tangent").Single(tangent => tangent.Parent == svg);
            (double x1, double y1, double x2, double y2) =
                (x(line.Number("x1")), y(line.Number("y1")), x(line.Number("x2")), y(line.Number("y2")));
            Assert.Equal(2 * at, (y2 - y1) / (x2 - x1), 0.02);
            Assert.Equal(at * at, y1 + ((at - x1) * 2 * at), 0.02);     // the line passes through its point
            Assert.Contains($"tangent at x = {at.ToString(provider: null)}: slope {(2 * at).ToString(provider: null)}", svg.Texts());
            FigureChecks.AssertInside(svg);
        }
    }

    [Fact]
    public void Draw_NonFiniteValues_LeaveGaps()
    {
        XElement svg = FigureChecks.Parse(SlicePlot.Draw(
        [
            new("gap", [(0, 1), (1, 2), (2, double.NaN), (3, 1), (4, double.PositiveInfinity), (5, 1)]), new("alone", [(2, 2)]),
        ]));
        Assert.Single(svg.Of("curve"));
        Assert.Equal(2, svg.Of("curve")[0].Points().Length);
        Assert.Contains("gap; 2 of 6 values are not finite", svg.Texts());
        Assert.Single(svg.Elements(FigureChecks.Svg + "circle"));
        FigureChecks.AssertInside(FigureChecks.Parse(SlicePlot.Draw([new("flat", [(0, 3), (1, 3)])])));
        Assert.Throws<ArgumentException>(() => SlicePlot.Draw([new("none", [(0, double.NaN)])]));
        Assert.Throws<ArgumentException>(() => SlicePlot.Draw([]));
        Assert.Throws<ArgumentException>(() => new PlottedCurve("empty", []));
        Assert.Throws<ArgumentOutOfRangeException>(() => PlottedCurve.Sample("one", x => x, 0, 1, 1));
    }

    [Fact]
    public void Draw_ManyCurves_DifferInDashesAsWellAsColour()
    {
        XElement[] curves = FigureChecks.Parse(SlicePlot.Draw(
            [.. Enumerable.Range(0, 14).Select(i => PlottedCurve.Sample($"{i}", x => x + i, 0, 1, 3))])).Of("curve");
        Assert.Equal(14, curves
            .Select(curve => (curve.Attribute("stroke")!.Value, curve.Attribute("stroke-dasharray")?.Value)).Distinct().Count());
        Assert.NotEqual(curves[0].Attribute("stroke-dasharray")?.Value, curves[1].Attribute("stroke-dasharray")?.Value);
    }

    [Fact]
    public void Draw_NamesWithMarkup_AreEscapedInEveryCulture()
    {
        XElement svg = FigureChecks.Parse(SlicePlot.Draw(
            [PlottedCurve.Sample(FigureChecks.Wicked, x => x, 0, 1)], FigureChecks.Wicked, FigureChecks.Wicked, FigureChecks.Wicked));
        Assert.Empty(svg.Descendants(FigureChecks.Svg + "script"));
        FigureChecks.AssertHoldsText(svg, "</title></svg><script>alert(1)</script> <!-- \"'& ]]>");
        FigureChecks.AssertInside(svg);
        FigureChecks.AssertSameInEveryCulture(() => SlicePlot.Draw([PlottedCurve.AlongX(Grid, 0.5)], tangents: [new(-0.5, 0.25, -1)]));
    }
}
