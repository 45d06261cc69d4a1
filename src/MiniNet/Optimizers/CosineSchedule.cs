namespace MiniNet.Optimizers;

/// <summary>
/// Represents cosine annealing: η(t) = minimum + ½(η − minimum)(1 + cos(πt/steps)). The learning rate falls in half a cosine wave, and
/// rises again after <c>steps</c> steps.
/// </summary>
/// <remarks>
/// Loshchilov and Hutter, "SGDR: Stochastic Gradient Descent with Warm Restarts", ICLR 2017, equation 5, without restarts. The same as
/// PyTorch's <c>CosineAnnealingLR</c>.
/// </remarks>
/// <param name="learningRate">η, at least 0.</param>
/// <param name="steps">The number of steps until the minimum, at least 1; usually all steps of the training.</param>
/// <param name="minimum">The minimum learning rate, at least 0.</param>
/// <exception cref="ArgumentOutOfRangeException">A value is out of range.</exception>
public sealed class CosineSchedule(float learningRate, int steps, float minimum = 0) : Schedule
{
    private readonly float learningRate = Require.NonNegative(learningRate), minimum = Require.NonNegative(minimum);
    private readonly int steps = Require.AtLeast1(steps);

    /// <inheritdoc/>
    public override float At(int step) => Between(learningRate, minimum, (double)step / steps);

    /// <summary>Interpolates along half a cosine wave, from start at share 0 to end at share 1.</summary>
    internal static float Between(double start, double end, double share) =>
        (float)(end + ((start - end) * (1 + Math.Cos(Math.PI * share)) / 2));
}
