using System.Globalization;

namespace MiniNet.GradientChecking;

/// <summary>What <see cref="GradientCheck"/> found: one line for each input and parameter.</summary>
/// <param name="Subject">What was checked, such as <c>Linear 4 -> 3</c>.</param>
/// <param name="Gradients">The findings.</param>
public sealed record GradientReport(string Subject, IReadOnlyList<GradientFinding> Gradients)
{
    /// <summary>Of a graph: the operations that are wrong by themselves, the one nearest to the end of the graph first. Where to look.</summary>
    public IReadOnlyList<GradientReport> LookAt { get; init; } = [];

    /// <summary>Whether every gradient is right.</summary>
    public bool Passed => Gradients.All(gradient => gradient.Passed) && LookAt.Count == 0;

    /// <summary>The subject, a line for each wrong gradient of a wrong operation, and one for each gradient.</summary>
    /// <returns>The text.</returns>
    public override string ToString() =>
        $"{Subject}: {(Passed ? "every gradient is right" : "WRONG")}\n" + string.Join('\n', LookAt
            .SelectMany(wrong => wrong.Gradients.Where(gradient => !gradient.Passed).Select(gradient => $"  look at {wrong.Subject}: {gradient}"))
            .Concat(Gradients.Select(gradient => "  " + gradient)));
}

/// <summary>How one gradient compares with what finite differences say, at the element where it compares worst.</summary>
/// <param name="Name">The input or parameter, such as <c>x</c> or <c>weight</c>.</param>
/// <param name="Row">The row of the worst element, from 0.</param>
/// <param name="Column">Its column, from 0.</param>
/// <param name="Analytic">What <c>Backward</c> says there.</param>
/// <param name="Numeric">What finite differences say there.</param>
/// <param name="RelativeError">
/// By how much |analytic − numeric| exceeds what rounding explains, over max(|analytic|, |numeric|, r/10), where r is the root of the mean square of
/// all numeric elements: an element that is tiny among its neighbours is judged by a tenth of their size.
/// </param>
/// <param name="KinksSkipped">How many elements differences say nothing about: they lie at a kink, or all but cancel, so that rounding hides them.</param>
/// <param name="LikelyCause">What mistake this looks like; null where the gradient is right.</param>
public sealed record GradientFinding(
    string Name, int Row, int Column, double Analytic, double Numeric, double RelativeError, int KinksSkipped, string? LikelyCause)
{
    /// <summary>Whether every element is right.</summary>
    public bool Passed => LikelyCause is null;

    /// <summary>One line: <c>d(weight)[2, 1]: 0.52 by Backward, 1.04 by differences, relative error 0.5; every element is 0.5 times what it should be</c>.</summary>
    /// <returns>The text.</returns>
    public override string ToString()
    {
        string kinks = KinksSkipped == 0 ? "" : $"; {KinksSkipped} at a kink or lost in rounding skipped";
        string cause = LikelyCause is null ? "" : $"; {LikelyCause}";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"d({Name})[{Row}, {Column}]: {Analytic:G6} by Backward, {Numeric:G6} by differences, relative error {RelativeError:G2}{kinks}{cause}");
    }
}
