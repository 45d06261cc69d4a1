using MiniNet.Tensors;

namespace MiniNet.Initializers;

/// <summary>W ~ N(mean, standardDeviation²), whatever the layer's size.</summary>
/// <param name="mean">The mean, finite.</param>
/// <param name="standardDeviation">The standard deviation, at least 0.</param>
/// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
public sealed class Normal(float mean, float standardDeviation) : Initializer
{
    private readonly float mean = Require.Finite(mean), standardDeviation = Require.AtLeast0(standardDeviation);

    /// <inheritdoc/>
    public override void Fill(Tensor weight, int fanIn, int fanOut, RandomStream random)
    {
        foreach (ref float w in weight.Span)
        {
            w = mean + (standardDeviation * random.NextNormal());
        }
    }
}
