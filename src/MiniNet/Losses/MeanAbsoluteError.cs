using System.Diagnostics;
using MiniNet.Graphs;
using MiniNet.Kernels;
using MiniNet.Tensors;

namespace MiniNet.Losses;

/// <summary>
/// Represents the mean absolute error:
/// <code>
/// L = (1/N) Σᵢⱼ |pᵢⱼ − tᵢⱼ|        p and t of one shape, N elements each
/// ∂L/∂p = sign(p − t)/N            at the kink p = t the derivative is taken to be 0
/// dP += dL · sign(p − t)/N
/// </code>
/// </summary>
/// <remarks>
/// In the unit of the target. The minimum is where p is the median of the targets. Goodfellow, Bengio and Courville, "Deep Learning", 2016,
/// section 6.2.1.2. PyTorch's <c>L1Loss</c>.
/// </remarks>
public sealed class MeanAbsoluteError : Loss
{
    /// <inheritdoc/>
    [DebuggerStepThrough]
    public override void Check(Shape prediction, Targets targets) => RequireValues(prediction, targets);

    /// <inheritdoc/>
    public override Equations Equations =>
        new("the mean of the absolute errors", "L = mean |p − t|", "∂L/∂p = sign(p − t) / N", "dP += dL · ∂L/∂p");

    /// <inheritdoc/>
    public override ElementDependencies DependenciesFor(Shape input, Shape output, NodeContext context) =>
        ElementDependencies.Loss(input, isMean: true);

    /// <inheritdoc/>
    public override float Forward(Tensor p, Targets targets, NodeContext context) =>
        Kernel.MeanAbsoluteError(p.Span, targets.Values!.Span);                         // L = (1/N) Σ |p − t|

    /// <inheritdoc/>
    public override void Backward(Tensor p, Targets targets, float dL, Tensor dP, NodeContext context) =>
        Kernel.MeanAbsoluteErrorBackward(p.Span, targets.Values!.Span, dL, dP.Span);    // dP += dL · sign(p − t)/N
}
