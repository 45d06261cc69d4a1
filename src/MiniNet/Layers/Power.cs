using System.Diagnostics;
using System.Globalization;
using MiniNet.Graphs;

namespace MiniNet.Layers;

/// <summary>
/// Raises each element to a constant power. An exponent of 0.5 gives the square root, −1 the reciprocal:
/// <code>
/// y = xᵖ                       x and y of the same shape, any; x at least 0 where p is no whole number
/// ∂y/∂x = p xᵖ⁻¹
/// dX += dY · p xᵖ⁻¹
/// </code>
/// </summary>
/// <remarks>
/// Strang, "Calculus", 1991, section 2.5. As in PyTorch, y is NaN where the power is not a real number and infinite at 0 for p below 0, and
/// the derivative for p = 0 is 0 everywhere.
/// </remarks>
/// <param name="exponent">p; finite.</param>
/// <exception cref="ArgumentOutOfRangeException">The exponent is not finite.</exception>
public sealed class Power(float exponent) : ElementwiseLayer
{
    /// <summary>Gets the exponent p.</summary>
    public float Exponent { get; } = Require.Finite(exponent);

    /// <inheritdoc/>
    public override Equations Equations => Exponent == 2
        ? new("squares each element", "y = x²", "∂y/∂x = 2·x", "dX += dY ⊙ ∂y/∂x") { IsElementwise = true }
        : new(
            $"raises each element to the power {FormattedExponent}",
            $"y = x^{FormattedExponent}",
            $"∂y/∂x = {FormattedExponent}·x^{(Exponent - 1).ToString(CultureInfo.InvariantCulture)}",
            "dX += dY ⊙ ∂y/∂x")
        { IsElementwise = true };

    private string FormattedExponent => Exponent.ToString(CultureInfo.InvariantCulture);

    /// <inheritdoc/>
    [DebuggerStepThrough]
    public override string ToString() => $"Power {FormattedExponent}";

    /// <inheritdoc/>
    protected override float Value(float x) => MathF.Pow(x, Exponent);

    /// <inheritdoc/>
    protected override float Derivative(float x, float y) => Exponent == 0 ? 0 : Exponent * MathF.Pow(x, Exponent - 1);
}
