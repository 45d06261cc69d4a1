namespace MiniNet.Optimizers;

/// <summary>Represents step decay of the learning rate: η(t) = η · factor^⌊t/every⌋.</summary>
/// <remarks>The same as PyTorch's <c>StepLR</c>.</remarks>
/// <param name="learningRate">η, at least 0.</param>
/// <param name="every">The number of steps between two changes, at least 1.</param>
/// <param name="factor">The factor by which the learning rate is multiplied at each change, above 0.</param>
/// <exception cref="ArgumentOutOfRangeException">A value is out of range.</exception>
public sealed class StepSchedule(float learningRate, int every, double factor = 0.1) : Schedule
{
    private readonly ExponentialSchedule stairs = new(learningRate, factor);
    private readonly int every = Require.AtLeast1(every);

    /// <inheritdoc/>
    public override float At(int step) => stairs.At(step / every);
}
