namespace MiniNet.Calculus;

/// <summary>
/// Searches for zeros of a gradient G by Newton's method with Levenberg-Marquardt damping: |G| decreases, though not at every step. No step
/// is longer than a tenth of the box, and none leaves the box by more than a twentieth. The Jacobian of G is symmetric, H = V Λ Vᵀ, so the
/// step is
/// <code>
/// p = −(H² + μI)⁻¹ H G = −Σ λᵢ / (λᵢ² + μ) · (vᵢ·G) vᵢ
/// </code>
/// which finds minima, maxima and saddle points alike. All lengths are relative to the box, G and H refer to these scaled variables, and x
/// is always rounded to float32.
/// </summary>
/// <remarks>
/// Nocedal and Wright, "Numerical Optimization", 2nd edition, 2006, sections 10.3 and 11.2; for the temporary increase of |G|: Grippo,
/// Lampariello and Lucidi, "A nonmonotone line search technique for Newton's method", SIAM Journal on Numerical Analysis 23, 1986.
/// </remarks>
/// <param name="gradient">The function that computes G.</param>
/// <param name="low">The lower bound of the box in each direction; −∞ for none.</param>
/// <param name="high">The upper bound of the box in each direction; ∞ for none.</param>
/// <param name="width">The unit of length in each direction.</param>
internal sealed class NewtonSearch(Func<double[], double[]> gradient, double[] low, double[] high, double[] width)
{
    /// <summary>
    /// The fraction of the box that defines a zero: G counts as 0 if it is no greater than it would be at this distance from a zero.
    /// </summary>
    public const double ZeroTolerance = 1e-5;

    private const int MaxSteps = 200, Patience = 16, Memory = 8;
    private const double MaxStepLength = 0.1,
        Margin = 0.05,
        InitialDifference = 1.0 / 512,
        MinDifference = 1.0 / 65536,
        SlopeDistance = 1.0 / 32,
        SameZeroDistance = 1e-4,
        Far = 1e-3;

    /// <summary>Searches from a starting point. Returns the zero, or null if none is reached within the box.</summary>
    public double[]? Search(double[] start, CancellationToken cancellation)
    {
        double[] x = RoundToSingle(start), g = G(x), best = x, least = g;
        double damping = 1e-3, h = InitialDifference;
        var norms = new Queue<double>();
        for (int step = 0, since = 0;
            step < MaxSteps && since < Patience && VectorMath.Length(g) > 0 && double.IsFinite(VectorMath.Length(g));
            step++, since++)
        {
            norms.Enqueue(VectorMath.Length(g));
            if (norms.Count > Memory)
            {
                norms.Dequeue();
            }

            if (cancellation.IsCancellationRequested || !TryStep(ref x, ref g, ref damping, ref h, norms.Max()))
            {
                break;
            }

            (best, least, since) = VectorMath.Length(g) < VectorMath.Length(least) ? (x, g, 0) : (best, least, since);
        }

        return IsInside(best) && IsZero(best, least, h) ? best : null;
    }

    /// <summary>
    /// Determines whether two zeros count as one: they are closer than 1/10,000 of the box, or G is 0 everywhere between them.
    /// </summary>
    public bool AreSame(double[] a, double[] b)
    {
        bool one = Distance(a, b) <= SameZeroDistance;
        double slope = one ? 0 : Slope(a);
        return one || VectorMath.PointsBetween(a, b).All(between => IsZero(G(RoundToSingle(between)), slope));
    }

    public double Distance(double[] a, double[] b) => VectorMath.Length([.. a.Select((from, i) => (from - b[i]) / width[i])]);

    private bool IsInside(double[] x)
    {
        for (int i = 0; i < x.Length; i++)
        {
            if (!(x[i] >= low[i] - (1e-6 * width[i]) && x[i] <= high[i] + (1e-6 * width[i])))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsZero(double[] g, double slope) => VectorMath.Length(g) <= ZeroTolerance * slope;

    /// <summary>
    /// Determines whether x is a zero of G: G is small compared with its values nearby, and no component of it, beyond rounding, indicates
    /// a zero that is far away. This rejects points on the floor of a descending valley.
    /// </summary>
    private bool IsZero(double[] x, double[] g, double h)
    {
        double slope = Slope(x);
        if (!IsZero(g, slope))
        {
            return false;
        }

        (double[] values, double[][] vectors) = SymmetricEigen.Decompose(Hessian(x, h));
        for (int i = 0; i < values.Length; i++)
        {
            double along = Math.Abs(VectorMath.Dot(vectors[i], g));
            if (along > Far * Math.Abs(values[i]) && along > 8 * Noise(x, g, vectors[i], slope))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Computes how far v·G deviates from a straight line over 1/10,000 of the box, because of rounding or curvature.</summary>
    private double Noise(double[] x, double[] g, double[] v, double slope)
    {
        double least = 1e-12 * slope, here = VectorMath.Dot(v, g);
        foreach (double way in (double[])[SameZeroDistance, SameZeroDistance / 2, SameZeroDistance / 4])
        {
            double above = VectorMath.Dot(v, G(RoundToSingle(Displaced(x, [.. v.Select(part => part * way)])))),
                below = VectorMath.Dot(v, G(RoundToSingle(Displaced(x, [.. v.Select(part => -part * way)]))));
            least = Math.Max(least, Math.Abs(above + below - (2 * here)));
        }

        return least;
    }

    /// <summary>
    /// Takes a step, with increasing damping until |G| is below its recent maximum. Requiring it to be below the current value would be too
    /// strict in a curved valley. Returns false if no step succeeds, or if the step vanishes in float32.
    /// </summary>
    private bool TryStep(ref double[] x, ref double[] g, ref double damping, ref double h, double most)
    {
        (double[] values, double[][] vectors) = SymmetricEigen.Decompose(Hessian(x, h));
        double greatest = values.Max(Math.Abs);
        for (; damping < 1e12; damping *= 10)
        {
            double[] p = Step(values, vectors, g, damping * greatest * greatest), to = RoundToSingle(Displaced(x, p));
            if (to.AsSpan().SequenceEqual(x) || !Array.TrueForAll(to, double.IsFinite))
            {
                return false;
            }

            double[] then = G(to);
            if (VectorMath.Length(then) < most)
            {
                h = Math.Clamp(Distance(x, to), MinDifference, InitialDifference); // near a zero, smaller features matter
                (x, g, damping) = (to, then, Math.Max(1e-16, damping / 10));
                return true;
            }
        }

        return false;
    }

    private static double[] Step(double[] values, double[][] vectors, double[] g, double mu)
    {
        var p = new double[g.Length];
        for (int i = 0; i < values.Length; i++)
        {
            double along = -values[i] / ((values[i] * values[i]) + mu) * VectorMath.Dot(vectors[i], g);
            for (int k = 0; k < p.Length && values[i] != 0; k++)
            {
                p[k] += along * vectors[i][k];
            }
        }

        double shorten = Math.Min(1, MaxStepLength / VectorMath.Length(p));
        return [.. p.Select(part => part * shorten)];
    }

    private double[] Displaced(double[] x, double[] p) =>
        [.. x.Select((from, i) => Math.Clamp(from + (p[i] * width[i]), low[i] - (Margin * width[i]), high[i] + (Margin * width[i])))];

    private double[] G(double[] x) => [.. gradient(x).Select((part, i) => part * width[i])];

    /// <summary>Computes the Hessian by plain central differences, which are accurate enough for the search.</summary>
    private double[,] Hessian(double[] x, double distance)
    {
        int n = x.Length;
        var hessian = new double[n, n];
        for (int j = 0; j < n; j++)
        {
            double h = Math.Max(distance, Math.Abs(x[j]) / width[j] / 1024);
            (double[] above, double[] below) = (Shifted(x, j, h), Shifted(x, j, -h));
            double[] rates = [.. G(above).Zip(G(below), (a, b) => (a - b) * width[j] / (above[j] - below[j]))];
            for (int i = 0; i < n; i++)
            {
                hessian[Math.Min(i, j), Math.Max(i, j)] += i == j ? rates[i] : rates[i] / 2;
            }
        }

        return hessian;
    }

    /// <summary>Computes the rate of change of G near x along the axis where it is largest.</summary>
    private double Slope(double[] x)
    {
        double[] here = G(x);
        double slope = 0;
        for (int j = 0; j < x.Length; j++)
        {
            double above = VectorMath.Length([.. G(Shifted(x, j, SlopeDistance)).Zip(here, (a, b) => a - b)]),
                below = VectorMath.Length([.. G(Shifted(x, j, -SlopeDistance)).Zip(here, (a, b) => a - b)]);
            double least = double.IsFinite(above) && double.IsFinite(below) ? Math.Min(above, below)
                : double.IsFinite(above) ? above
                : below;
            slope = Math.Max(slope, double.IsFinite(least) ? least / SlopeDistance : 0);
        }

        return slope;
    }

    private double[] Shifted(double[] x, int j, double h)
    {
        var beside = (double[])x.Clone();
        beside[j] += h * width[j];
        return RoundToSingle(beside);
    }

    // Rounds to float32, and to 0 if the number differs from 0 by no more than rounding.
    private double[] RoundToSingle(double[] x) =>
        [.. x.Select((number, i) => Math.Abs(number) < 1e-10 * width[i] ? 0 : (double)(float)number)];
}
