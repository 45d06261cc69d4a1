namespace MiniNet.Optimizers;

/// <summary>
/// One cycle: half a wave up, from maximum/divisor to the maximum, and half a wave down to far below where it began. With r the share of the
/// steps on which it rises, and <see cref="CosineSchedule"/>'s half wave:
/// <code>
/// η(t) from maximum/divisor, at t = 0, to the maximum at t = r·steps − 1
/// η(t) from there to maximum/(divisor · finalDivisor) at t = steps − 1, where it stays
/// </code>
/// Where r·steps is less than 1 there is no rise: the maximum lies before t = 0, and every step is on the way down.
/// </summary>
/// <remarks>
/// Smith and Topin, "Super-Convergence: Very Fast Training of Neural Networks Using Large Learning Rates", 2018. PyTorch's <c>OneCycleLR</c> with its
/// defaults, cosine and two phases, but that it leaves the momentum alone.
/// </remarks>
/// <param name="maxLearningRate">The maximum, at least 0.</param>
/// <param name="steps">As many as the training takes, at least 1.</param>
/// <param name="risingShare">r, from 0 up to but not including 1.</param>
/// <param name="divisor">What the maximum is of the first rate, above 0.</param>
/// <param name="finalDivisor">What the first rate is of the last, above 0.</param>
/// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
public sealed class OneCycleSchedule(float maxLearningRate, int steps, double risingShare = 0.3, double divisor = 25, double finalDivisor = 1e4) : Schedule
{
    private readonly float maximum = Require.AtLeast0(maxLearningRate);
    private readonly int last = Require.AtLeast1(steps) - 1;
    private readonly double top = (Require.Fraction(risingShare) * steps) - 1, divisor = Require.Above0(divisor), finalDivisor = Require.Above0(finalDivisor);

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
