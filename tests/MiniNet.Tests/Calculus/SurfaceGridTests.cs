using MiniNet.Calculus;

namespace MiniNet.Tests.Calculus;

public class SurfaceGridTests
{
    [Fact]
    public void Sample_PutsRowsAlongYAndColumnsAlongX()
    {
        SurfaceGrid grid = SurfaceGrid.Sample((x, y) => (10 * x) + y, (0, 3), (-1, 1), 4, 3).WithGradient((_, _) => (10, 1));
        Assert.Equal([0, 1, 2, 3], grid.X);
        Assert.Equal([-1, 0, 1], grid.Y);
        Assert.Equal(19, grid.Z[0, 2]);
        Assert.Equal(31, grid.Z[2, 3]);
        Assert.Equal((10, 1), (grid.GradientX![2, 3], grid.GradientY![2, 3]));
    }

    [Fact]
    public void Sample_Range_EndsExactlyAtItsBounds()
    {
        SurfaceGrid grid = SurfaceGrid.Sample((x, _) => x, (-0.1, 0.3), (0, 0.7), 38, 11);
        Assert.Equal((-0.1, 0.3, 0.7), (grid.X[0], grid.X[^1], grid.Y[^1]));
    }

    [Fact]
    public void SurfaceGrid_InvalidAxesOrShapes_Throws()
    {
        Assert.StartsWith(
            "X has 1 coordinates",
            Assert.Throws<ArgumentException>(() => Grid([0], [0, 1], new double[2, 1])).Message,
            StringComparison.Ordinal);
        Assert.StartsWith(
            "X[1] is 0;",
            Assert.Throws<ArgumentException>(() => Grid([0, 0], [0, 1], new double[2, 2])).Message,
            StringComparison.Ordinal);
        Assert.StartsWith(
            "Y[1] is NaN;",
            Assert.Throws<ArgumentException>(() => Grid([0, 1], [0, double.NaN], new double[2, 2])).Message,
            StringComparison.Ordinal);
        Assert.StartsWith(
            "Z is 2×3;",
            Assert.Throws<ArgumentException>(() => Grid([0, 1], [0, 1, 2], new double[2, 3])).Message,
            StringComparison.Ordinal);
        Assert.StartsWith(
            "The range of X",
            Assert.Throws<ArgumentException>(() => Grid([-double.MaxValue, double.MaxValue], [0, 1], new double[2, 2])).Message,
            StringComparison.Ordinal);
        SurfaceGrid grid = Grid([0, 1], [0, 1], new double[2, 2]);
        Assert.StartsWith(
            "gradientY is 2×3;",
            Assert.Throws<ArgumentException>(() => grid.WithGradient(new double[2, 2], new double[2, 3])).Message,
            StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => SurfaceGrid.Sample((x, _) => x, (1, 0), (0, 1)));
        Assert.Throws<ArgumentException>(() => SurfaceGrid.Sample((x, _) => x, (0, 1), (0, 1), columns: 1));
        Assert.Throws<ArgumentException>(() => SurfaceGrid.Sample((x, _) => x, (0, double.PositiveInfinity), (0, 1)));
    }

    [Fact]
    public void SurfaceGrid_Arrays_AreCopied()
    {
        double[] x = [0, 1];
        double[,] z = new double[2, 2];
        SurfaceGrid grid = Grid(x, [0, 1], z);
        (x[1], z[0, 0]) = (-5, 7);
        Assert.Equal((1, 0), (grid.X[1], grid.Z[0, 0]));
    }

    [Fact]
    public void OmittedCells_NonFiniteCorners_CountsTheirCells()
    {
        double[,] z = new double[4, 4];
        z[1, 1] = double.NaN;
        z[3, 3] = double.PositiveInfinity;
        SurfaceGrid grid = Grid([0, 1, 2, 3], [0, 1, 2, 3], z);
        Assert.Equal((9, 5), (grid.Cells, grid.OmittedCells));
    }

    [Fact]
    public void At_BilinearFunction_IsExact()
    {
        SurfaceGrid grid = Grid([0, 1, 5], [-2, 0, 0.5], Each([0, 1, 5], [-2, 0, 0.5], (x, y) => 1 + (2 * x) - y + (x * y)));
        foreach ((double x, double y) in ((double, double)[])[(0, -2), (0.3, -1.7), (4.2, 0.4), (5, 0.5), (1, 0)])
        {
            Assert.Equal(1 + (2 * x) - y + (x * y), grid.At(x, y), 12);
        }

        Assert.Equal(double.NaN, grid.At(5.01, 0));
        Assert.Equal(double.NaN, grid.At(double.NaN, 0));
    }

    private static double[,] Each(double[] xs, double[] ys, Func<double, double, double> function)
    {
        double[,] z = new double[ys.Length, xs.Length];
        for (int i = 0; i < z.Length; i++)
        {
            z[i / xs.Length, i % xs.Length] = function(xs[i % xs.Length], ys[i / xs.Length]);
        }

        return z;
    }

    private static SurfaceGrid Grid(double[] x, double[] y, double[,] z) => new("x", "y", "z", x, y, z);
}
