namespace MiniNet.Optimizers;

/// <summary>η(t) = η. To follow a <see cref="WarmupSchedule"/>.</summary>
/// <param name="learningRate">η, at least 0.</param>
/// <exception cref="ArgumentOutOfRangeException">It is negative or not finite.</exception>
public sealed class ConstantSchedule(float learningRate) : Schedule
{
    private readonly float learningRate = Require.AtLeast0(learningRate);

    /// <inheritdoc/>
    public override float At(int step) => learningRate;
}
