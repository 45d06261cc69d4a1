using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace MiniNet.Kernels;

// The three products. Each works on tiles of four rows, whose sums stay in registers. A row that is left over goes through a tile of one row,
// which takes the very same steps for each element: so it does not matter to any bit where the threads' shares begin.
internal static partial class SimdKernels
{
    /// <inheritdoc cref="PlainKernels.AddProduct"/>
    public static void AddProduct(MatrixView x, MatrixView w, MatrixView y) =>
        WorkerThreads.SplitRows(AddProductRows, x, w, y, multiplications: (long)y.Rows * y.Columns * x.Columns);

    /// <inheritdoc cref="PlainKernels.AddTransposedProduct"/>
    public static void AddTransposedProduct(MatrixView x, MatrixView dY, MatrixView dW) =>
        WorkerThreads.SplitRows(AddTransposedProductRows, x, dY, dW, multiplications: (long)dW.Rows * dW.Columns * x.Rows);

    /// <inheritdoc cref="PlainKernels.AddProductTransposed"/>
    public static void AddProductTransposed(MatrixView dY, MatrixView w, MatrixView dX) =>
        WorkerThreads.SplitRows(AddProductTransposedRows, dY, w, dX, multiplications: (long)dX.Rows * dX.Columns * dY.Columns);

    private static void AddProductRows(MatrixView x, MatrixView w, MatrixView y, int first, int last)
    {
        for (int i = first; i < last; i += i + 4 <= last ? 4 : 1)
        {
            AddTile(x.Span, i * x.Columns, x.Columns, 1, w, y, i, i + 4 <= last ? 4 : 1);
        }
    }

    private static void AddTransposedProductRows(MatrixView x, MatrixView dY, MatrixView dW, int first, int last)
    {
        for (int k = first; k < last; k += k + 4 <= last ? 4 : 1)
        {
            AddTile(x.Span, k, 1, x.Columns, dY, dW, k, k + 4 <= last ? 4 : 1);
        }
    }

    private static void AddProductTransposedRows(MatrixView dY, MatrixView w, MatrixView dX, int first, int last)
    {
        for (int i = first; i < last; i++)
        {
            for (int k = 0; k < dX.Columns; k += k + 4 <= dX.Columns ? 4 : 1)
            {
                AddDots(dY.Row(i), w, k, k + 4 <= dX.Columns ? 4 : 1, dX.Row(i)[k..]);
            }
        }
    }

    /// <summary>c[row + r, j] += Σ_t a(r, t) · b[t, j] for every j and r below <paramref name="rows"/>, where a(r, t) = a[start + r·rowStep + t·termStep].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddTile(Span<float> a, int start, int rowStep, int termStep, MatrixView b, MatrixView c, int row, int rows)
    {
        int width = Vector<float>.Count, columns = c.Columns, terms = b.Rows, j = 0;
        if (terms == 0 || columns == 0)
        {
            return;
        }

        // Checked here once, so that the loops need not: the last element of each that is read or written.
        ref float a0 = ref MemoryMarshal.GetReference(a[start..(start + ((rows - 1) * rowStep) + ((terms - 1) * termStep) + 1)]);
        ref float b0 = ref MemoryMarshal.GetReference(b.Span[..(terms * columns)]);
        ref float c0 = ref MemoryMarshal.GetReference(c.Span[(row * columns)..((row + rows) * columns)]);
        for (; rows == 4 && j + (2 * width) <= columns; j += 2 * width)
        {
            ref float c1 = ref Unsafe.Add(ref c0, columns), c2 = ref Unsafe.Add(ref c1, columns), c3 = ref Unsafe.Add(ref c2, columns);
            Vector<float> y00 = Load(ref c0, j), y01 = Load(ref c0, j + width), y10 = Load(ref c1, j), y11 = Load(ref c1, j + width);
            Vector<float> y20 = Load(ref c2, j), y21 = Load(ref c2, j + width), y30 = Load(ref c3, j), y31 = Load(ref c3, j + width);
            for (int t = 0; t < terms; t++)
            {
                ref float at = ref Unsafe.Add(ref a0, t * termStep);
                Vector<float> w0 = Load(ref b0, (t * columns) + j), w1 = Load(ref b0, (t * columns) + j + width);
                var x = new Vector<float>(at);
                y00 = Vector.FusedMultiplyAdd(x, w0, y00);
                y01 = Vector.FusedMultiplyAdd(x, w1, y01);
                x = new Vector<float>(Unsafe.Add(ref at, rowStep));
                y10 = Vector.FusedMultiplyAdd(x, w0, y10);
                y11 = Vector.FusedMultiplyAdd(x, w1, y11);
                x = new Vector<float>(Unsafe.Add(ref at, 2 * rowStep));
                y20 = Vector.FusedMultiplyAdd(x, w0, y20);
                y21 = Vector.FusedMultiplyAdd(x, w1, y21);
                x = new Vector<float>(Unsafe.Add(ref at, 3 * rowStep));
                y30 = Vector.FusedMultiplyAdd(x, w0, y30);
                y31 = Vector.FusedMultiplyAdd(x, w1, y31);
            }

            Store(y00, ref c0, j);
            Store(y01, ref c0, j + width);
            Store(y10, ref c1, j);
            Store(y11, ref c1, j + width);
            Store(y20, ref c2, j);
            Store(y21, ref c2, j + width);
            Store(y30, ref c3, j);
            Store(y31, ref c3, j + width);
        }

        for (int r = 0; r < rows; r++)
        {
            AddRow(ref Unsafe.Add(ref a0, r * rowStep), termStep, terms, ref b0, ref Unsafe.Add(ref c0, r * columns), j, columns);
        }
    }

    /// <summary>One row of a tile, from column j on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddRow(ref float a, int termStep, int terms, ref float b, ref float c, int j, int columns)
    {
        int width = Vector<float>.Count;
        for (; j + width <= columns; j += width)
        {
            Vector<float> y = Load(ref c, j);
            for (int t = 0; t < terms; t++)
            {
                y = Vector.FusedMultiplyAdd(new Vector<float>(Unsafe.Add(ref a, t * termStep)), Load(ref b, (t * columns) + j), y);
            }

            Store(y, ref c, j);
        }

        for (; j < columns; j++)
        {
            float y = Unsafe.Add(ref c, j);
            for (int t = 0; t < terms; t++)
            {
                y = MathF.FusedMultiplyAdd(Unsafe.Add(ref a, t * termStep), Unsafe.Add(ref b, (t * columns) + j), y);
            }

            Unsafe.Add(ref c, j) = y;
        }
    }

    /// <summary>y[r] += Σ_j x[j] · w[row + r, j] for every r below <paramref name="rows"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddDots(Span<float> x, MatrixView w, int row, int rows, Span<float> y)
    {
        int width = Vector<float>.Count, terms = x.Length;
        ref float x0 = ref MemoryMarshal.GetReference(x);
        ref float w0 = ref MemoryMarshal.GetReference(w.Span[(row * terms)..((row + rows) * terms)]);
        Vector<float> s0 = default, s1 = default, s2 = default, s3 = default;
        int j = 0;
        if (rows == 4)
        {
            for (; j + width <= terms; j += width)
            {
                Vector<float> xs = Load(ref x0, j);
                s0 = Vector.FusedMultiplyAdd(xs, Load(ref w0, j), s0);
                s1 = Vector.FusedMultiplyAdd(xs, Load(ref w0, terms + j), s1);
                s2 = Vector.FusedMultiplyAdd(xs, Load(ref w0, (2 * terms) + j), s2);
                s3 = Vector.FusedMultiplyAdd(xs, Load(ref w0, (3 * terms) + j), s3);
            }

            y[0] += Dot(Vector.Sum(s0), x, ref w0, j);
            y[1] += Dot(Vector.Sum(s1), x, ref Unsafe.Add(ref w0, terms), j);
            y[2] += Dot(Vector.Sum(s2), x, ref Unsafe.Add(ref w0, 2 * terms), j);
            y[3] += Dot(Vector.Sum(s3), x, ref Unsafe.Add(ref w0, 3 * terms), j);
            return;
        }

        for (; j + width <= terms; j += width)
        {
            s0 = Vector.FusedMultiplyAdd(Load(ref x0, j), Load(ref w0, j), s0);
        }

        y[0] += Dot(Vector.Sum(s0), x, ref w0, j);
    }

    // The terms after the last whole vector, added to the sum of those before.
    private static float Dot(float sum, Span<float> x, ref float w, int from)
    {
        for (int j = from; j < x.Length; j++)
        {
            sum = MathF.FusedMultiplyAdd(x[j], Unsafe.Add(ref w, j), sum);
        }

        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<float> Load(ref float from, int offset) => Vector.LoadUnsafe(ref from, (nuint)offset);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector<float> value, ref float to, int offset) => value.StoreUnsafe(ref to, (nuint)offset);
}
