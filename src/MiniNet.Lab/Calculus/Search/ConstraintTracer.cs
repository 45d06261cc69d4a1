namespace MiniNet.Calculus;

/// <summary>
/// Traces the curve g(x, y) = c in steps of 1/512 of the box and finds the critical points of f along it. There the cross product of the
/// gradients
/// <code>
/// D = ∂f/∂x · ∂g/∂y − ∂f/∂y · ∂g/∂x
/// </code>
/// changes sign; the step is then bisected down to the resolution of float32.
/// </summary>
/// <remarks>
/// A predictor along the tangent and a corrector along ∇g: Allgower and Georg, "Introduction to Numerical Continuation Methods", 2003,
/// chapter 2.
/// </remarks>
internal sealed class ConstraintTracer(Function f, Function g, double c, IReadOnlyList<(double Low, double High)> box)
{
    private const int MaxSteps = 24, MaxCorrections = 20;
    private readonly double width = Math.Max(box[0].High - box[0].Low, box[1].High - box[1].Low);

    /// <summary>Projects a point onto the curve by Newton's method along ∇g. Returns null if the result is not in the box.</summary>
    public double[]? ProjectOnto(double[] at)
    {
        for (int step = 0; step < MaxCorrections; step++)
        {
            (double value, double[] dg) = g.ValueAndGradient(at);
            double length = (c - value) / ((dg[0] * dg[0]) + (dg[1] * dg[1]));
            if (length == 0)
            {
                break;
            }

            at = [at[0] + (length * dg[0]), at[1] + (length * dg[1])];
        }

        return IsIn(0) && IsIn(1) ? at : null;

        bool IsIn(int i) => at[i] >= box[i].Low && at[i] <= box[i].High;
    }

    /// <summary>Follows the curve in one direction and finds where D changes sign. Returns null if it does not.</summary>
    public double[]? FindSignChange(double[] start, int direction)
    {
        (double[] at, double d) = (start, Cross(start));
        for (int step = 0; step < MaxSteps && StepAlong(at, direction * width / 512) is { } next; step++)
        {
            double then = Cross(next);
            if (d * then < 0)
            {
                return Bisect(at, next, d);
            }

            (at, d) = (next, then);
        }

        return null;
    }

    /// <summary>Gets the distance between two points, relative to the box.</summary>
    public double Distance(double[] a, double[] b) => VectorMath.Distance(a, b) / width;

    /// <summary>
    /// Determines whether the gradients are parallel at a point of the curve: D is small compared with the product of their norms, or
    /// compared with D at a distance of 1/512 of the box.
    /// </summary>
    public bool IsParallel(double[] at)
    {
        double ofF = VectorMath.Length(f.GradientOrNaN(at)), ofG = VectorMath.Length(g.Gradient(at)), d = Math.Abs(Cross(at));
        return ofG > 0 && (d <= 1e-4 * ofF * ofG || (StepAlong(at, width / 512) is { } ahead && d <= 1e-2 * Math.Abs(Cross(ahead))));
    }

    /// <summary>
    /// Determines whether f is constant along the curve between two points, near the straight line between them. Such points count as one.
    /// </summary>
    public bool IsFlatBetween(double[] a, double[] b)
    {
        foreach (double[] straight in VectorMath.PointsBetween(a, b))
        {
            if (ProjectOnto(straight) is not { } between || !(Math.Abs(Cross(between))
                <= 1e-5 * VectorMath.Length(f.GradientOrNaN(between)) * VectorMath.Length(g.Gradient(between))))
            {
                return false;
            }
        }

        return true;
    }

    private double[]? StepAlong(double[] at, double way)
    {
        double[] dg = g.Gradient(at);
        double length = VectorMath.Length(dg);
        return length > 0 && double.IsFinite(length) ? ProjectOnto([at[0] - (way * dg[1] / length), at[1] + (way * dg[0] / length)]) : null;
    }

    private double[]? Bisect(double[] a, double[] b, double d)
    {
        double most = Math.Min(Math.Abs(d), Math.Abs(Cross(b)));
        for (int half = 0; half < 40; half++)
        {
            if (ProjectOnto([(a[0] + b[0]) / 2, (a[1] + b[1]) / 2]) is not { } middle)
            {
                return null;
            }

            bool isBefore = Cross(middle) * d > 0;
            (a, b) = isBefore ? (middle, b) : (a, middle);
        }

        // Otherwise D changes sign at a pole, not at a zero.
        return double.IsFinite(LagrangeMultiplier.Ratio(f.Gradient(b), g.Gradient(b))) && Math.Abs(Cross(b)) <= most
            ? [RoundToSingle(b[0]), RoundToSingle(b[1])]
            : null;
    }

    // Rounds to float32, and to 0 below the spacing of float32 numbers of the box's size.
    private double RoundToSingle(double x) => Math.Abs(x) < 6e-8 * width ? 0 : (float)x;

    private double Cross(double[] at)
    {
        double[] df = f.GradientOrNaN(at), dg = g.Gradient(at);
        return (df[0] * dg[1]) - (df[1] * dg[0]);
    }
}
