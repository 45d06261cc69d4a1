using System.Diagnostics;
using MiniNet.Graphs;
using MiniNet.Kernels;
using MiniNet.Tensors;

namespace MiniNet.Layers;

/// <summary>
/// Reshapes each row to one dimension, as <see cref="Linear"/> requires:
/// <code>
/// x [n, ...]   y [n, columns]
/// y = x,  dX += dY             number by number, in the same order
/// </code>
/// </summary>
/// <remarks>PyTorch's <c>Flatten</c>.</remarks>
public sealed class Flatten : Layer
{
    /// <inheritdoc/>
    [DebuggerStepThrough]
    public override Shape OutputShape(Shape input) =>
        input.Rank >= 1 ? new Shape(input.Rows, input.Columns) : throw new ShapeException($"expects [n, ...], got {input}");

    /// <inheritdoc/>
    public override Equations Equations => new("reshapes each row to one dimension", "y = x", "∂y/∂x = 1", "dX += dY");

    /// <inheritdoc/>
    public override ElementDependencies DependenciesFor(Shape input, Shape output, NodeContext context) => ElementDependencies.SamePosition;

    /// <inheritdoc/>
    public override void Forward(Tensor x, Tensor y, NodeContext context) => x.Span.CopyTo(y.Span);       // y = x

    /// <inheritdoc/>
    public override void Backward(Tensor x, Tensor y, Tensor dY, Tensor? dX, NodeContext context)
    {
        if (dX is not null)
        {
            Kernel.Accumulate(dY.Span, dX.Span);        // dX += dY
        }
    }
}
