using MiniNet.Tensors;

namespace MiniNet.Initializers;

/// <summary>Draws W ~ N(0, s²) with s = √(2 / ((1 + a²) fanIn)): like <see cref="HeUniform"/>, but from the normal distribution.</summary>
/// <remarks>He, Zhang, Ren and Sun, ICCV 2015, equations 10 and 15. PyTorch's <c>kaiming_normal_</c>.</remarks>
/// <param name="negativeSlope">a: 0 for ReLU.</param>
public sealed class HeNormal(float negativeSlope = 0) : Initializer
{
    /// <inheritdoc/>
    public override void Fill(Tensor weight, int fanIn, int fanOut, RandomStream random) =>
        FillNormal(weight, MathF.Sqrt(2 / ((1 + (negativeSlope * negativeSlope)) * fanIn)), random);
}
