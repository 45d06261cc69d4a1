namespace MiniNet.Calculus;

/// <summary>
/// Represents a critical point of f(x, y) on the curve g(x, y) = c. There the gradients are parallel, and λ is their ratio:
/// <code>
/// ∇f = λ ∇g
/// df*/dc = λ                                             f* is the value at the point; c moves the curve
///     | 0    g_x   g_y  |
/// D = | g_x  L_xx  L_xy |  = −|∇g|² · κ                  L = f − λ(g − c);  κ = tᵀ ∇²L t, t along the curve
///     | g_y  L_xy  L_yy |
/// </code>
/// A minimum has D below 0, a maximum has D above 0; if |κ| is within its threshold, the point is degenerate.
/// </summary>
/// <remarks>
/// Strang, "Calculus", 1991, section 13.7; the bordered Hessian: Chiang and Wainwright, "Fundamental Methods of Mathematical Economics",
/// 4th edition, 2005, section 12.3.
/// </remarks>
/// <param name="Variables">The names of the variables.</param>
/// <param name="Point">The coordinates of the point.</param>
/// <param name="Value">f at the point.</param>
/// <param name="Constraint">g at the point: c up to rounding.</param>
/// <param name="Multiplier">λ: the change of the optimal f per unit of c.</param>
/// <param name="Gradient">∇f at the point.</param>
/// <param name="ConstraintGradient">∇g at the point.</param>
/// <param name="BorderedDeterminant">D.</param>
/// <param name="Curvature">κ, the curvature of f along the curve.</param>
/// <param name="Threshold">The value that |κ| must exceed to count: 10⁻⁴ (|∇²f| + |λ| |∇²g|).</param>
/// <param name="Kind">The type of the point: minimum, maximum or degenerate.</param>
public sealed record ConstrainedPoint(
    IReadOnlyList<string> Variables,
    IReadOnlyList<double> Point,
    double Value,
    double Constraint,
    double Multiplier,
    IReadOnlyList<double> Gradient,
    IReadOnlyList<double> ConstraintGradient,
    double BorderedDeterminant,
    double Curvature,
    double Threshold,
    CriticalPointKind Kind)
{
    /// <summary>Describes the point and the numbers that determine its type.</summary>
    public override string ToString() =>
        $"{Kind.ToString().ToLowerInvariant()} on the curve at {MathFormat.Point(Variables, Point)}: "
        + $"f = {MathFormat.Number(Value)}, λ = {MathFormat.Number(Multiplier)}, "
        + $"∇f = {MathFormat.List(Gradient)} = λ·{MathFormat.List(ConstraintGradient)}, "
        + $"bordered determinant {MathFormat.Number(BorderedDeterminant)}";
}

/// <summary>
/// Finds the extrema of f(x, y) subject to the constraint g(x, y) = c with a Lagrange multiplier. The search follows the curve; Newton's
/// method finds the points where f is stationary without an extremum.
/// </summary>
public static class LagrangeMultiplier
{
    private const double SamePointDistance = 1e-4, SameFlatDistance = 1.0 / 128; // relative to the size of the box

    /// <summary>
    /// Searches for all critical points of f on the part of the curve g = c within a box, as <see cref="CriticalPoints"/> does without a
    /// constraint.
    /// </summary>
    /// <remarks>
    /// A point of the curve where ∇g = 0, such as a crossing, has no λ and is not found, even if f has an extremum there. <see
    /// cref="CriticalPoints"/> of g finds such points.
    /// </remarks>
    /// <param name="f">The objective: a scalar-valued function of two variables.</param>
    /// <param name="g">The constraint function, of the same two variables.</param>
    /// <param name="c">The constraint value; must be finite.</param>
    /// <param name="box">The range of each variable: finite, with the lower bound first.</param>
    /// <param name="starts">The number of starting points, at least 1.</param>
    /// <param name="cancellation">Ends the search and returns the points found so far.</param>
    /// <returns>The points, minima first, each type sorted by value; empty if none were found.</returns>
    /// <exception cref="ArgumentException">f and g do not have the same two variables, or the box does not match them.</exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="c"/> is not finite, or <paramref name="starts"/> is less than 1.
    /// </exception>
    /// <exception cref="InvalidOperationException">f or g has more than one output.</exception>
    public static IReadOnlyList<ConstrainedPoint> Find(
        Function f,
        Function g,
        double c,
        IReadOnlyList<(double Low, double High)> box,
        int starts = 256,
        CancellationToken cancellation = default)
    {
        Require.Finite(c);
        if (f.Dimension != 2 || !f.Variables.SequenceEqual(g.Variables, StringComparer.Ordinal))
        {
            throw new ArgumentException(
                "Both functions must have the same two variables; "
                    + $"f has {string.Join(", ", f.Variables)} and g has {string.Join(", ", g.Variables)}.",
                nameof(g));
        }

        StartingPoints.CheckBox(f, box, starts);
        var tracer = new ConstraintTracer(f, g, c, box);
        double[][] points =
        [
            .. StartingPoints.InBox(box, starts)
                .Select(tracer.ProjectOnto)
                .OfType<double[]>()
                .Where(at => double.IsFinite(Ratio(f.Gradient(at), g.Gradient(at)))),
        ];
        double[] ratios = [.. points.Select(at => Math.Abs(Ratio(f.Gradient(at), g.Gradient(at)))).Where(ratio => ratio > 0).Order()];
        double scale = ratios.Length > 0 ? ratios[ratios.Length / 2] : 1;
        var search = new NewtonSearch(
            at => Gradient(f, g, c, at),
            [box[0].Low, box[1].Low, double.NegativeInfinity],
            [box[0].High, box[1].High, double.PositiveInfinity],
            [box[0].High - box[0].Low, box[1].High - box[1].Low, scale]);
        List<double[]> found = [];
        foreach (double[] start in points.TakeWhile(_ => !cancellation.IsCancellationRequested))
        {
            foreach (int direction in (int[])[1, -1])
            {
                if (tracer.FindSignChange(start, direction) is { } zero
                    && !found.Exists(other => tracer.Distance(other, zero) <= SamePointDistance))
                {
                    found.Add(zero);
                }
            }
        }

        // Where f is stationary without an extremum, D does not change sign. Newton's method finds such points too, but less accurately in
        // a large box.
        foreach (double[] start in points.TakeWhile(_ => !cancellation.IsCancellationRequested))
        {
            if (search.Search([.. start, Ratio(f.Gradient(start), g.Gradient(start))], cancellation) is { } zero
                && tracer.ProjectOnto(zero[..2]) is { } at
                && tracer.IsParallel(at)
                && !found.Exists(other => tracer.Distance(other, at) <= SameFlatDistance || tracer.IsFlatBetween(other, at)))
            {
                found.Add(at);
            }
        }

        return [.. found.Select(zero => Of(f, g, zero)).OrderBy(point => point.Kind).ThenBy(point => point.Value)];
    }

    /// <summary>
    /// Computes the gradient of L(x, y, λ) = f − λ(g − c). Where it is 0, the gradients of f and g are parallel and the point is on the
    /// curve.
    /// </summary>
    private static double[] Gradient(Function f, Function g, double c, double[] at)
    {
        double[] df = f.GradientOrNaN(at[..2]);
        (double value, double[] dg) = g.ValueAndGradient(at.AsSpan(0, 2));
        return [df[0] - (at[2] * dg[0]), df[1] - (at[2] * dg[1]), c - value];
    }

    /// <summary>Computes the λ that minimizes |∇f − λ∇g|.</summary>
    internal static double Ratio(double[] df, double[] dg) => ((df[0] * dg[0]) + (df[1] * dg[1])) / ((dg[0] * dg[0]) + (dg[1] * dg[1]));

    private static ConstrainedPoint Of(Function f, Function g, double[] at)
    {
        (double value, double[] df) = f.ValueAndGradient(at);
        (double bound, double[] dg) = g.ValueAndGradient(at);
        double[,] hf = f.Hessian(at), hg = g.Hessian(at);
        double lambda = Ratio(df, dg), size = Size(hf) + (Math.Abs(lambda) * Size(hg));
        double xx = hf[0, 0] - (lambda * hg[0, 0]), xy = hf[0, 1] - (lambda * hg[0, 1]), yy = hf[1, 1] - (lambda * hg[1, 1]);
        double determinant = (2 * dg[0] * dg[1] * xy) - (dg[0] * dg[0] * yy) - (dg[1] * dg[1] * xx);
        double curvature = -determinant / ((dg[0] * dg[0]) + (dg[1] * dg[1])), threshold = 1e-4 * size;
        return new ConstrainedPoint(
            f.Variables,
            at,
            value,
            bound,
            lambda,
            df,
            dg,
            determinant,
            curvature,
            threshold,
            CriticalPoint.KindOf([curvature], [threshold]));
    }

    private static double Size(double[,] matrix) => Math.Sqrt(matrix.Cast<double>().Sum(element => element * element));
}
