using System.Xml.Linq;
using MiniNet.Calculus;
using MiniNet.Figures;
using MiniNet.Optimizers;

namespace MiniNet.Tests.Figures;

public class ContourPlotTests
{
    private static readonly SurfaceGrid Bowl = SurfaceGrid.Sample((x, y) => (x * x) + (y * y), (-2, 2), (-2, 2), 41, 41);

    [Fact]
    public void Draw_LevelCurvesOfBowl_AreCirclesOfExpectedRadius()
    {
        XElement svg = FigureChecks.Parse(ContourPlot.Draw(Bowl));
        (Func<double, double> x, Func<double, double> y) = (FigureChecks.AcrossScale(svg), FigureChecks.UpScale(svg));
        XElement[] curves = [.. svg.Of("level").Where(curve => double.Parse(curve.Attribute("data-level")!.Value, provider: null) <= 4)];
        Assert.True(curves.Length >= 6);
        Assert.All(curves, curve => Assert.All(curve.Points(), point =>
            Assert.Equal(Math.Sqrt(curve.Number("data-level")), Math.Sqrt(Math.Pow(x(point.X), 2) + Math.Pow(y(point.Y), 2)), 0.01)));
    }

    [Fact]
    public void Draw_RangesOfVariousRatios_HaveEqualScalesUpToFour()
    {
        foreach ((double wide, bool isEqual) in ((double, bool)[])[(1, true), (3.9, true), (4.1, false), (1000, false)])
        {
            XElement svg = FigureChecks.Parse(ContourPlot.Draw(SurfaceGrid.Sample((a, b) => a + b, (0, wide), (0, 1), 5, 5)));
            double unit = FigureChecks.AcrossScale(svg)(100) - FigureChecks.AcrossScale(svg)(0),
                unitUp = FigureChecks.UpScale(svg)(0) - FigureChecks.UpScale(svg)(100);
            Assert.Equal(isEqual, Math.Abs((unit / unitUp) - 1) < 1e-3);
            Assert.Equal(!isEqual, svg.Texts().Contains("the axes have different scales, so angles are distorted"));
        }
    }

    [Fact]
    public void Legend_CoordinateNearZeroByRounding_IsWrittenAs0()
    {
        XElement svg = FigureChecks.Parse(ContourPlot.Draw(Bowl, new()
        {
            Points = [new(1, -2.76e-8, PlottedPointKind.Minimum)],
            Paths = [new("descent", [new(1, 1), new(2.05e-7, 0.5)])],
        }));
        Assert.Contains("minimum at (1, 0)", svg.Texts());
        Assert.Contains("descent: 1 step to (0, 0.5)", svg.Texts());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1000)]      // different scales
    public void Draw_GradientArrows_ArePerpendicularToCurvesAndPointUphill(double stretch)
    {
        SurfaceGrid grid = SurfaceGrid.Sample((x, y) => Height(x, y / stretch), (-2, 2), (-1 * stretch, 3 * stretch), 161, 161);
        List<PlottedArrow> arrows = [];
        double[] levels = [20, 200, 800];
        foreach (double level in levels)
        {
            foreach ((double X, double Y)[] curve in LevelCurves.Lines(grid, level).Select(line => line.ToArray()))
            {
                foreach ((double x, double y) in curve.Where((_, i) => i % 40 == 20))
                {
                    arrows.Add(new PlottedArrow(
                        x,
                        y,
                        (-2 * (1 - x)) - (400 * x * ((y / stretch) - (x * x))),
                        200 * ((y / stretch) - (x * x)) / stretch));
                }
            }
        }

        XElement svg = FigureChecks.Parse(ContourPlot.Draw(grid, new() { Levels = levels, Arrows = arrows }));
        (double X, double Y)[][] curves = [.. svg.Of("level").Select(curve => curve.Points())];
        (Func<double, double> across, Func<double, double> up) = (FigureChecks.AcrossScale(svg), FigureChecks.UpScale(svg));
        int checkedArrows = 0;
        double cosines = 0;
        foreach ((double X, double Y)[] arrow in svg.Of("arrow").Where(arrow => arrow.Parent == svg).Select(arrow => arrow.PathPoints()))
        {
            (double dx, double dy) = (arrow[1].X - arrow[0].X, arrow[1].Y - arrow[0].Y);
            Assert.True(Height(across(arrow[1].X), up(arrow[1].Y) / stretch) > Height(across(arrow[0].X), up(arrow[0].Y) / stretch));
            double length = Math.Sqrt((dx * dx) + (dy * dy));
            foreach ((double X, double Y) end in new[] { arrow[0], arrow[1] })     // one end is on a curve
            {
                ((double X, double Y) a, (double X, double Y) b, double away) = curves
                    .SelectMany(curve => curve.Zip(
                        curve.Skip(1), (a, b) => (a, b, Away: Distance(end, ((a.X + b.X) / 2, (a.Y + b.Y) / 2)))))
                    .MinBy(piece => piece.Away);
                if (away < 1 && length > 8 && Distance(a, b) > 1)
                {
                    double cosine = ((dx * (b.X - a.X)) + (dy * (b.Y - a.Y))) / length / Distance(a, b);
                    Assert.InRange(cosine, -0.17, 0.17);        // within ten degrees of perpendicular to one piece of the curve
                    cosines += Math.Abs(cosine);
                    checkedArrows++;
                }
            }
        }

        Assert.True(checkedArrows >= 8, $"only {checkedArrows} arrows were checked");
        Assert.InRange(cosines / checkedArrows, 0, 0.03);

        static double Height(double x, double y) => ((1 - x) * (1 - x)) + (100 * (y - (x * x)) * (y - (x * x)));
    }

    [Fact]
    public void Draw_PathsArrowsAndPoints_StayInsideTheBox()
    {
        PlottedPath[] paths =
        [
            new("out and in", [new(-5, -5), new(0, 0), new(9, 1), new(1, 9), new(1, 1), new(1e300, -1e300)]),
            new("around", [new(-9, 0), new(0, 9)]),
        ];
        XElement svg = FigureChecks.Parse(ContourPlot.Draw(Bowl.WithGradient((x, y) => (2 * x, 2 * y)), new()
        {
            Paths = paths,
            Arrows = [.. PlottedArrow.Of(Bowl.WithGradient((x, y) => (2 * x, 2 * y)), 41), new(7, 7, 1, 1), new(0, 0, double.NaN, 1)],
            Points = [new(3, 3, PlottedPointKind.Saddle), new(double.NaN, 0, PlottedPointKind.Minimum)],
        }));
        FigureChecks.AssertInside(svg);
        XElement box = svg.Of("box")[0];
        (double left, double top) = (box.Number("x"), box.Number("y"));
        (double right, double bottom) = (left + box.Number("width"), top + box.Number("height"));
        (double X, double Y)[] places =
        [
            .. svg.Of("path").Concat(svg.Of("level")).SelectMany(line => line.Points()),
            .. svg.Of("arrow").Where(arrow => arrow.Parent == svg)
                .SelectMany(arrow => new[] { arrow.PathPoints()[0], arrow.PathPoints()[1] }),
            .. svg.Of("band").SelectMany(band => band.PathPoints()),
        ];
        Assert.True(places.Length > 1000);
        Assert.All(places, place => Assert.True(
            place.X >= left - 0.06 && place.X <= right + 0.06 && place.Y >= top - 0.06 && place.Y <= bottom + 0.06, $"{place}"));
        Assert.Empty(svg.Of("mark"));
        // One part enters at a corner and leaves at the right; one enters at the top and leaves. The path around the corner is not visible.
        Assert.Equal(2, svg.Of("path").Length);
    }

    [Fact]
    public void Draw_Paths_MatchTheirPointsAndLegendStatesTheirEnds()
    {
        PlottedPath[] paths =
        [
            new("inside", [new(-1, 1, 2), new(0.5, 0.25, 0.3125)]),
            new("out", [new(0, 0), new(3, 3)]),
            new("away", [new(0, 0), new(double.NaN, 0)]),
            new("still", [new(1, 1)]),
        ];
        XElement svg = FigureChecks.Parse(ContourPlot.Draw(Bowl, new() { Paths = paths }));
        (Func<double, double> x, Func<double, double> y) = (FigureChecks.AcrossScale(svg), FigureChecks.UpScale(svg));
        (double X, double Y)[] line = svg.Of("path")[0].Points();
        (double, double)[] expected = [(-1, 1), (0.5, 0.25)];
        Assert.All(line.Zip(expected), pair => Assert.True(
            Math.Abs(x(pair.First.X) - pair.Second.Item1) < 1e-3 && Math.Abs(y(pair.First.Y) - pair.Second.Item2) < 1e-3));
        string[] texts = svg.Texts();
        Assert.Contains("inside: 1 step to (0.5, 0.25), z = 0.3125", texts);
        Assert.Contains("out: 1 step to (3, 3); leaves the picture", texts);
        Assert.Contains("away: 1 step; diverges", texts);
        Assert.Contains("still: 0 steps to (1, 1)", texts);
    }

    [Fact]
    public void Draw_PointKinds_HaveDifferentShapes()
    {
        PlottedPointKind[] kinds = Enum.GetValues<PlottedPointKind>();
        XElement svg = FigureChecks.Parse(ContourPlot.Draw(
            Bowl, new() { Points = [.. kinds.Select((kind, i) => new PlottedPoint((i - 2) / 2.0, 0, kind))] }));
        (int, double)[] shapes =
            [.. svg.Of("mark").Where(mark => mark.Parent == svg).Select(mark => (mark.Points().Length, mark.Points()[0].Y))];
        Assert.Equal(kinds.Length, shapes.Distinct().Count());
        Assert.Contains("maximum at (-0.5, 0)", svg.Texts());
    }

    [Fact]
    public void Draw_AutomaticLevels_AreLogarithmicForValleysAndRoundForBowls()
    {
        SurfaceGrid rosenbrock = SurfaceGrid.Sample((x, y) => Math.Pow(1 - x, 2) + (100 * Math.Pow(y - (x * x), 2)), (-2, 2), (-1, 3));
        Assert.Equal([2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000], Levels(rosenbrock, new()));
        Assert.Contains("levels at equal ratios above the minimum", FigureChecks.Parse(ContourPlot.Draw(rosenbrock)).Texts());
        Assert.Equal(
            Levels(rosenbrock, new()).Select(level => -level).Reverse(),
            Levels(SurfaceGrid.Sample((x, y) => -Math.Pow(1 - x, 2) - (100 * Math.Pow(y - (x * x), 2)), (-2, 2), (-1, 3)), new()));
        Assert.Equal(Enumerable.Range(1, 15).Select(i => i / 2.0), Levels(Bowl, new()));
        Assert.Equal([500, 1000, 1500, 2000, 2500], Levels(rosenbrock, new() { Spacing = LevelSpacing.Linear, MaxLevels = 6 }));
        Assert.Equal([0.25, 3], Levels(Bowl, new() { Levels = [3, 0.25, 99, -1, 3] }));
        Assert.InRange(Levels(SurfaceGrid.Sample((x, _) => Math.Max(0, x), (-2, 2), (-1, 1)), new()).Length, 4, 15);
        Assert.All(Enumerable.Range(1, 20), most => Assert.InRange(Levels(Bowl, new() { MaxLevels = most }).Length, 0, most));
        Assert.All(Enumerable.Range(1, 20), most => Assert.InRange(Levels(rosenbrock, new() { MaxLevels = most }).Length, 1, most));
        Assert.Throws<ArgumentOutOfRangeException>(() => ContourPlot.Draw(Bowl, new() { MaxLevels = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => ContourPlot.Draw(Bowl, new() { Levels = [double.NaN] }));
    }

    [Fact]
    public void Draw_LevelsFarFromZero_HaveDistinctLabels()
    {
        SurfaceGrid slope = SurfaceGrid.Sample((x, _) => 1000 + (0.01 * x), (-2, 2), (-2, 2));
        XElement svg = FigureChecks.Parse(ContourPlot.Draw(slope, new() { MaxLevels = 9 }));
        Assert.Equal([999.985, 999.99, 999.995, 1000, 1000.005, 1000.01, 1000.015], Levels(slope, new() { MaxLevels = 9 }));
        string[] labels = [.. svg.Of("label").Select(label => label.Value).Distinct()];
        Assert.Equal(7, labels.Length);
        // Each label is on the curves, and once at the colour bar.
        Assert.All(labels, label => Assert.Equal(
            2, svg.Texts().Count(text => text == label) - svg.Of("label").Count(other => other.Value == label) + 1));
        Assert.Contains("999.98", svg.Texts());
        Assert.Contains("Values range from 999.98 to 1000.02.", svg.Element(FigureChecks.Svg + "desc")!.Value, StringComparison.Ordinal);
        Assert.Equal(
            [1001.5, 1002.5, 1003.5],
            Levels(SurfaceGrid.Sample((x, _) => x, (1001, 1004), (0, 1)), new() { Levels = [1001.5, 1002.5, 1003.5] }));
    }

    [Theory]
    [InlineData(1e6, 0.01)]
    [InlineData(-1e6, 0.01)]
    [InlineData(-0.005239, 1e-9)]
    [InlineData(0, 5.239e-200)]
    public void Draw_ColourBarLabels_FitInThePicture(double height, double slope)
    {
        SurfaceGrid grid = SurfaceGrid.Sample((x, _) => height + (slope * x), (-2.0123, 2.0456), (-2, 2), 21, 21);
        foreach (XElement svg in new[] { ContourPlot.Draw(grid), SurfacePlot.Draw(grid) }.Select(FigureChecks.Parse))
        {
            FigureChecks.AssertFits(svg);
        }
    }

    [Fact]
    public void MaxLevels_IntMaxValue_IsLimited() =>
        Assert.InRange(Levels(Bowl, new() { MaxLevels = int.MaxValue }).Length, 100, 1000);

    [Fact]
    public void Of_FunctionOfOneVariable_Throws()
    {
        Function f = Expression.Parse("x^2", "x");
        string words = Assert.Throws<ArgumentException>(() => PlottedPath.Of(
            "p",
            Descent.Trace(f, p => new SGD(p, 0.1f), [1], 1, cancellation: TestContext.Current.CancellationToken))).Message;
        Assert.Equal("The path has 1 variable; a figure needs 2. (Parameter 'path')", words);
        CriticalPoint point = CriticalPoints.Find(f, [(-1, 1)], cancellation: TestContext.Current.CancellationToken)[0];
        Assert.Equal(
            "The point has 1 variable; a figure needs 2. (Parameter 'point')",
            Assert.Throws<ArgumentException>(() => PlottedPoint.Of(point)).Message);
    }

    [Fact]
    public void Draw_ConstantOrNonFiniteSurfaces_SayWhatTheyAre()
    {
        Assert.Contains("z is 3 everywhere: there are no level curves", Texts((_, _) => 3));
        Assert.Contains("z is 3 everywhere: there are no level curves", Texts((x, _) => 3 + (x * 1e-15)));
        Assert.Contains("no value of z is finite", Texts((_, _) => double.NaN));
        Assert.Contains("not drawn: 12 of 16 cells, where z is not finite", Texts((x, _) => Math.Log(x)));
        Assert.NotEmpty(Texts((x, _) => x * 1e308));
        Assert.NotEmpty(Texts((x, _) => x * double.Epsilon));

        string[] Texts(Func<double, double, double> function)
        {
            XElement svg = FigureChecks.Parse(ContourPlot.Draw(SurfaceGrid.Sample(function, (-1, 1), (-1, 1), 5, 5)));
            FigureChecks.AssertInside(svg);
            Assert.DoesNotContain("NaN", svg.ToString(), StringComparison.Ordinal);
            return svg.Texts();
        }
    }

    [Fact]
    public void Draw_NamesWithMarkup_AreEscaped()
    {
        SurfaceGrid grid = SurfaceGrid.Sample(
            (x, y) => x + y, (0, 1), (0, 1), 5, 5, FigureChecks.Wicked, FigureChecks.Wicked, FigureChecks.Wicked);
        XElement svg = FigureChecks.Parse(ContourPlot.Draw(grid, new()
        {
            Title = FigureChecks.Wicked,
            Paths = [new(FigureChecks.Wicked, [new(0, 0)])],
            Points = [new(0, 0, PlottedPointKind.Other, FigureChecks.Wicked)],
        }));
        Assert.Empty(svg.Descendants(FigureChecks.Svg + "script"));
        FigureChecks.AssertHoldsText(svg, "</title></svg><script>alert(1)</script> <!-- \"'& ]]>");
        FigureChecks.AssertInside(svg);
        Assert.StartsWith("</title></svg>", svg.Element(FigureChecks.Svg + "title")!.Value, StringComparison.Ordinal);
    }

    [Fact]
    public void Draw_AnyCulture_IsTheSame() => FigureChecks.AssertSameInEveryCulture(() => ContourPlot.Draw(Bowl, new()
    {
        Paths = [new("p", [new(-0.5, 0.25, 0.125), new(0, 0)])],
        Points = [new(-0.5, 0.5, PlottedPointKind.Saddle)],
        Arrows = [new(0.5, 0.5, 1, 1)],
    }));

    private static double[] Levels(SurfaceGrid grid, SurfaceOptions options) =>
        [.. FigureChecks.Parse(ContourPlot.Draw(grid, options)).Of("level").Select(curve => curve.Number("data-level")).Distinct()];

    private static double Distance((double X, double Y) a, (double X, double Y) b) =>
        Math.Sqrt(Math.Pow(a.X - b.X, 2) + Math.Pow(a.Y - b.Y, 2));
}
