using System.Diagnostics;
using MiniNet.Tensors;

namespace MiniNet.Layers;

/// <summary>Batch normalisation of the channels of images, x [n, C, H, W]: the equations stand at <see cref="BatchNorm"/>, N is n·H·W.</summary>
public sealed class BatchNorm2d : BatchNorm
{
    /// <summary>Creates the layer.</summary>
    /// <param name="features">C, at least 1.</param>
    /// <param name="epsilon">ε, finite and above 0.</param>
    /// <param name="momentum">m, from 0 to 1.</param>
    /// <param name="affine">Whether there are γ and β.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    public BatchNorm2d(int features, float epsilon = 1e-5f, float momentum = 0.1f, bool affine = true)
        : base(features, epsilon, momentum, affine)
    {
    }

    /// <inheritdoc/>
    [DebuggerStepThrough]
    public override Shape OutputShape(Shape input) => input.Rank == 4 && input[1] == Features
        ? input
        : throw new ShapeException($"expects [n, {Features}, h, w], got {input}");
}
