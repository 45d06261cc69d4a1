namespace MiniNet.GradientChecking;

/// <summary>
/// Represents an estimate of the slope of a function at a point: a Savitzky-Golay derivative, from a polynomial of degree 5 fitted by least
/// squares to eleven values around the point. The residuals, whether from rounding, curvature or a kink, give the standard error of the
/// slope.
/// </summary>
/// <remarks>
/// Savitzky and Golay, "Smoothing and Differentiation of Data by Simplified Least Squares Procedures", Analytical Chemistry 36, 1964.
/// </remarks>
/// <param name="Value">The slope.</param>
/// <param name="Error">The standard error of the slope.</param>
internal readonly record struct SlopeEstimate(double Value, double Error)
{
    /// <summary>The number of values on either side of the point.</summary>
    public const int HalfWindow = 5;

    /// <summary>The number of standard errors within which a slope is trusted: see <see cref="GradientCheck"/>.</summary>
    public const double ConfidenceFactor = 12;

    private const int Points = (2 * HalfWindow) + 1, Degree = 5;
    private static readonly (double[] Values, double Slope)[] Polynomials = Orthonormal();

    /// <summary>
    /// Gets the difference from the analytic slope that exceeds 12 standard errors, relative to the larger of the two slopes, or to
    /// <paramref name="size"/> if that is larger.
    /// </summary>
    public double ErrorOf(double analytic, double size = 0)
    {
        double beyond = Math.Abs(analytic - Value) - (ConfidenceFactor * Error);
        return !double.IsFinite(analytic) ? double.PositiveInfinity
            : beyond > 0 ? beyond / Math.Max(size, Math.Max(Math.Abs(analytic), Math.Abs(Value)))
            : 0;
    }

    /// <summary>Estimates the slope at the middle value.</summary>
    /// <param name="values">Eleven equidistant values.</param>
    /// <param name="spacing">The distance between neighbouring points.</param>
    /// <param name="noise">The minimum error of each value.</param>
    public static SlopeEstimate Fit(double[] values, double spacing, double noise)
    {
        double[] left = [.. values];
        double slope = 0, spread = 0;
        foreach ((double[] q, double slopeOfQ) in Polynomials)
        {
            double c = RemoveProjection(left, q);
            slope += c * slopeOfQ;
            spread += slopeOfQ * slopeOfQ;
        }

        double deviation = Math.Max(noise, Math.Sqrt(left.Sum(l => l * l) / (Points - Degree - 1)));
        return new SlopeEstimate(slope / spacing, deviation * Math.Sqrt(spread) / spacing);
    }

    /// <summary>Subtracts from v its projection onto the unit vector q, and returns the length of the projection.</summary>
    public static double RemoveProjection(double[] v, double[] q)
    {
        double c = 0;
        for (int i = 0; i < v.Length; i++)
        {
            c += v[i] * q[i];
        }

        for (int i = 0; i < v.Length; i++)
        {
            v[i] -= c * q[i];
        }

        return c;
    }

    /// <summary>Computes the Gram-Schmidt polynomials on the points −5, ..., 5: their values there, and their slopes at 0.</summary>
    private static (double[] Values, double Slope)[] Orthonormal()
    {
        var polynomials = new (double[] Values, double Slope)[Degree + 1];
        for (int k = 0; k <= Degree; k++)
        {
            double[] v = [.. Enumerable.Range(-HalfWindow, Points).Select(t => Math.Pow(t, k))];
            double slope = k == 1 ? 1 : 0;
            foreach ((double[] q, double slopeOfQ) in polynomials.AsSpan(0, k))
            {
                slope -= RemoveProjection(v, q) * slopeOfQ;
            }

            double length = Math.Sqrt(v.Sum(e => e * e));
            polynomials[k] = ([.. v.Select(e => e / length)], slope / length);
        }

        return polynomials;
    }
}
