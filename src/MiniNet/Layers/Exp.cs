using MiniNet.Graphs;

namespace MiniNet.Layers;

/// <summary>
/// Computes the exponential of each element:
/// <code>
/// y = eˣ                       x and y of the same shape, any; y > 0
/// ∂y/∂x = eˣ = y
/// dX += dY · y
/// </code>
/// </summary>
/// <remarks>Strang, "Calculus", 1991, section 6.2. Above 88.7 y is infinite, below −104 it is 0.</remarks>
public sealed class Exp : ElementwiseLayer
{
    /// <inheritdoc/>
    public override Equations Equations => new(
        "computes the exponential of each element", "y = eˣ", "∂y/∂x = y", "dX += dY ⊙ ∂y/∂x")
    { IsElementwise = true };

    /// <inheritdoc/>
    protected override float Value(float x) => MathF.Exp(x);

    /// <inheritdoc/>
    protected override float Derivative(float x, float y) => y;
}
