using System.Diagnostics;
using MiniNet.Tensors;

namespace MiniNet.Layers;

/// <summary>Normalizes the channels of images x [n, C, H, W]. See <see cref="BatchNorm"/> for the equations; N is n·H·W.</summary>
public sealed class BatchNorm2d : BatchNorm
{
    /// <summary>Initializes a new instance of the <see cref="BatchNorm2d"/> class.</summary>
    /// <param name="features">C, at least 1.</param>
    /// <param name="epsilon">ε, finite and above 0.</param>
    /// <param name="momentum">m, from 0 to 1.</param>
    /// <param name="affine">true to use γ and β; otherwise, false.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of range.</exception>
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
