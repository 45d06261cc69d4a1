namespace MiniNet.Calculus;

/// <summary>Represents a step size that a line search tried.</summary>
/// <param name="Step">α.</param>
/// <param name="Value">f(x + αd).</param>
/// <param name="Bound">f(x) + c₁α ∇f·d: the bound of Armijo's condition.</param>
/// <param name="Slope">∇f(x + αd)·d, if the search needs it; otherwise NaN.</param>
/// <param name="Outcome">"accepted", or the reason for the rejection.</param>
public sealed record LineSearchTrial(double Step, double Value, double Bound, double Slope, string Outcome);

/// <summary>
/// Represents a line search along a direction d from x. It finds the first step size α that satisfies
/// <code>
/// f(x + αd) ≤ f(x) + c₁ α ∇f·d          Armijo: f decreases by a fraction of what the slope predicts
/// |∇f(x + αd)·d| ≤ c₂ |∇f·d|            strong Wolfe: and the slope is flatter, so that the step is not too short
/// </code>
/// For an ascent, the conditions apply to −f.
/// </summary>
/// <remarks>
/// Nocedal and Wright, "Numerical Optimization", 2nd edition, 2006, section 3.1, whose algorithm 3.1 halves the step until Armijo's
/// condition holds. For strong Wolfe, the step is doubled until an interval contains an acceptable step, and the interval is then bisected,
/// as in Lewis and Overton, "Nonsmooth optimization via quasi-Newton methods", Mathematical Programming 141, 2013, algorithm 2.6.
/// </remarks>
/// <param name="Variables">The names of the variables.</param>
/// <param name="Point">x.</param>
/// <param name="Direction">d.</param>
/// <param name="Value">f(x).</param>
/// <param name="Slope">∇f·d.</param>
/// <param name="Trials">All step sizes tried; the last one is accepted if any is.</param>
/// <param name="Step">
/// α; null if float32 rounding hides every acceptable step, as next to a minimum, or if none satisfies the conditions, as where f is
/// unbounded.
/// </param>
public sealed record LineSearch(
    IReadOnlyList<string> Variables,
    IReadOnlyList<double> Point,
    IReadOnlyList<double> Direction,
    double Value,
    double Slope,
    IReadOnlyList<LineSearchTrial> Trials,
    double? Step)
{
    private const int MaxTrials = 60;

    /// <summary>Performs a backtracking line search: halves the step size until Armijo's condition holds.</summary>
    /// <param name="f">A scalar-valued function.</param>
    /// <param name="at">x, with n coordinates.</param>
    /// <param name="direction">d, n numbers: a descent direction.</param>
    /// <param name="firstStep">The first α; must be positive.</param>
    /// <param name="sufficientDecrease">c₁, between 0 and 1 (exclusive).</param>
    /// <returns>The line search.</returns>
    /// <exception cref="ArgumentException">The number of coordinates is not n, or f does not decrease along the direction.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of range.</exception>
    /// <exception cref="InvalidOperationException">f has more than one output.</exception>
    /// <exception cref="UndefinedException">f or its gradient is not finite at x.</exception>
    public static LineSearch Armijo(
        Function f,
        IReadOnlyList<double> at,
        IReadOnlyList<double> direction,
        double firstStep = 1,
        double sufficientDecrease = 1e-4) =>
        Along(f, 1, at, direction, Require.Positive(firstStep), Require.Fraction(Require.Positive(sufficientDecrease)), null);

    /// <summary>Performs a line search that doubles the step size and bisects until both strong Wolfe conditions hold.</summary>
    /// <param name="f">A scalar-valued function.</param>
    /// <param name="at">x, with n coordinates.</param>
    /// <param name="direction">d, n numbers: a descent direction.</param>
    /// <param name="firstStep">The first α; must be positive.</param>
    /// <param name="sufficientDecrease">c₁, between 0 and c₂ (exclusive).</param>
    /// <param name="curvature">c₂, below 1.</param>
    /// <returns>The line search.</returns>
    /// <exception cref="ArgumentException">The number of coordinates is not n, or f does not decrease along the direction.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of range.</exception>
    /// <exception cref="InvalidOperationException">f has more than one output.</exception>
    /// <exception cref="UndefinedException">f or its gradient is not finite at x.</exception>
    public static LineSearch StrongWolfe(
        Function f,
        IReadOnlyList<double> at,
        IReadOnlyList<double> direction,
        double firstStep = 1,
        double sufficientDecrease = 1e-4,
        double curvature = 0.9)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(
            Require.Positive(sufficientDecrease),
            Require.Fraction(curvature),
            nameof(sufficientDecrease));
        return Along(f, 1, at, direction, Require.Positive(firstStep), sufficientDecrease, curvature);
    }

    /// <summary>Returns one line for each trial, with its bound.</summary>
    public override string ToString() =>
        $"from {MathFormat.Point(Variables, Point)} along {MathFormat.List(Direction)}: "
        + $"f = {MathFormat.Number(Value)}, slope {MathFormat.Number(Slope)}"
        + string.Concat(Trials.Select(trial =>
            $"\n  α = {MathFormat.Number(trial.Step)}: f = {MathFormat.Number(trial.Value)}, bound {MathFormat.Number(trial.Bound)}"
            + $"{(double.IsNaN(trial.Slope) ? "" : $", slope {MathFormat.Number(trial.Slope)}")}: {trial.Outcome}"))
        + (Step is null ? "\n  no step found: rounding hides any further improvement, or f is unbounded" : "");

    /// <summary>Searches along a direction for sign·f; all reported values are those of f.</summary>
    internal static LineSearch Along(
        Function f,
        int sign,
        IReadOnlyList<double> at,
        IReadOnlyList<double> direction,
        double step,
        double c1,
        double? c2)
    {
        double[] x = [.. at];
        (double value, double[] gradient) = f.ValueAndGradient(x);
        double slope = Dot(gradient, direction);
        if (!double.IsFinite(value) || !double.IsFinite(slope))
        {
            throw new UndefinedException(f, x, value, "at the start of the search");
        }

        if (sign * slope >= 0)
        {
            throw new ArgumentException(
                $"The function does not {(sign > 0 ? "decrease" : "increase")} along this direction: "
                + $"its slope is {MathFormat.Number(slope)}.",
                nameof(direction));
        }

        List<LineSearchTrial> trials = [];
        double shortest = 0, longest = double.PositiveInfinity;
        for (double a = step;
            trials.Count < MaxTrials && Moves(x, direction, a);
            a = double.IsFinite(longest) ? (shortest + longest) / 2 : 2 * a)
        {
            LineSearchTrial trial = Try(f, sign, x, direction, a, c1, c2, value, slope);
            trials.Add(trial);
            if (trial.Outcome == Accepted)
            {
                return new LineSearch(f.Variables, x, direction, value, slope, trials, a);
            }

            (shortest, longest) = trial.Outcome == TooShort ? (a, longest) : (shortest, a);
        }

        return new LineSearch(f.Variables, x, direction, value, slope, trials, null);
    }

    private const string Accepted = "accepted",
        NotEnough = "too long, the improvement is not sufficient",
        TooLong = "too long, the slope has changed sign and is steep",
        TooShort = "too short, the slope is still steep";

    private static LineSearchTrial Try(
        Function f,
        int sign,
        double[] x,
        IReadOnlyList<double> direction,
        double a,
        double c1,
        double? c2,
        double value0,
        double slope0)
    {
        (double value, double[] gradient) = f.ValueAndGradient([.. x.Zip(direction, (from, part) => from + (a * part))]);
        double slope = c2 is null ? double.NaN : Dot(gradient, direction), steep = c2 is null ? double.NaN : c2.Value * Math.Abs(slope0);
        double bound = value0 + (c1 * a * slope0);
        string verdict = !(sign * value <= sign * bound && sign * value < sign * value0) ? NotEnough
            : sign * slope > steep ? TooLong
            : sign * slope < -steep ? TooShort
            : Accepted;
        return new LineSearchTrial(a, value, bound, slope, verdict);
    }

    private static bool Moves(double[] x, IReadOnlyList<double> direction, double a) =>
        x.Zip(direction).Any(pair => (float)(pair.First + (a * pair.Second)) != (float)pair.First);

    private static double Dot(double[] gradient, IReadOnlyList<double> direction) => gradient.Length == direction.Count
        ? gradient.Zip(direction, (g, part) => g * part).Sum()
        : throw new ArgumentException(
            $"The function takes {gradient.Length} number(s); the direction has {direction.Count}.",
            nameof(direction));
}
