using System.Diagnostics;
using MiniNet.Tensors;
using static System.FormattableString;

namespace MiniNet.Graphs;

/// <summary>How far a prediction is from its targets, as one number, L = f(p, t): the mean over the batch, not the sum. A loss is a node like any other.</summary>
public abstract class Loss : Operation
{
    /// <summary>Checks that the targets fit the prediction. Called before any arithmetic.</summary>
    /// <param name="prediction">The shape of p, with its number of rows known.</param>
    /// <param name="targets">The targets t.</param>
    /// <exception cref="ShapeException">They do not fit.</exception>
    public abstract void Check(Shape prediction, Targets targets);

    /// <summary>L = f(p, t).</summary>
    /// <param name="prediction">The prediction p, not to be changed.</param>
    /// <param name="targets">What it should have been.</param>
    /// <param name="pass">Phase, and what is kept for <see cref="Backward"/>.</param>
    /// <returns>L.</returns>
    public abstract float Forward(Tensor prediction, Targets targets, Pass pass);

    /// <summary>dP += dL · ∂L/∂p.</summary>
    /// <param name="prediction">The prediction p of the last <see cref="Forward"/>.</param>
    /// <param name="targets">Its targets.</param>
    /// <param name="dL">What comes in from above: 1 unless the loss is itself part of something.</param>
    /// <param name="dPrediction">∂L/∂p, to be added to.</param>
    /// <param name="pass">The same as in <see cref="Forward"/>.</param>
    public abstract void Backward(Tensor prediction, Targets targets, float dL, Tensor dPrediction, Pass pass);

    /// <summary>For <see cref="Check"/>: the targets must be values, as many as the prediction's, within a range.</summary>
    /// <param name="prediction">The shape of p.</param>
    /// <param name="targets">The targets t.</param>
    /// <param name="least">What none of them may be less than.</param>
    /// <param name="most">What none of them may be more than.</param>
    /// <exception cref="ShapeException">They are classes, of another shape, or out of range.</exception>
    [DebuggerStepThrough]
    protected static void RequireValues(Shape prediction, Targets targets, float least = float.NegativeInfinity, float most = float.PositiveInfinity)
    {
        if (targets.Values is not { } values || values.Shape != prediction)
        {
            throw new ShapeException($"expects target values {prediction}, got {targets}");
        }

        Span<float> all = values.Span;
        for (int i = 0; !float.IsNegativeInfinity(least) && i < all.Length; i++)
        {
            if (!(all[i] >= least && all[i] <= most)) // NaN too
            {
                string range = float.IsPositiveInfinity(most) ? Invariant($"of at least {least}") : Invariant($"from {least} to {most}");
                throw new ShapeException(Invariant($"expects target values {range}, got {all[i]} in row {i / prediction.Columns}, column {i % prediction.Columns}"));
            }
        }
    }

    // Rounded probabilities pass; scores, percentages and counts do not. The last dimension is the one that adds up to 1.
    [DebuggerStepThrough]
    private protected static void RequireProbabilities(Shape prediction, Targets targets)
    {
        RequireValues(prediction, targets, least: 0);
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
                throw new ShapeException(Invariant($"expects probabilities that add up to 1, within 0.01, got {sum:G4} in row {row}"));
            }
        }
    }

    private protected static float[]? RequireWeights(IReadOnlyList<float>? weights, string name) =>
        weights is null ? null : [.. weights.Select(weight => Require.AtLeast0(weight, name))];
}
