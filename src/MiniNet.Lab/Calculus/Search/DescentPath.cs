using MiniNet.Stepping;

namespace MiniNet.Calculus;

/// <summary>Where a path stands after a step.</summary>
/// <param name="Step">How many steps it has taken: 0 at the start.</param>
/// <param name="Point">x, as float32 holds it.</param>
/// <param name="Value">f(x).</param>
/// <param name="Gradient">∇f(x).</param>
/// <param name="GradientNorm">|∇f(x)|.</param>
/// <param name="Search">The line search that led here, where one did.</param>
public sealed record DescentStep(int Step, IReadOnlyList<double> Point, double Value, IReadOnlyList<double> Gradient, double GradientNorm, LineSearch? Search = null);

/// <summary>The way that a descent or an ascent took.</summary>
/// <param name="Variables">What the variables are called.</param>
/// <param name="Steps">The start, then each step.</param>
/// <param name="Note">Why it ended before its last step, where it did: it diverged, arrived or was cancelled.</param>
public sealed record DescentPath(IReadOnlyList<string> Variables, IReadOnlyList<DescentStep> Steps, string? Note)
{
    /// <summary>Where it ended.</summary>
    public DescentStep End => Steps[^1];

    /// <summary>Where it began and ended: <c>3 steps from x = 4 (f = 16) to x = 0.5 (f = 0.25, |∇f| = 1)</c>.</summary>
    /// <returns>The text.</returns>
    public override string ToString() =>
        $"{End.Step} step{(End.Step == 1 ? "" : "s")} from {Wording.Point(Variables, Steps[0].Point)} (f = {Wording.Number(Steps[0].Value)}) "
        + $"to {Wording.Point(Variables, End.Point)} (f = {Wording.Number(End.Value)}, |∇f| = {Wording.Number(End.GradientNorm)}){(Note is null ? "" : $"; {Note}")}";
}
