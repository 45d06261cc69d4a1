using System.Xml.Linq;
using MiniNet.Calculus;
using MiniNet.Figures;

namespace MiniNet.Tests.Figures;

public class SurfacePlotTests
{
    private static readonly SurfaceGrid Bowl = SurfaceGrid.Sample((x, y) => (x * x) + (y * y), (-2, 2), (-2, 2), 25, 25);

    [Theory]
    [InlineData(0, 0)]
    [InlineData(30, 32)]
    [InlineData(200, 60)]
    [InlineData(-75, 90)]
    public void Projection_AnyView_KeepsDistancesAndDepthOrder(double azimuth, double elevation)
    {
        var view = new Projection(Bowl, LevelScale.Of(Bowl, new()), azimuth, elevation);
        (double X, double Y, double Z)[] corners =
            [.. from x in (double[])[-2, 2] from y in (double[])[-2, 2] from z in (double[])[0, 8] select (x, y, z)];
        foreach ((double X, double Y, double Z) a in corners)
        {
            foreach ((double X, double Y, double Z) b in corners)
            {
                // A rotation preserves distances: the distance inside the box (1×1×BoxHeight) equals the distance in projected
                // coordinates, including depth.
                double expected = Math.Sqrt(
                    Math.Pow((a.X - b.X) / 4, 2) + Math.Pow((a.Y - b.Y) / 4, 2) + Math.Pow((a.Z - b.Z) / 8 * Projection.BoxHeight, 2));
                (
                    (double r, double u, double d),
                    (double r2, double u2, double d2)) = (view.Project(a.X, a.Y, a.Z), view.Project(b.X, b.Y, b.Z));
                Assert.Equal(expected, Math.Sqrt(Math.Pow(r - r2, 2) + Math.Pow(u - u2, 2) + Math.Pow(d - d2, 2)), 12);
            }
        }

        Assert.True(elevation == 90 || view.Project(0, 0, 8).Up > view.Project(0, 0, 0).Up);
        Assert.True(elevation == 0 || view.Project(0, 0, 8).Depth < view.Project(0, 0, 0).Depth);
        (double right, double up, _) = view.Project(1, 1, 4);
        (double left, double right2, double below, double above) = view.Extent();
        Assert.True(right > left && right < right2 && up > below && up < above);
    }

    [Fact]
    public void Projection_Azimuth0_LooksAlongYWithXToTheRight()
    {
        var view = new Projection(Bowl, LevelScale.Of(Bowl, new()), 0, 0);
        Assert.True(view.Project(1, 0, 0).Right > view.Project(-1, 0, 0).Right);
        Assert.True(view.Project(0, 1, 0).Depth > view.Project(0, -1, 0).Depth);
        Assert.Equal(view.Project(0, -1, 3).Right, view.Project(0, 1, 3).Right, 12);
    }

    [Fact]
    public void Projection_PointBehindHill_IsHidden()
    {
        SurfaceGrid hill = SurfaceGrid.Sample((x, y) => Math.Exp(-8 * ((x * x) + (y * y))), (-2, 2), (-2, 2));
        var view = new Projection(hill, LevelScale.Of(hill, new()), 0, 10);
        Assert.True(view.IsHidden(0, 0.7, hill.At(0, 0.7)));
        Assert.False(view.IsHidden(0, -0.7, hill.At(0, -0.7)));
        Assert.False(view.IsHidden(1.5, 0.7, hill.At(1.5, 0.7)));
        Assert.False(view.IsHidden(0, 0, 1));
        Assert.False(new Projection(hill, LevelScale.Of(hill, new()), 0, 90).IsHidden(0, 0.7, hill.At(0, 0.7)));
        Assert.True(new Projection(hill, LevelScale.Of(hill, new()), 180, 10).IsHidden(0, -0.7, hill.At(0, -0.7)));
    }

    [Theory]
    [InlineData(20)]
    [InlineData(110)]
    [InlineData(200)]
    [InlineData(290)]
    public void Draw_Pieces_AreOrderedFromBackToFront(double azimuth)
    {
        XElement[] pieces = FigureChecks.Parse(SurfacePlot.Draw(
            SurfaceGrid.Sample((x, y) => x + y, (0, 1), (0, 1), 9, 9), new() { Azimuth = azimuth })).Of("piece");
        Assert.Equal(64, pieces.Length);

        // Of two neighbouring pieces that share a side, the nearer one has the smaller depth, measured on the flat floor.
        var view = new Projection(
            SurfaceGrid.Sample((_, _) => 0, (0, 1), (0, 1), 9, 9),
            LevelScale.Of(SurfaceGrid.Sample((x, y) => x + y, (0, 1), (0, 1), 9, 9), new()),
            azimuth,
            32);
        Dictionary<(int, int), int> order = [];
        for (int i = 0; i < pieces.Length; i++)
        {
            (double X, double Y)[] corners = pieces[i].Points();
            Assert.Equal(4, corners.Length);
            order[Cell(corners)] = i;
        }

        Assert.Equal(64, order.Count);
        foreach (((int column, int row), int place) in order)
        {
            foreach ((int c, int r) in ((int, int)[])[(column + 1, row), (column, row + 1)])
            {
                if (order.TryGetValue((c, r), out int other))
                {
                    Assert.Equal(view.Project(column, row, 0).Depth > view.Project(c, r, 0).Depth, place < other);
                }
            }
        }

        (int, int) Cell((double X, double Y)[] corners)
        {
            (double X, double Y) middle = (corners.Average(corner => corner.X), corners.Average(corner => corner.Y));
            return (from column in Enumerable.Range(0, 8) from row in Enumerable.Range(0, 8) select (column, row)).MinBy(cell =>
            {
                (double x, double y) = Seen((cell.column + 0.5) / 8, (cell.row + 0.5) / 8);
                return Math.Pow(x - middle.X, 2) + Math.Pow(y - middle.Y, 2);
            });
        }

        // Repeats the layout of SurfacePlot: 334 units wide and 330 high, with the box centred.
        (double X, double Y) Seen(double x, double y)
        {
            (double left, double right, double below, double above) = view.Extent();
            double size = Math.Min(334 / (right - left), 330 / (above - below));
            (double r, double u, _) = view.Project(x, y, x + y);
            return (86 + ((334 - ((right - left) * size)) / 2) + ((r - left) * size), 66 + ((above - u) * size));
        }
    }

    [Theory]
    [InlineData(30, 32)]
    [InlineData(135, 0)]
    [InlineData(250, 90)]
    [InlineData(-10, 15)]
    public void Draw_AnySurface_StaysInsideThePicture(double azimuth, double elevation)
    {
        Func<double, double, double>[] functions =
        [
            (x, y) => (x * x) - (y * y),
            (_, _) => 3,
            (x, _) => Math.Log(x),
            (_, _) => double.NaN,
            (x, y) => 1e6 * x * y,
            (x, y) => Math.Pow(10, 5 * x) + y,
        ];
        foreach (Func<double, double, double> function in functions)
        {
            SurfaceGrid grid = SurfaceGrid.Sample(function, (-2, 2), (-1, 1), 60, 12);
            XElement svg = FigureChecks.Parse(SurfacePlot.Draw(grid, new()
            {
                Azimuth = azimuth,
                Elevation = elevation,
                Tangent = new(["x", "y"], [1, 0.5], 1, [3, -200]),
                Paths = [new("p", [new(-9, 0), new(1, 1), new(double.NaN, 0), new(0, 0)])],
                Points = [new(1, 0.25, PlottedPointKind.Saddle, "s")],
            }));
            FigureChecks.AssertInside(svg);
        }
    }

    [Fact]
    public void Draw_NonFiniteCells_AreSkippedAndReported()
    {
        XElement svg = FigureChecks.Parse(SurfacePlot.Draw(SurfaceGrid.Sample((x, _) => Math.Log(x), (-1, 1), (0, 1), 9, 5)));
        Assert.Equal(12, svg.Of("piece").Length);
        Assert.Contains("not drawn: 20 of 32 cells, where z is not finite", svg.Texts());
        Assert.Equal(
            48 * 48,
            FigureChecks.Parse(SurfacePlot.Draw(SurfaceGrid.Sample((x, y) => x + y, (0, 1), (0, 1), 200, 200))).Of("piece").Length);
    }

    [Fact]
    public void Draw_TangentOfPlane_IsVisibleAndBelowItHidden()
    {
        SurfaceGrid grid = SurfaceGrid.Sample((x, y) => x + (2 * y), (0, 1), (0, 1), 21, 21);
        XElement svg = FigureChecks.Parse(SurfacePlot.Draw(grid, new() { Tangent = new(["x", "y"], [0.5, 0.5], 1.5, [1, 2]) }));
        Assert.Empty(svg.Of("hidden")[0].Elements());
        XElement[] below =
        [
            .. FigureChecks.Parse(SurfacePlot.Draw(grid, new() { Tangent = new(["x", "y"], [0.5, 0.5], 0.5, [1, 2]) }))
                .Of("hidden")[0].Elements(),
        ];
        Assert.NotEmpty(below);
        Assert.Contains("tangent plane at (0.5, 0.5): ∂z/∂x = 1, ∂z/∂y = 2", svg.Texts());
    }

    [Fact]
    public void Draw_InvalidViewsOrTangents_Throws()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => SurfacePlot.Draw(Bowl, new() { Elevation = 91 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => SurfacePlot.Draw(Bowl, new() { Elevation = double.NaN }));
        Assert.Throws<ArgumentOutOfRangeException>(() => SurfacePlot.Draw(Bowl, new() { Azimuth = double.PositiveInfinity }));
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            SurfacePlot.Draw(Bowl, new() { Tangent = new(["x", "y"], [0, 0], double.NaN, [0, 0]) }));
        ArgumentException one = Assert.Throws<ArgumentException>(() => SurfacePlot.Draw(Bowl, new() { Tangent = new(["x"], [0], 0, [0]) }));
        Assert.Equal("The tangent plane has 1 variable; a figure needs 2. (Parameter 'options')", one.Message);
        Assert.Throws<ArgumentException>(() => new PlottedPath("empty", []));
        Assert.Throws<ArgumentException>(() => PlottedArrow.Of(Bowl));
    }

    [Fact]
    public void Draw_NamesWithMarkup_AreEscapedInEveryCulture()
    {
        SurfaceGrid grid = SurfaceGrid.Sample(
            (x, y) => x + y, (0, 1), (0, 1), 5, 5, FigureChecks.Wicked, FigureChecks.Wicked, FigureChecks.Wicked);
        XElement svg = FigureChecks.Parse(
            SurfacePlot.Draw(grid, new() { Title = FigureChecks.Wicked, Paths = [new(FigureChecks.Wicked, [new(0, 0)])] }));
        Assert.Empty(svg.Descendants(FigureChecks.Svg + "script"));
        FigureChecks.AssertHoldsText(svg, "</title></svg><script>alert(1)</script> <!-- \"'& ]]>");
        FigureChecks.AssertSameInEveryCulture(() => SurfacePlot.Draw(Bowl, new()
        {
            Tangent = new(["x", "y"], [0.5, 0.5], 0.5, [1, 1]),
            Points = [new(-0.5, 0.5, PlottedPointKind.Saddle)],
        }));
    }
}
