using MiniNet.Calculus;
using static MiniNet.Figures.SvgParts;

namespace MiniNet.Figures;

/// <summary>Represents a function of one variable, drawn as a line in a <see cref="SlicePlot"/>.</summary>
/// <param name="Name">The name in the legend.</param>
/// <param name="Points">The points from left to right, at least one. Points with a non-finite value leave a gap.</param>
public sealed record PlottedCurve(string Name, IReadOnlyList<(double X, double Y)> Points)
{
    /// <summary>Gets the points from left to right, at least one.</summary>
    /// <exception cref="ArgumentException">There are no points.</exception>
    public IReadOnlyList<(double X, double Y)> Points { get; } = Points.Count > 0
        ? [.. Points]
        : throw new ArgumentException($"The curve '{Name}' has no points; pass at least one.", nameof(Points));

    /// <summary>Creates a slice along x from the grid row closest to the given y. The curve's name states that row's y.</summary>
    /// <param name="grid">The sampled function.</param>
    /// <param name="y">The fixed value of y.</param>
    public static PlottedCurve AlongX(SurfaceGrid grid, double y)
    {
        int row = Nearest(grid.Y, y);
        return new PlottedCurve($"{grid.YName} = {FormatNumber(grid.Y[row])}", [.. grid.X.Select((x, column) => (x, grid.Z[row, column]))]);
    }

    /// <summary>Creates a slice along y from the grid column closest to the given x. The curve's name states that column's x.</summary>
    /// <param name="grid">The sampled function.</param>
    /// <param name="x">The fixed value of x.</param>
    public static PlottedCurve AlongY(SurfaceGrid grid, double x)
    {
        int column = Nearest(grid.X, x);
        return new PlottedCurve($"{grid.XName} = {FormatNumber(grid.X[column])}", [.. grid.Y.Select((y, row) => (y, grid.Z[row, column]))]);
    }

    /// <summary>
    /// Samples a function at evenly spaced points. For a slice along any direction, pass a function of the distance along it.
    /// </summary>
    /// <param name="name">The name in the legend.</param>
    /// <param name="function">The function.</param>
    /// <param name="from">The first point.</param>
    /// <param name="to">The last point.</param>
    /// <param name="count">The number of points, at least 2.</param>
    /// <exception cref="ArgumentOutOfRangeException">An end is not finite, or there are fewer than 2 points.</exception>
    public static PlottedCurve Sample(string name, Func<double, double> function, double from, double to, int count = 201)
    {
        Require.Finite(to - from);
        Require.AtLeast1(count - 1);
        return new PlottedCurve(
            name,
            [.. Enumerable.Range(0, count).Select(i => from + ((to - from) * i / (count - 1))).Select(x => (x, function(x)))]);
    }

    private static int Nearest(IReadOnlyList<double> coordinates, double to) =>
        Enumerable.Range(0, coordinates.Count).MinBy(i => Math.Abs(coordinates[i] - to));
}

/// <summary>Represents a tangent line of a curve. Its slope is the partial derivative at the point of contact.</summary>
/// <param name="X">The x of the point of contact.</param>
/// <param name="Y">The function value there.</param>
/// <param name="Slope">The increase in y per unit of x.</param>
public sealed record PlottedTangent(double X, double Y, double Slope);
