using MiniNet.GradientChecking;
using MiniNet.Stepping;

namespace MiniNet.Calculus;

/// <summary>A step that a line search tried.</summary>
/// <param name="Step">α.</param>
/// <param name="Value">f(x + αd).</param>
/// <param name="Bound">f(x) + c₁α ∇f·d: how far it must come by Armijo's condition.</param>
/// <param name="Slope">∇f(x + αd)·d, where the search asks for it; NaN else.</param>
/// <param name="Verdict">"accepted", or why not.</param>
public sealed record LineSearchTrial(double Step, double Value, double Bound, double Slope, string Verdict);

/// <summary>
/// How far to go along a direction d from x: the first α it comes upon with
/// <code>
/// f(x + αd) ≤ f(x) + c₁ α ∇f·d          Armijo: it falls by a fair share of what the slope promises
/// |∇f(x + αd)·d| ≤ c₂ |∇f·d|            strong Wolfe: and the slope has levelled off, so that it is not too short
/// </code>
/// For an ascent both are meant of −f.
/// </summary>
/// <remarks>
/// Nocedal and Wright, "Numerical Optimization", 2nd edition, 2006, section 3.1, whose algorithm 3.1 halves until Armijo's condition holds. For strong
/// Wolfe an interval with such steps within it is doubled, then halved, as in Lewis and Overton, "Nonsmooth optimization via quasi-Newton methods",
/// Mathematical Programming 141, 2013, algorithm 2.6.
/// </remarks>
/// <param name="Variables">What the variables are called.</param>
/// <param name="Point">x.</param>
/// <param name="Direction">d.</param>
/// <param name="Value">f(x).</param>
/// <param name="Slope">∇f·d.</param>
/// <param name="Trials">Every step tried, the last accepted where one was.</param>
/// <param name="Step">α; null where float32 shows no step that would do, as next to a minimum; or none levels off, as where f falls without end.</param>
public sealed record LineSearch(
    IReadOnlyList<string> Variables, IReadOnlyList<double> Point, IReadOnlyList<double> Direction, double Value, double Slope, IReadOnlyList<LineSearchTrial> Trials, double? Step)
{
    private const int MostTrials = 60;

    /// <summary>Backtracking: halves the step until Armijo's condition holds.</summary>
    /// <param name="f">A function of one number.</param>
    /// <param name="at">x, n numbers.</param>
    /// <param name="direction">d, n numbers: f falls along it.</param>
    /// <param name="firstStep">The first α, above 0.</param>
    /// <param name="sufficientDecrease">c₁, above 0 and below 1.</param>
    /// <returns>The search.</returns>
    /// <exception cref="ArgumentException">There are not n numbers, or f does not fall along the direction.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    /// <exception cref="InvalidOperationException">f(x) is more than one number.</exception>
    /// <exception cref="UndefinedException">f or its gradient is not finite at x.</exception>
    public static LineSearch Armijo(Function f, IReadOnlyList<double> at, IReadOnlyList<double> direction, double firstStep = 1, double sufficientDecrease = 1e-4) =>
        Along(f, 1, at, direction, Require.Above0(firstStep), Require.Fraction(Require.Above0(sufficientDecrease)), null);

    /// <summary>Doubles and halves the step until both conditions hold.</summary>
    /// <param name="f">A function of one number.</param>
    /// <param name="at">x, n numbers.</param>
    /// <param name="direction">d, n numbers: f falls along it.</param>
    /// <param name="firstStep">The first α, above 0.</param>
    /// <param name="sufficientDecrease">c₁, above 0 and below c₂.</param>
    /// <param name="curvature">c₂, below 1.</param>
    /// <returns>The search.</returns>
    /// <exception cref="ArgumentException">There are not n numbers, or f does not fall along the direction.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    /// <exception cref="InvalidOperationException">f(x) is more than one number.</exception>
    /// <exception cref="UndefinedException">f or its gradient is not finite at x.</exception>
    public static LineSearch StrongWolfe(
        Function f, IReadOnlyList<double> at, IReadOnlyList<double> direction, double firstStep = 1, double sufficientDecrease = 1e-4, double curvature = 0.9)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(Require.Above0(sufficientDecrease), Require.Fraction(curvature), nameof(sufficientDecrease));
        return Along(f, 1, at, direction, Require.Above0(firstStep), sufficientDecrease, curvature);
    }

    /// <summary>Every trial in a line, with the bound it was held against.</summary>
    /// <returns>The text.</returns>
    public override string ToString() =>
        $"from {Wording.Point(Variables, Point)} along {Wording.List(Direction)}: f = {Wording.Number(Value)}, slope {Wording.Number(Slope)}"
        + string.Concat(Trials.Select(trial => $"\n  α = {Wording.Number(trial.Step)}: f = {Wording.Number(trial.Value)}, bound {Wording.Number(trial.Bound)}"
            + $"{(double.IsNaN(trial.Slope) ? "" : $", slope {Wording.Number(trial.Slope)}")}: {trial.Verdict}"))
        + (Step is null ? "\n  no step found: what is left to gain is lost in rounding, or f falls without end" : "");

    /// <summary>The search for sign·f, with all values those of f.</summary>
    internal static LineSearch Along(Function f, int sign, IReadOnlyList<double> at, IReadOnlyList<double> direction, double step, double c1, double? c2)
    {
        double[] x = [.. at];
        (double value, double[] gradient) = f.ValueAndGradient(x);
        double slope = Dot(gradient, direction);
        if (!double.IsFinite(value) || !double.IsFinite(slope))
        {
            throw new UndefinedException(f, x, value, "where the search starts");
        }

        if (sign * slope >= 0)
        {
            throw new ArgumentException($"The function does not {(sign > 0 ? "fall" : "rise")} along this direction: its slope is {Wording.Number(slope)}.", nameof(direction));
        }

        List<LineSearchTrial> trials = [];
        double shortest = 0, longest = double.PositiveInfinity;
        for (double a = step; trials.Count < MostTrials && Moves(x, direction, a); a = double.IsFinite(longest) ? (shortest + longest) / 2 : 2 * a)
        {
            LineSearchTrial trial = Try(f, sign, x, direction, a, c1, c2, value, slope);
            trials.Add(trial);
            if (trial.Verdict == Accepted)
            {
                return new LineSearch(f.Variables, x, direction, value, slope, trials, a);
            }

            (shortest, longest) = trial.Verdict == TooShort ? (a, longest) : (shortest, a);
        }

        return new LineSearch(f.Variables, x, direction, value, slope, trials, null);
    }

    private const string Accepted = "accepted", NotEnough = "too long, it has not gained enough", TooLong = "too long, it is going back again", TooShort = "too short, the slope is still steep";

    private static LineSearchTrial Try(Function f, int sign, double[] x, IReadOnlyList<double> direction, double a, double c1, double? c2, double value0, double slope0)
    {
        (double value, double[] gradient) = f.ValueAndGradient([.. x.Zip(direction, (from, part) => from + (a * part))]);
        double slope = c2 is null ? double.NaN : Dot(gradient, direction), steep = c2 is null ? double.NaN : c2.Value * Math.Abs(slope0);
        double bound = value0 + (c1 * a * slope0);
        string verdict = !(sign * value <= sign * bound && sign * value < sign * value0) ? NotEnough : sign * slope > steep ? TooLong : sign * slope < -steep ? TooShort : Accepted;
        return new LineSearchTrial(a, value, bound, slope, verdict);
    }

    private static bool Moves(double[] x, IReadOnlyList<double> direction, double a) => x.Zip(direction).Any(pair => (float)(pair.First + (a * pair.Second)) != (float)pair.First);

    private static double Dot(double[] gradient, IReadOnlyList<double> direction) => gradient.Length == direction.Count ? gradient.Zip(direction, (g, part) => g * part).Sum()
        : throw new ArgumentException($"The function takes {gradient.Length} number(s); the direction has {direction.Count}.", nameof(direction));
}
