namespace MiniNet.Optimizers;

/// <summary>
/// η(t) = (t + 1)/steps · then(0) for the first steps, then(t − steps) from there on: up in a straight line, full at the last of them, and on as the other
/// schedule begins. Before Adam's means, or a batch norm's, have seen anything, long steps do harm.
/// </summary>
/// <remarks>Goyal et al., "Accurate, Large Minibatch SGD: Training ImageNet in 1 Hour", 2017, section 2.2.</remarks>
/// <param name="steps">How long the warmup takes, at least 1.</param>
/// <param name="then">The schedule after it; it begins at its own step 0.</param>
/// <exception cref="ArgumentOutOfRangeException">There are less than 1 steps.</exception>
public sealed class WarmupSchedule(int steps, Schedule then) : Schedule
{
    private readonly int steps = Require.AtLeast1(steps);

    /// <inheritdoc/>
    public override float At(int step) => step < steps ? (float)((step + 1.0) / steps * then.At(0)) : then.At(step - steps);
}
