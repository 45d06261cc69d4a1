using System.Diagnostics;
using MiniNet.Graphs;
using MiniNet.Kernels;
using MiniNet.Tensors;

namespace MiniNet.Losses;

/// <summary>
/// Represents the binary cross-entropy of yes-or-no questions, one per column. The sigmoid σ turns each score z (logit) into the
/// probability of yes. The target t is 1 for yes, 0 for no, or a probability in between. The weight w of the positive answers of each
/// column is 1 by default:
/// <code>
/// L = −(1/N) Σᵢⱼ (wⱼ t log σ(z) + (1 − t) log σ(−z))       z and t of one shape, N elements each; σ(z) = 1 / (1 + e⁻ᶻ), 1 − σ(z) = σ(−z)
///   = (1/N) Σᵢⱼ (wⱼ t ζ(−z) + (1 − t) ζ(z))                ζ(z) = −log σ(−z) = log(1 + eᶻ)
/// ζ(z) = max(z, 0) + log(1 + e^−|z|)                        the same, and nothing overflows; ζ′(z) = σ(z), so
/// ∂L/∂z = ((1 − t) σ(z) − wⱼ t σ(−z)) / N                   where w = 1 that is (σ(z) − t)/N,
///                                                           but keeps its digits where σ(z) is close to t
/// dZ += dL · ((1 − t) σ(z) − wⱼ t σ(−z)) / N
/// </code>
/// </summary>
/// <remarks>
/// In nats, because log is the natural logarithm; the mean over all elements, not only the rows. Goodfellow, Bengio and Courville, "Deep
/// Learning", 2016, section 6.2.2.2. PyTorch's <c>BCEWithLogitsLoss</c>, which does not check that the targets are from 0 to 1.
/// </remarks>
public sealed class BinaryCrossEntropyWithLogits : Loss
{
    private readonly float[]? w;

    /// <summary>Initializes a new instance of the <see cref="BinaryCrossEntropyWithLogits"/> class.</summary>
    /// <param name="positiveWeight">
    /// w: the weight of a positive answer in each column, finite and at least 0. The number of negative rows divided by the number of
    /// positive rows balances the two.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">A weight is out of range.</exception>
    public BinaryCrossEntropyWithLogits(IReadOnlyList<float>? positiveWeight = null) =>
        w = RequireWeights(positiveWeight, nameof(positiveWeight));

    /// <summary>Gets w, one per column; null if positive and negative answers have the same weight.</summary>
    public IReadOnlyList<float>? PositiveWeight => w;

    /// <inheritdoc/>
    [DebuggerStepThrough]
    public override void Check(Shape prediction, Targets targets)
    {
        if (w is not null && w.Length != prediction.Columns)
        {
            throw new ShapeException($"expects scores {Shape.Batch(w.Length)}, a column for each positive weight, got {prediction}");
        }

        RequireValues(prediction, targets, min: 0, max: 1);
    }

    /// <inheritdoc/>
    public override Equations Equations => new(
        "the mean negative log-probability of the answers t, where σ(z) is the probability of yes (binary cross-entropy)",
        $"L = −mean({(w is null ? "" : "w ")}t log σ(z) + (1 − t) log σ(−z))",
        w is null ? "∂L/∂z = (σ(z) − t) / N" : "∂L/∂z = ((1 − t) σ(z) − w t σ(−z)) / N",
        "dZ += dL · ∂L/∂z");

    /// <inheritdoc/>
    public override ElementDependencies DependenciesFor(Shape input, Shape output, NodeContext context) =>
        ElementDependencies.Loss(input, isMean: true);

    /// <inheritdoc/>
    public override float Forward(Tensor z, Targets targets, NodeContext context) =>
        Kernel.BinaryCrossEntropy(z.Span, targets.Values!.Span, w);                         // L = (1/N) Σ (w t ζ(−z) + (1 − t) ζ(z))

    /// <inheritdoc/>
    public override void Backward(Tensor z, Targets targets, float dL, Tensor dZ, NodeContext context) =>
        Kernel.BinaryCrossEntropyBackward(z.Span, targets.Values!.Span, w, dL, dZ.Span);    // dZ += dL · ((1 − t) σ(z) − w t σ(−z)) / N
}
