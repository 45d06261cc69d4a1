using MiniNet.Tensors;

namespace MiniNet.GradientChecking;

/// <summary>Represents the analytic (Backward) and the numeric (finite differences) gradient of one tensor.</summary>
internal sealed record GradientMeasurement(string Name, Tensor Value, double[] Analytic, SlopeEstimate[] Slopes)
{
    public const double Tolerance = 1e-3;
    private double? rootMeanSquareSlope;

    /// <summary>
    /// Gets the gradient after a second backward pass that started with every element equal to <see cref="InitialGradient"/>; null if there
    /// was none.
    /// </summary>
    public double[]? SecondPass { get; init; }

    public double InitialGradient { get; init; }

    /// <summary>Gets the root mean square of all numeric slopes.</summary>
    public double RootMeanSquareSlope => rootMeanSquareSlope ??= Math.Sqrt(Slopes.Average(slope => slope.Value * slope.Value));

    /// <summary>Gets the numeric gradient; NaN where its uncertainty is above a tenth.</summary>
    public double[] Numeric => field ??= [.. Slopes.Select(slope => IsKnown(slope, 0.1) ? slope.Value : double.NaN)];

    /// <summary>
    /// Gets the relative error of Backward at an element; for a small element, relative to a tenth of the root mean square.
    /// </summary>
    public double ErrorAt(int i) => Slopes[i].ErrorOf(Analytic[i], RootMeanSquareSlope / 10);

    /// <summary>Adds the slopes of another use of the same tensor.</summary>
    public void Add(SlopeEstimate[] slopes)
    {
        for (int i = 0; i < slopes.Length; i++)
        {
            Slopes[i] = new SlopeEstimate(Slopes[i].Value + slopes[i].Value, Slopes[i].Error + slopes[i].Error);
        }
    }

    // True if no element could be checked and that matters: gradients below a thousandth of the incoming gradient count as 0.
    private bool IsUnknown(Tensor r)
    {
        double little = Tolerance * r.Span.ToArray().Max(Math.Abs);
        return Array.TrueForAll(Numeric, double.IsNaN)
            && (Array.Exists(Analytic, a => Math.Abs(a) > little) || Array.Exists(Slopes, slope => Math.Abs(slope.Value) > little));
    }

    public bool IsRightAt(int i) => ErrorAt(i) <= Tolerance;

    /// <summary>Creates the finding: the worst element and its likely cause.</summary>
    /// <param name="all">The measurements of every gradient of the same function.</param>
    /// <param name="r">∂L/∂y.</param>
    /// <param name="failure">Another problem that was found, or null.</param>
    /// <param name="probe">The probe that measured it; null for a sum of several.</param>
    public GradientFinding ToFinding(GradientMeasurement[] all, Tensor r, string? failure, OperationProbe? probe)
    {
        int worst = 0, columns = Value.Shape.Columns;
        bool lost = false, other = false;
        for (int i = 0; i < Analytic.Length; i++)
        {
            double allowed = (Tolerance * SizeAt(i)) + (1e-5 * InitialGradient),
                added = SecondPass is null ? 0 : SecondPass[i] - Analytic[i];
            bool adds = SecondPass is null || Math.Abs(added - InitialGradient) <= allowed;
            lost |= !adds && Math.Abs(added) <= allowed;
            other |= !adds && Math.Abs(added) > allowed;
            worst = (ErrorAt(i), PlainErrorAt(i)).CompareTo((ErrorAt(worst), PlainErrorAt(worst))) > 0 ? i : worst;
        }

        string? cause = double.IsInfinity(ErrorAt(worst))
                ? "Backward gives NaN or infinity: a division by zero, or an exponential that overflows?"
            : other
                ? "Backward gives a different result the second time: "
                    + "does it draw new random numbers, or change a tensor that Forward kept?"
            : lost ? "it overwrites the existing gradient instead of adding to it: is it = where += belongs?"
            : IsRightAt(worst)
                ? failure ?? (IsUnknown(r)
                    ? "finite differences cannot check any element, because of kinks or rounding: use inputs of ordinary size"
                    : null)
            : MistakeDiagnosis.Diagnose(this, all, r, probe);
        double error = Math.Max(ErrorAt(worst), PlainErrorAt(worst));
        int skipped = Slopes.Count(slope => !IsKnown(slope, 0.01));
        return new GradientFinding(Name, worst / columns, worst % columns, Analytic[worst], Slopes[worst].Value, error, skipped, cause);
    }

    private bool IsKnown(SlopeEstimate slope, double share) =>
        SlopeEstimate.ConfidenceFactor * slope.Error <= share * Math.Max(Math.Abs(slope.Value), RootMeanSquareSlope / 10);

    // Only for display; 0 where the numeric gradient is unknown.
    private double PlainErrorAt(int i) =>
        double.IsNaN(Numeric[i]) || Analytic[i] == Numeric[i] ? 0 : Math.Abs(Analytic[i] - Numeric[i]) / SizeAt(i);

    // Errors of a small element are relative to a tenth of the root mean square.
    private double SizeAt(int i) => Math.Max(RootMeanSquareSlope / 10, Math.Max(Math.Abs(Analytic[i]), Math.Abs(Slopes[i].Value)));
}
