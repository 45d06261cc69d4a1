namespace MiniNet.Calculus;

/// <summary>
/// Represents a function of two variables sampled on a grid, z = f(x, y), and optionally its gradient at each point. Figures of
/// surfaces are drawn from it.
/// </summary>
/// <remarks>Values may be NaN or infinite, such as log x for negative x. Figures omit the cells around them and report how many.</remarks>
/// <param name="XName">The name of the first variable.</param>
/// <param name="YName">The name of the second variable.</param>
/// <param name="ZName">The name of the value.</param>
/// <param name="X">The x coordinates, two or more, finite and increasing.</param>
/// <param name="Y">The y coordinates, two or more, finite and increasing.</param>
/// <param name="Z">
/// The values: a row for each of <paramref name="Y"/>, a column for each of <paramref name="X"/>, so that Z[row, column] = f(X[column],
/// Y[row]).
/// </param>
/// <example>
/// <code>
/// SurfaceGrid bowl = SurfaceGrid.Sample((x, y) => x * x + y * y, (-2, 2), (-2, 2)).WithGradient((x, y) => (2 * x, 2 * y));
/// File.WriteAllText("bowl.svg", ContourPlot.Draw(bowl));
/// </code>
/// </example>
public sealed record SurfaceGrid(string XName, string YName, string ZName, IReadOnlyList<double> X, IReadOnlyList<double> Y, double[,] Z)
{
    /// <summary>Gets the x coordinates, in increasing order.</summary>
    /// <exception cref="ArgumentException">There are fewer than two, or they are not finite and increasing.</exception>
    public IReadOnlyList<double> X { get; } = RequireIncreasing(X, nameof(X));

    /// <summary>Gets the y coordinates, in increasing order.</summary>
    /// <exception cref="ArgumentException">There are fewer than two, or they are not finite and increasing.</exception>
    public IReadOnlyList<double> Y { get; } = RequireIncreasing(Y, nameof(Y));

    /// <summary>Gets the values, Z[row of Y, column of X].</summary>
    /// <exception cref="ArgumentException">
    /// The number of rows differs from <see cref="Y"/>, or the number of columns from <see cref="X"/>.
    /// </exception>
    public double[,] Z { get; } = RequireSize(Z, X, Y, nameof(Z));

    /// <summary>Gets ∂z/∂x at each point, with the layout of <see cref="Z"/>; null if it is not known.</summary>
    public double[,]? GradientX { get; private init; }

    /// <summary>Gets ∂z/∂y at each point, with the layout of <see cref="Z"/>; null if it is not known.</summary>
    public double[,]? GradientY { get; private init; }

    /// <summary>Gets the number of cells, each between four points.</summary>
    internal int Cells => (X.Count - 1) * (Y.Count - 1);

    /// <summary>Gets the number of cells with a corner whose value is not finite.</summary>
    internal int OmittedCells =>
        Enumerable.Range(0, Cells).Count(cell => !IsCellFinite(cell / (X.Count - 1), cell % (X.Count - 1)));

    /// <summary>Samples a function at evenly spaced points.</summary>
    /// <param name="function">z as a function of x and y. It may return NaN or infinity where it is undefined.</param>
    /// <param name="x">The first and the last x coordinate.</param>
    /// <param name="y">The first and the last y coordinate.</param>
    /// <param name="columns">The number of points along x, at least 2.</param>
    /// <param name="rows">The number of points along y, at least 2.</param>
    /// <param name="xName">The name of the first variable.</param>
    /// <param name="yName">The name of the second variable.</param>
    /// <param name="zName">The name of the value.</param>
    /// <returns>The grid.</returns>
    /// <exception cref="ArgumentException">A range is not finite and increasing, or there are fewer than two points.</exception>
    public static SurfaceGrid Sample(
        Func<double, double, double> function,
        (double From, double To) x,
        (double From, double To) y,
        int columns = 81,
        int rows = 81,
        string xName = "x",
        string yName = "y",
        string zName = "z")
    {
        (double[] xs, double[] ys) = (EvenlySpaced(x, columns, nameof(x)), EvenlySpaced(y, rows, nameof(y)));
        return new SurfaceGrid(xName, yName, zName, xs, ys, EvaluateAll(function, xs, ys));
    }

    /// <summary>Returns a copy of the grid with the gradient at each point.</summary>
    /// <param name="gradient">The function that computes ∂z/∂x and ∂z/∂y from x and y.</param>
    public SurfaceGrid WithGradient(Func<double, double, (double Dx, double Dy)> gradient) =>
        WithGradient(EvaluateAll((x, y) => gradient(x, y).Dx, X, Y), EvaluateAll((x, y) => gradient(x, y).Dy, X, Y));

    /// <summary>Returns a copy of the grid with the gradient at each point.</summary>
    /// <param name="gradientX">∂z/∂x, with the layout of <see cref="Z"/>.</param>
    /// <param name="gradientY">∂z/∂y, with the layout of <see cref="Z"/>.</param>
    /// <exception cref="ArgumentException">The number of rows or columns of a gradient differs from that of <see cref="Z"/>.</exception>
    public SurfaceGrid WithGradient(double[,] gradientX, double[,] gradientY) => this with
    {
        GradientX = RequireSize(gradientX, X, Y, nameof(gradientX)),
        GradientY = RequireSize(gradientY, X, Y, nameof(gradientY)),
    };

    /// <summary>Determines whether all four corners of a cell have finite values.</summary>
    internal bool IsCellFinite(int row, int column) =>
        double.IsFinite(Z[row, column])
        && double.IsFinite(Z[row, column + 1])
        && double.IsFinite(Z[row + 1, column])
        && double.IsFinite(Z[row + 1, column + 1]);

    /// <summary>Interpolates the value bilinearly within a cell; NaN outside the grid and in cells that are left out.</summary>
    internal double At(double x, double y)
    {
        if (!(x >= X[0] && x <= X[^1] && y >= Y[0] && y <= Y[^1]))
        {
            return double.NaN;
        }

        (int column, int row) = (CellOf(X, x), CellOf(Y, y));
        double u = (x - X[column]) / (X[column + 1] - X[column]), v = (y - Y[row]) / (Y[row + 1] - Y[row]);
        return !IsCellFinite(row, column)
            ? double.NaN
            : ((1 - v) * (((1 - u) * Z[row, column]) + (u * Z[row, column + 1])))
                + (v * (((1 - u) * Z[row + 1, column]) + (u * Z[row + 1, column + 1])));
    }

    private static int CellOf(IReadOnlyList<double> coordinates, double at)
    {
        (int low, int high) = (0, coordinates.Count - 1);
        while (high - low > 1)
        {
            int middle = (low + high) / 2;
            (low, high) = coordinates[middle] <= at ? (middle, high) : (low, middle);
        }

        return low;
    }

    private static double[,] EvaluateAll(Func<double, double, double> function, IReadOnlyList<double> xs, IReadOnlyList<double> ys)
    {
        double[,] z = new double[ys.Count, xs.Count];
        for (int row = 0; row < ys.Count; row++)
        {
            for (int column = 0; column < xs.Count; column++)
            {
                z[row, column] = function(xs[column], ys[row]);
            }
        }

        return z;
    }

    private static double[] EvenlySpaced((double From, double To) range, int count, string name)
    {
        if (count < 2 || !double.IsFinite(range.To - range.From))
        {
            throw new ArgumentException(
                FormattableString.Invariant(
                    $"{name} from {range.From} to {range.To} with {count} points: the range must be finite, with at least 2 points."),
                name);
        }

        return
        [
            .. Enumerable.Range(0, count)
                .Select(i => i == count - 1 ? range.To : range.From + ((range.To - range.From) * i / (count - 1))),
        ];
    }

    private static IReadOnlyList<double> RequireIncreasing(IReadOnlyList<double> coordinates, string name)
    {
        if (coordinates.Count < 2)
        {
            throw new ArgumentException($"{name} has {coordinates.Count} coordinates; it must have at least 2.", name);
        }

        for (int i = 0; i < coordinates.Count; i++)
        {
            if (!double.IsFinite(coordinates[i]) || (i > 0 && !(coordinates[i] > coordinates[i - 1])))
            {
                throw new ArgumentException(
                    FormattableString.Invariant($"{name}[{i}] is {coordinates[i]}; the coordinates must be finite and increasing."),
                    name);
            }
        }

        return double.IsFinite(coordinates[^1] - coordinates[0])
            ? [.. coordinates]
            : throw new ArgumentException($"The range of {name} is too large for a double.", name);
    }

    private static double[,] RequireSize(double[,] values, IReadOnlyList<double> x, IReadOnlyList<double> y, string name) =>
        values.GetLength(0) == y.Count && values.GetLength(1) == x.Count
            ? (double[,])values.Clone()
            : throw new ArgumentException(
                $"{name} is {values.GetLength(0)}×{values.GetLength(1)}; "
                    + $"it must have one row for each of the {y.Count} y coordinates "
                    + $"and one column for each of the {x.Count} x coordinates.",
                name);
}
