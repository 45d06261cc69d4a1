using MiniNet.Tensors;

namespace MiniNet.Initializers;

/// <summary>
/// Sets W = 0, for a layer that initially outputs 0. Two such layers in a row never learn, because each multiplies the gradient of the
/// other by 0.
/// </summary>
public sealed class Zeros : Initializer
{
    /// <inheritdoc/>
    public override void Fill(Tensor weight, int fanIn, int fanOut, RandomStream random) => weight.Clear();
}
