namespace MiniNet.Optimizers;

/// <summary>
/// Represents the one-cycle schedule: the learning rate rises in half a cosine wave from maximum/divisor to the maximum, then falls in
/// another half wave to far below its initial value. With r the share of the steps on which it rises, and the half wave of
/// <see cref="CosineSchedule"/>:
/// <code>
/// η(t) from maximum/divisor, at t = 0, to the maximum at t = r·steps − 1
/// η(t) from there to maximum/(divisor · finalDivisor) at t = steps − 1, where it stays
/// </code>
/// If r·steps is less than 1, the learning rate does not rise: the maximum lies before t = 0, and it falls at every step.
/// </summary>
/// <remarks>
/// Smith and Topin, "Super-Convergence: Very Fast Training of Neural Networks Using Large Learning Rates", 2018. The same as PyTorch's
/// <c>OneCycleLR</c> with its defaults (cosine, two phases), except that it does not change the momentum.
/// </remarks>
/// <param name="maxLearningRate">The maximum learning rate, at least 0.</param>
/// <param name="steps">The number of steps of the whole training, at least 1.</param>
/// <param name="risingShare">r, from 0 up to but not including 1.</param>
/// <param name="divisor">The maximum divided by the initial learning rate, above 0.</param>
/// <param name="finalDivisor">The initial learning rate divided by the final one, above 0.</param>
/// <exception cref="ArgumentOutOfRangeException">A value is out of range.</exception>
public sealed class OneCycleSchedule(
    float maxLearningRate, int steps, double risingShare = 0.3, double divisor = 25, double finalDivisor = 1e4)
    : Schedule
{
    private readonly float maximum = Require.NonNegative(maxLearningRate);
    private readonly int last = Require.AtLeast1(steps) - 1;
    private readonly double top = (Require.Fraction(risingShare) * steps) - 1, divisor = Require.Positive(divisor),
        finalDivisor = Require.Positive(finalDivisor);

    /// <inheritdoc/>
    public override float At(int step)
    {
        double first = maximum / divisor;
        int t = Math.Min(step, last);
        return t <= top && top > 0
            ? CosineSchedule.Between(first, maximum, t / top)
            : CosineSchedule.Between(maximum, first / finalDivisor, (t - top) / (last - top));
    }
}
