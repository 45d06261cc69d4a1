using System.Diagnostics;
using MiniNet.Graphs;
using MiniNet.Kernels;
using MiniNet.Tensors;

namespace MiniNet.Losses;

/// <summary>
/// The loss of a classifier: softmax turns each row of scores z (logits) into probabilities, and the loss is how surprised they are by the true class t.
/// <code>
/// pᵢⱼ = e^zᵢⱼ / Σₖ e^zᵢₖ                         z and p [n, classes], t one class index a row
/// L = −(1/n) Σᵢ log pᵢₜ = −(1/n) Σᵢ (zᵢₜ − log Σₖ e^zᵢₖ)
/// ∂L/∂zᵢⱼ = (pᵢⱼ − 1[j = t]) / n                the 1 from zᵢₜ itself, pᵢⱼ from the log of the sum
/// dZ += dL · (p − 1[j = t]) / n
/// </code>
/// With class weights w, label smoothing s, or targets q that are probabilities themselves (where they are not, qᵢⱼ = 1[j = t]):
/// <code>
/// aᵢⱼ = wⱼ ((1 − s) qᵢⱼ + s/classes) / D        D = Σᵢ wₜ for indices, n for probabilities
/// L = −Σᵢⱼ aᵢⱼ log pᵢⱼ
/// dZᵢⱼ += dL · (pᵢⱼ Σₖ aᵢₖ − aᵢⱼ)               the same as above for aᵢⱼ = 1[j = t] / n
/// </code>
/// </summary>
/// <remarks>
/// In nats. The greatest score of a row is subtracted first, which changes no p and lets nothing overflow. Softmax is part of the loss: the
/// network ends with plain scores. Goodfellow, Bengio and Courville, "Deep Learning", 2016, section 6.2.2.3; smoothing: Szegedy et al.,
/// "Rethinking the Inception Architecture", CVPR 2016, section 7. PyTorch's <c>CrossEntropyLoss</c>, but that a batch of weight 0 has the loss 0, not NaN.
/// </remarks>
public sealed class SoftmaxCrossEntropy : Loss
{
    private readonly float[]? weights;

    /// <summary>Creates the loss.</summary>
    /// <param name="classWeights">w: how much each class counts, finite and at least 0; all the same unless given.</param>
    /// <param name="labelSmoothing">s: the share of each target that is spread over all classes, 0 to 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    public SoftmaxCrossEntropy(IReadOnlyList<float>? classWeights = null, float labelSmoothing = 0)
    {
        weights = RequireWeights(classWeights, nameof(classWeights));
        LabelSmoothing = labelSmoothing is >= 0 and <= 1
            ? labelSmoothing
            : throw new ArgumentOutOfRangeException(nameof(labelSmoothing), labelSmoothing, "It must be from 0 to 1.");
    }

    /// <summary>w; null where all classes count the same.</summary>
    public IReadOnlyList<float>? ClassWeights => weights;

    /// <summary>s.</summary>
    public float LabelSmoothing { get; }

    /// <summary>softmax(z), row by row: what a network's scores say in probabilities.</summary>
    /// <param name="z">Scores, [n, classes].</param>
    /// <returns>Probabilities, [n, classes]; each row adds up to 1.</returns>
    public static Tensor Softmax(Tensor z)
    {
        var p = new Tensor(z.Shape, "p");
        Kernel.Softmax(z.Matrix, p.Matrix);
        return p;
    }

    /// <inheritdoc/>
    [DebuggerStepThrough]
    public override void Check(Shape prediction, Targets targets)
    {
        if (weights is not null && weights.Length != prediction.Columns)
        {
            throw new ShapeException($"expects {weights.Length} classes, as many as class weights, got scores {prediction}");
        }

        if (targets.Values is { } q && prediction.Rank == 2)
        {
            RequireValues(prediction, targets, least: 0, most: 1);
            for (int i = 0; i < prediction.Rows; i++)
            {
                double sum = 0;
                foreach (float share in q.Row(i))
                {
                    sum += share;
                }

                if (Math.Abs(sum - 1) > 1e-3)
                {
                    throw new ShapeException($"expects probabilities as targets, each row with the sum 1, got the sum {sum:G4} in row {i}");
                }
            }

            return;
        }

        if (prediction.Rank != 2 || targets.Rows != prediction.Rows)
        {
            throw new ShapeException($"expects {prediction.Rows} class indices for scores {prediction}, got {targets}");
        }

        for (int i = 0; i < targets.Rows; i++)
        {
            if ((uint)targets.Classes[i] >= (uint)prediction.Columns)
            {
                throw new ShapeException($"expects classes 0 to {prediction.Columns - 1}, got {targets.Classes[i]} in row {i}");
            }
        }
    }

    /// <inheritdoc/>
    public override float Forward(Tensor z, Targets targets, Pass pass)
    {
        Tensor p = pass.Keep("p", z.Shape);
        if (IsUnweighted(targets))
        {
            return Kernel.SoftmaxCrossEntropy(z.Matrix, targets.Classes, p.Matrix);             // L = −(1/n) Σᵢ log pᵢₜ
        }

        Tensor a = pass.Keep("a", z.Shape);
        float s = LabelSmoothing, d = 0;
        for (int i = 0; i < z.Shape.Rows; i++)
        {
            d += targets.Values is null ? WeightOf(targets.Classes[i]) : 1;
            for (int j = 0; j < z.Shape.Columns; j++)
            {
                float q = targets.Values is { } probabilities ? probabilities[i, j] : j == targets.Classes[i] ? 1 : 0;
                a[i, j] = WeightOf(j) * (((1 - s) * q) + (s / z.Shape.Columns));                // w((1 − s)q + s/classes), yet to be divided by D
            }
        }

        foreach (ref float share in a.Span)
        {
            share = d == 0 ? 0 : share / d;
        }

        return Kernel.CrossEntropy(z.Matrix, a.Matrix, p.Matrix);                               // L = −Σ a log p
    }

    /// <inheritdoc/>
    public override void Backward(Tensor z, Targets targets, float dL, Tensor dZ, Pass pass)
    {
        Tensor p = pass.Keep("p", z.Shape);
        if (IsUnweighted(targets))
        {
            Kernel.SoftmaxCrossEntropyBackward(p.Matrix, targets.Classes, dL, dZ.Matrix);       // dZ += dL · (p − 1[j = t]) / n
        }
        else
        {
            Kernel.CrossEntropyBackward(p.Matrix, pass.Keep("a", z.Shape).Matrix, dL, dZ.Matrix);   // dZ += dL · (p Σₖ aₖ − a)
        }
    }

    [DebuggerStepThrough]
    private bool IsUnweighted(Targets targets) => weights is null && LabelSmoothing == 0 && targets.Values is null;

    [DebuggerStepThrough]
    private float WeightOf(int j) => weights is null ? 1 : weights[j];
}
