using MiniNet.Tensors;

namespace MiniNet.GradientChecking;

/// <summary>What was measured of one gradient: by Backward, and by differences.</summary>
internal sealed record Evidence(string Name, Tensor Value, double[] Analytic, Slope[] Slopes)
{
    public const double Tolerance = 1e-3;
    private double? typical;

    /// <summary>The gradient after a second backward pass, before which every element was <see cref="Start"/>; null where there was none.</summary>
    public double[]? Again { get; init; }

    public double Start { get; init; }

    /// <summary>The root of the mean square of all slopes.</summary>
    public double Typical => typical ??= Math.Sqrt(Slopes.Average(slope => slope.Value * slope.Value));

    /// <summary>What differences say; NaN where they cannot tell to within a tenth.</summary>
    public double[] Numeric => field ??= [.. Slopes.Select(slope => IsKnown(slope, 0.1) ? slope.Value : double.NaN)];

    /// <summary>How far Backward is off at an element; where that is tiny among its neighbours, relative to a tenth of their size.</summary>
    public double ErrorAt(int i) => Slopes[i].ErrorOf(Analytic[i], Typical / 10);

    /// <summary>Adds the slopes of another use of the same value.</summary>
    public void Add(Slope[] slopes)
    {
        for (int i = 0; i < slopes.Length; i++)
        {
            Slopes[i] = new Slope(Slopes[i].Value + slopes[i].Value, Slopes[i].Error + slopes[i].Error);
        }
    }

    // Whether differences say nothing about any element, and it matters: a thousandth of what comes in from above is as good as nothing.
    private bool IsUnknown(Tensor r)
    {
        double little = Tolerance * r.Span.ToArray().Max(Math.Abs);
        return Array.TrueForAll(Numeric, double.IsNaN)
            && (Array.Exists(Analytic, a => Math.Abs(a) > little) || Array.Exists(Slopes, slope => Math.Abs(slope.Value) > little));
    }

    public bool IsRightAt(int i) => ErrorAt(i) <= Tolerance;

    /// <summary>The finding: the worst element, and what it may be due to.</summary>
    /// <param name="all">The evidence on every gradient of the same function.</param>
    /// <param name="r">∂L/∂y.</param>
    /// <param name="missed">What is wrong besides, if anything.</param>
    /// <param name="probe">What measured it; null for a sum of several.</param>
    public GradientFinding Judge(Evidence[] all, Tensor r, string? missed, Probe? probe)
    {
        int worst = 0, columns = Value.Shape.Columns;
        bool lost = false, other = false;
        for (int i = 0; i < Analytic.Length; i++)
        {
            double allowed = (Tolerance * SizeAt(i)) + (1e-5 * Start), added = Again is null ? 0 : Again[i] - Analytic[i];
            bool adds = Again is null || Math.Abs(added - Start) <= allowed;
            lost |= !adds && Math.Abs(added) <= allowed;
            other |= !adds && Math.Abs(added) > allowed;
            worst = (ErrorAt(i), PlainErrorAt(i)).CompareTo((ErrorAt(worst), PlainErrorAt(worst))) > 0 ? i : worst;
        }

        string? cause = double.IsInfinity(ErrorAt(worst)) ? "Backward gives NaN or infinity: a division by zero, or an exponential that overflows?"
            : other ? "Backward gives another result the second time: does it draw random numbers anew, or change what Forward kept?"
            : lost ? "a gradient that was there before is lost: is it = where += belongs?"
            : IsRightAt(worst) ? missed ?? (IsUnknown(r) ? "differences cannot judge a single element, at a kink or where rounding hides it: take other values, of ordinary size" : null)
            : LikelyCause.Of(this, all, r, probe);
        double error = Math.Max(ErrorAt(worst), PlainErrorAt(worst));
        int skipped = Slopes.Count(slope => !IsKnown(slope, 0.01));
        return new GradientFinding(Name, worst / columns, worst % columns, Analytic[worst], Slopes[worst].Value, error, skipped, cause);
    }

    private bool IsKnown(Slope slope, double share) => Slope.Doubt * slope.Error <= share * Math.Max(Math.Abs(slope.Value), Typical / 10);

    // For show; 0 where differences cannot tell.
    private double PlainErrorAt(int i) => double.IsNaN(Numeric[i]) || Analytic[i] == Numeric[i] ? 0 : Math.Abs(Analytic[i] - Numeric[i]) / SizeAt(i);

    // An element that is tiny among its neighbours is judged by a tenth of their size.
    private double SizeAt(int i) => Math.Max(Typical / 10, Math.Max(Math.Abs(Analytic[i]), Math.Abs(Slopes[i].Value)));
}
