namespace MiniNet.Calculus;

/// <summary>Specifies the type of a critical point.</summary>
public enum CriticalPointKind
{
    /// <summary>f increases in every direction.</summary>
    Minimum,

    /// <summary>f decreases in every direction.</summary>
    Maximum,

    /// <summary>f increases in some directions and decreases in others.</summary>
    Saddle,

    /// <summary>The second-derivative test is inconclusive: the curvature along some direction is 0 within its threshold.</summary>
    Degenerate,
}

/// <summary>
/// Represents a critical point of f: a point where ∇f = 0. Its type follows from the eigenvalues of the Hessian, which are the curvatures
/// of f along the eigenvectors: all positive for a minimum, all negative for a maximum, of both signs for a saddle point. An eigenvalue λᵢ
/// counts only if its absolute value is greater than its threshold
/// <code>
/// τᵢ = max(2 |s₊ − λᵢ|, 2 |s₋ − λᵢ|, 10⁻⁵ Kᵢ)
/// </code>
/// where s± is the mean curvature along ±vᵢ over 1/1024 of the box, where a true second-order term still dominates. Kᵢ is the curvature
/// along vᵢ over 1/32 of the box, computed from the largest change of each component of the gradient without cancellation: its rounding
/// errors are of that size. If an eigenvalue does not count and the others do not have both signs, the point is degenerate.
/// </summary>
/// <remarks>
/// The second-derivative test: Strang, "Calculus", 1991, section 13.6; with eigenvalues, Nocedal and Wright, "Numerical Optimization", 2nd
/// edition, 2006, theorem 2.4. The thresholds are specific to MiniNet.
/// </remarks>
/// <param name="Variables">The names of the variables.</param>
/// <param name="Point">The coordinates of the point.</param>
/// <param name="Value">f at the point.</param>
/// <param name="GradientNorm">|∇f| at the point: 0 up to the rounding of float32.</param>
/// <param name="Kind">The type of the point.</param>
/// <param name="Eigenvalues">λᵢ of the Hessian, in increasing order; NaN if it is not finite.</param>
/// <param name="Eigenvectors">The eigenvector vᵢ of each eigenvalue, of length 1.</param>
/// <param name="Thresholds">τᵢ.</param>
/// <param name="Extent">
/// How far from here the gradient was found to stay 0, if more than 1/20 of the box, as on a line of critical points; 0 for an isolated
/// point.
/// </param>
public sealed record CriticalPoint(
    IReadOnlyList<string> Variables,
    IReadOnlyList<double> Point,
    double Value,
    double GradientNorm,
    CriticalPointKind Kind,
    IReadOnlyList<double> Eigenvalues,
    IReadOnlyList<IReadOnlyList<double>> Eigenvectors,
    IReadOnlyList<double> Thresholds,
    double Extent)
{
    private const double MinDistance = 1.0 / 1024, MaxDistance = 1.0 / 32;

    /// <summary>
    /// Describes the point and the numbers that determine its type:
    /// <c>minimum at x = 1, y = 1: f = 0, |∇f| = 0, eigenvalues 0.399361 and 1001.6</c>.
    /// </summary>
    public override string ToString() =>
        $"{Kind.ToString().ToLowerInvariant()} at {MathFormat.Point(Variables, Point)}: "
        + $"f = {MathFormat.Number(Value)}, |∇f| = {MathFormat.Number(GradientNorm)}, "
        + $"{(Eigenvalues.Count == 1 ? "second derivative" : "eigenvalues")} "
        + string.Join(Eigenvalues.Count == 2 ? " and " : ", ", Eigenvalues.Zip(Thresholds, Eigenvalue))
        + (Extent > 0 ? $"; the gradient is 0 up to {MathFormat.Number(Extent)} away from it" : "");

    /// <summary>Classifies a zero of the gradient.</summary>
    /// <param name="f">The function.</param>
    /// <param name="at">The zero.</param>
    /// <param name="width">The widths of the box.</param>
    /// <param name="extent">The distance to the farthest zero that counts as the same point.</param>
    internal static CriticalPoint Of(Function f, double[] at, double[] width, double extent)
    {
        (double value, double[] gradient) = f.ValueAndGradient(at);
        (double[] values, double[][] vectors) = SymmetricEigen.Decompose(f.Hessian(at));
        double resolution = VectorMath.Length(at) / 4096;
        double[] boxes = [.. vectors.Select(vector => 1 / VectorMath.Length([.. vector.Zip(width, (v, w) => v / w)]))],
            thresholds = new double[values.Length],
            changes = new double[values.Length];
        for (int i = 0; i < values.Length; i++)
        {
            foreach (int sign in (int[])[1, -1])
            {
                (double[] near, double way) = Change(f, at, gradient, vectors[i], sign * Math.Max(MinDistance * boxes[i], resolution));
                thresholds[i] = Math.Max(thresholds[i], 2 * Math.Abs((VectorMath.Dot(near, vectors[i]) / way) - values[i]));
                (double[] far, _) = Change(f, at, gradient, vectors[i], sign * Math.Max(MaxDistance * boxes[i], resolution));
                changes = [.. changes.Zip(far, (most, change) => double.IsFinite(change) ? Math.Max(most, Math.Abs(change)) : most)];
            }
        }

        for (int i = 0; i < values.Length; i++)
        {
            double k = vectors[i].Zip(
                changes, (part, change) => Math.Abs(part) * change).Sum() / Math.Max(MaxDistance * boxes[i], resolution);
            thresholds[i] = Math.Max(thresholds[i], 1e-5 * k);
        }

        return new CriticalPoint(
            f.Variables, at, value, VectorMath.Length(gradient), KindOf(values, thresholds), values, vectors, thresholds, extent);
    }

    /// <summary>Gets the type that the eigenvalues determine.</summary>
    /// <param name="values">λᵢ.</param>
    /// <param name="thresholds">τᵢ.</param>
    internal static CriticalPointKind KindOf(double[] values, double[] thresholds)
    {
        int up = values.Zip(thresholds).Count(pair => pair.First > pair.Second),
            down = values.Zip(thresholds).Count(pair => pair.First < -pair.Second);
        return up > 0 && down > 0 ? CriticalPointKind.Saddle
            : up == values.Length ? CriticalPointKind.Minimum
            : down == values.Length ? CriticalPointKind.Maximum
            : CriticalPointKind.Degenerate;
    }

    /// <summary>Computes the change of the gradient over a distance along v, and the distance after rounding to float32.</summary>
    private static (double[] Change, double Way) Change(Function f, double[] at, double[] gradient, double[] v, double distance)
    {
        double[] to = [.. at.Zip(v, (from, part) => (double)(float)(from + (distance * part)))];
        return ([.. f.GradientOrNaN(to).Zip(gradient, (a, b) => a - b)], VectorMath.Dot([.. to.Zip(at, (a, b) => a - b)], v));
    }

    private static string Eigenvalue(double value, double threshold) =>
        Math.Abs(value) > threshold ? MathFormat.Number(value) : $"{MathFormat.Number(value)} (0 within {MathFormat.Number(threshold)})";
}
