using MiniNet.Tensors;

namespace MiniNet.Calculus;

/// <summary>What was measured of one gradient: Backward adding to 0, Backward adding to 1, and differences.</summary>
internal sealed record Evidence(string Name, Tensor Value, double[] Analytic, double[] Again, Slope[] Slopes)
{
    private const double Doubt = 12;            // how many of its standard errors a slope may be off: see GradientCheck
    private const double Tolerance = 1e-3;

    /// <summary>The root of the mean square of all slopes.</summary>
    public double Typical { get; } = Math.Sqrt(Slopes.Average(slope => slope.Value * slope.Value));

    /// <summary>What differences say; NaN where they cannot tell to within a tenth.</summary>
    public double[] Numeric => field ??= [.. Slopes.Select(slope => Doubt * slope.Error > Math.Max(Math.Abs(slope.Value), Typical) / 10 ? double.NaN : slope.Value)];

    /// <summary>By how much more than rounding explains Backward is off, relative to the element or, where that is more, to a tenth of its neighbours.</summary>
    public double ErrorAt(int i)
    {
        double beyond = Math.Abs(Analytic[i] - Slopes[i].Value) - (Doubt * Slopes[i].Error);
        return !double.IsFinite(Analytic[i]) ? double.PositiveInfinity : beyond > 0 ? beyond / SizeAt(i) : 0;
    }

    public bool IsRightAt(int i) => ErrorAt(i) <= Tolerance;

    /// <summary>The finding: the worst element, and what it may be due to.</summary>
    /// <param name="all">The evidence on every gradient of the same function.</param>
    /// <param name="r">∂L/∂y.</param>
    /// <param name="missed">What is wrong besides, if anything.</param>
    public GradientFinding Judge(Evidence[] all, Tensor r, string? missed)
    {
        int worst = 0, columns = Value.Shape.Columns;
        bool lost = false, other = false;
        for (int i = 0; i < Analytic.Length; i++)
        {
            double allowed = (Tolerance * SizeAt(i)) + 1e-5;
            bool adds = Math.Abs(Again[i] - 1 - Analytic[i]) <= allowed, assigns = Math.Abs(Again[i] - Analytic[i]) <= allowed;
            lost |= !adds && assigns;
            other |= !adds && !assigns;
            worst = ErrorAt(i) > ErrorAt(worst) ? i : worst;
        }

        string? cause = double.IsInfinity(ErrorAt(worst)) ? "Backward gives NaN or infinity: a division by zero, or an exponential that overflows?"
            : other ? "Backward gives another result the second time: does it draw random numbers anew, or change what Forward kept?"
            : lost ? "a gradient that was there before is lost: is it = where += belongs?"
            : IsRightAt(worst) ? missed
            : LikelyCause.Of(this, all, r);
        return new GradientFinding(Name, worst / columns, worst % columns, Analytic[worst], Slopes[worst].Value, ErrorAt(worst), Numeric.Count(double.IsNaN), cause);
    }

    private double SizeAt(int i) => Math.Max(Typical / 10, Math.Max(Math.Abs(Analytic[i]), Math.Abs(Slopes[i].Value)));
}
