using MiniNet.Tensors;

namespace MiniNet.Initializers;

/// <summary>W ~ U(low, high), whatever the layer's size.</summary>
/// <param name="low">The lower end.</param>
/// <param name="high">The upper end, at least the lower.</param>
/// <exception cref="ArgumentOutOfRangeException">The upper end is below the lower, or their distance is not finite.</exception>
public sealed class Uniform(float low, float high) : Initializer
{
    private readonly (float Low, float High) range = float.IsFinite(high - low) && low <= high
        ? (low, high)
        : throw new ArgumentOutOfRangeException(nameof(high), high, FormattableString.Invariant($"It must be at least the lower end, {low}, and their distance finite."));

    /// <inheritdoc/>
    public override void Fill(Tensor weight, int fanIn, int fanOut, RandomStream random)
    {
        foreach (ref float w in weight.Span)
        {
            w = random.NextUniform(range.Low, range.High);
        }
    }
}
