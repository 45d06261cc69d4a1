using System.Diagnostics;

namespace MiniNet.Graphs;

/// <summary>
/// Describes an operation or an optimizer in words and equations, as shown in the debugger, the stepper and explanations.
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
public sealed record Equations(string Description, string Value, string Derivative = "", params IReadOnlyList<string> Gradients)
{
    /// <summary>
    /// Gets a value that indicates whether each element of the value depends only on the source element at the same position. If true,
    /// ∂y/∂x is a tensor with the shape of y.
    /// </summary>
    public bool IsElementwise { get; init; }

    /// <summary>Joins the equations into one line.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => Gradients.Count == 0 ? Value : Value + ";  " + string.Join(";  ", Gradients);
}
