using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace MiniNet.Explanations;

/// <summary>
/// Formats an <see cref="Explanation"/> as text. Numbers have 6 digits; each gradient is shown with the rounding error this causes in its
/// sum.
/// </summary>
internal sealed partial class ExplanationText(Explanation explanation)
{
    private const int MaxLines = 200; // per sum; a longer list would not be read
    private readonly StringBuilder text = new();

    public string ToText()
    {
        Line($"dL/d {explanation.Name} = {Number(explanation.Gradients[0].ByBackward)}: "
            + $"the change of L per unit of {explanation.Name}.");
        Line($"Here {explanation.Name} = {Number(explanation.Value)} and L = {Number(explanation.Loss)}. "
            + "The chain rule begins with dL/dL = 1.");
        Line("Each line below is one product: a local derivative times an incoming gradient. The lines under a gradient add up to it.");
        Line("± is the possible difference if the printed numbers, of 6 digits, are multiplied and added; "
            + "it includes the rounding of float32.");
        foreach (ExplainedGradient gradient in explanation.Gradients)
        {
            Line("");
            Line($"{gradient.Factor.Name} = {Heading(gradient)}");
            foreach (ExplanationBranch branch in gradient.Branches)
            {
                (IReadOnlyList<ExplanationTerm> terms, double rest) = LargestTerms(branch);
                Line($"  through {branch.Operation}: {branch.Equation}");
                int wide = terms.Select(term => Names(term).Length).DefaultIfEmpty().Max();
                foreach (ExplanationTerm term in terms)
                {
                    Line($"    {Names(term).PadRight(wide)}  =  {InProduct(term.Local.Value)} · {InProduct(term.Upstream.Value)}  "
                        + $"=  {Number(term.Product)}");
                }

                LineIf(
                    terms.Count < branch.Terms.Count,
                    $"    {branch.Terms.Count - terms.Count} smaller products together  =  {Number(rest)}");
                LineIf(branch.OmittedZeros > 0, $"    {Zeros(branch)}");
            }

            LineIf(gradient.Terms.Skip(1).Any() || IsOff(gradient), $"  sum  =  {Sum(gradient)}");
        }

        Line("");
        Closing().ForEach(Line);
        return text.ToString().TrimEnd('\n');
    }

    public string ToMarkdown()
    {
        Line($"# {Code($"dL/d {explanation.Name}")} = {Number(explanation.Gradients[0].ByBackward)}");
        Line("");
        Line($"{Code(explanation.Name)} is {Number(explanation.Value)}, and L is {Number(explanation.Loss)}. "
            + "Each product is a local derivative times an incoming gradient. "
            + "± is the possible difference if the printed numbers, of 6 digits, are multiplied and added; "
            + "it includes the rounding of float32.");
        foreach (ExplainedGradient gradient in explanation.Gradients)
        {
            Line("");
            Line($"## {Code(gradient.Factor.Name)} = {Heading(gradient)}");
            Line("");
            string[] through =
            [
                .. gradient.Branches.Select(branch =>
                    $"- through {Code($"{branch.Operation}: {branch.Equation}")}{(branch.OmittedZeros > 0 ? $"; {Zeros(branch)}" : "")}"),
            ];
            Array.ForEach(through, Line);
            LineIf(through.Length > 0, "");
            Line("$$\n\\begin{aligned}");
            string sign = Tex(gradient.Factor) + " ={}& ";
            foreach (ExplanationBranch branch in gradient.Branches)
            {
                (IReadOnlyList<ExplanationTerm> terms, double rest) = LargestTerms(branch);
                foreach (ExplanationTerm term in terms)
                {
                    Line($"{sign}{Under(term.Local)} \\cdot {Under(term.Upstream)} \\\\");
                    sign = "{}+{}& ";
                }

                LineIf(
                    terms.Count < branch.Terms.Count,
                    $"{sign}\\underbrace{{{TexInProduct(rest)}}}_{{\\text{{{branch.Terms.Count - terms.Count} smaller products}}}} \\\\");
            }

            Line($"{(sign[0] == '{' ? "" : Tex(gradient.Factor))} ={{}}& {Tex(gradient.Total)}\n\\end{{aligned}}\n$$");
        }

        Line("");
        Line(string.Join("\n\n", Closing()));
        return text.ToString().TrimEnd('\n');
    }

    private List<string> Closing()
    {
        List<string> lines = [];
        int products = explanation.Gradients.Sum(gradient => gradient.Terms.Count());
        ExplainedGradient first = explanation.Gradients[0];
        lines.Add(explanation.IsFull
            ? $"Complete: {ChainRule.Pluralize(explanation.Gradients.Count, "gradient")}, "
                + $"{ChainRule.Pluralize(products, "product")}, up to the loss."
            : $"Not complete{(explanation.IsTruncated ? ", which would take more than 200 products" : "")}: "
                + "incoming gradients without a sum below are the numbers that Backward computed. "
                + "A depth of 2 also explains those of the first sum; a larger depth explains more.");
        if (Number(explanation.Stored) != Number(first.ByBackward))
        {
            lines.Add($"The graph holds a different gradient, {Number(explanation.Stored)}: "
                + "earlier passes were added to it (ZeroGradients sets it to 0), or it was clipped.");
        }

        if (explanation.FiniteDifference is { } of
            && Math.Abs(of.Value - first.ByBackward) > (0.02 * Math.Abs(first.ByBackward)) + (40 * of.Rounding))
        {
            lines.Add("Rounding does not explain the error of the finite difference. "
                + "Either a kink, such as that of ReLU or a maximum, lies within h, or a Backward method is wrong: "
                + "GradientCheck finds out which.");
        }
        else if (explanation.FiniteDifference is { } near
            && explanation.RelativeError > 0.01
            && Math.Abs(near.Value - first.ByBackward) <= 40 * near.Rounding)
        {
            lines.Add("The error of the finite difference is no larger than the rounding of L. "
                + "For a gradient near 0 this can be all of it, so the relative error means nothing.");
        }

        lines.Add(explanation.FiniteDifference is not { } d
            ? "Finite difference: none, because Forward accepts no nearby value."
            : string.Create(
                CultureInfo.InvariantCulture,
                $"Finite difference: (L(w + h) − L(w − h)) / 2h "
                    + $"= ({d.Above:G9} − {InProduct(d.Below, "G9")}) / {2 * d.Step:G9} = {d.Value:G6}, "
                + $"off by {Math.Abs(d.Value - first.ByBackward):G2}, relative error {explanation.RelativeError:G2} "
                + $"(one rounding of L is {d.Rounding:G2})"));
        return lines;
    }

    private static string Zeros(ExplanationBranch branch) =>
        branch.Terms.Count > 0 ? $"{branch.OmittedZeros} more exactly 0"
            : branch.OmittedZeros == 1 ? "its only product is exactly 0"
            : $"all its {branch.OmittedZeros} products are exactly 0";

    private static string Heading(ExplainedGradient gradient) =>
        Number(gradient.ByBackward)
            + (gradient.Branches.Count == 0 && gradient.Start == 0 ? ": the loss does not depend on it" : $" ± {Rounding(gradient)}");

    private static string Sum(ExplainedGradient gradient) =>
        Number(gradient.Total) + (IsOff(gradient) ? $", by Backward {Number(gradient.ByBackward)}" : "");

    private static bool IsOff(ExplainedGradient gradient) => Number(gradient.Total) != Number(gradient.ByBackward);

    // Returns the largest products in their order, and the sum of the others.
    private static (IReadOnlyList<ExplanationTerm> Terms, double Others) LargestTerms(ExplanationBranch branch)
    {
        if (branch.Terms.Count <= MaxLines)
        {
            return (branch.Terms, 0);
        }

        HashSet<ExplanationTerm> greatest = new(
            branch.Terms
                .OrderByDescending(term => double.IsNaN(term.Product) ? double.PositiveInfinity : Math.Abs(term.Product))
                .Take(MaxLines),
            ReferenceEqualityComparer.Instance);
        return (
            [.. branch.Terms.Where(greatest.Contains)],
            branch.Terms.Where(term => !greatest.Contains(term)).Sum(term => term.Product));
    }

    // Σ|ab − a'b'| or Σ|p − p'|, whichever is larger, plus the rounding of the printed gradient itself; rounded up.
    private static string Rounding(ExplainedGradient gradient)
    {
        double factors = 0, products = 0, rest = 0;
        foreach (ExplanationBranch branch in gradient.Branches)
        {
            (IReadOnlyList<ExplanationTerm> terms, double others) = LargestTerms(branch);
            factors += terms.Sum(term => Math.Abs((RoundAsPrinted(term.Local.Value) * RoundAsPrinted(term.Upstream.Value)) - term.Product));
            products += terms.Sum(term => Math.Abs(RoundAsPrinted(term.Product) - term.Product));
            rest += Math.Abs(RoundAsPrinted(others) - others);
        }

        double sum = Math.Max(
            Math.Abs(gradient.ByBackward - gradient.Total), Math.Abs(RoundAsPrinted(gradient.ByBackward) - gradient.Total));
        return ((Math.Max(factors, products) + rest + sum) * 1.06).ToString("G2", CultureInfo.InvariantCulture);
    }

    private static double RoundAsPrinted(double value) => double.Parse(Number(value), CultureInfo.InvariantCulture);

    private static string Number(double value) => value.ToString("G6", CultureInfo.InvariantCulture);

    private static string InProduct(double value, string format = "G6") => value < 0
        ? $"({value.ToString(format, CultureInfo.InvariantCulture)})"
        : value.ToString(format, CultureInfo.InvariantCulture);

    private static string Names(ExplanationTerm term) => $"{term.Local.Name} · {term.Upstream.Name}";

    private static string Code(string name) => $"`{name}`";

    private static string Under(ExplanationFactor factor) => $"\\underbrace{{{TexInProduct(factor.Value)}}}_{{{Tex(factor)}}}";

    private static string Tex(ExplanationFactor factor) => factor.WithRespectTo is null
        ? TexName(factor.Quantity)
        : $"\\frac{{\\partial {(factor.Quantity == "L" ? "L" : TexName(factor.Quantity))}}}{{\\partial {TexName(factor.WithRespectTo)}}}";

    // Writes the indices as a subscript; some characters have a meaning in \text and are escaped.
    private static string TexName(string name)
    {
        int at = name.EndsWith(']') ? name.LastIndexOf('[') : name.Length;
        string index = at < name.Length ? $"_{{{name[(at + 1)..^1]}}}" : "";
        return $"\\text{{{Special().Replace(name[..at], match => match.Value is "\\" or "^" or "~" ? " " : "\\" + match.Value)}}}{index}";
    }

    private static string Tex(double value) => double.IsNaN(value) ? "\\text{NaN}"
        : double.IsInfinity(value) ? (value > 0 ? "" : "-") + "\\infty"
        : Number(value) is var number && number.IndexOf('E', StringComparison.Ordinal) is > 0 and var e
            ? $"{number[..e]} \\times 10^{{{int.Parse(number[(e + 1)..], CultureInfo.InvariantCulture)}}}"
        : number;

    private static string TexInProduct(double value) => value < 0 ? $"({Tex(value)})" : Tex(value);

    private void Line(string line) => text.Append(line).Append('\n');

    private void LineIf(bool condition, string line)
    {
        if (condition)
        {
            Line(line);
        }
    }

    [GeneratedRegex(@"[\\^~{}$&#%_]", RegexOptions.None, 1000)]
    private static partial Regex Special();
}
