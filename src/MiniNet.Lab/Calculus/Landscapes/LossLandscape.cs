using System.Globalization;

namespace MiniNet.Calculus;

/// <summary>
/// Represents the loss around trained weights w, on a plane through them, and the path of training projected onto the plane:
/// <code>
/// z(α, β) = L(w + α a + β b)
/// </code>
/// </summary>
/// <remarks>
/// Goodfellow, Vinyals and Saxe, "Qualitatively Characterizing Neural Network Optimization Problems", ICLR 2015; Li et al., "Visualizing
/// the Loss Landscape of Neural Nets", NeurIPS 2018. A plane shows little of a space of thousands of dimensions: what looks like a valley
/// may be open in other directions.
/// </remarks>
/// <param name="Plane">The two directions.</param>
/// <param name="Grid">The loss on the plane; (0, 0) is the current weights.</param>
/// <param name="Path">The points of training, projected onto the plane.</param>
public sealed record LossLandscape(LandscapePlane Plane, SurfaceGrid Grid, IReadOnlyList<LandscapeStep> Path)
{
    private const double Margin = 0.25, LowShare = 0.8;

    /// <summary>Computes the loss on a plane through the current weights of a function.</summary>
    /// <param name="loss">The loss as a function of the weights, see <see cref="Function.OfParameters"/>.</param>
    /// <param name="plane">The plane.</param>
    /// <param name="path">
    /// The weights at each point of training; may be empty. With principal components the grid extends a quarter beyond the path on every
    /// side.
    /// </param>
    /// <param name="points">The number of points along each axis, at least 2.</param>
    /// <param name="extent">
    /// The extent of the axes to either side. By default 1 for random directions, and as needed by the path for others.
    /// </param>
    /// <param name="progress">Receives the completed fraction, from 0 to 1.</param>
    /// <param name="cancellation">Cancels between two points.</param>
    /// <returns>The landscape.</returns>
    /// <exception cref="ArgumentException">The number of weights of the plane or the path differs from that of the function.</exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="points"/> is less than 2, or <paramref name="extent"/> is not positive.
    /// </exception>
    /// <exception cref="OperationCanceledException">The operation was cancelled.</exception>
    public static LossLandscape Around(
        Function loss,
        LandscapePlane plane,
        IReadOnlyList<float[]> path,
        int points = 41,
        double? extent = null,
        IProgress<double>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(points, 2);
        _ = extent is { } given ? Require.Positive(given, nameof(extent)) : 0;
        double[] centre = loss.Point;
        if (plane.A.Count != centre.Length || path.Any(weights => weights.Length != centre.Length))
        {
            throw new ArgumentException(
                $"The function has {centre.Length} weights; the plane, with {plane.A.Count}, and each point of the path must have as many.",
                nameof(plane));
        }

        int done = 0, all = path.Count + (points * points);
        LandscapeStep[] steps = [.. path.Select((weights, i) =>
        {
            (double a, double b) = plane.Project(weights, centre);
            return new LandscapeStep(i, a, b, Report(loss.Value([.. weights.Select(w => (double)w)])));
        })];
        (double From, double To) x = Span(steps.Select(step => step.A)), y = Span(steps.Select(step => step.B));
        if (extent is not null || plane.ExplainedVariance is null)
        {
            x = y = (-(extent ?? 1), extent ?? 1);
        }
        else
        {
            double side = (1 + (2 * Margin)) * Math.Max(x.To - x.From, y.To - y.From); // a square, because both axes are distances
            (x, y) = (Centred(x, side), Centred(y, side));
        }

        SurfaceGrid grid = SurfaceGrid.Sample(
            (a, b) => Report(loss.Value(At(centre, plane, a, b))),
            x,
            y,
            points,
            points,
            Name("α", plane.ExplainedVariance?.A),
            Name("β", plane.ExplainedVariance?.B),
            "loss");
        return new LossLandscape(plane, grid, steps);

        double Report(double value)
        {
            cancellation.ThrowIfCancellationRequested();
            progress?.Report(++done / (double)all);
            return value;
        }
    }

    /// <summary>Gets a warning if the two directions explain little of the path; otherwise null.</summary>
    public string? Warning => Path.Count < 2 ? null
        : Plane.ExplainedVariance is not
        {
        } share ? "Random directions are almost orthogonal to the path: this plane shows little of its movement."
        : share.A + share.B < LowShare ? string.Create(
            CultureInfo.InvariantCulture,
            $"The two directions explain {share.A + share.B:P0} of the path's variance: much of its movement is outside this plane.")
        : null;

    private static string Name(string symbol, double? share) => share is { } explained
        ? string.Create(CultureInfo.InvariantCulture, $"{symbol} ({explained * 100:F0} % of the path's variance)")
        : symbol;

    private static double[] At(double[] centre, LandscapePlane plane, double a, double b)
    {
        var at = new double[centre.Length];
        for (int i = 0; i < at.Length; i++)
        {
            at[i] = centre[i] + (a * plane.A[i]) + (b * plane.B[i]);
        }

        return at;
    }

    private static (double From, double To) Span(IEnumerable<double> coordinates) =>
        (coordinates.Append(0).Min(), coordinates.Append(0).Max());

    private static (double From, double To) Centred((double From, double To) span, double side) =>
        side > 0 ? (((span.From + span.To) - side) / 2, ((span.From + span.To) + side) / 2) : (-1, 1);
}

/// <summary>Represents a point of the path in a <see cref="LossLandscape"/>.</summary>
/// <param name="Epoch">The number of the epoch; 0 is the point before the first epoch.</param>
/// <param name="A">The coordinate along the first direction.</param>
/// <param name="B">The coordinate along the second direction.</param>
/// <param name="Loss">The loss at the point itself, which may be above or below the surface on the plane.</param>
public sealed record LandscapeStep(int Epoch, double A, double B, double Loss);
