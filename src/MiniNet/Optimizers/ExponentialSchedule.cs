namespace MiniNet.Optimizers;

/// <summary>Represents exponential decay of the learning rate: η(t) = η · factorᵗ.</summary>
/// <remarks>The same as PyTorch's <c>ExponentialLR</c>.</remarks>
/// <param name="learningRate">η, at least 0.</param>
/// <param name="factor">The factor by which the learning rate is multiplied after each step, above 0.</param>
/// <exception cref="ArgumentOutOfRangeException">A value is out of range.</exception>
public sealed class ExponentialSchedule(float learningRate, double factor) : Schedule
{
    private readonly float learningRate = Require.NonNegative(learningRate);
    private readonly double factor = Require.Positive(factor);

    /// <inheritdoc/>
    public override float At(int step) => (float)(learningRate * Math.Pow(factor, step));
}
