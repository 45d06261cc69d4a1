using MiniNet.Tensors;

namespace MiniNet.Initializers;

/// <summary>
/// Draws W ~ U(−b, b) with b = √(6 / ((1 + a²) fanIn)). The variance 2/((1 + a²) fanIn) keeps the magnitude of values the same through
/// layers whose activation, ReLU with slope a below 0, passes (1 + a²)/2 of the mean square.
/// </summary>
/// <remarks>
/// He, Zhang, Ren and Sun, "Delving Deep into Rectifiers", ICCV 2015, equations 10 and 15. PyTorch's <c>kaiming_uniform_</c>.
/// </remarks>
/// <param name="negativeSlope">a: 0 for ReLU.</param>
public sealed class HeUniform(float negativeSlope = 0) : Initializer
{
    /// <inheritdoc/>
    public override void Fill(Tensor weight, int fanIn, int fanOut, RandomStream random) =>
        FillUniform(weight, MathF.Sqrt(6 / ((1 + (negativeSlope * negativeSlope)) * fanIn)), random);
}
