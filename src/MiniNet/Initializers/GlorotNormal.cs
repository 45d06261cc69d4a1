using MiniNet.Tensors;

namespace MiniNet.Initializers;

/// <summary>
/// Draws W ~ N(0, s²) with s = √(2 / (fanIn + fanOut)): like <see cref="GlorotUniform"/>, but from the normal distribution.
/// </summary>
/// <remarks>Glorot and Bengio, AISTATS 2010, equation 12.</remarks>
public sealed class GlorotNormal : Initializer
{
    /// <inheritdoc/>
    public override void Fill(Tensor weight, int fanIn, int fanOut, RandomStream random) =>
        FillNormal(weight, MathF.Sqrt(2f / (fanIn + fanOut)), random);
}
