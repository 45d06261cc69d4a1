using System.Diagnostics;
using MiniNet.Tensors;

namespace MiniNet.Layers;

/// <summary>Batch normalisation of columns, x [n, C], or of series, x [n, C, L]: the equations stand at <see cref="BatchNorm"/>, N is n or n·L.</summary>
public sealed class BatchNorm1d : BatchNorm
{
    /// <summary>Creates the layer.</summary>
    /// <param name="features">C, at least 1.</param>
    /// <param name="epsilon">ε, finite and above 0.</param>
    /// <param name="momentum">m, from 0 to 1.</param>
    /// <param name="affine">Whether there are γ and β.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    public BatchNorm1d(int features, float epsilon = 1e-5f, float momentum = 0.1f, bool affine = true)
        : base(features, epsilon, momentum, affine)
    {
    }

    /// <inheritdoc/>
    [DebuggerStepThrough]
    public override Shape OutputShape(Shape input) => input.Rank is 2 or 3 && input[1] == Features
        ? input
        : throw new ShapeException($"expects [n, {Features}] or [n, {Features}, length], got {input}");
}
