using System.Diagnostics;
using MiniNet.Graphs;
using MiniNet.Kernels;
using MiniNet.Tensors;

namespace MiniNet.Losses;

/// <summary>
/// Represents the Huber loss, quadratic for small errors and linear for large ones, which limits the influence of outliers. With r = p − t:
/// <code>
/// L = (1/N) Σᵢⱼ h(r)               p and t of one shape, N elements each
/// h(r) = r²/2                       where |r| ≤ δ
///      = δ(|r| − δ/2)               elsewhere; the two meet at δ with one value and one slope
/// h′(r) = r where |r| ≤ δ, else δ sign(r):  r clipped to −δ..δ
/// dP += dL · h′(r)/N
/// </code>
/// </summary>
/// <remarks>
/// Huber, "Robust Estimation of a Location Parameter", Annals of Mathematical Statistics 35, 1964. PyTorch's <c>HuberLoss</c>.
/// </remarks>
public sealed class Huber : Loss
{
    /// <summary>Initializes a new instance of the <see cref="Huber"/> class.</summary>
    /// <param name="delta">δ, finite and above 0, in the unit of the target.</param>
    /// <exception cref="ArgumentOutOfRangeException">δ is not finite and above 0.</exception>
    public Huber(float delta = 1) => Delta = Require.Positive(delta);

    /// <summary>Gets δ.</summary>
    public float Delta { get; }

    /// <inheritdoc/>
    [DebuggerStepThrough]
    public override void Check(Shape prediction, Targets targets) => RequireValues(prediction, targets);

    /// <inheritdoc/>
    public override Equations Equations => new(
        "the mean Huber loss: quadratic for small errors, linear for large ones",
        "L = mean h(p − t), h(r) = r²/2 where |r| ≤ δ, else δ(|r| − δ/2)", "∂L/∂p = h′(p − t) / N", "dP += dL · ∂L/∂p")
    { Constants = [new("δ", Delta)] };

    /// <inheritdoc/>
    public override ElementDependencies DependenciesFor(Shape input, Shape output, NodeContext context) =>
        ElementDependencies.Loss(input, isMean: true);

    /// <inheritdoc/>
    public override float Forward(Tensor p, Targets targets, NodeContext context) =>
        Kernel.Huber(p.Span, targets.Values!.Span, Delta);                          // L = (1/N) Σ h(p − t)

    /// <inheritdoc/>
    public override void Backward(Tensor p, Targets targets, float dL, Tensor dP, NodeContext context) =>
        Kernel.HuberBackward(p.Span, targets.Values!.Span, Delta, dL, dP.Span);     // dP += dL · h′(p − t)/N
}
