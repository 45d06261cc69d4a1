namespace MiniNet.GradientChecking;

/// <summary>
/// The slope of a function at a point, from its values around it: a polynomial of degree 5 is laid through eleven of them by least squares.
/// What is left between the values and the polynomial, be it rounding, curvature or a kink, says how far the slope can be trusted.
/// </summary>
/// <remarks>Savitzky and Golay, "Smoothing and Differentiation of Data by Simplified Least Squares Procedures", Analytical Chemistry 36, 1964.</remarks>
/// <param name="Value">The slope.</param>
/// <param name="Error">Its standard error.</param>
internal readonly record struct Slope(double Value, double Error)
{
    /// <summary>How many values there are on either side of the point.</summary>
    public const int Reach = 5;

    /// <summary>How many standard errors a slope may be off: see <see cref="GradientCheck"/>.</summary>
    public const double Doubt = 12;

    private const int Points = (2 * Reach) + 1, Degree = 5;
    private static readonly (double[] Values, double Slope)[] Polynomials = Orthonormal();

    /// <summary>By how much more than 12 standard errors it is off from what Backward says, relative to the greater of the two, or to a size if that is greater.</summary>
    public double ErrorOf(double analytic, double size = 0)
    {
        double beyond = Math.Abs(analytic - Value) - (Doubt * Error);
        return !double.IsFinite(analytic) ? double.PositiveInfinity
            : beyond > 0 ? beyond / Math.Max(size, Math.Max(Math.Abs(analytic), Math.Abs(Value)))
            : 0;
    }

    /// <summary>The slope at the middle value.</summary>
    /// <param name="values">Eleven values at equal distances.</param>
    /// <param name="spacing">The distance from one to the next.</param>
    /// <param name="noise">The least error that each must be taken to have.</param>
    public static Slope Through(double[] values, double spacing, double noise)
    {
        double[] left = [.. values];
        double slope = 0, spread = 0;
        foreach ((double[] q, double slopeOfQ) in Polynomials)
        {
            double c = Take(left, q);
            slope += c * slopeOfQ;
            spread += slopeOfQ * slopeOfQ;
        }

        double deviation = Math.Max(noise, Math.Sqrt(left.Sum(l => l * l) / (Points - Degree - 1)));
        return new Slope(slope / spacing, deviation * Math.Sqrt(spread) / spacing);
    }

    /// <summary>Takes from v its part along the unit vector q, and returns how long that was.</summary>
    public static double Take(double[] v, double[] q)
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

    /// <summary>Gram and Schmidt's polynomials on the points −5, ..., 5: their values there, and their slopes at 0.</summary>
    private static (double[] Values, double Slope)[] Orthonormal()
    {
        var polynomials = new (double[] Values, double Slope)[Degree + 1];
        for (int k = 0; k <= Degree; k++)
        {
            double[] v = [.. Enumerable.Range(-Reach, Points).Select(t => Math.Pow(t, k))];
            double slope = k == 1 ? 1 : 0;
            foreach ((double[] q, double slopeOfQ) in polynomials.AsSpan(0, k))
            {
                slope -= Take(v, q) * slopeOfQ;
            }

            double length = Math.Sqrt(v.Sum(e => e * e));
            polynomials[k] = ([.. v.Select(e => e / length)], slope / length);
        }

        return polynomials;
    }
}
