using MiniNet.Tensors;

namespace MiniNet.Initializers;

/// <summary>W = c in every element. Outputs with the same weights stay the same, so this suits biases and scales, not a layer's weight.</summary>
/// <param name="value">c, finite.</param>
/// <exception cref="ArgumentOutOfRangeException">It is NaN or infinite.</exception>
public sealed class Constant(float value) : Initializer
{
    private readonly float value = Require.Finite(value);

    /// <inheritdoc/>
    public override void Fill(Tensor weight, int fanIn, int fanOut, RandomStream random) => weight.Span.Fill(value);
}
