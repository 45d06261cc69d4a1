using MiniNet.Tensors;

namespace MiniNet.Initializers;

/// <summary>
/// Sets every element to a constant c. Use it for biases and scales, not for the weight of a layer: outputs with equal weights stay equal.
/// </summary>
/// <param name="value">c, finite.</param>
/// <exception cref="ArgumentOutOfRangeException">The value is NaN or infinite.</exception>
public sealed class Constant(float value) : Initializer
{
    private readonly float value = Require.Finite(value);

    /// <inheritdoc/>
    public override void Fill(Tensor weight, int fanIn, int fanOut, RandomStream random) => weight.Span.Fill(value);
}
