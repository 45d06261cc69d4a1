using System.Diagnostics;

namespace MiniNet.Tensors;

/// <summary>
/// The dimensions of a tensor, at most four, slowest first: <c>[n, 64]</c> is n rows of 64 numbers, <c>[n, 1, 8, 8]</c> n images,
/// <c>[]</c> one number. A dimension of <see cref="Any"/>, written <c>n</c>, stands for a number of rows not known yet.
/// </summary>
/// <remarks>A value without a heap part, so that asking for a shape in a training step allocates nothing.</remarks>
[DebuggerDisplay("{Display,nq}")]
[DebuggerStepThrough]
public readonly struct Shape : IEquatable<Shape>
{
    /// <summary>The dimension that any number of rows satisfies.</summary>
    public const int Any = -1;

    private const int MaxRank = 4;
    private readonly int d0, d1, d2, d3, columns;

    /// <summary>Creates a shape from its dimensions, slowest first.</summary>
    /// <param name="dimensions">Up to four dimensions, each at least 0; the first may be <see cref="Any"/>.</param>
    /// <exception cref="ArgumentException">There are more than four, or one is negative.</exception>
    /// <exception cref="ShapeException">A row would have more numbers than one array can hold, 2³¹ or so.</exception>
    public Shape(params ReadOnlySpan<int> dimensions)
    {
        if (dimensions.Length > MaxRank)
        {
            throw new ArgumentException($"A shape has at most {MaxRank} dimensions, not {dimensions.Length}.", nameof(dimensions));
        }

        for (int i = 0; i < dimensions.Length; i++)
        {
            if (dimensions[i] < 0 && !(i == 0 && dimensions[i] == Any))
            {
                throw new ArgumentException($"Dimension {i} is {dimensions[i]}; it must be at least 0.", nameof(dimensions));
            }
        }

        Rank = dimensions.Length;
        d0 = Rank > 0 ? dimensions[0] : 1;
        d1 = Rank > 1 ? dimensions[1] : 1;
        d2 = Rank > 2 ? dimensions[2] : 1;
        d3 = Rank > 3 ? dimensions[3] : 1;
        if ((double)d1 * d2 * d3 > Array.MaxLength)
        {
            throw new ShapeException($"needs {this}, more numbers a row than one tensor can hold");
        }

        columns = d1 * d2 * d3;
    }

    /// <summary>The number of dimensions, 0 to 4.</summary>
    public int Rank { get; }

    /// <summary>The first dimension: how many rows; 1 for a single number, <see cref="Any"/> where it is not known yet.</summary>
    public int Rows => Rank == 0 ? 1 : d0;

    /// <summary>The product of all dimensions but the first: how many numbers a row holds.</summary>
    public int Columns => Rank <= 1 ? 1 : columns;

    /// <summary>How many numbers there are: rows times columns.</summary>
    public int Length => checked(Rows * Columns);

    /// <summary>One dimension.</summary>
    /// <param name="dimension">From 0, the slowest, to <see cref="Rank"/> − 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such dimension.</exception>
    public int this[int dimension]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(dimension);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(dimension, Rank);
            return dimension switch { 0 => d0, 1 => d1, 2 => d2, _ => d3 };
        }
    }

    /// <summary>The shape <c>[n, ...]</c> of a batch whose number of rows is not known yet.</summary>
    /// <param name="columns">The dimensions after the first.</param>
    /// <returns>The shape.</returns>
    public static Shape Batch(params ReadOnlySpan<int> columns)
    {
        Span<int> dimensions = stackalloc int[MaxRank + 1];
        dimensions[0] = Any;
        columns[..Math.Min(columns.Length, MaxRank)].CopyTo(dimensions[1..]);
        return new Shape(dimensions[..(Math.Min(columns.Length, MaxRank) + 1)]);
    }

    /// <summary>The same shape with another number of rows.</summary>
    /// <param name="rows">The first dimension of the result.</param>
    /// <returns>The shape.</returns>
    /// <exception cref="InvalidOperationException">The shape is <c>[]</c>, which has no rows to change.</exception>
    public Shape WithRows(int rows) => Rank == 0
        ? throw new InvalidOperationException("A single number, [], has no rows to change.")
        : new(((ReadOnlySpan<int>)[rows, d1, d2, d3])[..Rank]);

    /// <summary>Whether a tensor of the shape <paramref name="actual"/> may stand where this shape is asked for: equal, or equal but for <see cref="Any"/>.</summary>
    /// <param name="actual">The other shape.</param>
    /// <returns>True where it fits.</returns>
    public bool Accepts(Shape actual) =>
        this == actual || (Rank == actual.Rank && (d0 == Any || actual.d0 == Any) && d1 == actual.d1 && d2 == actual.d2 && d3 == actual.d3);

    /// <inheritdoc/>
    public bool Equals(Shape other) =>
        Rank == other.Rank && (Rank == 0 || (d0 == other.d0 && d1 == other.d1 && d2 == other.d2 && d3 == other.d3));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Shape other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => Rank == 0 ? 0 : HashCode.Combine(Rank, d0, d1, d2, d3);

    /// <summary>Whether two shapes are the same, dimension by dimension.</summary>
    /// <param name="left">One shape.</param>
    /// <param name="right">The other.</param>
    /// <returns>True where they are.</returns>
    public static bool operator ==(Shape left, Shape right) => left.Equals(right);

    /// <summary>Whether two shapes differ.</summary>
    /// <param name="left">One shape.</param>
    /// <param name="right">The other.</param>
    /// <returns>True where they do.</returns>
    public static bool operator !=(Shape left, Shape right) => !left.Equals(right);

    /// <summary>The dimensions in brackets, <c>n</c> for any: <c>[n, 64]</c>.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => Describe(", ");

    /// <summary>The same as it stands in an equation, and in the debugger: <c>[nx64]</c>.</summary>
    internal string Display => Describe("x");

    internal string Describe(string times)
    {
        var dimensions = new string[Rank];
        for (int i = 0; i < Rank; i++)
        {
            dimensions[i] = this[i] == Any ? "n" : this[i].ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        return "[" + string.Join(times, dimensions) + "]";
    }
}
