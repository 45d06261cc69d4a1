using MiniNet.Calculus;
using MiniNet.Figures;

namespace MiniNet.Tests.Figures;

public class LevelCurvesTests
{
    [Theory]
    [InlineData(0.3)]
    [InlineData(0)]
    [InlineData(-1)]    // passes through grid points
    public void Lines_OfPlane_AreOneStraightLine(double level)
    {
        SurfaceGrid grid = SurfaceGrid.Sample((x, y) => x + (2 * y), (-2, 2), (-1, 1), 9, 17);
        IReadOnlyList<(double X, double Y)> line = Assert.Single(LevelCurves.Lines(grid, level));
        Assert.All(line, point => Assert.Equal(level, point.X + (2 * point.Y), 12));
        (double X, double Y)[] ends = [.. new[] { line[0], line[^1] }.Order()];
        (double X, double Y)[] expected =
        [
            (Math.Max(-2, level - 2), (level - Math.Max(-2, level - 2)) / 2),
            (Math.Min(2, level + 2), (level - Math.Min(2, level + 2)) / 2),
        ];
        for (int i = 0; i < 2; i++)
        {
            Assert.Equal(expected[i].X, ends[i].X, 12);
            Assert.Equal(expected[i].Y, ends[i].Y, 12);
        }
    }

    [Fact]
    public void Lines_OfBowl_AreOneClosedCircleOfExpectedRadius()
    {
        const int Places = 41;
        double h = 4.0 / (Places - 1);
        SurfaceGrid grid = SurfaceGrid.Sample((x, y) => (x * x) + (y * y), (-2, 2), (-2, 2), Places, Places);
        foreach (double level in (double[])[0.5, 1, 2.25])
        {
            IReadOnlyList<(double X, double Y)> circle = Assert.Single(LevelCurves.Lines(grid, level));
            Assert.Equal(circle[0], circle[^1]);
            // The error of a chord is h²/8 · f''/|∇f|.
            Assert.All(circle, point => Assert.Equal(
                Math.Sqrt(level), Math.Sqrt((point.X * point.X) + (point.Y * point.Y)), h * h / 4 / Math.Sqrt(level)));
            double turned = circle.Zip(circle.Skip(1), (a, b) => (a.X * b.Y) - (b.X * a.Y)).Sum() / 2;
            Assert.Equal(-Math.PI * level, turned, 0.03);       // clockwise: higher values are to the left
        }
    }

    [Fact]
    public void Regions_OfBowl_HaveTheAreaAboveTheLevel()
    {
        SurfaceGrid grid = SurfaceGrid.Sample((x, y) => (x * x) + (y * y), (-2, 2), (-2, 2), 81, 81);
        Assert.Equal(16, Area(LevelCurves.Regions(grid, double.MinValue)), 9);
        Assert.Equal(16 - Math.PI, Area(LevelCurves.Regions(grid, 1)), 0.01);
        Assert.Equal(0, Area(LevelCurves.Regions(grid, 8.1)), 9);
    }

    [Fact]
    public void Lines_OfRosenbrock_HaveTheLevelAsValueAtEveryPoint()
    {
        SurfaceGrid grid = SurfaceGrid.Sample(
            (x, y) => ((1 - x) * (1 - x)) + (100 * (y - (x * x)) * (y - (x * x))), (-2, 2), (-1, 3), 33, 57);
        foreach (double level in (double[])[5, 50, 500])
        {
            Assert.All(LevelCurves.Lines(grid, level).SelectMany(line => line), point =>
                Assert.Equal(level, grid.At(point.X, point.Y), level * 1e-9));
        }
    }

    [Theory]
    [InlineData(0.4, 1)]    // the centre's value 0.5 is above the level, so the high corners are connected
    [InlineData(0.6, -1)]
    public void Regions_OfSaddleCell_AreConnectedByTheCentre(double level, int joined)
    {
        var grid = new SurfaceGrid("x", "y", "z", [0, 1], [0, 1], new double[,] { { 1, 0 }, { 0, 1 } });
        IReadOnlyList<IReadOnlyList<(double X, double Y)>> lines = LevelCurves.Lines(grid, level);
        Assert.Equal(2, lines.Count);
        double low = level, corner = (1 - level) * (1 - level) / 2;     // the area of a triangle at each corner, high or low
        double expected = joined > 0 ? 1 - (2 * low * low / 2) : 2 * corner;
        Assert.Equal(expected, Area(LevelCurves.Regions(grid, level)), 12);
        Assert.Equal(
            expected,
            Area(LevelCurves.Regions(new SurfaceGrid("x", "y", "z", [0, 1], [0, 1], new double[,] { { 0, 1 }, { 1, 0 } }), level)),
            12);
    }

    [Fact]
    public void LinesAndRegions_SkippedCells_AreEmptyThere()
    {
        SurfaceGrid grid = SurfaceGrid.Sample((x, y) => x > 0.99 ? double.NaN : y, (0, 2), (0, 1), 21, 11);
        Assert.Equal(0.9, Assert.Single(LevelCurves.Lines(grid, 0.55)).Max(point => point.X), 12);
        Assert.Equal(0.9 * 0.45, Area(LevelCurves.Regions(grid, 0.55)), 9);
        Assert.Empty(LevelCurves.Lines(SurfaceGrid.Sample((_, _) => double.NaN, (0, 1), (0, 1), 5, 5), 0));
    }

    [Fact]
    public void Lines_OfConstant_AreEmpty() =>
        Assert.Empty(LevelCurves.Lines(SurfaceGrid.Sample((_, _) => 3, (0, 1), (0, 1), 5, 5), 3));

    // Each boundary runs counterclockwise around the high region.
    private static double Area(IEnumerable<IReadOnlyList<(double X, double Y)>> rims) =>
        rims.Sum(rim => rim.Zip(rim.Skip(1), (a, b) => (a.X * b.Y) - (b.X * a.Y)).Sum()) / 2;
}
