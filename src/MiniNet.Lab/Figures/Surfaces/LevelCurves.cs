using MiniNet.Calculus;

namespace MiniNet.Figures;

/// <summary>
/// Computes level curves and regions by marching squares. A cell side is crossed if its two ends lie on different sides of the level;
/// linear interpolation between the two values gives the crossing. If all four sides are crossed, the mean of the four corners decides
/// which crossings are connected.
/// </summary>
/// <remarks>
/// Each cell contributes the polygon of its part at or above the level. A side shared by two polygons lies inside a region, so both copies
/// cancel; the remaining sides are the boundaries of the regions. Skipped cells and the border of the grid therefore need no special case.
/// The level curves are the polygon sides that run through the inside of a cell.
/// </remarks>
internal sealed class LevelCurves
{
    private readonly SurfaceGrid grid;
    private readonly double level;
    private readonly int columns;
    private readonly HashSet<(int From, int To)> edges = [];
    private readonly List<(int From, int To)> crossings = [];

    private LevelCurves(SurfaceGrid grid, double level)
    {
        (this.grid, this.level, columns) = (grid, level, grid.X.Count);
        for (int row = 0; row < grid.Y.Count - 1; row++)
        {
            for (int column = 0; column < columns - 1; column++)
            {
                if (grid.IsCellFinite(row, column))
                {
                    AddCell(row, column);
                }
            }
        }
    }

    /// <summary>
    /// Returns the curves of a level as points in grid units. A closed curve ends at its first point. Higher values lie to the left.
    /// </summary>
    public static IReadOnlyList<IReadOnlyList<(double X, double Y)>> Lines(SurfaceGrid grid, double level)
    {
        var curves = new LevelCurves(grid, level);
        return curves.Joined(curves.crossings);
    }

    /// <summary>
    /// Returns the closed boundaries of the regions at or above the level. A point is inside if an odd number of boundaries surrounds it
    /// (the even-odd rule).
    /// </summary>
    public static IReadOnlyList<IReadOnlyList<(double X, double Y)>> Regions(SurfaceGrid grid, double level)
    {
        var curves = new LevelCurves(grid, level);
        return curves.Joined(curves.edges);
    }

    // The number of a point encodes its location: 3n is grid point n, 3n + 1 is the crossing between it and the next point in its row,
    // and 3n + 2 is the crossing between it and the point in the next row.
    private void AddCell(int row, int column)
    {
        int n = (row * columns) + column;
        int[] corners = [n, n + 1, n + columns + 1, n + columns];                               // counterclockwise
        int[] sides = [(3 * n) + 1, (3 * (n + 1)) + 2, (3 * (n + columns)) + 1, (3 * n) + 2];   // from each corner to the next
        double[] z = [.. corners.Select(Z)];
        bool[] isHigh = [.. z.Select(value => value >= level)];
        if (isHigh[0] == isHigh[2] && isHigh[1] == isHigh[3] && isHigh[0] != isHigh[1]
            && (z[0] / 4) + (z[1] / 4) + (z[2] / 4) + (z[3] / 4) < level)
        {
            int first = isHigh[0] ? 0 : 1;                              // two high corners, with a valley between them
            AddPolygon([sides[(first + 3) % 4], 3 * corners[first], sides[first]]);
            AddPolygon([sides[first + 1], 3 * corners[first + 2], sides[(first + 2) % 4]]);
            return;
        }

        List<int> polygon = [];
        for (int i = 0; i < 4; i++)
        {
            if (isHigh[i])
            {
                polygon.Add(3 * corners[i]);
            }

            if (isHigh[i] != isHigh[(i + 1) % 4])
            {
                polygon.Add(sides[i]);
            }
        }

        AddPolygon(polygon);
    }

    private void AddPolygon(List<int> points)
    {
        for (int i = 0; i < points.Count; i++)
        {
            (int from, int to) = (points[i], points[(i + 1) % points.Count]);
            if (from % 3 != 0 && to % 3 != 0)
            {
                crossings.Add((from, to));
            }

            if (!edges.Remove((to, from)))
            {
                edges.Add((from, to));
            }
        }
    }

    // Open curves come first, from their starting points; only closed curves remain after that.
    private List<IReadOnlyList<(double X, double Y)>> Joined(IReadOnlyCollection<(int From, int To)> pieces)
    {
        var next = pieces.GroupBy(piece => piece.From)
            .ToDictionary(group => group.Key, group => new Stack<int>(group.Select(piece => piece.To)));
        HashSet<int> ends = [.. pieces.Select(piece => piece.To)];
        List<IReadOnlyList<(double X, double Y)>> curves = [];
        foreach (int start in pieces.Select(piece => piece.From).OrderBy(ends.Contains))
        {
            List<(double X, double Y)> curve = [PointAt(start)];
            for (int at = start; next.TryGetValue(at, out Stack<int>? onward) && onward.TryPop(out int to); at = to)
            {
                curve.Add(PointAt(to));
            }

            if (curve.Count > 1)
            {
                curves.Add(curve);
            }
        }

        return curves;
    }

    private double Z(int index) => grid.Z[index / columns, index % columns];

    private (double X, double Y) PointAt(int point)
    {
        int a = point / 3, b = point % 3 == 1 ? a + 1 : a + columns;
        (double x, double y) = (grid.X[a % columns], grid.Y[a / columns]);
        if (point % 3 == 0)
        {
            return (x, y);
        }

        double t = (level - Z(a)) / (Z(b) - Z(a));
        return (x + (t * (grid.X[b % columns] - x)), y + (t * (grid.Y[b / columns] - y)));
    }
}
