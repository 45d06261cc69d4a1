using System.Diagnostics;

namespace MiniNet.Graphs;

/// <summary>What an operation or an optimizer does, in words and in the letters of its equations: what the debugger, the stepper and an explanation show.</summary>
/// <param name="Words">What it does with what it is given: <c>weighs the inputs and adds them up</c>.</param>
/// <param name="Value">The equation of its value: <c>y = x·W + b</c>; of an optimizer, of the parameter it changes.</param>
/// <param name="Derivative">Its local derivative: <c>∂y/∂x = Wᵀ,  ∂y/∂W = xᵀ,  ∂y/∂b = 1</c>; empty for an optimizer.</param>
/// <param name="Gradients">
/// What it adds to each gradient, one equation each: first the parameters', under the names of their gradients, then the sources', in their order: <c>dW += xᵀ·dY</c>.
/// </param>
[DebuggerDisplay("{ToString(),nq}")]
[DebuggerStepThrough]
public sealed record Rule(string Words, string Value, string Derivative = "", params IReadOnlyList<string> Gradients)
{
    /// <summary>Whether each number of the value depends on the number at its place in the source, and on no other: then ∂y/∂x is a tensor of y's shape.</summary>
    public bool IsElementwise { get; init; }

    /// <summary>The equations on one line.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => Gradients.Count == 0 ? Value : Value + ";  " + string.Join(";  ", Gradients);
}
