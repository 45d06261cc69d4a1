using MiniNet.Graphs;

namespace MiniNet.Layers;

/// <summary>
/// Computes the sine of each element:
/// <code>
/// y = sin x                    x in radians; x and y of the same shape, any; y in [−1, 1]
/// ∂y/∂x = cos x
/// dX += dY · cos x
/// </code>
/// </summary>
/// <remarks>Strang, "Calculus", 1991, section 2.4.</remarks>
public sealed class Sin : ElementwiseLayer
{
    /// <inheritdoc/>
    public override Equations Equations => new(
        "computes the sine of each element", "y = sin x", "∂y/∂x = cos x", "dX += dY ⊙ ∂y/∂x")
    { IsElementwise = true };

    /// <inheritdoc/>
    protected override float Value(float x) => MathF.Sin(x);

    /// <inheritdoc/>
    protected override float Derivative(float x, float y) => MathF.Cos(x);
}
