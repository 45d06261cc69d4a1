using MiniNet.Tensors;

namespace MiniNet.Initializers;

/// <summary>Draws W ~ U(low, high), independent of the size of the layer.</summary>
/// <param name="low">The lower bound.</param>
/// <param name="high">The upper bound, at least <paramref name="low"/>.</param>
/// <exception cref="ArgumentOutOfRangeException">
/// The upper bound is less than the lower bound, or their difference is not finite.
/// </exception>
public sealed class Uniform(float low, float high) : Initializer
{
    private readonly (float Low, float High) range = float.IsFinite(high - low) && low <= high
        ? (low, high)
        : throw new ArgumentOutOfRangeException(
            nameof(high), high,
            FormattableString.Invariant($"It must be at least the lower bound, {low}, and their difference must be finite."));

    /// <inheritdoc/>
    public override void Fill(Tensor weight, int fanIn, int fanOut, RandomStream random)
    {
        foreach (ref float w in weight.Span)
        {
            w = random.NextUniform(range.Low, range.High);
        }
    }
}
