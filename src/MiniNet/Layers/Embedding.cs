using System.Diagnostics;
using MiniNet.Graphs;
using MiniNet.Kernels;
using MiniNet.Tensors;

namespace MiniNet.Layers;

/// <summary>
/// Represents a table with one trainable vector for each word or category:
/// <code>
/// x [n] or [n, k], whole numbers from 0 to count − 1   W [count, D]   y [n, D] or [n, k, D]
/// yᵢ = W[xᵢ]
/// ∂L/∂W:  dW[xᵢ] += dYᵢ for every i; the rows of a repeated index add up
/// no ∂L/∂x: the indices are whole numbers
/// </code>
/// </summary>
/// <remarks>
/// Bengio, Ducharme, Vincent and Jauvin, "A Neural Probabilistic Language Model", JMLR 2003: the matrix C. Initial values, as in PyTorch:
/// from N(0, 1).
/// </remarks>
public sealed class Embedding : Layer
{
    private const int MaxCount = 1 << 24; // a float represents every whole number up to here exactly

    /// <summary>
    /// Initializes a new instance of the <see cref="Embedding"/> class. Its weights are initialized when it is added to a graph.
    /// </summary>
    /// <param name="count">The number of words or categories, from 1 to 2²⁴.</param>
    /// <param name="dimensions">D, the length of each vector, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is out of range.</exception>
    /// <exception cref="ShapeException">The number of weights exceeds the capacity of a tensor, about 2³¹.</exception>
    public Embedding(int count, int dimensions)
    {
        (Count, Dimensions) = (Require.AtLeast1(count), Require.AtLeast1(dimensions));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, MaxCount);
        Weight = new Parameter("weight", new Shape(count, dimensions), "W");
        Parameters = [Weight];
    }

    /// <summary>Gets the number of words or categories.</summary>
    public int Count { get; }

    /// <summary>Gets the length of each vector.</summary>
    public int Dimensions { get; }

    /// <summary>Gets W, [count, dimensions].</summary>
    public Parameter Weight { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> Parameters { get; }

    /// <inheritdoc/>
    public override bool HasInputGradient => false;

    /// <inheritdoc/>
    [DebuggerStepThrough]
    public override Shape OutputShape(Shape input) => input.Rank switch
    {
        1 => new Shape(input.Rows, Dimensions),
        2 => new Shape(input.Rows, input.Columns, Dimensions),
        _ => throw new ShapeException($"expects [n] or [n, k], got {input}"),
    };

    /// <inheritdoc/>
    public override Equations Equations => new("looks up a row of W for each index", "y = W[x]", "∂y/∂W = 1 in row x", "dW[x] += dY");

    /// <inheritdoc/>
    public override ElementDependencies DependenciesFor(Shape input, Shape output, NodeContext context) =>
        ElementDependencies.Lookup(Dimensions);

    /// <inheritdoc/>
    public override void Forward(Tensor x, Tensor y, NodeContext context)
    {
        MatrixView vectors = y.MatrixOf(Dimensions);
        for (int i = 0; i < vectors.Rows; i++)
        {
            Weight.Value.Row(Index(x, i)).CopyTo(vectors.Row(i));               // yᵢ = W[xᵢ]
        }
    }

    /// <inheritdoc/>
    public override void Backward(Tensor x, Tensor y, Tensor dY, Tensor? dX, NodeContext context)
    {
        MatrixView vectors = dY.MatrixOf(Dimensions);
        for (int i = 0; i < vectors.Rows; i++)
        {
            Kernel.Accumulate(vectors.Row(i), Weight.Gradient.Row(Index(x, i)));   // dW[xᵢ] += dYᵢ
        }
    }

    /// <inheritdoc/>
    [DebuggerStepThrough]
    public override string ToString() => $"Embedding {Count} x {Dimensions}";

    /// <inheritdoc/>
    protected internal override void Initialize(RandomStream random)
    {
        foreach (ref float w in Weight.Value.Span)
        {
            w = random.NextNormal();
        }
    }

    [DebuggerStepThrough]
    private int Index(Tensor x, int i)
    {
        float index = x.Span[i];
        return index >= 0 && index < Count && index == MathF.Floor(index)
            ? (int)index
            : throw new ShapeException(string.Create(
                System.Globalization.CultureInfo.InvariantCulture,
                $"expects whole numbers from 0 to {Count - 1}, got {index} in row {i / x.Shape.Columns}, column {i % x.Shape.Columns}"));
    }
}
