namespace MiniNet.Calculus;

/// <summary>
/// A critical point of f(x, y) on the curve g(x, y) = c. There the gradients are parallel, and λ is their ratio:
/// <code>
/// ∇f = λ ∇g
/// df*/dc = λ                                             f* at it, as the curve moves on to another c
///     | 0    g_x   g_y  |
/// D = | g_x  L_xx  L_xy |  = −|∇g|² · κ                  L = f − λ(g − c);  κ = tᵀ ∇²L t, t along the curve
///     | g_y  L_xy  L_yy |
/// </code>
/// D below 0 makes a minimum, above 0 a maximum; κ within its threshold of 0 is degenerate.
/// </summary>
/// <remarks>Strang, "Calculus", 1991, section 13.7; the bordered Hessian: Chiang and Wainwright, "Fundamental Methods of Mathematical Economics", 4th edition, 2005, section 12.3.</remarks>
/// <param name="Variables">What the variables are called.</param>
/// <param name="Point">Where it is.</param>
/// <param name="Value">f there.</param>
/// <param name="Constraint">g there: c, but for rounding.</param>
/// <param name="Multiplier">λ: by how much the best f changes for each unit that c is changed.</param>
/// <param name="Gradient">∇f there.</param>
/// <param name="ConstraintGradient">∇g there.</param>
/// <param name="BorderedDeterminant">D.</param>
/// <param name="Curvature">κ, the curvature of f along the curve.</param>
/// <param name="Threshold">What |κ| must be greater than to count: 10⁻⁴ (|∇²f| + |λ| |∇²g|).</param>
/// <param name="Kind">Minimum, maximum or degenerate.</param>
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
    /// <summary>The point with its evidence.</summary>
    /// <returns>The text.</returns>
    public override string ToString() =>
        $"{Kind.ToString().ToLowerInvariant()} on the curve at {Wording.Point(Variables, Point)}: f = {Wording.Number(Value)}, λ = {Wording.Number(Multiplier)}, "
        + $"∇f = {Wording.List(Gradient)} = λ·{Wording.List(ConstraintGradient)}, bordered determinant {Wording.Number(BorderedDeterminant)}";
}

/// <summary>Finds the best of f(x, y) where g(x, y) = c, with Lagrange's multiplier: the trade-off between the two. By walks along the curve, and for places where f only pauses by Newton's method.</summary>
public static class LagrangeMultiplier
{
    private const double Apart = 1e-4, Beside = 1.0 / 128; // parts of the box

    /// <summary>Looks for every critical point of f on the part of the curve g = c within a box, as <see cref="CriticalPoints"/> does for those of f.</summary>
    /// <remarks>A point of the curve where ∇g = 0, such as where it crosses itself, has no λ and is not found, though f may be best there: <see cref="CriticalPoints"/> of g finds those.</remarks>
    /// <param name="f">What is to be best: a function of two variables, one number.</param>
    /// <param name="g">What is bound: a function of the same two.</param>
    /// <param name="c">To what, finite.</param>
    /// <param name="box">For each variable from where to where, both finite and the first less.</param>
    /// <param name="starts">How many points to start from, at least 1.</param>
    /// <param name="cancellation">Ends the search with what it has.</param>
    /// <returns>The points, minima first, each kind by its value; none where there is none.</returns>
    /// <exception cref="ArgumentException">f and g are not of the same two variables, or the box does not fit them.</exception>
    /// <exception cref="ArgumentOutOfRangeException">c is not finite, or there is to be no start.</exception>
    /// <exception cref="InvalidOperationException">f or g is more than one number.</exception>
    public static IReadOnlyList<ConstrainedPoint> Find(
        Function f, Function g, double c, IReadOnlyList<(double Low, double High)> box, int starts = 256, CancellationToken cancellation = default)
    {
        Require.Finite(c);
        if (f.Dimension != 2 || !f.Variables.SequenceEqual(g.Variables, StringComparer.Ordinal))
        {
            throw new ArgumentException($"Both functions must be of two variables, the same; these are of {string.Join(", ", f.Variables)} and of {string.Join(", ", g.Variables)}.", nameof(g));
        }

        Starting.Require(f, box, starts);
        var walk = new CurveWalk(f, g, c, box);
        double[][] points = [.. Starting.Points(box, starts).Select(walk.Onto).OfType<double[]>().Where(at => double.IsFinite(Ratio(f.Gradient(at), g.Gradient(at))))];
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
                if (walk.From(start, direction) is { } zero && !found.Exists(other => walk.Distance(other, zero) <= Apart))
                {
                    found.Add(zero);
                }
            }
        }

        // Where f only pauses along the curve there is no change of sign; Newton's method comes to such places too, but in a large box less exactly.
        foreach (double[] start in points.TakeWhile(_ => !cancellation.IsCancellationRequested))
        {
            if (search.From([.. start, Ratio(f.Gradient(start), g.Gradient(start))], cancellation) is { } zero && walk.Onto(zero[..2]) is { } at && walk.IsParallel(at)
                && !found.Exists(other => walk.Distance(other, at) <= Beside || walk.IsFlatBetween(other, at)))
            {
                found.Add(at);
            }
        }

        return [.. found.Select(zero => Of(f, g, zero)).OrderBy(point => point.Kind).ThenBy(point => point.Value)];
    }

    /// <summary>Of L(x, y, λ) = f − λ(g − c): where it is 0, the gradients are parallel and the point is on the curve.</summary>
    private static double[] Gradient(Function f, Function g, double c, double[] at)
    {
        double[] df = f.GradientOrNaN(at[..2]);
        (double value, double[] dg) = g.ValueAndGradient(at.AsSpan(0, 2));
        return [df[0] - (at[2] * dg[0]), df[1] - (at[2] * dg[1]), c - value];
    }

    /// <summary>The λ that makes |∇f − λ∇g| least.</summary>
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
            f.Variables, at, value, bound, lambda, df, dg, determinant, curvature, threshold, CriticalPoint.KindOf([curvature], [threshold]));
    }

    private static double Size(double[,] matrix) => Math.Sqrt(matrix.Cast<double>().Sum(element => element * element));
}
