using System.Diagnostics;

namespace MiniNet.Tensors;

/// <summary>
/// Represents the dimensions of a tensor, at most four, slowest first: <c>[n, 64]</c> is n rows of 64 elements, <c>[n, 1, 8, 8]</c>
/// n images, <c>[]</c> a single number. The dimension <see cref="Any"/>, written <c>n</c>, is a number of rows that is not known yet.
/// </summary>
/// <remarks>A value type without references, so that reading a shape in a training step allocates nothing.</remarks>
[DebuggerDisplay("{Display,nq}")]
[DebuggerStepThrough]
public readonly struct Shape : IEquatable<Shape>
{
    /// <summary>The first dimension of a shape that accepts any number of rows.</summary>
    public const int Any = -1;

    private const int MaxRank = 4;
    private readonly int d0, d1, d2, d3, columns;

    /// <summary>Initializes a new instance of the <see cref="Shape"/> struct from dimensions, slowest first.</summary>
    /// <param name="dimensions">Up to four dimensions, each at least 0; the first may be <see cref="Any"/>.</param>
    /// <exception cref="ArgumentException">There are more than four dimensions, or one is negative.</exception>
    /// <exception cref="ShapeException">A row would have more elements than one array can hold (about 2³¹).</exception>
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
            throw new ShapeException($"needs {this}, more numbers per row than one tensor can hold");
        }

        columns = d1 * d2 * d3;
    }

    /// <summary>Gets the number of dimensions, 0 to 4.</summary>
    public int Rank { get; }

    /// <summary>Gets the number of rows, which is the first dimension: 1 for a single number, <see cref="Any"/> if not known yet.</summary>
    public int Rows => Rank == 0 ? 1 : d0;

    /// <summary>Gets the number of elements in a row, which is the product of all dimensions but the first.</summary>
    public int Columns => Rank <= 1 ? 1 : columns;

    /// <summary>Gets the number of elements: rows times columns.</summary>
    public int Length => checked(Rows * Columns);

    /// <summary>Gets one dimension.</summary>
    /// <param name="dimension">The index, from 0 (the slowest) to <see cref="Rank"/> − 1.</param>
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

    /// <summary>Returns the shape <c>[n, ...]</c> of a batch whose number of rows is not known yet.</summary>
    /// <param name="columns">The dimensions after the first.</param>
    public static Shape Batch(params ReadOnlySpan<int> columns)
    {
        Span<int> dimensions = stackalloc int[MaxRank + 1];
        dimensions[0] = Any;
        columns[..Math.Min(columns.Length, MaxRank)].CopyTo(dimensions[1..]);
        return new Shape(dimensions[..(Math.Min(columns.Length, MaxRank) + 1)]);
    }

    /// <summary>Returns the same shape with a different number of rows.</summary>
    /// <param name="rows">The first dimension of the result.</param>
    /// <exception cref="InvalidOperationException">The shape is <c>[]</c>, which has no rows to change.</exception>
    public Shape WithRows(int rows) => Rank == 0
        ? throw new InvalidOperationException("The shape [] of a single number has no rows to change.")
        : new(((ReadOnlySpan<int>)[rows, d1, d2, d3])[..Rank]);

    /// <summary>
    /// Determines whether a tensor of the shape <paramref name="actual"/> can be used where this shape is expected.
    /// The shapes must be equal, except where one of them has <see cref="Any"/>.
    /// </summary>
    /// <param name="actual">The other shape.</param>
    /// <returns>true if the shape is accepted; otherwise, false.</returns>
    public bool Accepts(Shape actual) =>
        this == actual || (Rank == actual.Rank && (d0 == Any || actual.d0 == Any) && d1 == actual.d1 && d2 == actual.d2 && d3 == actual.d3);

    /// <inheritdoc/>
    public bool Equals(Shape other) =>
        Rank == other.Rank && (Rank == 0 || (d0 == other.d0 && d1 == other.d1 && d2 == other.d2 && d3 == other.d3));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Shape other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => Rank == 0 ? 0 : HashCode.Combine(Rank, d0, d1, d2, d3);

    /// <summary>Determines whether two shapes have the same dimensions.</summary>
    /// <param name="left">The first shape.</param>
    /// <param name="right">The second shape.</param>
    /// <returns>true if they are equal; otherwise, false.</returns>
    public static bool operator ==(Shape left, Shape right) => left.Equals(right);

    /// <summary>Determines whether two shapes differ.</summary>
    /// <param name="left">The first shape.</param>
    /// <param name="right">The second shape.</param>
    /// <returns>true if they differ; otherwise, false.</returns>
    public static bool operator !=(Shape left, Shape right) => !left.Equals(right);

    /// <summary>Returns the dimensions in brackets, with <c>n</c> for any number of rows: <c>[n, 64]</c>.</summary>
    public override string ToString() => Describe(", ");

    /// <summary>Gets the same text as equations and the debugger show it: <c>[nx64]</c>.</summary>
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
