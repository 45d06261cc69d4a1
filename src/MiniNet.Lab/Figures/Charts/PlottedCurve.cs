using MiniNet.Calculus;
using MiniNet.GradientChecking;
using static MiniNet.Figures.SvgParts;

namespace MiniNet.Figures;

/// <summary>A function of one variable to draw as a line.</summary>
/// <param name="Name">What the legend calls it.</param>
/// <param name="Points">Its points from left to right, at least one. One whose value is not finite is a gap.</param>
public sealed record PlottedCurve(string Name, IReadOnlyList<(double X, double Y)> Points)
{
    /// <summary>The points from left to right, at least one.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public IReadOnlyList<(double X, double Y)> Points { get; } = Points.Count > 0 ? [.. Points] : throw new ArgumentException($"The curve '{Name}' has no points.", nameof(Points));

    /// <summary>A slice along x: the values of the grid's row that lies nearest to a y. Its name says which that is.</summary>
    /// <param name="grid">The function.</param>
    /// <param name="y">Where y is held.</param>
    /// <returns>The curve.</returns>
    public static PlottedCurve AlongX(SurfaceGrid grid, double y)
    {
        int row = Nearest(grid.Y, y);
        return new PlottedCurve($"{grid.YName} = {Short(grid.Y[row])}", [.. grid.X.Select((x, column) => (x, grid.Z[row, column]))]);
    }

    /// <summary>A slice along y: the values of the grid's column that lies nearest to an x. Its name says which that is.</summary>
    /// <param name="grid">The function.</param>
    /// <param name="x">Where x is held.</param>
    /// <returns>The curve.</returns>
    public static PlottedCurve AlongY(SurfaceGrid grid, double x)
    {
        int column = Nearest(grid.X, x);
        return new PlottedCurve($"{grid.XName} = {Short(grid.X[column])}", [.. grid.Y.Select((y, row) => (y, grid.Z[row, column]))]);
    }

    /// <summary>The values of a function at evenly spaced places: for a slice along any direction, a function of the way gone.</summary>
    /// <param name="name">What the legend calls it.</param>
    /// <param name="function">The function.</param>
    /// <param name="from">The first place.</param>
    /// <param name="to">The last.</param>
    /// <param name="count">How many places, at least 2.</param>
    /// <returns>The curve.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The places are not finite, or fewer than 2.</exception>
    public static PlottedCurve Sample(string name, Func<double, double> function, double from, double to, int count = 201)
    {
        Require.Finite(to - from);
        Require.AtLeast1(count - 1);
        return new PlottedCurve(name, [.. Enumerable.Range(0, count).Select(i => from + ((to - from) * i / (count - 1))).Select(x => (x, function(x)))]);
    }

    private static int Nearest(IReadOnlyList<double> places, double to) => Enumerable.Range(0, places.Count).MinBy(i => Math.Abs(places[i] - to));
}

/// <summary>A line that touches a curve, with its slope: what a partial derivative is.</summary>
/// <param name="X">Where it touches.</param>
/// <param name="Y">The value there.</param>
/// <param name="Slope">How much it rises for each unit along x.</param>
public sealed record PlottedTangent(double X, double Y, double Slope);
