using MiniNet.Tensors;

namespace MiniNet.Initializers;

/// <summary>Draws W ~ N(mean, standardDeviation²), independent of the size of the layer.</summary>
/// <param name="mean">The mean, finite.</param>
/// <param name="standardDeviation">The standard deviation, at least 0.</param>
/// <exception cref="ArgumentOutOfRangeException">A value is out of range.</exception>
public sealed class Normal(float mean, float standardDeviation) : Initializer
{
    private readonly float mean = Require.Finite(mean), standardDeviation = Require.NonNegative(standardDeviation);

    /// <inheritdoc/>
    public override void Fill(Tensor weight, int fanIn, int fanOut, RandomStream random)
    {
        foreach (ref float w in weight.Span)
        {
            w = mean + (standardDeviation * random.NextNormal());
        }
    }
}
