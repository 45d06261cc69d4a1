namespace MiniNet.Calculus;

/// <summary>Represents the total derivative of f along a path x(t), by the chain rule: df/dt = Σ ∂f/∂xᵢ · dxᵢ/dt.</summary>
/// <remarks>Strang, "Calculus", 1991, section 13.5.</remarks>
/// <param name="Variables">The names of the variables.</param>
/// <param name="Point">x(t).</param>
/// <param name="PartialDerivatives">∂f/∂xᵢ at x(t).</param>
/// <param name="Rates">dxᵢ/dt.</param>
public sealed record TotalDerivative(
    IReadOnlyList<string> Variables,
    IReadOnlyList<double> Point,
    IReadOnlyList<double> PartialDerivatives,
    IReadOnlyList<double> Rates)
{
    /// <summary>Gets df/dt.</summary>
    public double Value => PartialDerivatives.Zip(Rates, (partial, rate) => partial * rate).Sum();

    /// <summary>Returns the chain rule with its numbers: <c>df/dt = ∂f/∂x·dx/dt + ∂f/∂y·dy/dt = 3·2 + (-1)·0.5 = 5.5</c>.</summary>
    public override string ToString() =>
        $"df/dt = {string.Join(" + ", Variables.Select(name => $"∂f/∂{name}·d{name}/dt"))} = "
        + string.Join(" + ", PartialDerivatives.Zip(Rates, (partial, rate) => $"{Format(partial)}·{Format(rate)}"))
        + $" = {MathFormat.Number(Value)}";

    private static string Format(double number) => number < 0 ? $"({MathFormat.Number(number)})" : MathFormat.Number(number);
}
