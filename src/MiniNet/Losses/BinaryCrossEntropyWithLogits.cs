using System.Diagnostics;
using MiniNet.Graphs;
using MiniNet.Kernels;
using MiniNet.Tensors;

namespace MiniNet.Losses;

/// <summary>
/// The loss of yes-or-no questions, one a column: the sigmoid σ turns each score z (logit) into the probability of a yes, and t is 1 for yes, 0 for no,
/// or a probability between. With a weight w on the yeses of each column, 1 unless given:
/// <code>
/// L = −(1/N) Σᵢⱼ (wⱼ t log σ(z) + (1 − t) log(1 − σ(z)))        z and t of one shape, N elements each; σ(z) = 1 / (1 + e⁻ᶻ)
///   = (1/N) Σᵢⱼ (wⱼ t s(−z) + (1 − t) s(z))                      s(z) = log(1 + eᶻ) = max(z, 0) + log(1 + e^−|z|), which never overflows
/// s′(z) = σ(z),  so
/// dZ += dL · ((1 − t) σ(z) − wⱼ t σ(−z)) / N
/// </code>
/// </summary>
/// <remarks>
/// In nats; the mean over all elements, not only the rows. Goodfellow, Bengio and Courville, "Deep Learning", 2016, section 6.2.2.2.
/// PyTorch's <c>BCEWithLogitsLoss</c>.
/// </remarks>
public sealed class BinaryCrossEntropyWithLogits : Loss
{
    private readonly float[]? weights;

    /// <summary>Creates the loss.</summary>
    /// <param name="positiveWeight">w: how much a yes counts in each column, finite and at least 0. No over yes among the rows evens the two out.</param>
    /// <exception cref="ArgumentOutOfRangeException">A weight is out of its range.</exception>
    public BinaryCrossEntropyWithLogits(IReadOnlyList<float>? positiveWeight = null) => weights = RequireWeights(positiveWeight, nameof(positiveWeight));

    /// <summary>w, one a column; null where yes and no count the same.</summary>
    public IReadOnlyList<float>? PositiveWeight => weights;

    /// <inheritdoc/>
    [DebuggerStepThrough]
    public override void Check(Shape prediction, Targets targets)
    {
        RequireValues(prediction, targets, least: 0, most: 1);
        if (weights is not null && weights.Length != prediction.Columns)
        {
            throw new ShapeException($"expects {weights.Length} columns, as many as positive weights, got {prediction}");
        }
    }

    /// <inheritdoc/>
    public override float Forward(Tensor z, Targets targets, Pass pass) =>
        Kernel.BinaryCrossEntropy(z.Span, targets.Values!.Span, weights);                       // L = (1/N) Σ (w t s(−z) + (1 − t) s(z))

    /// <inheritdoc/>
    public override void Backward(Tensor z, Targets targets, float dL, Tensor dZ, Pass pass) =>
        Kernel.BinaryCrossEntropyBackward(z.Span, targets.Values!.Span, weights, dL, dZ.Span);   // dZ += dL · ((1 − t) σ(z) − w t σ(−z)) / N
}
