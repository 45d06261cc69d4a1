using System.Diagnostics;
using System.Globalization;
using MiniNet.Kernels;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace MiniNet.Tensors;

/// <summary>
/// Represents a tensor: float32 elements with a <see cref="Shape"/>, stored row by row without gaps.
/// </summary>
/// <remarks>
/// Changing the number of rows keeps the buffer, so the smaller last batch of an epoch needs no new memory.
/// Many threads may read a tensor at once, but only one may write it.
/// </remarks>
[DebuggerDisplay("{Display,nq}"), DebuggerTypeProxy("MiniNet.Debugging.TensorProxy, MiniNet")]
[DebuggerStepThrough]
public sealed class Tensor
{
    private float[] data;
    private int start; // index of the first element within data
    private int rows, columns; // copied from the shape, because they are read several times per step and copying a shape is slow
    private bool isCleared; // all elements are 0, although data has not been cleared yet

    /// <summary>Initializes a new instance of the <see cref="Tensor"/> class with all elements 0.</summary>
    /// <param name="shape">The shape, with a known number of rows.</param>
    /// <param name="name">The name in the debugger, such as <c>dW</c>.</param>
    /// <exception cref="ArgumentException">The number of rows is <see cref="Shape.Any"/>.</exception>
    /// <exception cref="ShapeException">There would be more elements than one array can hold (about 2³¹).</exception>
    public Tensor(Shape shape, string name = "")
    {
        if (shape.Rows == Shape.Any)
        {
            throw new ArgumentException($"A tensor needs a known number of rows, but the shape is {shape}.", nameof(shape));
        }

        (data, start) = Allocate(shape);
        (Shape, rows, columns) = (shape, shape.Rows, shape.Columns);
        Name = name;
    }

    /// <summary>
    /// Initializes a new instance of the <see cref="Tensor"/> class as a matrix with the given elements:
    /// <c>new Tensor(new float[,] { { 1, 2 }, { 3, 4 } })</c>.
    /// </summary>
    /// <param name="values">The elements, by row and column.</param>
    /// <param name="name">The name in the debugger.</param>
    public Tensor(float[,] values, string name = "")
        : this(new Shape(values.GetLength(0), values.GetLength(1)), name) =>
        Buffer.BlockCopy(values, 0, data, start * sizeof(float), values.Length * sizeof(float));

    /// <summary>
    /// Initializes a new instance of the <see cref="Tensor"/> class as a matrix with the given rows: <c>new Tensor([[1, 2], [3, 4]])</c>.
    /// </summary>
    /// <param name="rows">The elements of each row, which are copied.</param>
    /// <param name="name">The name in the debugger.</param>
    /// <exception cref="ShapeException">The rows have different lengths; the message names the first that differs from row 0.</exception>
    public Tensor(IReadOnlyList<float[]> rows, string name = "")
        : this(new Shape(rows.Count, rows.Count == 0 ? 0 : rows[0].Length), name)
    {
        for (int i = 0; i < rows.Count; i++)
        {
            if (rows[i].Length != columns)
            {
                throw new ShapeException($"row {i} has {rows[i].Length} elements, but row 0 has {columns}");
            }

            rows[i].CopyTo(Row(i));
        }
    }

    /// <summary>
    /// Initializes a new instance of the <see cref="Tensor"/> class with the given elements: <c>new Tensor([1, 2, 3])</c> is a vector, and
    /// <c>new Tensor(pixels, new Shape(1, 1, 8, 8))</c> an image.
    /// </summary>
    /// <param name="values">The elements, row by row, which are copied.</param>
    /// <param name="shape">The shape. The default is that of a vector of all elements.</param>
    /// <param name="name">The name in the debugger.</param>
    /// <exception cref="ArgumentException">The number of rows is <see cref="Shape.Any"/>.</exception>
    /// <exception cref="ShapeException">The shape has more or fewer elements.</exception>
    public Tensor(ReadOnlySpan<float> values, Shape? shape = null, string name = "")
        : this(shape ?? new Shape(values.Length), name)
    {
        if (values.Length != rows * columns)
        {
            throw new ShapeException($"{values.Length} values do not fill {NamePrefix()}{Shape}, which has {rows * columns} elements");
        }

        values.CopyTo(Span);
    }

    /// <summary>Gets the name used in the debugger and in error messages. It may be empty.</summary>
    public string Name { get; }

    /// <summary>Gets the shape.</summary>
    public Shape Shape { get; private set; }

    /// <summary>Gets the graph that overwrites the tensor in every pass; null if the tensor belongs to the caller.</summary>
    internal object? Owner { get; init; }

    /// <summary>
    /// Gets the elements, row by row. The span is valid until the tensor is resized, or until its graph clears it or starts to accumulate
    /// gradients in it.
    /// </summary>
    [DebuggerBrowsable(DebuggerBrowsableState.Never)] public Span<float> Span => Data.AsSpan(start, rows * columns);

    [DebuggerBrowsable(DebuggerBrowsableState.Never)] internal MatrixView Matrix => new(Data, rows, columns, start);

    /// <summary>Returns all elements as a matrix with this many columns, for example the size of the last dimension.</summary>
    internal MatrixView MatrixOf(int columns) => new(Data, columns == 0 ? 0 : Shape.Length / columns, columns, start);

    /// <summary>Returns one row as a matrix, for example an image as channels by pixels.</summary>
    internal MatrixView RowAsMatrix(int row, int rows, int columns) => new(Data, rows, columns, start + (row * Shape.Columns));

    /// <summary>Gets [n, C], [n, C, L] or [n, C, H, W] as rows of channels of pixels.</summary>
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    internal ChannelsView Channels => Shape.Rank switch
    {
        2 => new(Data, Shape.Rows, Shape[1], 1, 1, start),
        3 => new(Data, Shape.Rows, Shape[1], Shape[2], 1, start),
        _ => new(Data, Shape.Rows, Shape[1], Shape[2], Shape[3], start),
    };

    /// <summary>Returns all elements as rows of channels with this many pixels, regardless of the shape.</summary>
    internal ChannelsView ChannelsOf(int rows, int channels, int pixels) => new(Data, rows, channels, pixels, 1, start);

    /// <summary>Gets a reference to an element of a vector, or to the single number of a scalar.</summary>
    /// <param name="index">The index, from 0. <see cref="Row"/> returns a row of a matrix.</param>
    /// <exception cref="ArgumentException">The tensor has more than one dimension.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such element.</exception>
    public ref float this[int index]
    {
        get
        {
            if (Shape.Rank > 1)
            {
                throw WrongNumberOfIndices(nameof(index), 1);
            }

            if ((uint)index >= (uint)rows)
            {
                throw OutOfRange(nameof(index), index, "dimension 0", rows);
            }

            return ref Data[start + index];
        }
    }

    /// <summary>
    /// Gets a reference to an element. For a tensor of more than two dimensions, the column is the index within the flattened row.
    /// </summary>
    /// <param name="row">The row, from 0.</param>
    /// <param name="column">The column, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such row or column.</exception>
    public ref float this[int row, int column]
    {
        get
        {
            if ((uint)row >= (uint)rows || (uint)column >= (uint)columns)
            {
                throw (uint)row >= (uint)rows
                    ? OutOfRange(nameof(row), row, "dimension 0", rows)
                    : OutOfRange(nameof(column), column, Shape.Rank > 2 ? "its flattened rows" : "dimension 1", columns);
            }

            return ref Data[start + (row * columns) + column];
        }
    }

    /// <summary>Gets a reference to an element by one index for each dimension: <c>images[n, channel, y, x]</c>.</summary>
    /// <param name="indices">The indices, each from 0.</param>
    /// <exception cref="ArgumentException">The number of indices differs from the number of dimensions.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such element.</exception>
    public ref float this[params ReadOnlySpan<int> indices]
    {
        get
        {
            Shape shape = Shape;
            if (indices.Length != shape.Rank)
            {
                throw WrongNumberOfIndices(nameof(indices), indices.Length);
            }

            int offset = 0;
            for (int d = 0; d < indices.Length; d++)
            {
                offset = (uint)indices[d] < (uint)shape[d]
                    ? (offset * shape[d]) + indices[d]
                    : throw OutOfRange(nameof(indices), indices[d], $"dimension {d}", shape[d]);
            }

            return ref Data[start + offset];
        }
    }

    /// <summary>Gets this matrix as a transposed factor of a product: <c>dW.AddProduct(x.T, dY)</c>. Nothing is copied.</summary>
    public Transposed T => new(this);

    /// <summary>Gets a value indicating whether no element is NaN or infinite.</summary>
    public bool IsFinite => Volatile.Read(ref isCleared) || TensorPrimitives.IsFiniteAll<float>(data.AsSpan(start, rows * columns));

    /// <summary>Returns one row.</summary>
    /// <param name="row">The row, from 0.</param>
    /// <returns>The elements of the row, not a copy.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such row.</exception>
    public Span<float> Row(int row)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)row, (uint)Shape.Rows, nameof(row));
        return Data.AsSpan(start + (row * Shape.Columns), Shape.Columns);
    }

    /// <summary>Returns a copy of all elements, row by row.</summary>
    public float[] ToArray() => Span.ToArray();

    /// <summary>Sets every element to 0.</summary>
    public void Clear() => EnsureCleared();

    /// <summary>Copies the elements of a tensor of the same shape.</summary>
    /// <param name="other">The tensor to copy from.</param>
    /// <exception cref="ShapeException">The shapes differ.</exception>
    public void CopyFrom(Tensor other)
    {
        Require(other, Shape);
        other.Span.CopyTo(Span);
    }

    /// <summary>Returns a copy with the same shape, name and elements.</summary>
    public Tensor Clone()
    {
        var copy = new Tensor(Shape, Name);
        copy.CopyFrom(this);
        return copy;
    }

    /// <summary>
    /// this = x·w + b, with x of [n, k], w of [k, m], b of [m] (added to every row), and this of [n, m].
    /// </summary>
    /// <param name="x">The left factor.</param>
    /// <param name="w">The right factor.</param>
    /// <param name="b">The bias, added to every row. Null (the default) means no bias.</param>
    /// <exception cref="ShapeException">The shapes do not match.</exception>
    /// <exception cref="InvalidOperationException">This is one of the factors, which would be overwritten while it is read.</exception>
    public void SetProduct(Tensor x, Tensor w, Tensor? b = null)
    {
        RequireProduct(x.columns == w.rows && rows == x.rows && columns == w.columns, x, "·", w, "", "=");
        if (b is not null && (b.Shape.Rank != 1 || b.rows != columns))
        {
            Require(b, new Shape(columns));
        }

        isCleared = false; // the product overwrites all elements
        Kernel.SetProduct(x.Matrix, w.Matrix, b is null ? [] : b.Span, Matrix);
    }

    /// <summary>this += x·w, with x of [n, k], w of [k, m] and this of [n, m].</summary>
    /// <param name="x">The left factor.</param>
    /// <param name="w">The right factor.</param>
    /// <exception cref="ShapeException">The three shapes do not match.</exception>
    /// <exception cref="InvalidOperationException">This is one of the factors, which would be overwritten while it is read.</exception>
    public void AddProduct(Tensor x, Tensor w)
    {
        RequireProduct(x.columns == w.rows && rows == x.rows && columns == w.columns, x, "·", w, "");
        Kernel.AddProduct(x.Matrix, w.Matrix, BeginSum());
    }

    /// <summary>this += xᵀ·dY, with x of [n, k], dY of [n, m] and this of [k, m].</summary>
    /// <param name="x">The left factor, transposed.</param>
    /// <param name="dY">The right factor.</param>
    /// <exception cref="ShapeException">The three shapes do not match.</exception>
    /// <exception cref="InvalidOperationException">This is one of the factors, which would be overwritten while it is read.</exception>
    public void AddProduct(Transposed x, Tensor dY)
    {
        RequireProduct(x.Source.rows == dY.rows && rows == x.Source.columns && columns == dY.columns, x.Source, "ᵀ·", dY, "");
        Kernel.AddTransposedProduct(x.Source.Matrix, dY.Matrix, BeginSum());
    }

    /// <summary>this += dY·wᵀ, with dY of [n, m], w of [k, m] and this of [n, k].</summary>
    /// <param name="dY">The left factor.</param>
    /// <param name="w">The right factor, transposed.</param>
    /// <exception cref="ShapeException">The three shapes do not match.</exception>
    /// <exception cref="InvalidOperationException">This is one of the factors, which would be overwritten while it is read.</exception>
    public void AddProduct(Tensor dY, Transposed w)
    {
        RequireProduct(dY.columns == w.Source.columns && rows == dY.rows && columns == w.Source.rows, dY, "·", w.Source, "ᵀ");
        Kernel.AddProductTransposed(dY.Matrix, w.Source.Matrix, BeginSum());
    }

    /// <summary>this += Σᵢ dYᵢ: the sum over the rows of dY.</summary>
    /// <param name="dY">A matrix with as many columns as this tensor has elements.</param>
    /// <exception cref="ShapeException">It has more or fewer columns.</exception>
    public void AddColumnSums(Tensor dY)
    {
        if (Shape.Rank != 1 || rows != dY.columns)
        {
            Require(this, new Shape(dY.columns));
        }

        Kernel.AddColumnSums(dY.Matrix, BeginSum());
    }

    /// <summary>this += other, element by element.</summary>
    /// <param name="other">A tensor of the same shape.</param>
    /// <exception cref="ShapeException">The shapes differ.</exception>
    public void Add(Tensor other)
    {
        Require(other, Shape);
        Kernel.Accumulate(other.Span, Span);
    }

    /// <summary>
    /// Returns the name, the shape, the number of elements that are not finite (if any), and the range: <c>dW [64, 32] -0.31..0.27</c>.
    /// </summary>
    public override string ToString() => NamePrefix() + Describe();

    /// <summary>Gets the same text in the notation of the equations, for the debugger: <c>dW [64x32] -0.31..0.27</c>.</summary>
    internal string Display => NamePrefix() + Describe("x");

    /// <summary>
    /// Returns an element by its index in <see cref="Span"/>. Unlike <see cref="Span"/>, it does not clear a tensor that is
    /// only marked as zero, so that looking at a tensor in the debugger changes nothing.
    /// </summary>
    internal float Peek(int i) => Volatile.Read(ref isCleared) ? 0 : data[start + i];

    /// <summary>Returns the same text without the name.</summary>
    internal string Describe(string times = ", ")
    {
        int notFinite = 0;
        float min = float.PositiveInfinity, max = float.NegativeInfinity;
        for (int i = 0; i < rows * columns; i++)
        {
            notFinite += float.IsFinite(Peek(i)) ? 0 : 1;
            min = float.IsFinite(Peek(i)) ? MathF.Min(min, Peek(i)) : min;
            max = float.IsFinite(Peek(i)) ? MathF.Max(max, Peek(i)) : max;
        }

        string range = min > max ? "" : string.Create(CultureInfo.InvariantCulture, $" {min:G3}..{max:G3}");
        string trouble = notFinite == 0 ? "" : $" {notFinite} NaN or infinite";
        return Shape.Describe(times) + trouble + range;
    }

    [DebuggerBrowsable(DebuggerBrowsableState.Never)] private float[] Data => Volatile.Read(ref isCleared) ? EnsureCleared() : data;

    private float[] EnsureCleared()
    {
        data.AsSpan(start, rows * columns).Clear();
        Volatile.Write(ref isCleared, false); // last, because several threads may read
        return data;
    }

    /// <summary>
    /// Returns this tensor as the target of a sum, which the caller must compute: if the tensor is marked as zero, the mark is removed, and
    /// the sum overwrites the elements (beta = 0 in BLAS).
    /// </summary>
    internal MatrixView BeginSum()
    {
        var sum = new MatrixView(data, rows, columns, start, isCleared);
        isCleared = false;
        return sum;
    }

    /// <summary>
    /// Marks the tensor as zero without clearing it. The next SIMD sum overwrites it (beta = 0 in BLAS), and any other read clears it
    /// first. Spans taken earlier become invalid. Clearing at once would make the training steps of small networks 10 to 20 % slower.
    /// </summary>
    internal void ClearLazily()
    {
        isCleared = Kernel.Backend == KernelBackend.Simd;
        if (!isCleared)
        {
            Clear();
        }
    }

    /// <summary>Changes the shape and keeps the buffer if it is large enough. The elements are undefined afterwards.</summary>
    internal void Resize(in Shape shape)
    {
        if ((long)shape.Rows * shape.Columns > data.Length - start)
        {
            (data, start) = Allocate(shape);
        }

        (Shape, rows, columns) = (shape, shape.Rows, shape.Columns);
    }

    // A vector that crosses a cache line takes twice as long to load, so large tensors start at a cache line.
    private static (float[] Data, int Start) Allocate(Shape shape)
    {
        if ((long)shape.Rows * shape.Columns > Array.MaxLength - AlignedArray.LineFloats)
        {
            throw new ShapeException($"needs {shape}, more numbers than one tensor can hold");
        }

        return shape.Length < 1024 ? (new float[shape.Length], 0) : AlignedArray.Allocate(shape.Length);
    }

    private void RequireProduct(bool fits, Tensor a, string afterA, Tensor b, string afterB, string sign = "+=")
    {
        if (!fits)
        {
            throw new ShapeException(
                $"{NamePrefix()}{Shape} {sign} {a.NamePrefix()}{a.Shape}{afterA}{b.NamePrefix()}{b.Shape}{afterB}: "
                + "the shapes do not match");
        }

        if (this == a || this == b)
        {
            throw new InvalidOperationException(
                $"{NamePrefix()}{Shape} cannot be both the result and a factor of a product. Use a Clone() of it as the factor.");
        }
    }

    private static void Require(Tensor tensor, Shape expected)
    {
        if (tensor.Shape != expected)
        {
            throw new ShapeException($"{tensor.NamePrefix()}{tensor.Shape} was given where {expected} is expected");
        }
    }

    private ArgumentException WrongNumberOfIndices(string parameter, int given) => new(
        $"{NamePrefix()}{Shape} needs {Shape.Rank} indices, one for each dimension, but got {given}.", parameter);

    private ArgumentOutOfRangeException OutOfRange(string parameter, int index, string dimension, int size) => new(
        parameter, $"{NamePrefix()}{Shape} has no index {index} in {dimension}, of size {size}.");

    private string NamePrefix() => Name.Length == 0 ? "" : Name + " ";
}
