using System.Diagnostics;
using MiniNet.Graphs;
using MiniNet.Kernels;
using MiniNet.Tensors;

namespace MiniNet.Losses;

/// <summary>
/// Represents the cross-entropy loss of a classifier. Softmax turns each row of scores z (logits) into probabilities, and the loss is the
/// mean negative log-probability of the true class t. 1[j = t] is 1 where j = t, else 0:
/// <code>
/// pᵢⱼ = e^zᵢⱼ / Σₖ e^zᵢₖ                         z and p [n, classes], t one class index per row
/// L = −(1/n) Σᵢ log pᵢₜ = −(1/n) Σᵢ (zᵢₜ − log Σₖ e^zᵢₖ)
/// ∂L/∂zᵢⱼ = (pᵢⱼ − 1[j = t]) / n                the 1 from zᵢₜ itself, pᵢⱼ from the log of the sum
/// dZ += dL · (p − 1[j = t]) / n
/// </code>
/// With class weights w, label smoothing s, or probabilities q as targets (for class indices, qᵢⱼ = 1[j = t]):
/// <code>
/// aᵢⱼ = wⱼ ((1 − s) qᵢⱼ + s/classes) / D        D = Σᵢ wₜ for indices, n for probabilities
/// L = −Σᵢⱼ aᵢⱼ log pᵢⱼ
/// ∂L/∂zᵢⱼ = −aᵢⱼ + pᵢⱼ Σₖ aᵢₖ                   each of the aᵢₖ log pᵢₖ has the log of the sum in it
/// dZ += dL · (p Σₖ aₖ − a)                      which for a = 1[j = t] / n is the same as above
/// </code>
/// </summary>
/// <remarks>
/// In nats, because log is the natural logarithm. The maximum of each row is subtracted first, which does not change p and prevents
/// overflow. Softmax is part of the loss, so the network ends with scores (logits). Goodfellow, Bengio and Courville, "Deep Learning",
/// 2016, section 6.2.2.3; smoothing: Szegedy et al., "Rethinking the Inception Architecture for Computer Vision", CVPR 2016, section 7.
/// PyTorch's <c>CrossEntropyLoss</c>, without its ignored class (−100 in PyTorch, an error here), and with two differences. Target rows
/// that are not probabilities are an error here; PyTorch does not check them. A batch in which every row has weight 0 (D = 0) has loss 0
/// and no gradient here; in PyTorch its loss is NaN.
/// </remarks>
public sealed class SoftmaxCrossEntropy : Loss
{
    private readonly float[]? w;

    /// <summary>Initializes a new instance of the <see cref="SoftmaxCrossEntropy"/> class.</summary>
    /// <param name="classWeights">w: the weight of each class, finite and at least 0. By default, all classes have the same weight.</param>
    /// <param name="labelSmoothing">s: the part of each target that is distributed over all classes, from 0 to 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of range.</exception>
    public SoftmaxCrossEntropy(IReadOnlyList<float>? classWeights = null, float labelSmoothing = 0)
    {
        w = RequireWeights(classWeights, nameof(classWeights));
        LabelSmoothing = Require.InUnitInterval(labelSmoothing);
    }

    /// <summary>Gets w; null if all classes have the same weight.</summary>
    public IReadOnlyList<float>? ClassWeights => w;

    /// <summary>Gets s.</summary>
    public float LabelSmoothing { get; }

    /// <summary>Computes softmax(z) for each row, which turns the scores of a network into probabilities.</summary>
    /// <param name="z">The scores, [n, classes].</param>
    /// <returns>The probabilities, [n, classes]; each row adds up to 1.</returns>
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
        if (prediction.Rank != 2)
        {
            throw new ShapeException($"expects scores [n, classes], got {prediction}");
        }

        if (w is not null && w.Length != prediction.Columns)
        {
            throw new ShapeException($"expects scores {Shape.Batch(w.Length)}, a column for each class weight, got {prediction}");
        }

        if (targets.Rows != prediction.Rows || (targets.Values is { } q && q.Shape != prediction))
        {
            throw new TargetsException($"expects {prediction.Rows} class indices, or probabilities {prediction}, got {targets}");
        }

        if (targets.Values is not null)
        {
            RequireProbabilities(prediction, targets);
        }

        ReadOnlySpan<int> classes = targets.Classes;
        int columns = prediction.Columns;
        for (int row = 0; row < classes.Length; row++)
        {
            if ((uint)classes[row] >= (uint)columns)
            {
                throw new TargetsException($"expects classes 0 to {columns - 1}, got {classes[row]} in row {row}");
            }
        }
    }

    /// <inheritdoc/>
    public override Equations Equations => w is null && LabelSmoothing == 0
        ? new(
            "the mean negative log-probability of the true class t, with p = softmax(z) (cross-entropy)",
            "L = −mean log pₜ", "∂L/∂z = (p − 1[t]) / n", "dZ += dL · (p − 1[t]) / n")
        : WeightedEquations;

    private Equations WeightedEquations => new(
        "the cross-entropy of p = softmax(z) and the targets t, with the weights a",
        "L = −Σ a log p, a = " + (w, LabelSmoothing) switch
        {
            (null, 0) => "t / n",
            (_, 0) => "w t / D",
            (null, _) => "((1 − s) t + s/classes) / n",
            _ => "w ((1 − s) t + s/classes) / D",
        },
        "∂L/∂z = p Σₖ aₖ − a",
        "dZ += dL · (p Σₖ aₖ − a)");

    /// <inheritdoc/>
    [DebuggerStepThrough]
    public override Equations EquationsFor(NodeContext context) => context.IsCached("a") ? WeightedEquations : Equations;

    /// <inheritdoc/>
    public override ElementDependencies DependenciesFor(Shape input, Shape output, NodeContext context) =>
        ElementDependencies.Loss(input, isMean: !context.IsCached("a"), isOfClass: !context.IsCached("a"));

    /// <inheritdoc/>
    public override float Forward(Tensor z, Targets targets, NodeContext context)
    {
        Tensor p = context.Cache("p", z.Shape);
        if (IsUnweightedWithClasses(targets))
        {
            return Kernel.SoftmaxCrossEntropy(z.Matrix, targets.Classes, p.Matrix);             // L = −(1/n) Σᵢ log pᵢₜ
        }

        Tensor a = context.Cache("a", z.Shape);
        double d = 0;
        a.Clear();
        for (int i = 0; i < z.Shape.Rows; i++)
        {
            if (targets.Values is { } q)
            {
                q.Row(i).CopyTo(a.Row(i));
                d += 1;
            }
            else
            {
                a[i, targets.Classes[i]] = 1;
                d += w is null ? 1 : w[targets.Classes[i]];
            }
        }

        Kernel.WeightTargets(w, LabelSmoothing, d, a.Matrix);                                    // a = w((1 − s)q + s/classes) / D
        return Kernel.CrossEntropy(z.Matrix, a.Matrix, p.Matrix);                               // L = −Σ a log p
    }

    /// <inheritdoc/>
    public override void Backward(Tensor z, Targets targets, float dL, Tensor dZ, NodeContext context)
    {
        Tensor p = context.Cache("p", z.Shape);
        if (IsUnweightedWithClasses(targets))
        {
            Kernel.SoftmaxCrossEntropyBackward(p.Matrix, targets.Classes, dL, dZ.BeginSum());           // dZ += dL · (p − 1[j = t]) / n
        }
        else
        {
            Kernel.CrossEntropyBackward(p.Matrix, context.Cache("a", z.Shape).Matrix, dL, dZ.Matrix);   // dZ += dL · (p Σₖ aₖ − a)
        }
    }

    [DebuggerStepThrough]
    private bool IsUnweightedWithClasses(Targets targets) => w is null && LabelSmoothing == 0 && targets.Values is null;
}
