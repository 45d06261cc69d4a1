namespace MiniNet.Optimizers;

/// <summary>η(t) = minimum + ½(η − minimum)(1 + cos(πt/steps)): half a wave down. It is a wave: after <c>steps</c> it rises again.</summary>
/// <remarks>Loshchilov and Hutter, "SGDR: Stochastic Gradient Descent with Warm Restarts", ICLR 2017, equation 5, without restarts. PyTorch's <c>CosineAnnealingLR</c>.</remarks>
/// <param name="learningRate">η, at least 0.</param>
/// <param name="steps">When the minimum is reached, at least 1: as many as the training takes.</param>
/// <param name="minimum">Where it ends, at least 0.</param>
/// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
public sealed class CosineSchedule(float learningRate, int steps, float minimum = 0) : Schedule
{
    private readonly float learningRate = Require.AtLeast0(learningRate), minimum = Require.AtLeast0(minimum);
    private readonly int steps = Require.AtLeast1(steps);

    /// <inheritdoc/>
    public override float At(int step) => Between(learningRate, minimum, (double)step / steps);

    /// <summary>Half a wave from start, at share 0, to end, at 1.</summary>
    internal static float Between(double start, double end, double share) => (float)(end + ((start - end) * (1 + Math.Cos(Math.PI * share)) / 2));
}
