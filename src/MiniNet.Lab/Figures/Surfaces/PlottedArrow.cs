using MiniNet.Calculus;

namespace MiniNet.Figures;

/// <summary>Represents the gradient at one point, or its negative, drawn as an arrow.</summary>
/// <param name="X">The x coordinate of the point.</param>
/// <param name="Y">The y coordinate of the point.</param>
/// <param name="Dx">The derivative along x.</param>
/// <param name="Dy">The derivative along y.</param>
public sealed record PlottedArrow(double X, double Y, double Dx, double Dy)
{
    /// <summary>Creates arrows for the gradient at some evenly chosen points of a grid.</summary>
    /// <param name="grid">A grid with a gradient.</param>
    /// <param name="maxArrows">The maximum number of arrows along each side, at least 1.</param>
    /// <returns>The arrows. Points where the value or the gradient is not finite are skipped.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxArrows"/> is below 1.</exception>
    /// <exception cref="ArgumentException">The grid has no gradient; see
    /// <see cref="SurfaceGrid.WithGradient(Func{double, double, ValueTuple{double, double}})"/>.</exception>
    public static IReadOnlyList<PlottedArrow> Of(SurfaceGrid grid, int maxArrows = 12)
    {
        Require.AtLeast1(maxArrows);
        if (grid is not { GradientX: { } dx, GradientY: { } dy })
        {
            throw new ArgumentException("The grid has no gradient; call WithGradient first.", nameof(grid));
        }

        return [.. ChooseIndices(grid.Y.Count, maxArrows).SelectMany(row => ChooseIndices(grid.X.Count, maxArrows)
            .Where(column => double.IsFinite(grid.Z[row, column]) && double.IsFinite(dx[row, column]) && double.IsFinite(dy[row, column]))
            .Select(column => new PlottedArrow(grid.X[column], grid.Y[row], dx[row, column], dy[row, column])))];
    }

    // Chosen from the middles of equal parts, so that no arrow is on the border.
    private static IEnumerable<int> ChooseIndices(int count, int maxCount) =>
        Enumerable.Range(0, Math.Min(count, maxCount)).Select(i => (int)((i + 0.5) * count / Math.Min(count, maxCount)));
}
