using System.Diagnostics;

namespace MiniNet.Explanations;

/// <summary>
/// Represents the explanation of one gradient: the gradient as a sum of products, then each gradient in those products as a sum of
/// products.
/// </summary>
[DebuggerDisplay("{Name,nq} = {Total}")]
public sealed class Explanation
{
    internal Explanation(
        string name,
        double value,
        double loss,
        double stored,
        IReadOnlyList<ExplainedGradient> gradients,
        FiniteDifference? difference) =>
        (Name, Value, Loss, Stored, Gradients, FiniteDifference) = (name, value, loss, stored, gradients, difference);

    /// <summary>Gets the name of the explained element, such as <c>hidden1.weight[2,3]</c>.</summary>
    public string Name { get; }

    /// <summary>Gets the value of the element.</summary>
    public double Value { get; }

    /// <summary>Gets the loss L, where the chain rule begins.</summary>
    public double Loss { get; }

    /// <summary>Gets the explained gradient, then the gradients it is computed from, each once, in the order towards the loss.</summary>
    public IReadOnlyList<ExplainedGradient> Gradients { get; }

    /// <summary>Gets the sum of the products: ∂L/∂w.</summary>
    public double Total => Gradients[0].Total;

    /// <summary>
    /// Gets the gradient that the graph holds. It differs from the gradient of one backward pass if earlier passes were not zeroed or if it
    /// was clipped.
    /// </summary>
    public double Stored { get; }

    /// <summary>
    /// Gets the finite difference of the same gradient; null if Forward accepts no nearby value, as for an embedding's index.
    /// </summary>
    public FiniteDifference? FiniteDifference { get; }

    /// <summary>
    /// Gets |finite difference − gradient| of this backward pass, divided by the larger absolute value of the two; NaN without a finite
    /// difference.
    /// </summary>
    public double RelativeError
    {
        get
        {
            double gradient = Gradients[0].ByBackward,
                measured = FiniteDifference?.Value ?? double.NaN,
                difference = Math.Abs(measured - gradient);
            return difference == 0 ? 0 : difference / Math.Max(Math.Abs(gradient), Math.Abs(measured));
        }
    }

    /// <summary>Gets a value indicating whether every gradient is explained, up to the loss.</summary>
    public bool IsFull => Gradients.All(gradient => gradient.Terms.All(term => term.IsExplained));

    internal bool IsTruncated { get; init; }

    /// <summary>Returns the chain rule with its numbers as text, and the finite difference in the last line.</summary>
    public override string ToString() => new ExplanationText(this).ToText();

    /// <summary>Returns the same as Markdown, with the sums in LaTeX: each number above its name.</summary>
    /// <returns>The Markdown text.</returns>
    public string ToMarkdown() => new ExplanationText(this).ToMarkdown();
}

/// <summary>Represents one gradient as a sum over the operations that read the value, and over the elements of their outputs.</summary>
/// <param name="Factor">The gradient: its name and the number that Backward computed.</param>
/// <param name="Branches">One branch for each use of the value.</param>
/// <param name="Start">1 for ∂L/∂L, where the chain rule begins; otherwise 0.</param>
[DebuggerDisplay("{ToString(),nq}")]
public sealed record ExplainedGradient(ExplanationFactor Factor, IReadOnlyList<ExplanationBranch> Branches, double Start = 0)
{
    /// <summary>Gets all products.</summary>
    public IEnumerable<ExplanationTerm> Terms => Branches.SelectMany(branch => branch.Terms);

    /// <summary>Gets the sum of the products.</summary>
    public double Total => Start + Terms.Sum(term => term.Product);

    /// <summary>Gets the gradient that Backward computed, summed in float32 and in its own order.</summary>
    public double ByBackward => Factor.Value;

    /// <summary>Returns the name and the number.</summary>
    public override string ToString() => Factor.ToString();
}

/// <summary>Represents one use of a value by one operation.</summary>
/// <param name="Operation">The node and its operation: <c>hidden1 (Linear 4 -> 16)</c>.</param>
/// <param name="Equation">The equation of the operation and its derivative.</param>
/// <param name="Terms">The products that are not exactly 0.</param>
/// <param name="OmittedZeros">The number of products that are exactly 0.</param>
[DebuggerDisplay("{ToString(),nq}")]
public sealed record ExplanationBranch(string Operation, string Equation, IReadOnlyList<ExplanationTerm> Terms, int OmittedZeros)
{
    /// <summary>Returns the node and the number of products.</summary>
    public override string ToString() => $"through {Operation}: {ChainRule.Pluralize(Terms.Count, "product")}";
}

/// <summary>Represents one product of the chain rule: ∂y/∂x · ∂L/∂y.</summary>
/// <param name="Local">The local derivative ∂y/∂x.</param>
/// <param name="Upstream">The incoming gradient ∂L/∂y.</param>
[DebuggerDisplay("{ToString(),nq}")]
public sealed record ExplanationTerm(ExplanationFactor Local, ExplanationFactor Upstream)
{
    /// <summary>Gets the product.</summary>
    public double Product => Local.Value * Upstream.Value;

    /// <summary>Gets the explanation of the incoming gradient; null at the end of the requested depth, and for ∂L/∂L.</summary>
    public ExplainedGradient? From { get; internal set; }

    /// <summary>Returns the two factors and their product.</summary>
    public override string ToString() =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Local.Name} · {Upstream.Name} = {Product:G6}");

    internal TensorElement Element { get; init; }

    internal bool IsStart { get; init; }

    internal bool IsExplained => IsStart || From is not null;
}

/// <summary>Represents a named number: a value such as <c>x[0,2]</c>, or a derivative such as <c>dL/d hidden1[0,3]</c>.</summary>
/// <param name="Quantity">The value, or the quantity that is differentiated.</param>
/// <param name="WithRespectTo">The variable of differentiation; null for a value.</param>
/// <param name="Value">The number.</param>
[DebuggerDisplay("{ToString(),nq}")]
public sealed record ExplanationFactor(string Quantity, string? WithRespectTo, double Value)
{
    /// <summary>Gets the name.</summary>
    public string Name => WithRespectTo is null ? Quantity : Quantity == "L" ? $"dL/d {WithRespectTo}" : $"∂{Quantity}/∂{WithRespectTo}";

    /// <summary>Returns the name and the number.</summary>
    public override string ToString() => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Name} = {Value:G6}");
}

/// <summary>Represents a central finite difference: (L(w + h) − L(w − h)) / 2h.</summary>
/// <param name="Step">h.</param>
/// <param name="Above">L(w + h).</param>
/// <param name="Below">L(w − h).</param>
public sealed record FiniteDifference(double Step, double Above, double Below)
{
    /// <summary>Gets the slope.</summary>
    public double Value => (Above - Below) / (2 * Step);

    /// <summary>
    /// Gets the change of the slope caused by one rounding of each L to float32. The values before L are rounded too, so the error may be
    /// several times this.
    /// </summary>
    public double Rounding => Math.ScaleB(Math.Max(Math.Abs(Above), Math.Abs(Below)), -24) / Step;
}
