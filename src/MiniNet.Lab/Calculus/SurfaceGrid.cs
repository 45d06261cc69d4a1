using MiniNet.Figures;

namespace MiniNet.Calculus;

/// <summary>
/// A function of two variables as numbers on a grid, z = f(x, y), and where it is known the gradient at each of its places. What the figures of a
/// surface are drawn from.
/// </summary>
/// <remarks>Values may be NaN or infinite, as those of log x left of 0 are: figures leave out the cells around them, and say so.</remarks>
/// <param name="XName">What the first variable is called.</param>
/// <param name="YName">What the second is called.</param>
/// <param name="ZName">What the value is called.</param>
/// <param name="X">The places along x, two or more, finite and increasing.</param>
/// <param name="Y">The places along y, two or more, finite and increasing.</param>
/// <param name="Z">The values: a row for each of <paramref name="Y"/>, a column for each of <paramref name="X"/>, so that Z[row, column] = f(X[column], Y[row]).</param>
/// <example>
/// <code>
/// SurfaceGrid bowl = SurfaceGrid.Sample((x, y) => x * x + y * y, (-2, 2), (-2, 2)).WithGradient((x, y) => (2 * x, 2 * y));
/// File.WriteAllText("bowl.svg", ContourPlot.Draw(bowl));
/// </code>
/// </example>
public sealed record SurfaceGrid(string XName, string YName, string ZName, IReadOnlyList<double> X, IReadOnlyList<double> Y, double[,] Z)
{
    /// <summary>The places along x, increasing.</summary>
    /// <exception cref="ArgumentException">There are fewer than two, or they are not finite and increasing.</exception>
    public IReadOnlyList<double> X { get; } = Increasing(X, nameof(X));

    /// <summary>The places along y, increasing.</summary>
    /// <exception cref="ArgumentException">There are fewer than two, or they are not finite and increasing.</exception>
    public IReadOnlyList<double> Y { get; } = Increasing(Y, nameof(Y));

    /// <summary>The values, Z[row of Y, column of X].</summary>
    /// <exception cref="ArgumentException">It has other rows than <see cref="Y"/>, or other columns than <see cref="X"/>.</exception>
    public double[,] Z { get; } = Fitting(Z, X, Y, nameof(Z));

    /// <summary>∂z/∂x at each place, as <see cref="Z"/>; null where it is not known.</summary>
    public double[,]? GradientX { get; private init; }

    /// <summary>∂z/∂y at each place, as <see cref="Z"/>; null where it is not known.</summary>
    public double[,]? GradientY { get; private init; }

    /// <summary>How many cells between four places there are.</summary>
    internal int Cells => (X.Count - 1) * (Y.Count - 1);

    /// <summary>How many of them have a corner whose value is not finite.</summary>
    internal int CellsLeftOut => Enumerable.Range(0, Cells).Count(cell => !IsWhole(cell / (X.Count - 1), cell % (X.Count - 1)));

    /// <summary>Takes the values of a function at evenly spaced places.</summary>
    /// <param name="function">z of x and y. It may give NaN or an infinity where it has no value.</param>
    /// <param name="x">The first and the last place along x.</param>
    /// <param name="y">The first and the last place along y.</param>
    /// <param name="columns">How many places along x, at least 2.</param>
    /// <param name="rows">How many places along y, at least 2.</param>
    /// <param name="xName">What the first variable is called.</param>
    /// <param name="yName">What the second is called.</param>
    /// <param name="zName">What the value is called.</param>
    /// <returns>The grid.</returns>
    /// <exception cref="ArgumentException">A range is not finite and increasing, or there are fewer than two places.</exception>
    public static SurfaceGrid Sample(
        Func<double, double, double> function, (double From, double To) x, (double From, double To) y, int columns = 81, int rows = 81, string xName = "x", string yName = "y", string zName = "z")
    {
        (double[] xs, double[] ys) = (Spaced(x, columns, nameof(x)), Spaced(y, rows, nameof(y)));
        return new SurfaceGrid(xName, yName, zName, xs, ys, Each(function, xs, ys));
    }

    /// <summary>The same grid with the gradient at each place.</summary>
    /// <param name="gradient">∂z/∂x and ∂z/∂y of x and y.</param>
    /// <returns>A new grid.</returns>
    public SurfaceGrid WithGradient(Func<double, double, (double Dx, double Dy)> gradient) =>
        WithGradient(Each((x, y) => gradient(x, y).Dx, X, Y), Each((x, y) => gradient(x, y).Dy, X, Y));

    /// <summary>The same grid with the gradient at each place.</summary>
    /// <param name="gradientX">∂z/∂x, as <see cref="Z"/>.</param>
    /// <param name="gradientY">∂z/∂y, as <see cref="Z"/>.</param>
    /// <returns>A new grid.</returns>
    /// <exception cref="ArgumentException">One of them has other rows or columns than <see cref="Z"/>.</exception>
    public SurfaceGrid WithGradient(double[,] gradientX, double[,] gradientY) => this with
    {
        GradientX = Fitting(gradientX, X, Y, nameof(gradientX)),
        GradientY = Fitting(gradientY, X, Y, nameof(gradientY)),
    };

    /// <summary>Whether all four corners of a cell have finite values.</summary>
    internal bool IsWhole(int row, int column) =>
        double.IsFinite(Z[row, column]) && double.IsFinite(Z[row, column + 1]) && double.IsFinite(Z[row + 1, column]) && double.IsFinite(Z[row + 1, column + 1]);

    /// <summary>The value between the places, bilinear in the cell; NaN outside and in cells left out.</summary>
    internal double At(double x, double y)
    {
        if (!(x >= X[0] && x <= X[^1] && y >= Y[0] && y <= Y[^1]))
        {
            return double.NaN;
        }

        (int column, int row) = (CellOf(X, x), CellOf(Y, y));
        double u = (x - X[column]) / (X[column + 1] - X[column]), v = (y - Y[row]) / (Y[row + 1] - Y[row]);
        return !IsWhole(row, column) ? double.NaN
            : ((1 - v) * (((1 - u) * Z[row, column]) + (u * Z[row, column + 1]))) + (v * (((1 - u) * Z[row + 1, column]) + (u * Z[row + 1, column + 1])));
    }

    private static int CellOf(IReadOnlyList<double> places, double at)
    {
        (int low, int high) = (0, places.Count - 1);
        while (high - low > 1)
        {
            int middle = (low + high) / 2;
            (low, high) = places[middle] <= at ? (middle, high) : (low, middle);
        }

        return low;
    }

    private static double[,] Each(Func<double, double, double> function, IReadOnlyList<double> xs, IReadOnlyList<double> ys)
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

    private static double[] Spaced((double From, double To) range, int count, string name)
    {
        if (count < 2 || !double.IsFinite(range.To - range.From))
        {
            throw new ArgumentException(FormattableString.Invariant($"{name} from {range.From} to {range.To} with {count} places: it must be finite, with at least 2."), name);
        }

        return [.. Enumerable.Range(0, count).Select(i => i == count - 1 ? range.To : range.From + ((range.To - range.From) * i / (count - 1)))];
    }

    private static IReadOnlyList<double> Increasing(IReadOnlyList<double> places, string name)
    {
        if (places.Count < 2)
        {
            throw new ArgumentException($"{name} has {places.Count} places; it must have at least 2.", name);
        }

        for (int i = 0; i < places.Count; i++)
        {
            if (!double.IsFinite(places[i]) || (i > 0 && !(places[i] > places[i - 1])))
            {
                throw new ArgumentException(FormattableString.Invariant($"{name}[{i}] is {places[i]}; the places must be finite and increasing."), name);
            }
        }

        return double.IsFinite(places[^1] - places[0]) ? [.. places] : throw new ArgumentException($"{name} is wider than a number can say.", name);
    }

    private static double[,] Fitting(double[,] values, IReadOnlyList<double> x, IReadOnlyList<double> y, string name) =>
        values.GetLength(0) == y.Count && values.GetLength(1) == x.Count ? (double[,])values.Clone()
            : throw new ArgumentException($"{name} is {values.GetLength(0)}×{values.GetLength(1)}; it must have a row for each of {y.Count} places along y and a column for each of {x.Count} along x.", name);
}
