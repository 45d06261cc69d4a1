using System.Diagnostics;
using MiniNet.Graphs;
using MiniNet.Kernels;
using MiniNet.Tensors;

namespace MiniNet.Layers;

/// <summary>
/// The numbers of each row in several dimensions, as a <see cref="Conv2d"/> wants them: the inverse of <see cref="Flatten"/>.
/// <code>
/// x [n, d₁·d₂·d₃]   y [n, d₁, d₂, d₃]
/// y = x,  dX += dY             number by number, in the same order
/// </code>
/// </summary>
/// <remarks>PyTorch's <c>Unflatten(1, ...)</c>.</remarks>
/// <example>Rows of 64 pixels as images of one channel: <code>new Unflatten(1, 8, 8)</code></example>
public sealed class Unflatten : Layer
{
    private readonly Shape batch; // [n, d₁, d₂, d₃]

    /// <summary>Creates the layer.</summary>
    /// <param name="dimensions">One to three dimensions, each at least 1.</param>
    /// <exception cref="ArgumentException">There are more or fewer, or one is less than 1.</exception>
    /// <exception cref="ShapeException">A row would have more numbers than one tensor can hold, 2³¹ or so.</exception>
    public Unflatten(params ReadOnlySpan<int> dimensions)
    {
        if (dimensions.Length is < 1 or > 3 || dimensions.ContainsAnyInRange(int.MinValue, 0))
        {
            throw new ArgumentException($"It takes one to three dimensions of at least 1, not [{string.Join(", ", dimensions.ToArray())}].", nameof(dimensions));
        }

        batch = Shape.Batch(dimensions);
        RowShape = new Shape(dimensions);
    }

    /// <summary>[d₁, d₂, d₃].</summary>
    public Shape RowShape { get; }

    /// <inheritdoc/>
    public override Shape? InputShape => Shape.Batch(batch.Columns);

    /// <inheritdoc/>
    [DebuggerStepThrough]
    public override Shape OutputShape(Shape input) => input.Rank == 2 && input.Columns == batch.Columns
        ? batch.WithRows(input.Rows)
        : throw ShapeException.Expected(Shape.Batch(batch.Columns), input);

    /// <inheritdoc/>
    public override Rule Rule => new("lays each row out in several dimensions", "y = x", "∂y/∂x = 1", "dX += dY");

    /// <inheritdoc/>
    public override void Forward(Tensor x, Tensor y, Pass pass) => x.Span.CopyTo(y.Span);       // y = x

    /// <inheritdoc/>
    public override void Backward(Tensor x, Tensor y, Tensor dY, Tensor? dX, Pass pass)
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
