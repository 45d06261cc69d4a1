namespace MiniNet.Calculus;

/// <summary>The derivative of f along a path x(t), as the chain rule makes it up: df/dt = Σ ∂f/∂xᵢ · dxᵢ/dt.</summary>
/// <remarks>Strang, "Calculus", 1991, section 13.5.</remarks>
/// <param name="Variables">What the variables are called.</param>
/// <param name="Point">x(t).</param>
/// <param name="PartialDerivatives">∂f/∂xᵢ there.</param>
/// <param name="Rates">dxᵢ/dt.</param>
public sealed record TotalDerivative(IReadOnlyList<string> Variables, IReadOnlyList<double> Point, IReadOnlyList<double> PartialDerivatives, IReadOnlyList<double> Rates)
{
    /// <summary>df/dt.</summary>
    public double Value => PartialDerivatives.Zip(Rates, (partial, rate) => partial * rate).Sum();

    /// <summary>The chain rule with the numbers in it: <c>df/dt = ∂f/∂x·dx/dt + ∂f/∂y·dy/dt = 3·2 + (-1)·0.5 = 5.5</c>.</summary>
    /// <returns>The text.</returns>
    public override string ToString() =>
        $"df/dt = {string.Join(" + ", Variables.Select(name => $"∂f/∂{name}·d{name}/dt"))} = "
        + $"{string.Join(" + ", PartialDerivatives.Zip(Rates, (partial, rate) => $"{Shown(partial)}·{Shown(rate)}"))} = {Wording.Number(Value)}";

    private static string Shown(double number) => number < 0 ? $"({Wording.Number(number)})" : Wording.Number(number);
}
