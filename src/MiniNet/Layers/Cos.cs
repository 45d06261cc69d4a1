using MiniNet.Graphs;

namespace MiniNet.Layers;

/// <summary>
/// Computes the cosine of each element:
/// <code>
/// y = cos x                    x in radians; x and y of the same shape, any; y in [−1, 1]
/// ∂y/∂x = −sin x
/// dX += −dY · sin x
/// </code>
/// </summary>
/// <remarks>Strang, "Calculus", 1991, section 2.4.</remarks>
public sealed class Cos : ElementwiseLayer
{
    /// <inheritdoc/>
    public override Equations Equations => new(
        "computes the cosine of each element", "y = cos x", "∂y/∂x = −sin x", "dX += dY ⊙ ∂y/∂x")
    { IsElementwise = true };

    /// <inheritdoc/>
    protected override float Value(float x) => MathF.Cos(x);

    /// <inheritdoc/>
    protected override float Derivative(float x, float y) => -MathF.Sin(x);
}
