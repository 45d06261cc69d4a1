namespace MiniNet.Optimizers;

/// <summary>
/// Lowers an optimizer's learning rate when the validation loss stops improving. For each value observed:
/// <code>
/// better    value below best · (1 − threshold)            then best = value, and the count of bad epochs starts again
/// η = max(η · factor, minimum)                            at more than patience bad epochs in a row; a change of 10⁻⁸ or less is not made
/// </code>
/// After a change, the next <c>cooldown</c> epochs are not counted as bad.
/// </summary>
/// <remarks>
/// The same as PyTorch's <c>ReduceLROnPlateau</c> in its mode <c>min</c> with a relative threshold. A value that is NaN counts as bad.
/// </remarks>
/// <param name="optimizer">The optimizer whose learning rate is lowered.</param>
/// <param name="factor">The factor by which the learning rate is multiplied, from 0 up to but not including 1.</param>
/// <param name="patience">The number of bad epochs in a row that are tolerated, at least 0.</param>
/// <param name="threshold">The share of the best value by which a better value must be lower, from 0 up to but not including 1.</param>
/// <param name="cooldown">The number of epochs after a change that are not counted as bad, at least 0.</param>
/// <param name="minimum">The minimum learning rate, at least 0.</param>
/// <exception cref="ArgumentOutOfRangeException">A value is out of range.</exception>
public sealed class ReduceOnPlateau(
    Optimizer optimizer, double factor = 0.1, int patience = 10, double threshold = 1e-4, int cooldown = 0, float minimum = 0)
{
    private readonly Optimizer optimizer = Require.NotNull(optimizer);
    private readonly double factor = Require.Fraction(factor), below = 1 - Require.Fraction(threshold);
    private readonly int patience = Require.NonNegative(patience), cooldown = Require.NonNegative(cooldown);
    private readonly float minimum = Require.NonNegative(minimum);
    private double best = double.PositiveInfinity;
    private int badEpochs, cooldownLeft;

    /// <summary>
    /// Records the validation loss of an epoch, and lowers <see cref="Optimizer.LearningRate"/> after too many bad epochs.
    /// </summary>
    /// <param name="value">The loss on the validation rows.</param>
    public void Observe(float value)
    {
        badEpochs++;
        if (value < best * below)
        {
            (best, badEpochs) = (value, 0);
        }

        if (cooldownLeft > 0)
        {
            cooldownLeft--;
            badEpochs = 0;
        }

        if (badEpochs > patience)
        {
            float lower = Math.Max((float)(optimizer.LearningRate * factor), minimum);
            optimizer.LearningRate = optimizer.LearningRate - lower > 1e-8f ? lower : optimizer.LearningRate;
            (cooldownLeft, badEpochs) = (cooldown, 0);
        }
    }
}
