using System.Diagnostics;
using MiniNet.Graphs;
using MiniNet.Kernels;
using MiniNet.Tensors;

namespace MiniNet.Layers;

/// <summary>
/// Applies the exponential linear unit to each element: a rectifier that approaches −α smoothly for negative x.
/// <code>
/// y = x where x &gt; 0, else α(eˣ − 1)     x and y of the same shape, any; y above −α
/// ∂y/∂x = 1 where x &gt; 0, else αeˣ;      at x = 0 it is α, which for α = 1 is 1 from both sides
/// dX += dY where x &gt; 0, else dX += dY · αeˣ
/// </code>
/// </summary>
/// <remarks>
/// Clevert, Unterthiner and Hochreiter, "Fast and Accurate Deep Network Learning by Exponential Linear Units (ELUs)", ICLR 2016. The
/// derivative at 0 is the same as in PyTorch.
/// </remarks>
/// <param name="alpha">α, finite.</param>
/// <exception cref="ArgumentOutOfRangeException">α is NaN or infinite.</exception>
public sealed class ELU(float alpha = 1) : Layer
{
    /// <summary>Gets α.</summary>
    public float Alpha { get; } = Require.Finite(alpha);

    /// <inheritdoc/>
    [DebuggerStepThrough]
    public override Shape OutputShape(Shape input) => input;

    /// <inheritdoc/>
    public override Equations Equations => new(
        "keeps positive elements and bends the others towards −α",
        "y = x where x > 0, else α(eˣ − 1)", "∂y/∂x = 1 where x > 0, else αeˣ", "dX += dY ⊙ ∂y/∂x")
    { IsElementwise = true, Constants = [new("α", Alpha)] };

    /// <inheritdoc/>
    // y = x where x > 0, else α(eˣ − 1)
    public override void Forward(Tensor x, Tensor y, NodeContext context) => Kernel.ELU(x.Span, Alpha, y.Span);

    /// <inheritdoc/>
    public override void Backward(Tensor x, Tensor y, Tensor dY, Tensor? dX, NodeContext context)
    {
        if (dX is not null)
        {
            Kernel.ELUBackward(x.Span, Alpha, dY.Span, dX.Span);    // dX += dY where x > 0, else dX += dY · αeˣ
        }
    }

    /// <inheritdoc/>
    [DebuggerStepThrough]
    public override string ToString() => FormattableString.Invariant($"ELU {Alpha}");
}
