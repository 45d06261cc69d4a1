using MiniNet.Tensors;

namespace MiniNet.Initializers;

/// <summary>W = 0. For a layer that is to begin as nothing; two such layers in a row never learn, as each waits for the other.</summary>
public sealed class Zeros : Initializer
{
    /// <inheritdoc/>
    public override void Fill(Tensor weight, int fanIn, int fanOut, RandomStream random) => weight.Clear();
}
