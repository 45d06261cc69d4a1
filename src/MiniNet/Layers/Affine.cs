using System.Diagnostics;
using System.Globalization;
using MiniNet.Graphs;

namespace MiniNet.Layers;

/// <summary>
/// Multiplies each element by a constant and adds a constant. The operators in <c>4 * x</c>, <c>x + 1</c>, <c>3 - x</c> and <c>-x</c>
/// create this layer.
/// <code>
/// y = s·x + t                  x and y of the same shape, any
/// ∂y/∂x = s
/// dX += s · dY
/// </code>
/// </summary>
/// <remarks>Strang, "Calculus", 1991, section 2.2. The constants are not trained; use <see cref="Linear"/> for trainable factors.</remarks>
/// <param name="scale">s; finite.</param>
/// <param name="shift">t; finite.</param>
/// <exception cref="ArgumentOutOfRangeException"><paramref name="scale"/> or <paramref name="shift"/> is not finite.</exception>
public sealed class Affine(float scale, float shift = 0) : ElementwiseLayer
{
    /// <summary>Gets the factor s.</summary>
    public float Scale { get; } = Require.Finite(scale);

    /// <summary>Gets the summand t.</summary>
    public float Shift { get; } = Require.Finite(shift);

    /// <inheritdoc/>
    public override Equations Equations => new(
        $"computes {Equation}", $"y = {Equation}", $"∂y/∂x = {Format(Scale)}", $"dX += {Format(Scale)}·dY")
    { IsElementwise = true };

    private string Equation => (Scale, Shift) switch
    {
        (-1, 0) => "−x",
        (-1, _) => $"{Format(Shift)} − x",
        (1, < 0) => $"x − {Format(-Shift)}",
        (1, _) => $"x + {Format(Shift)}",
        (_, 0) => $"{Format(Scale)}·x",
        (_, < 0) => $"{Format(Scale)}·x − {Format(-Shift)}",
        _ => $"{Format(Scale)}·x + {Format(Shift)}",
    };

    /// <inheritdoc/>
    [DebuggerStepThrough]
    public override string ToString() => $"Affine {Equation}";

    /// <inheritdoc/>
    protected override float Value(float x) => (Scale * x) + Shift;

    /// <inheritdoc/>
    protected override float Derivative(float x, float y) => Scale;

    [DebuggerStepThrough]
    private static string Format(float number) => number.ToString(CultureInfo.InvariantCulture).Replace('-', '−');
}
