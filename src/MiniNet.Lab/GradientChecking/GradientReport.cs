using System.Globalization;

namespace MiniNet.GradientChecking;

/// <summary>Represents the result of a <see cref="GradientCheck"/>: one finding for each input and parameter.</summary>
/// <param name="Subject">What was checked, such as <c>Linear 4 -> 3</c>.</param>
/// <param name="Gradients">The findings.</param>
public sealed record GradientReport(string Subject, IReadOnlyList<GradientFinding> Gradients)
{
    /// <summary>
    /// Gets, for a graph, the reports on operations that are wrong by themselves, the one nearest to the end of the graph first.
    /// </summary>
    public IReadOnlyList<GradientReport> FaultyOperations { get; init; } = [];

    /// <summary>Gets a value indicating whether every gradient is right.</summary>
    public bool Passed => Gradients.All(gradient => gradient.Passed) && FaultyOperations.Count == 0;

    /// <summary>Returns the subject, a line for each wrong gradient of a wrong operation, and a line for each gradient.</summary>
    public override string ToString() =>
        $"{Subject}: {(Passed ? "every gradient is right" : "WRONG")}\n" + string.Join('\n', FaultyOperations
            .SelectMany(wrong => wrong.Gradients
                .Where(gradient => !gradient.Passed)
                .Select(gradient => $"  look at {wrong.Subject}: {gradient}"))
            .Concat(Gradients.Select(gradient => "  " + gradient)));
}

/// <summary>Represents the comparison of one gradient with finite differences, at the element with the largest error.</summary>
/// <param name="Name">The input or parameter, such as <c>x</c> or <c>weight</c>.</param>
/// <param name="Row">The row of the worst element, from 0.</param>
/// <param name="Column">Its column, from 0.</param>
/// <param name="Analytic">The gradient from <c>Backward</c>.</param>
/// <param name="Numeric">The gradient from finite differences.</param>
/// <param name="RelativeError">
/// The part of |analytic − numeric| that rounding does not explain, divided by max(|analytic|, |numeric|, r/10), where r is the root mean
/// square of all numeric elements: the error of a small element is relative to r/10.
/// </param>
/// <param name="KinksSkipped">
/// The number of elements that could not be checked, because of a kink, or because cancellation leaves only rounding errors.
/// </param>
/// <param name="LikelyCause">The mistake that would explain the error; null if the gradient is right.</param>
public sealed record GradientFinding(
    string Name, int Row, int Column, double Analytic, double Numeric, double RelativeError, int KinksSkipped, string? LikelyCause)
{
    /// <summary>Gets a value indicating whether every element is right.</summary>
    public bool Passed => LikelyCause is null;

    /// <summary>
    /// Describes the finding: <c>d(weight)[2, 1]: 0.52 by Backward, 1.04 by differences, relative error 0.5; every element is 0.5 times
    /// what it should be</c>.
    /// </summary>
    public override string ToString()
    {
        string kinks = KinksSkipped == 0 ? "" : $"; {KinksSkipped} skipped because of a kink or rounding";
        string cause = LikelyCause is null ? "" : $"; {LikelyCause}";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"d({Name})[{Row}, {Column}]: {Analytic:G6} by Backward, {Numeric:G6} by differences, "
                + $"relative error {RelativeError:G2}{kinks}{cause}");
    }
}
