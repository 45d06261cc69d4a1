namespace MiniNet.Calculus;

// Samples a function of two variables for figures.
public sealed partial class Function
{
    /// <summary>Samples f and ∇f on an evenly spaced grid, for figures.</summary>
    /// <param name="x">The first and the last coordinate of the first variable.</param>
    /// <param name="y">The first and the last coordinate of the second variable.</param>
    /// <param name="points">The number of points along each axis, at least 2.</param>
    /// <param name="cancellation">Cancels between two points.</param>
    /// <returns>The grid; not finite where f is not finite.</returns>
    /// <exception cref="InvalidOperationException">The function does not have two variables, or f has more than one output.</exception>
    /// <exception cref="ArgumentException">A range is not finite and increasing, or there are fewer than two points.</exception>
    /// <exception cref="OperationCanceledException">The operation was cancelled.</exception>
    public SurfaceGrid Sample(
        (double From, double To) x,
        (double From, double To) y,
        int points = 81,
        CancellationToken cancellation = default)
    {
        if (Variables is not [var first, var second])
        {
            throw new InvalidOperationException($"A surface needs a function of two variables; this function has {Dimension}.");
        }

        var gradients = new Queue<double[]>();
        SurfaceGrid grid = SurfaceGrid.Sample(
            (a, b) =>
            {
                cancellation.ThrowIfCancellationRequested();
                (double value, double[] gradient) = ValueAndGradient(a, b);
                gradients.Enqueue(gradient);
                return value;
            },
            x, y, points, points, first, second);
        var (dx, dy) = (new double[points, points], new double[points, points]);
        for (int row = 0; row < points; row++)
        {
            for (int column = 0; column < points; column++)
            {
                (dx[row, column], dy[row, column]) = gradients.Dequeue() is [var alongX, var alongY] ? (alongX, alongY) : default;
            }
        }

        return grid.WithGradient(dx, dy);
    }
}
