namespace MiniNet.Optimizers;

/// <summary>Represents a constant learning rate, η(t) = η, for use after a <see cref="WarmupSchedule"/>.</summary>
/// <param name="learningRate">η, at least 0.</param>
/// <exception cref="ArgumentOutOfRangeException">The learning rate is negative or not finite.</exception>
public sealed class ConstantSchedule(float learningRate) : Schedule
{
    private readonly float learningRate = Require.NonNegative(learningRate);

    /// <inheritdoc/>
    public override float At(int step) => learningRate;
}
