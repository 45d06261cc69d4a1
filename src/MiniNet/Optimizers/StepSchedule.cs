namespace MiniNet.Optimizers;

/// <summary>η(t) = η · factor^⌊t/every⌋: a stair.</summary>
/// <remarks>PyTorch's <c>StepLR</c>.</remarks>
/// <param name="learningRate">η, at least 0.</param>
/// <param name="every">How many steps each stair lasts, at least 1.</param>
/// <param name="factor">What one stair is of the one before, above 0.</param>
/// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
public sealed class StepSchedule(float learningRate, int every, double factor = 0.1) : Schedule
{
    private readonly ExponentialSchedule stairs = new(learningRate, factor);
    private readonly int every = Require.AtLeast1(every);

    /// <inheritdoc/>
    public override float At(int step) => stairs.At(step / every);
}
