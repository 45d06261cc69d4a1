using System.Diagnostics;
using MiniNet.Graphs;
using MiniNet.Kernels;
using MiniNet.Tensors;

namespace MiniNet.Losses;

/// <summary>
/// Represents the mean squared error:
/// <code>
/// L = (1/N) Σᵢⱼ (pᵢⱼ − tᵢⱼ)²        p and t of one shape, N elements each
/// ∂L/∂p = 2(p − t)/N
/// dP += dL · 2(p − t)/N
/// </code>
/// </summary>
/// <remarks>
/// In the square of the unit of the target. Goodfellow, Bengio and Courville, "Deep Learning", 2016, section 5.1.4. PyTorch's
/// <c>MSELoss</c>.
/// </remarks>
public sealed class MeanSquaredError : Loss
{
    /// <inheritdoc/>
    [DebuggerStepThrough]
    public override void Check(Shape prediction, Targets targets) => RequireValues(prediction, targets);

    /// <inheritdoc/>
    public override Equations Equations =>
        new("the mean of the squared errors", "L = mean (p − t)²", "∂L/∂p = 2(p − t) / N", "dP += dL · ∂L/∂p");

    /// <inheritdoc/>
    public override ElementDependencies DependenciesFor(Shape input, Shape output, NodeContext context) =>
        ElementDependencies.Loss(input, isMean: true);

    /// <inheritdoc/>
    public override float Forward(Tensor p, Targets targets, NodeContext context) =>
        Kernel.MeanSquaredError(p.Span, targets.Values!.Span);                      // L = (1/N) Σ (p − t)²

    /// <inheritdoc/>
    public override void Backward(Tensor p, Targets targets, float dL, Tensor dP, NodeContext context) =>
        Kernel.MeanSquaredErrorBackward(p.Span, targets.Values!.Span, dL, dP.Span); // dP += dL · 2(p − t)/N
}
