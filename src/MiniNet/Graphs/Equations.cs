using System.Diagnostics;

namespace MiniNet.Graphs;

/// <summary>
/// Describes an operation or an optimizer in words and equations, as shown in the debugger, the stepper, explanations and pages.
/// </summary>
/// <param name="Description">A short description, such as <c>computes weighted sums of the inputs</c>.</param>
/// <param name="Value">
/// The equation of the value, such as <c>y = x·W + b</c>. For an optimizer, the equation of the parameter it updates.
/// </param>
/// <param name="Derivative">The local derivative, such as <c>∂y/∂x = Wᵀ,  ∂y/∂W = xᵀ,  ∂y/∂b = 1</c>; empty for an optimizer.</param>
/// <param name="Gradients">
/// The equations of what the operation adds to each gradient, such as <c>dW += xᵀ·dY</c>: first those of the parameters, under the names of
/// their gradients, then those of the sources, in order.
/// </param>
[DebuggerDisplay("{ToString(),nq}")]
[DebuggerStepThrough]
public sealed record Equations(string Description, Equation Value, Equation Derivative, params IReadOnlyList<Equation> Gradients)
{
    /// <summary>Initializes a new instance of the <see cref="Equations"/> class without derivatives, as for an optimizer.</summary>
    /// <param name="description">A short description.</param>
    /// <param name="value">The equation of the value.</param>
    public Equations(string description, Equation value)
        : this(description, value, "")
    {
    }

    /// <summary>
    /// Gets a value indicating whether each element of the value depends only on the source element at the same position. If true,
    /// ∂y/∂x is a tensor with the shape of y.
    /// </summary>
    public bool IsElementwise { get; init; }

    /// <summary>Gets the constants in the equations, such as ε, with their values.</summary>
    public IReadOnlyList<EquationConstant> Constants { get; init; } = [];

    /// <summary>Joins the equations into one line.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => Gradients.Count == 0 ? Value.Text : Value + ";  " + string.Join(";  ", Gradients);

    /// <summary>
    /// Gets the equation with a symbol such as <c>dX</c> on its left side; if there is none, its right side is an ellipsis.
    /// </summary>
    internal Equation GradientOf(string symbol)
    {
        for (int i = 0; i < Gradients.Count; i++)
        {
            if (Gradients[i].Left == symbol)
            {
                return Gradients[i];
            }
        }

        return $"{symbol} += …";
    }
}

/// <summary>Represents a constant in an equation, such as a hyperparameter or the number of rows.</summary>
/// <param name="Symbol">The symbol, such as <c>ε</c>, or the term, such as <c>1 − β₁ᵗ</c>.</param>
/// <param name="Value">The value.</param>
[DebuggerStepThrough]
public readonly record struct EquationConstant(string Symbol, float Value)
{
    /// <summary>Formats the constant as in <c>ε = 1e−8</c>.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => FormattableString.Invariant($"{Symbol} = {Value}")
        .Replace("E-0", "e-", StringComparison.Ordinal).Replace('E', 'e').Replace('-', '−');
}
