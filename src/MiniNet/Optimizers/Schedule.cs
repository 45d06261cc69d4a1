namespace MiniNet.Optimizers;

/// <summary>
/// A learning rate for every step: a function of the number of steps taken and of nothing else, so that a run that is set back repeats it. To be
/// applied before each step, <c>optimizer.LearningRate = schedule.At(optimizer.StepCount)</c>, as a trainer does.
/// </summary>
public abstract class Schedule
{
    /// <summary>The learning rate η at a step.</summary>
    /// <param name="step">How many steps were taken before it: 0 at the first.</param>
    /// <returns>η, finite and at least 0.</returns>
    public abstract float At(int step);
}
