using System.Diagnostics;
using System.Globalization;
using MiniNet.Kernels;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace MiniNet.Tensors;

/// <summary>
/// Numbers with a <see cref="Shape"/>: float32, row after row without gaps. What layers read and write, and what the debugger shows.
/// </summary>
/// <remarks>
/// The buffer stays when the number of rows changes, so the smaller last batch of an epoch needs no new memory.
/// A tensor may be read by many threads at once, written by one.
/// </remarks>
[DebuggerDisplay("{Display,nq}"), DebuggerTypeProxy("MiniNet.Debugging.TensorProxy, MiniNet")]
[DebuggerStepThrough]
public sealed class Tensor
{
    private float[] data;
    private int start; // of the numbers within data
    private int rows, columns; // the shape's: read several times a step, and a shape is long to copy
    private bool isZero; // cleared, though the numbers may not say so yet

    /// <summary>Creates a tensor of zeros.</summary>
    /// <param name="shape">Its dimensions; all of them known.</param>
    /// <param name="name">What to call it in the debugger, such as <c>dW</c>.</param>
    /// <exception cref="ArgumentException">The number of rows is <see cref="Shape.Any"/>.</exception>
    /// <exception cref="ShapeException">There would be more numbers than one array can hold, 2³¹ or so.</exception>
    public Tensor(Shape shape, string name = "")
    {
        if (shape.Rows == Shape.Any)
        {
            throw new ArgumentException($"A tensor needs its number of rows; {shape} leaves it open.", nameof(shape));
        }

        (data, start) = Allocate(shape);
        (Shape, rows, columns) = (shape, shape.Rows, shape.Columns);
        Name = name;
    }

    /// <summary>Creates a matrix from its elements, written as they stand: <c>new Tensor(new float[,] { { 1, 2 }, { 3, 4 } })</c>.</summary>
    /// <param name="values">Rows of columns.</param>
    /// <param name="name">What to call it in the debugger.</param>
    public Tensor(float[,] values, string name = "")
        : this(new Shape(values.GetLength(0), values.GetLength(1)), name) =>
        Buffer.BlockCopy(values, 0, data, start * sizeof(float), values.Length * sizeof(float));

    /// <summary>What the debugger and the errors call it; may be empty.</summary>
    public string Name { get; }

    /// <summary>The dimensions.</summary>
    public Shape Shape { get; private set; }

    /// <summary>The graph that writes over it with every pass; null where it is the caller's.</summary>
    internal object? Owner { get; init; }

    /// <summary>The numbers, row after row. Valid until the tensor is resized, or its graph zeroes or begins to gather gradients in it.</summary>
    [DebuggerBrowsable(DebuggerBrowsableState.Never)] public Span<float> Span => Data.AsSpan(start, rows * columns);

    [DebuggerBrowsable(DebuggerBrowsableState.Never)] internal MatrixView Matrix => new(Data, rows, columns, start);

    /// <summary>All elements as a matrix of so many columns: the last dimension for itself, say.</summary>
    internal MatrixView MatrixOf(int columns) => new(Data, columns == 0 ? 0 : Shape.Length / columns, columns, start);

    /// <summary>One row as a matrix of its own: an image as channels by pixels, say.</summary>
    internal MatrixView RowAsMatrix(int row, int rows, int columns) => new(Data, rows, columns, start + (row * Shape.Columns));

    /// <summary>[n, C], [n, C, L] or [n, C, H, W] as rows of channels of pixels.</summary>
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    internal ChannelsView Channels => Shape.Rank switch
    {
        2 => new(Data, Shape.Rows, Shape[1], 1, 1, start),
        3 => new(Data, Shape.Rows, Shape[1], Shape[2], 1, start),
        _ => new(Data, Shape.Rows, Shape[1], Shape[2], Shape[3], start),
    };

    /// <summary>All elements as rows of channels of so many pixels, however the dimensions are cut.</summary>
    internal ChannelsView ChannelsOf(int rows, int channels, int pixels) => new(Data, rows, channels, pixels, 1, start);

    /// <summary>The element in a row and a column; of a tensor of more than two dimensions, the column within the flattened row.</summary>
    /// <param name="row">From 0.</param>
    /// <param name="column">From 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such row or column.</exception>
    public ref float this[int row, int column]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)row, (uint)Shape.Rows, nameof(row));
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)column, (uint)Shape.Columns, nameof(column));
            return ref Data[start + (row * Shape.Columns) + column];
        }
    }

    /// <summary>This matrix transposed, to stand in a product: <c>dW.AddProduct(x.T, dY)</c>. Nothing is copied.</summary>
    public Transposed T => new(this);

    /// <summary>Whether no element is NaN or infinite.</summary>
    public bool IsFinite => Volatile.Read(ref isZero) || TensorPrimitives.IsFiniteAll<float>(data.AsSpan(start, rows * columns));

    /// <summary>One row.</summary>
    /// <param name="row">From 0.</param>
    /// <returns>Its numbers, in place.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such row.</exception>
    public Span<float> Row(int row)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)row, (uint)Shape.Rows, nameof(row));
        return Data.AsSpan(start + (row * Shape.Columns), Shape.Columns);
    }

    /// <summary>Sets every element to 0.</summary>
    public void Clear() => Cleared();

    /// <summary>Copies the elements of a tensor of the same shape.</summary>
    /// <param name="other">Where to copy from.</param>
    /// <exception cref="ShapeException">The shapes differ.</exception>
    public void CopyFrom(Tensor other)
    {
        Require(other, Shape);
        other.Span.CopyTo(Span);
    }

    /// <summary>A tensor of its own with the same shape, name and elements.</summary>
    /// <returns>The copy.</returns>
    public Tensor Clone()
    {
        var copy = new Tensor(Shape, Name);
        copy.CopyFrom(this);
        return copy;
    }

    /// <summary>this = x·w + b, with x of [n, k], w of [k, m], b of [m], added to every row, and this of [n, m].</summary>
    /// <param name="x">The left factor.</param>
    /// <param name="w">The right factor.</param>
    /// <param name="b">What each row begins with; 0 unless given.</param>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    /// <exception cref="InvalidOperationException">This is one of the factors, which would be written over while it is read.</exception>
    public void SetProduct(Tensor x, Tensor w, Tensor? b = null)
    {
        RequireProduct(x.columns == w.rows && rows == x.rows && columns == w.columns, x, "·", w, "", "=");
        if (b is not null && (b.Shape.Rank != 1 || b.rows != columns))
        {
            Require(b, new Shape(columns));
        }

        isZero = false; // whatever stands here is written over
        Kernel.SetProduct(x.Matrix, w.Matrix, b is null ? [] : b.Span, Matrix);
    }

    /// <summary>this += x·w, with x of [n, k], w of [k, m] and this of [n, m].</summary>
    /// <param name="x">The left factor.</param>
    /// <param name="w">The right factor.</param>
    /// <exception cref="ShapeException">The three shapes do not fit.</exception>
    /// <exception cref="InvalidOperationException">This is one of the factors, which would be written over while it is read.</exception>
    public void AddProduct(Tensor x, Tensor w)
    {
        RequireProduct(x.columns == w.rows && rows == x.rows && columns == w.columns, x, "·", w, "");
        Kernel.AddProduct(x.Matrix, w.Matrix, Sum);
    }

    /// <summary>this += xᵀ·dY, with x of [n, k], dY of [n, m] and this of [k, m].</summary>
    /// <param name="x">The left factor, transposed.</param>
    /// <param name="dY">The right factor.</param>
    /// <exception cref="ShapeException">The three shapes do not fit.</exception>
    /// <exception cref="InvalidOperationException">This is one of the factors, which would be written over while it is read.</exception>
    public void AddProduct(Transposed x, Tensor dY)
    {
        RequireProduct(x.Of.rows == dY.rows && rows == x.Of.columns && columns == dY.columns, x.Of, "ᵀ·", dY, "");
        Kernel.AddTransposedProduct(x.Of.Matrix, dY.Matrix, Sum);
    }

    /// <summary>this += dY·wᵀ, with dY of [n, m], w of [k, m] and this of [n, k].</summary>
    /// <param name="dY">The left factor.</param>
    /// <param name="w">The right factor, transposed.</param>
    /// <exception cref="ShapeException">The three shapes do not fit.</exception>
    /// <exception cref="InvalidOperationException">This is one of the factors, which would be written over while it is read.</exception>
    public void AddProduct(Tensor dY, Transposed w)
    {
        RequireProduct(dY.columns == w.Of.columns && rows == dY.rows && columns == w.Of.rows, dY, "·", w.Of, "ᵀ");
        Kernel.AddProductTransposed(dY.Matrix, w.Of.Matrix, Sum);
    }

    /// <summary>this += Σᵢ dYᵢ: the sum over the rows of dY.</summary>
    /// <param name="dY">A matrix with as many columns as this has elements.</param>
    /// <exception cref="ShapeException">It has more or fewer.</exception>
    public void AddColumnSums(Tensor dY)
    {
        if (Shape.Rank != 1 || rows != dY.columns)
        {
            Require(this, new Shape(dY.columns));
        }

        Kernel.AddColumnSums(dY.Matrix, Sum);
    }

    /// <summary>this += other, element by element.</summary>
    /// <param name="other">A tensor of the same shape.</param>
    /// <exception cref="ShapeException">The shapes differ.</exception>
    public void Add(Tensor other)
    {
        Require(other, Shape);
        Kernel.Accumulate(other.Span, Span);
    }

    /// <summary>Name, shape, how many elements are not finite (where any), and the range: <c>dW [64, 32] -0.31..0.27</c>.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => Called() + Describe();

    /// <summary>The same as the equations write it, for the debugger: <c>dW [64x32] -0.31..0.27</c>.</summary>
    internal string Display => Called() + Describe("x");

    /// <summary>An element by its place in <see cref="Span"/>, without making true what is only marked as cleared: looking changes nothing.</summary>
    internal float Peek(int i) => Volatile.Read(ref isZero) ? 0 : data[start + i];

    /// <summary>The same without the name.</summary>
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

    [DebuggerBrowsable(DebuggerBrowsableState.Never)] private float[] Data => Volatile.Read(ref isZero) ? Cleared() : data;

    private float[] Cleared()
    {
        data.AsSpan(start, rows * columns).Clear();
        Volatile.Write(ref isZero, false); // afterwards, since several threads may read
        return data;
    }

    /// <summary>This, to be summed into: where it is cleared, the first sum is written over it.</summary>
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    internal MatrixView Sum
    {
        get
        {
            var sum = new MatrixView(data, rows, columns, start, isZero);
            isZero = false;
            return sum;
        }
    }

    /// <summary>
    /// Sets every element to 0, for whoever asks for them afterwards. Of the fast kernels the first sum into the tensor is then written over what
    /// stands there, and nothing need be cleared; so a span that was taken before is no longer valid.
    /// </summary>
    internal void ClearForSums()
    {
        isZero = Kernel.Side == KernelSide.Simd;
        if (!isZero)
        {
            Clear();
        }
    }

    /// <summary>Gives the tensor another shape, keeping its buffer where that is large enough. The elements are then undefined.</summary>
    internal void Resize(in Shape shape)
    {
        if ((long)shape.Rows * shape.Columns > data.Length - start)
        {
            (data, start) = Allocate(shape);
        }

        (Shape, rows, columns) = (shape, shape.Rows, shape.Columns);
    }

    // A vector that begins in one cache line and ends in the next takes twice as long to read; so numbers that are many begin with a line of their own.
    private static (float[] Data, int Start) Allocate(Shape shape)
    {
        if ((long)shape.Rows * shape.Columns > Array.MaxLength - AlignedArray.Line)
        {
            throw new ShapeException($"needs {shape}, more numbers than one tensor can hold");
        }

        return shape.Length < 1024 ? (new float[shape.Length], 0) : AlignedArray.Of(shape.Length);
    }

    private void RequireProduct(bool fits, Tensor a, string afterA, Tensor b, string afterB, string sign = "+=")
    {
        if (!fits)
        {
            throw new ShapeException($"{Called()}{Shape} {sign} {a.Called()}{a.Shape}{afterA}{b.Called()}{b.Shape}{afterB} does not fit");
        }

        if (this == a || this == b)
        {
            throw new InvalidOperationException($"{Called()}{Shape} is a factor of the product that is to be written into it: use a Clone() of it as the factor.");
        }
    }

    private static void Require(Tensor tensor, Shape expected)
    {
        if (tensor.Shape != expected)
        {
            throw new ShapeException($"{tensor.Called()}{tensor.Shape} given where {expected} is expected");
        }
    }

    private string Called() => Name.Length == 0 ? "" : Name + " ";
}
