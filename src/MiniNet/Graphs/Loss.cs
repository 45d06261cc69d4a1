using System.Diagnostics;
using MiniNet.Tensors;
using static System.FormattableString;

namespace MiniNet.Graphs;

/// <summary>
/// Represents a loss, L = f(p, t): a scalar that measures how far a prediction is from its targets, averaged (not summed) over the batch.
/// Like a layer, a loss is the operation of a node.
/// </summary>
public abstract class Loss : Operation
{
    /// <summary>Checks that the targets match the prediction. It is called before any computation.</summary>
    /// <param name="prediction">The shape of p, with a known number of rows.</param>
    /// <param name="targets">The targets t.</param>
    /// <exception cref="TargetsException">The targets do not match the prediction.</exception>
    /// <exception cref="ShapeException">The loss does not accept the shape of the prediction.</exception>
    public abstract void Check(Shape prediction, Targets targets);

    /// <summary>Computes L = f(p, t).</summary>
    /// <param name="prediction">The prediction p. Do not change it.</param>
    /// <param name="targets">The targets t.</param>
    /// <param name="context">The phase, and the tensors cached for <see cref="Backward"/>.</param>
    /// <returns>L.</returns>
    public abstract float Forward(Tensor prediction, Targets targets, NodeContext context);

    /// <summary>Computes dP += dL · ∂L/∂p.</summary>
    /// <param name="prediction">The prediction p of the last <see cref="Forward"/>.</param>
    /// <param name="targets">The targets t of the last <see cref="Forward"/>.</param>
    /// <param name="dL">The incoming gradient: 1, unless later nodes use the loss.</param>
    /// <param name="dPrediction">dP: ∂L/∂p, to add to.</param>
    /// <param name="context">The same object as in <see cref="Forward"/>.</param>
    public abstract void Backward(Tensor prediction, Targets targets, float dL, Tensor dPrediction, NodeContext context);

    internal sealed override int? InputCount => 1;

    [DebuggerStepThrough]
    internal sealed override string InputName(int index) => "p";

    internal sealed override string ValueSymbol => "L";

    internal sealed override Shape OutputShape(IReadOnlyList<Tensor> inputs) => default;

    internal sealed override Node AddTo(Graph graph, string name, IReadOnlyList<Node> sources) => graph.AddLoss(this, sources[0], name);

    [DebuggerStepThrough]
    internal sealed override void RunForward(IReadOnlyList<Tensor> inputs, Targets? targets, Tensor y, NodeContext context) =>
        y.Span[0] = Forward(inputs[0], targets!, context);

    [DebuggerStepThrough]
    internal sealed override void RunBackward(
        IReadOnlyList<Tensor> inputs, Targets? targets, Tensor y, Tensor dY, IReadOnlyList<Tensor?> inputGradients, NodeContext context) =>
        Backward(inputs[0], targets!, dY.Span[0], inputGradients[0] ?? new Tensor(inputs[0].Shape), context);

    /// <summary>
    /// Checks, for use in <see cref="Check"/>, that the targets are values in the shape of the prediction and within a range.
    /// </summary>
    /// <param name="prediction">The shape of p.</param>
    /// <param name="targets">The targets t.</param>
    /// <param name="min">The minimum of all values.</param>
    /// <param name="max">The maximum of all values.</param>
    /// <exception cref="TargetsException">The targets are classes, have another shape, or are out of range.</exception>
    [DebuggerStepThrough]
    protected static void RequireValues(
        Shape prediction, Targets targets, float min = float.NegativeInfinity, float max = float.PositiveInfinity)
    {
        if (targets.Values is not { } values || values.Shape != prediction)
        {
            string advice = targets.Values is null ? "; for classes, use a loss such as SoftmaxCrossEntropy" : "";
            throw new TargetsException($"expects target values {prediction}, got {targets}{advice}");
        }

        Span<float> all = values.Span;
        for (int i = 0; !float.IsNegativeInfinity(min) && i < all.Length; i++)
        {
            if (!(all[i] >= min && all[i] <= max)) // also true for NaN
            {
                string range = float.IsPositiveInfinity(max) ? Invariant($"of at least {min}") : Invariant($"from {min} to {max}");
                throw new TargetsException(Invariant(
                    $"expects target values {range}, got {all[i]} in row {i / prediction.Columns}, column {i % prediction.Columns}"));
            }
        }
    }

    // Accepts rounded probabilities; rejects scores, percentages and counts. The sum along the last dimension must be 1.
    [DebuggerStepThrough]
    private protected static void RequireProbabilities(Shape prediction, Targets targets)
    {
        RequireValues(prediction, targets, min: 0);
        int classes = prediction[prediction.Rank - 1];
        ReadOnlySpan<float> rest = targets.Values!.Span;
        for (int row = 0; rest.Length > 0; row++, rest = rest[classes..])
        {
            double sum = 0;
            foreach (float probability in rest[..classes])
            {
                sum += probability;
            }

            if (!(Math.Abs(sum - 1) <= 0.01))
            {
                throw new TargetsException(Invariant($"expects probabilities that add up to 1, within 0.01, got {sum:G4} in row {row}"));
            }
        }
    }

    private protected static float[]? RequireWeights(IReadOnlyList<float>? weights, string name) =>
        weights is null ? null : [.. weights.Select(weight => Require.NonNegative(weight, name))];
}
