namespace MiniNet.Calculus;

// A function of two variables as numbers to draw.
public sealed partial class Function
{
    /// <summary>f and ∇f at evenly spaced places of a box, for the figures.</summary>
    /// <param name="x">The first and the last place along the first variable.</param>
    /// <param name="y">The same along the second.</param>
    /// <param name="points">How many places along each, at least 2.</param>
    /// <param name="cancellation">Ends it between two places.</param>
    /// <returns>The grid; where f is not finite, neither is it.</returns>
    /// <exception cref="InvalidOperationException">The function is not of two variables, or f(x) is more than one number.</exception>
    /// <exception cref="ArgumentException">A range is not finite and increasing, or there are fewer than two places.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public SurfaceGrid Sample((double From, double To) x, (double From, double To) y, int points = 81, CancellationToken cancellation = default)
    {
        if (Variables is not [var first, var second])
        {
            throw new InvalidOperationException($"A surface is of two variables; this function is of {Dimension}.");
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
