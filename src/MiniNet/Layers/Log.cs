using MiniNet.Graphs;

namespace MiniNet.Layers;

/// <summary>
/// Computes the natural logarithm of each element:
/// <code>
/// y = ln x                     x and y of the same shape, any; x > 0
/// ∂y/∂x = 1/x
/// dX += dY / x
/// </code>
/// </summary>
/// <remarks>Strang, "Calculus", 1991, section 6.4. As in PyTorch, y is −∞ at 0 and NaN below.</remarks>
public sealed class Log : ElementwiseLayer
{
    /// <inheritdoc/>
    public override Equations Equations => new(
        "computes the natural logarithm of each element", "y = ln x", "∂y/∂x = 1/x", "dX += dY ⊙ ∂y/∂x")
    { IsElementwise = true };

    /// <inheritdoc/>
    protected override float Value(float x) => MathF.Log(x);

    /// <inheritdoc/>
    protected override float Derivative(float x, float y) => 1 / x;
}
