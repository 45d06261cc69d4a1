namespace MiniNet.Optimizers;

/// <summary>
/// Represents linear warmup: η(t) = (t + 1)/steps · s(0) for the first steps, then s(t − steps), where s is another schedule. The learning
/// rate reaches its full value at the last warmup step. Warmup avoids large steps while the running means of Adam or batch normalization
/// are still inaccurate.
/// </summary>
/// <remarks>Goyal et al., "Accurate, Large Minibatch SGD: Training ImageNet in 1 Hour", 2017, section 2.2.</remarks>
/// <param name="steps">The number of warmup steps, at least 1.</param>
/// <param name="then">The schedule after the warmup, which starts at its own step 0.</param>
/// <exception cref="ArgumentOutOfRangeException"><paramref name="steps"/> is less than 1.</exception>
public sealed class WarmupSchedule(int steps, Schedule then) : Schedule
{
    private readonly int steps = Require.AtLeast1(steps);
    private readonly Schedule then = Require.NotNull(then);

    /// <inheritdoc/>
    public override float At(int step) => step < steps ? (float)((step + 1.0) / steps * then.At(0)) : then.At(step - steps);
}
