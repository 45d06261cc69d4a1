namespace MiniNet.Calculus;

/// <summary>Represents a point of a path and the step that led to it.</summary>
/// <param name="Step">The number of the step, from 0 at the start.</param>
/// <param name="Point">x, rounded to float32.</param>
/// <param name="Value">f(x).</param>
/// <param name="Gradient">∇f(x).</param>
/// <param name="GradientNorm">|∇f(x)|.</param>
/// <param name="Search">The line search that led here; null if there was none.</param>
public sealed record DescentStep(
    int Step,
    IReadOnlyList<double> Point,
    double Value,
    IReadOnlyList<double> Gradient,
    double GradientNorm,
    LineSearch? Search = null);

/// <summary>Represents the path of a descent or an ascent.</summary>
/// <param name="Variables">The names of the variables.</param>
/// <param name="Steps">The start, then each step.</param>
/// <param name="Note">Why the path ended early: it diverged, converged or was cancelled. Null if it took all its steps.</param>
public sealed record DescentPath(IReadOnlyList<string> Variables, IReadOnlyList<DescentStep> Steps, string? Note)
{
    /// <summary>Gets the last point of the path.</summary>
    public DescentStep End => Steps[^1];

    /// <summary>Describes the start and the end: <c>3 steps from x = 4 (f = 16) to x = 0.5 (f = 0.25, |∇f| = 1)</c>.</summary>
    public override string ToString() =>
        $"{End.Step} step{(End.Step == 1 ? "" : "s")} "
        + $"from {MathFormat.Point(Variables, Steps[0].Point)} (f = {MathFormat.Number(Steps[0].Value)}) "
        + $"to {MathFormat.Point(Variables, End.Point)} (f = {MathFormat.Number(End.Value)}, |∇f| = {MathFormat.Number(End.GradientNorm)})"
        + (Note is null ? "" : $"; {Note}");
}
