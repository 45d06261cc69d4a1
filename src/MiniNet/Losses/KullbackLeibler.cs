using System.Diagnostics;
using MiniNet.Graphs;
using MiniNet.Kernels;
using MiniNet.Tensors;

namespace MiniNet.Losses;

/// <summary>
/// How far the distribution t of each row is from the predicted one, given by its logarithm p, as <c>LogSoftmax</c> makes it:
/// <code>
/// L = (1/n) Σᵢⱼ tᵢⱼ (log tᵢⱼ − pᵢⱼ)        p and t [n, ...]; a term with t = 0 is 0
/// ∂L/∂pᵢⱼ = −tᵢⱼ/n
/// dP −= dL · t/n
/// </code>
/// </summary>
/// <remarks>
/// In nats. The mean over the rows, which is the divergence itself; PyTorch's <c>KLDivLoss</c> calls that <c>batchmean</c> and by default divides by the
/// number of elements instead. Goodfellow, Bengio and Courville, "Deep Learning", 2016, equation 3.50.
/// </remarks>
public sealed class KullbackLeibler : Loss
{
    /// <inheritdoc/>
    [DebuggerStepThrough]
    public override void Check(Shape prediction, Targets targets) => RequireValues(prediction, targets, least: 0);

    /// <inheritdoc/>
    public override float Forward(Tensor p, Targets targets, Pass pass) =>
        Kernel.KullbackLeibler(p.Span, targets.Values!.Span, p.Shape.Rows);                               // L = (1/n) Σ t (log t − p)

    /// <inheritdoc/>
    public override void Backward(Tensor p, Targets targets, float dL, Tensor dP, Pass pass) =>
        Kernel.KullbackLeiblerBackward(targets.Values!.Span, p.Shape.Rows, dL, dP.Span);                  // dP −= dL · t/n
}
