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
    public override Rule Rule => new(
        $"computes {Equation}", $"y = {Equation}", $"∂y/∂x = {Shown(Scale)}", $"dX += {Shown(Scale)}·dY") { IsElementwise = true };

    private string Equation => (Scale, Shift) switch
    {
        (-1, 0) => "−x",
        (-1, _) => $"{Shown(Shift)} − x",
        (1, < 0) => $"x − {Shown(-Shift)}",
        (1, _) => $"x + {Shown(Shift)}",
        (_, 0) => $"{Shown(Scale)}·x",
        (_, < 0) => $"{Shown(Scale)}·x − {Shown(-Shift)}",
        _ => $"{Shown(Scale)}·x + {Shown(Shift)}",
    };

    /// <inheritdoc/>
    [DebuggerStepThrough]
    public override string ToString() => $"Affine {Equation}";

    /// <inheritdoc/>
    protected override float Value(float x) => (Scale * x) + Shift;

    /// <inheritdoc/>
    protected override float Derivative(float x, float y) => Scale;

    [DebuggerStepThrough]
    private static string Shown(float number) => number.ToString(CultureInfo.InvariantCulture).Replace('-', '−');
}
