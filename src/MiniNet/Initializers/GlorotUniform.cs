using MiniNet.Tensors;

namespace MiniNet.Initializers;

/// <summary>
/// Draws W ~ U(−b, b) with b = √(6 / (fanIn + fanOut)). The variance 2/(fanIn + fanOut) keeps the magnitude of values in the forward pass
/// and of gradients in the backward pass about the same from layer to layer if the activation is nearly linear around 0, as tanh is.
/// </summary>
/// <remarks>
/// Glorot and Bengio, "Understanding the difficulty of training deep feedforward neural networks", AISTATS 2010, equation 16.
/// </remarks>
public sealed class GlorotUniform : Initializer
{
    /// <inheritdoc/>
    public override void Fill(Tensor weight, int fanIn, int fanOut, RandomStream random) =>
        FillUniform(weight, MathF.Sqrt(6f / (fanIn + fanOut)), random);
}
