using System.Diagnostics;
using MiniNet.Stepping;

namespace MiniNet.Explanations;

/// <summary>What <see cref="Explanations"/> found: one gradient as a sum of products, then each gradient in those products likewise.</summary>
[DebuggerDisplay("{Name,nq} = {Total}")]
public sealed class Explanation
{
    internal Explanation(string name, double value, double loss, double stored, IReadOnlyList<ExplainedGradient> gradients, FiniteDifference? difference) =>
        (Name, Value, Loss, Stored, Gradients, FiniteDifference) = (name, value, loss, stored, gradients, difference);

    /// <summary>What was asked about, such as <c>hidden1.weight[2,3]</c>.</summary>
    public string Name { get; }

    /// <summary>Its value.</summary>
    public double Value { get; }

    /// <summary>L, where the chain rule begins.</summary>
    public double Loss { get; }

    /// <summary>The gradient that was asked about, then those it is made of, each once, from there towards the loss.</summary>
    public IReadOnlyList<ExplainedGradient> Gradients { get; }

    /// <summary>The sum of the products: ∂L/∂w.</summary>
    public double Total => Gradients[0].Total;

    /// <summary>The gradient that the graph holds. It is more than one backward pass gives where earlier ones were not zeroed, and another where it was clipped.</summary>
    public double Stored { get; }

    /// <summary>The same gradient, measured; null where Forward takes no other number in its place, as of an embedding's index.</summary>
    public FiniteDifference? FiniteDifference { get; }

    /// <summary>|finite difference − gradient| of this backward pass, over the greater of the two sizes; NaN where there is none.</summary>
    public double RelativeError
    {
        get
        {
            double gradient = Gradients[0].ByBackward, measured = FiniteDifference?.Value ?? double.NaN, difference = Math.Abs(measured - gradient);
            return difference == 0 ? 0 : difference / Math.Max(Math.Abs(gradient), Math.Abs(measured));
        }
    }

    /// <summary>Whether every gradient is explained, up to the loss.</summary>
    public bool IsFull => Gradients.All(gradient => gradient.Terms.All(term => term.IsExplained));

    internal bool IsCutShort { get; init; }

    /// <summary>The chain rule with the numbers in it, and on the last line the finite difference.</summary>
    /// <returns>Lines of text.</returns>
    public override string ToString() => new ExplanationText(this).ToText();

    /// <summary>The same as Markdown, with the sums in LaTeX: each number over its name.</summary>
    /// <returns>Lines of Markdown.</returns>
    public string ToMarkdown() => new ExplanationText(this).ToMarkdown();
}

/// <summary>One gradient as a sum: over the operations that read the value, and over the places in what they made of it.</summary>
/// <param name="Factor">The gradient: its name, and what Backward gave.</param>
/// <param name="Branches">One for each use of the value.</param>
/// <param name="Start">1 for ∂L/∂L, with which the chain rule begins; else 0.</param>
[DebuggerDisplay("{ToString(),nq}")]
public sealed record ExplainedGradient(Factor Factor, IReadOnlyList<Branch> Branches, double Start = 0)
{
    /// <summary>All products.</summary>
    public IEnumerable<Term> Terms => Branches.SelectMany(branch => branch.Terms);

    /// <summary>Their sum.</summary>
    public double Total => Start + Terms.Sum(term => term.Product);

    /// <summary>What the engine's Backward gave, summed in float32 and its own order.</summary>
    public double ByBackward => Factor.Value;

    /// <summary>Its name and number.</summary>
    /// <returns>One line.</returns>
    public override string ToString() => Factor.ToString();
}

/// <summary>One use of a value, by one operation.</summary>
/// <param name="Through">The node and its operation: <c>hidden1 (Linear 4 -> 16)</c>.</param>
/// <param name="Equation">What the operation does, and its derivative.</param>
/// <param name="Terms">The products, those that are exactly 0 left out.</param>
/// <param name="Zeros">How many were left out.</param>
[DebuggerDisplay("{ToString(),nq}")]
public sealed record Branch(string Through, string Equation, IReadOnlyList<Term> Terms, int Zeros)
{
    /// <summary>What stands between the value and the loss here.</summary>
    /// <returns>One line.</returns>
    public override string ToString() => $"through {Through}: {ChainRule.Counted(Terms.Count, "product")}";
}

/// <summary>One product of the chain rule: ∂y/∂x · ∂L/∂y.</summary>
/// <param name="Local">How much the value moves what reads it.</param>
/// <param name="Upstream">How much that moves the loss.</param>
[DebuggerDisplay("{ToString(),nq}")]
public sealed record Term(Factor Local, Factor Upstream)
{
    /// <summary>The product.</summary>
    public double Product => Local.Value * Upstream.Value;

    /// <summary>Where the second factor comes from; null where the depth asked for ends, and of ∂L/∂L.</summary>
    public ExplainedGradient? From { get; internal set; }

    /// <summary>The two factors and their product.</summary>
    /// <returns>One line.</returns>
    public override string ToString() => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Local.Name} · {Upstream.Name} = {Product:G6}");

    internal Place Place { get; init; }

    internal bool IsStart { get; init; }

    internal bool IsExplained => IsStart || From is not null;
}

/// <summary>A number with a name: a value such as <c>x[0,2]</c>, or a derivative such as <c>dL/d hidden1[0,3]</c>.</summary>
/// <param name="Of">The value, or what is differentiated.</param>
/// <param name="By">By what it is differentiated; null for a value.</param>
/// <param name="Value">The number.</param>
[DebuggerDisplay("{ToString(),nq}")]
public sealed record Factor(string Of, string? By, double Value)
{
    /// <summary>The name.</summary>
    public string Name => By is null ? Of : Of == "L" ? $"dL/d {By}" : $"∂{Of}/∂{By}";

    /// <summary>Name and number.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Name} = {Value:G6}");
}

/// <summary>A gradient measured: (L(w + h) − L(w − h)) / 2h.</summary>
/// <param name="Step">h.</param>
/// <param name="Above">L(w + h).</param>
/// <param name="Below">L(w − h).</param>
public sealed record FiniteDifference(double Step, double Above, double Below)
{
    /// <summary>The slope.</summary>
    public double Value => (Above - Below) / (2 * Step);

    /// <summary>What one rounding to float32 of each L moves the slope by. What went before L is rounded too, so that it may be several times this.</summary>
    public double Rounding => Math.ScaleB(Math.Max(Math.Abs(Above), Math.Abs(Below)), -24) / Step;
}
