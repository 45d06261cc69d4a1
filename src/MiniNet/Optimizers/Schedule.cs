namespace MiniNet.Optimizers;

/// <summary>
/// Represents the base class of learning rate schedules. The learning rate depends only on the number of steps taken, so a replayed run
/// repeats it. Apply it before each step, <c>optimizer.LearningRate = schedule.At(optimizer.StepCount)</c>, as a trainer does.
/// </summary>
public abstract class Schedule
{
    /// <summary>Gets the learning rate η for a step.</summary>
    /// <param name="step">The number of steps taken before it: 0 for the first step.</param>
    /// <returns>η, finite and at least 0.</returns>
    public abstract float At(int step);
}
