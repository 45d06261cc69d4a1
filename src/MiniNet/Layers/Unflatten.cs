using System.Diagnostics;
using MiniNet.Graphs;
using MiniNet.Kernels;
using MiniNet.Tensors;

namespace MiniNet.Layers;

/// <summary>
/// Reshapes each row to several dimensions, as <see cref="Conv2d"/> requires: the inverse of <see cref="Flatten"/>.
/// <code>
/// x [n, d₁·d₂·d₃]   y [n, d₁, d₂, d₃]
/// y = x,  dX += dY             number by number, in the same order
/// </code>
/// </summary>
/// <remarks>PyTorch's <c>Unflatten(1, ...)</c>.</remarks>
/// <example>Turns rows of 64 pixels into images with one channel: <code>new Unflatten(1, 8, 8)</code></example>
public sealed class Unflatten : Layer
{
    private readonly Shape batch; // [n, d₁, d₂, d₃]

    /// <summary>Initializes a new instance of the <see cref="Unflatten"/> class.</summary>
    /// <param name="dimensions">The dimensions of a row: one to three, each at least 1.</param>
    /// <exception cref="ArgumentException">The number of dimensions is not from 1 to 3, or a dimension is less than 1.</exception>
    /// <exception cref="ShapeException">The number of elements in a row exceeds the capacity of a tensor, about 2³¹.</exception>
    public Unflatten(params ReadOnlySpan<int> dimensions)
    {
        if (dimensions.Length is < 1 or > 3 || dimensions.ContainsAnyInRange(int.MinValue, 0))
        {
            throw new ArgumentException(
                $"It takes one to three dimensions of at least 1, not [{string.Join(", ", dimensions.ToArray())}].", nameof(dimensions));
        }

        batch = Shape.Batch(dimensions);
        RowShape = new Shape(dimensions);
    }

    /// <summary>Gets the shape of a row, [d₁, d₂, d₃].</summary>
    public Shape RowShape { get; }

    /// <inheritdoc/>
    public override Shape? InputShape => Shape.Batch(batch.Columns);

    /// <inheritdoc/>
    [DebuggerStepThrough]
    public override Shape OutputShape(Shape input) => input.Rank == 2 && input.Columns == batch.Columns
        ? batch.WithRows(input.Rows)
        : throw ShapeException.Expected(Shape.Batch(batch.Columns), input);

    /// <inheritdoc/>
    public override Equations Equations => new("reshapes each row to several dimensions", "y = x", "∂y/∂x = 1", "dX += dY");

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

    /// <inheritdoc/>
    [DebuggerStepThrough]
    public override string ToString() => $"Unflatten {RowShape}";
}
