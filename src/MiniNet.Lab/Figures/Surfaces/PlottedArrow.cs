using MiniNet.Calculus;

namespace MiniNet.Figures;

/// <summary>The gradient at one place, or its negative, to draw as an arrow.</summary>
/// <param name="X">The place's x.</param>
/// <param name="Y">The place's y.</param>
/// <param name="Dx">The derivative along x.</param>
/// <param name="Dy">The derivative along y.</param>
public sealed record PlottedArrow(double X, double Y, double Dx, double Dy)
{
    /// <summary>The gradient of a grid at some of its places, evenly chosen.</summary>
    /// <param name="grid">A grid that knows its gradient.</param>
    /// <param name="most">The most arrows along each side, at least 1.</param>
    /// <returns>The arrows; those that are not finite, or where the value is not, are left out.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="most"/> is below 1.</exception>
    /// <exception cref="ArgumentException">The grid does not know its gradient: see <see cref="SurfaceGrid.WithGradient(Func{double, double, ValueTuple{double, double}})"/>.</exception>
    public static IReadOnlyList<PlottedArrow> Of(SurfaceGrid grid, int most = 12)
    {
        Require.AtLeast1(most);
        if (grid is not { GradientX: { } dx, GradientY: { } dy })
        {
            throw new ArgumentException("The grid does not know its gradient; WithGradient gives it one.", nameof(grid));
        }

        return [.. Chosen(grid.Y.Count, most).SelectMany(row => Chosen(grid.X.Count, most)
            .Where(column => double.IsFinite(grid.Z[row, column]) && double.IsFinite(dx[row, column]) && double.IsFinite(dy[row, column]))
            .Select(column => new PlottedArrow(grid.X[column], grid.Y[row], dx[row, column], dy[row, column])))];
    }

    // In the middles of equal parts, so that none stands on the rim.
    private static IEnumerable<int> Chosen(int count, int most) =>
        Enumerable.Range(0, Math.Min(count, most)).Select(i => (int)((i + 0.5) * count / Math.Min(count, most)));
}
