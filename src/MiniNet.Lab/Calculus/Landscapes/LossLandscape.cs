using System.Globalization;

namespace MiniNet.Calculus;

/// <summary>
/// The loss around trained weights w, on a plane through them, and the way that training took, as far as the plane shows it:
/// <code>
/// z(α, β) = L(w + α a + β b)
/// </code>
/// </summary>
/// <remarks>
/// Goodfellow, Vinyals and Saxe, "Qualitatively Characterizing Neural Network Optimization Problems", ICLR 2015; Li et al., "Visualizing the Loss Landscape of Neural
/// Nets", NeurIPS 2018. A plane in a space of thousands of dimensions shows little of it: what looks like a valley may be open to the side.
/// </remarks>
/// <param name="Plane">The two directions.</param>
/// <param name="Grid">The loss on the plane; (0, 0) is where the weights are.</param>
/// <param name="Path">The places of training, projected onto the plane.</param>
public sealed record LossLandscape(LandscapePlane Plane, SurfaceGrid Grid, IReadOnlyList<LandscapeStep> Path)
{
    private const double Margin = 0.25, LowShare = 0.8;

    /// <summary>Works out the loss on a plane through the weights that a function's parameters have now.</summary>
    /// <param name="loss">The loss as a function of the weights, see <see cref="Function.OfParameters"/>.</param>
    /// <param name="plane">The plane.</param>
    /// <param name="path">The weights on the way, place after place; may be empty. With principal components the figure reaches a quarter beyond them on every side.</param>
    /// <param name="points">How many places along each axis, at least 2.</param>
    /// <param name="reach">How far the axes reach to either side; null for 1 with random directions, and for what the path needs with others.</param>
    /// <param name="progress">Told how much is done, from 0 to 1.</param>
    /// <param name="cancellation">Ends it between two places.</param>
    /// <returns>The landscape.</returns>
    /// <exception cref="ArgumentException">The plane or the path has other weights than the function.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There are less than 2 points, or the reach is not above 0.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static LossLandscape Around(
        Function loss, LandscapePlane plane, IReadOnlyList<float[]> path, int points = 41, double? reach = null, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(points, 2);
        _ = reach is { } given ? Require.Above0(given, nameof(reach)) : 0;
        double[] centre = loss.Point;
        if (plane.A.Count != centre.Length || path.Any(weights => weights.Length != centre.Length))
        {
            throw new ArgumentException($"The function has {centre.Length} weights; the plane has {plane.A.Count}, and each place of the path needs as many.", nameof(plane));
        }

        int done = 0, all = path.Count + (points * points);
        LandscapeStep[] steps = [.. path.Select((weights, i) =>
        {
            (double a, double b) = plane.Project(weights, centre);
            return new LandscapeStep(i, a, b, Told(loss.Value([.. weights.Select(w => (double)w)])));
        })];
        (double From, double To) x = Span(steps.Select(step => step.A)), y = Span(steps.Select(step => step.B));
        if (reach is not null || plane.Explained is null)
        {
            x = y = (-(reach ?? 1), reach ?? 1);
        }
        else
        {
            double side = (1 + (2 * Margin)) * Math.Max(x.To - x.From, y.To - y.From); // a square, for both axes are distances
            (x, y) = (Centred(x, side), Centred(y, side));
        }

        SurfaceGrid grid = SurfaceGrid.Sample(
            (a, b) => Told(loss.Value(At(centre, plane, a, b))), x, y, points, points, Name("α", plane.Explained?.A), Name("β", plane.Explained?.B), "loss");
        return new LossLandscape(plane, grid, steps);

        double Told(double value)
        {
            cancellation.ThrowIfCancellationRequested();
            progress?.Report(++done / (double)all);
            return value;
        }
    }

    /// <summary>What to know of the plane before believing the picture: where its two directions explain little of the path, that; null where there is nothing to say.</summary>
    public string? Warning => Path.Count < 2 ? null
        : Plane.Explained is not { } share ? "Random directions are all but at right angles to the path: what it does is hardly seen in this plane."
        : share.A + share.B < LowShare ? string.Create(
            CultureInfo.InvariantCulture, $"The two directions explain {share.A + share.B:P0} of the path's variance: much of what it does is not in this plane.")
        : null;

    private static string Name(string letter, double? share) => share is { } explained
        ? string.Create(CultureInfo.InvariantCulture, $"{letter} ({explained * 100:F0} % of the path's variance)")
        : letter;

    private static double[] At(double[] centre, LandscapePlane plane, double a, double b)
    {
        var at = new double[centre.Length];
        for (int i = 0; i < at.Length; i++)
        {
            at[i] = centre[i] + (a * plane.A[i]) + (b * plane.B[i]);
        }

        return at;
    }

    private static (double From, double To) Span(IEnumerable<double> places) => (places.Append(0).Min(), places.Append(0).Max());

    private static (double From, double To) Centred((double From, double To) span, double side) =>
        side > 0 ? (((span.From + span.To) - side) / 2, ((span.From + span.To) + side) / 2) : (-1, 1);
}

/// <summary>One place of the path in a <see cref="LossLandscape"/>.</summary>
/// <param name="Epoch">Its number, from 0: before the first epoch.</param>
/// <param name="A">Its coordinate along the first direction.</param>
/// <param name="B">Its coordinate along the second.</param>
/// <param name="Loss">The loss at the place itself, which lies above the plane or below it.</param>
public sealed record LandscapeStep(int Epoch, double A, double B, double Loss);
