namespace MiniNet.Calculus;

/// <summary>What a critical point is.</summary>
public enum CriticalPointKind
{
    /// <summary>f grows in every direction.</summary>
    Minimum,

    /// <summary>f falls in every direction.</summary>
    Maximum,

    /// <summary>f grows in some directions and falls in others.</summary>
    Saddle,

    /// <summary>The second derivatives do not decide: along some direction they are 0, or as good as.</summary>
    Degenerate,
}

/// <summary>
/// A point where ∇f = 0, told apart by the eigenvalues of the Hessian there, which are the curvatures of f along the eigenvectors: all above 0 make
/// a minimum, all below 0 a maximum, of both signs a saddle. An eigenvalue λᵢ counts only where it is greater than its threshold
/// <code>
/// τᵢ = max(2 |s₊ − λᵢ|, 2 |s₋ − λᵢ|, 10⁻⁵ Kᵢ)
/// </code>
/// with s± the mean curvature along ±vᵢ over a 1024th of the box, where a true second-order term still decides; and Kᵢ the curvature along vᵢ
/// over a 32nd of the box, by the most that each part of the gradient changes over that, as if nothing of it cancelled: it has rounding errors of that
/// size. Where an eigenvalue does not count, and the others are not of both signs, the point is degenerate.
/// </summary>
/// <remarks>
/// The second-derivative test: Strang, "Calculus", 1991, section 13.6; with eigenvalues, Nocedal and Wright, "Numerical Optimization", 2nd edition,
/// 2006, theorem 2.4. The thresholds are MiniNet's own.
/// </remarks>
/// <param name="Variables">What the variables are called.</param>
/// <param name="Point">Where it is.</param>
/// <param name="Value">f there.</param>
/// <param name="GradientNorm">|∇f| there: what rounding to float32 leaves of 0.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Eigenvalues">λᵢ of the Hessian, least first; NaN where it is not finite.</param>
/// <param name="Eigenvectors">For each the direction vᵢ, of length 1.</param>
/// <param name="Thresholds">τᵢ.</param>
/// <param name="Extent">How far the gradient was found to stay 0 from here, where that is more than a 20th of the box, as on a line of critical points; 0 for a point of its own.</param>
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
    private const double Narrow = 1.0 / 1024, Wide = 1.0 / 32;

    /// <summary>The point with its evidence: <c>minimum at x = 1, y = 1: f = 0, |∇f| = 0, eigenvalues 0.399361 and 1001.6</c>.</summary>
    /// <returns>The text.</returns>
    public override string ToString() =>
        $"{Kind.ToString().ToLowerInvariant()} at {Wording.Point(Variables, Point)}: f = {Wording.Number(Value)}, |∇f| = {Wording.Number(GradientNorm)}, "
        + $"{(Eigenvalues.Count == 1 ? "second derivative" : "eigenvalues")} {string.Join(Eigenvalues.Count == 2 ? " and " : ", ", Eigenvalues.Zip(Thresholds, Eigenvalue))}"
        + (Extent > 0 ? $"; the gradient is 0 up to {Wording.Number(Extent)} away from it" : "");

    /// <summary>Tells a zero of the gradient apart.</summary>
    /// <param name="f">The function.</param>
    /// <param name="at">The zero.</param>
    /// <param name="width">The widths of the box.</param>
    /// <param name="extent">How far away other zeros were that are the same.</param>
    internal static CriticalPoint Of(Function f, double[] at, double[] width, double extent)
    {
        (double value, double[] gradient) = f.ValueAndGradient(at);
        (double[] values, double[][] vectors) = SymmetricEigen.Of(f.Hessian(at));
        double resolution = VectorMath.Length(at) / 4096;
        double[] boxes = [.. vectors.Select(vector => 1 / VectorMath.Length([.. vector.Zip(width, (v, w) => v / w)]))], thresholds = new double[values.Length], changes = new double[values.Length];
        for (int i = 0; i < values.Length; i++)
        {
            foreach (int sign in (int[])[1, -1])
            {
                (double[] near, double way) = Change(f, at, gradient, vectors[i], sign * Math.Max(Narrow * boxes[i], resolution));
                thresholds[i] = Math.Max(thresholds[i], 2 * Math.Abs((VectorMath.Dot(near, vectors[i]) / way) - values[i]));
                (double[] far, _) = Change(f, at, gradient, vectors[i], sign * Math.Max(Wide * boxes[i], resolution));
                changes = [.. changes.Zip(far, (most, change) => double.IsFinite(change) ? Math.Max(most, Math.Abs(change)) : most)];
            }
        }

        for (int i = 0; i < values.Length; i++)
        {
            double k = vectors[i].Zip(changes, (part, change) => Math.Abs(part) * change).Sum() / Math.Max(Wide * boxes[i], resolution);
            thresholds[i] = Math.Max(thresholds[i], 1e-5 * k);
        }

        return new CriticalPoint(f.Variables, at, value, VectorMath.Length(gradient), KindOf(values, thresholds), values, vectors, thresholds, extent);
    }

    /// <summary>What eigenvalues make it.</summary>
    /// <param name="values">λᵢ.</param>
    /// <param name="thresholds">τᵢ.</param>
    internal static CriticalPointKind KindOf(double[] values, double[] thresholds)
    {
        int up = values.Zip(thresholds).Count(pair => pair.First > pair.Second), down = values.Zip(thresholds).Count(pair => pair.First < -pair.Second);
        return up > 0 && down > 0 ? CriticalPointKind.Saddle
            : up == values.Length ? CriticalPointKind.Minimum
            : down == values.Length ? CriticalPointKind.Maximum
            : CriticalPointKind.Degenerate;
    }

    /// <summary>The change of the gradient over a distance along v, and how far that was in float32.</summary>
    private static (double[] Change, double Way) Change(Function f, double[] at, double[] gradient, double[] v, double distance)
    {
        double[] to = [.. at.Zip(v, (from, part) => (double)(float)(from + (distance * part)))];
        return ([.. f.GradientOrNaN(to).Zip(gradient, (a, b) => a - b)], VectorMath.Dot([.. to.Zip(at, (a, b) => a - b)], v));
    }

    private static string Eigenvalue(double value, double threshold) =>
        Math.Abs(value) > threshold ? Wording.Number(value) : $"{Wording.Number(value)} (0 within {Wording.Number(threshold)})";
}
