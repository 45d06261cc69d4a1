using System.Diagnostics;
using MiniNet.Graphs;
using MiniNet.Kernels;
using MiniNet.Tensors;

namespace MiniNet.Losses;

/// <summary>
/// Represents the Kullback–Leibler divergence between the target distribution t of each row and the predicted distribution, given as
/// log-probabilities x, the output of <c>LogSoftmax</c>:
/// <code>
/// L = (1/n) Σᵢⱼ tᵢⱼ (log tᵢⱼ − xᵢⱼ)        x and t [n, …, classes], n rows; a term with t = 0 is 0
/// ∂L/∂xᵢⱼ = −tᵢⱼ/n
/// dX −= dL · t/n
/// </code>
/// </summary>
/// <remarks>
/// In nats, because log is the natural logarithm. The loss is the mean over the rows, as in <see cref="SoftmaxCrossEntropy"/>. With one
/// distribution per row, this is the divergence itself: PyTorch's <c>KLDivLoss</c> with <c>batchmean</c>. PyTorch's default, <c>mean</c>,
/// also divides by the number of classes, and the result is not a divergence. PyTorch does not check that the targets are probabilities;
/// here they must be. Goodfellow, Bengio and Courville, "Deep Learning", 2016, equation 3.50.
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
    public override Equations Equations => new(
        "the divergence of the probabilities e^x from the targets t", "L = Σ t (log t − x) / n", "∂L/∂x = −t / n", "dX += dL · ∂L/∂x");

    /// <inheritdoc/>
    public override ElementDependencies DependenciesFor(Shape input, Shape output, NodeContext context) =>
        ElementDependencies.Loss(input, isMean: false);

    /// <inheritdoc/>
    public override float Forward(Tensor x, Targets targets, NodeContext context) =>
        Kernel.KullbackLeibler(x.Span, targets.Values!.Span, x.Shape.Rows);                     // L = (1/n) Σ t (log t − x)

    /// <inheritdoc/>
    public override void Backward(Tensor x, Targets targets, float dL, Tensor dX, NodeContext context) =>
        Kernel.KullbackLeiblerBackward(targets.Values!.Span, x.Shape.Rows, dL, dX.Span);        // dX −= dL · t/n
}
