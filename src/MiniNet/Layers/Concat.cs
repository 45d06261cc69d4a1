using System.Diagnostics;
using MiniNet.Graphs;
using MiniNet.Kernels;
using MiniNet.Tensors;

namespace MiniNet.Layers;

/// <summary>
/// Concatenates two tensors along dimension 1: the columns of matrices, the channels of images.
/// <code>
/// a [n, p, ...]   b [n, q, ...]   y [n, p + q, ...]      each row of y is a row of a, then one of b
/// dA += dY up to p,  dB += dY from p on
/// </code>
/// </summary>
/// <remarks>
/// Huang, Liu, van der Maaten and Weinberger, "Densely Connected Convolutional Networks", CVPR 2017, equation 2. PyTorch's <c>cat</c> with
/// <c>dim=1</c>.
/// </remarks>
public sealed class Concat : MergeLayer
{
    /// <inheritdoc/>
    [DebuggerStepThrough]
    public override Shape OutputShape(Shape a, Shape b)
    {
        bool fits = a.Rank >= 2 && a.Rank == b.Rank;
        Span<int> y = stackalloc int[a.Rank];
        for (int i = 0; i < a.Rank && fits; i++)
        {
            fits = i == 1 || a[i] == b[i];
            y[i] = i == 1 ? (int)Math.Min((long)a[1] + b[1], int.MaxValue) : a[i]; // Shape rejects sizes that no tensor can hold
        }

        return fits
            ? new Shape(y)
            : throw new ShapeException($"expects two inputs of the same shape except for dimension 1, got {a} and {b}");
    }

    /// <inheritdoc/>
    public override Equations Equations => new(
        "concatenates two tensors along dimension 1",
        "y = [a, b]", "∂y/∂a = 1 in its columns,  ∂y/∂b = 1 in its own", "dA += dY, its columns", "dB += dY, its columns");

    /// <inheritdoc/>
    public override ElementDependencies DependenciesFor(Shape input, Shape output, NodeContext context) =>
        ElementDependencies.Concatenation(input.Columns);

    /// <inheritdoc/>
    public override void Forward(Tensor a, Tensor b, Tensor y, NodeContext context)
    {
        int p = a.Shape.Columns;
        for (int i = 0; i < y.Shape.Rows; i++)
        {
            a.Row(i).CopyTo(y.Row(i));              // y = a up to p
            b.Row(i).CopyTo(y.Row(i)[p..]);         // y = b from p on
        }
    }

    /// <inheritdoc/>
    public override void Backward(Tensor a, Tensor b, Tensor y, Tensor dY, Tensor? dA, Tensor? dB, NodeContext context)
    {
        int p = a.Shape.Columns;
        for (int i = 0; i < dY.Shape.Rows; i++)
        {
            if (dA is not null)
            {
                Kernel.Accumulate(dY.Row(i)[..p], dA.Row(i));       // dA += dY up to p
            }

            if (dB is not null)
            {
                Kernel.Accumulate(dY.Row(i)[p..], dB.Row(i));       // dB += dY from p on
            }
        }
    }
}
