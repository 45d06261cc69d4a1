using System.Diagnostics;
using MiniNet.Graphs;
using MiniNet.Kernels;
using MiniNet.Tensors;

namespace MiniNet.Losses;

/// <summary>
/// How far the distribution t of each row is from the predicted one, given by its logarithm x, as <c>LogSoftmax</c> makes it:
/// <code>
/// L = (1/n) Σᵢⱼ tᵢⱼ (log tᵢⱼ − xᵢⱼ)        x and t [n, …, classes], n rows; a term with t = 0 is 0
/// ∂L/∂xᵢⱼ = −tᵢⱼ/n
/// dX −= dL · t/n
/// </code>
/// </summary>
/// <remarks>
/// In nats. The mean over the rows, as in the other losses, and for one distribution a row that is the divergence itself: PyTorch's <c>KLDivLoss</c> with
/// <c>batchmean</c>. What it does by default, <c>mean</c>, divides by the number of classes too, which is no divergence of anything. It does
/// not look whether the targets are probabilities; here they must be. Goodfellow, Bengio and Courville, "Deep Learning", 2016, equation 3.50.
/// </remarks>
public sealed class KullbackLeibler : Loss
{
    /// <inheritdoc/>
    [DebuggerStepThrough]
    public override void Check(Shape prediction, Targets targets)
    {
        if (prediction.Rank < 2)
        {
            throw new ShapeException($"expects two dimensions or more, got {prediction}");
        }

        RequireProbabilities(prediction, targets);
    }

    /// <inheritdoc/>
    public override Rule Rule => new("how far the probabilities e^x are from t", "L = Σ t (log t − x) / n", "∂L/∂x = −t / n", "dX += dL · ∂L/∂x");

    /// <inheritdoc/>
    public override float Forward(Tensor x, Targets targets, Pass pass) =>
        Kernel.KullbackLeibler(x.Span, targets.Values!.Span, x.Shape.Rows);                     // L = (1/n) Σ t (log t − x)

    /// <inheritdoc/>
    public override void Backward(Tensor x, Targets targets, float dL, Tensor dX, Pass pass) =>
        Kernel.KullbackLeiblerBackward(targets.Values!.Span, x.Shape.Rows, dL, dX.Span);        // dX −= dL · t/n
}
