using System.Runtime.CompilerServices;
using MiniNet.Kernels.Vectors;

namespace MiniNet.Kernels.Images;

/// <summary>
/// Computes the gradient of the weights from transposed images: dW[o, c, u, v] += Σ dY[o, i, j]·x[c, i·s₁ + u − p₁, j·s₂ + v − p₂].
/// The sum is over the images, and over the i, j for which that pixel lies within x.
/// </summary>
/// <remarks>
/// One work item is four channels of dY by four of x, so that these stay in the cache.
/// Each element is summed by one thread in a fixed order.
/// </remarks>
internal readonly unsafe struct WindowDots<V> : IWork<WindowDots<V>>
    where V : unmanaged, IVector<V>
{
    public required float* X { get; init; }

    public required float* DY { get; init; }

    public required float* DW { get; init; }

    /// <summary>Gets the number of channels of dY; <see cref="Channels"/> is that of x.</summary>
    public required int Rows { get; init; }

    public required int Channels { get; init; }

    /// <summary>Gets the number of images that are processed together: the lanes of one vector, or of two.</summary>
    public required int Lanes { get; init; }

    public required Window Window { get; init; }

    /// <summary>Gets the image size of x; <see cref="To"/> is that of dY.</summary>
    public required (int Height, int Width) From { get; init; }

    public required (int Height, int Width) To { get; init; }

    public int Count => (Rows + 3) / 4 * ((Channels + 3) / 4);

    public static void Run(in WindowDots<V> work, int first, int last)
    {
        Window window = work.Window;
        int positions = window.Height * window.Width, tiles = (work.Channels + 3) / 4;
        nint aRow = work.To.Height * work.To.Width * work.Lanes, bRow = work.From.Height * work.From.Width * work.Lanes;
        for (int part = first; part < last; part++)
        {
            int o = part / tiles * 4, c = part % tiles * 4, rows = Math.Min(4, work.Rows - o), columns = Math.Min(4, work.Channels - c);
            for (int position = 0; position < positions; position++)
            {
                var down = WindowOverlap.OfWindow(position / window.Width, window.S1, window.P1, work.From.Height, work.To.Height);
                var across = WindowOverlap.OfWindow(position % window.Width, window.S2, window.P2, work.From.Width, work.To.Width);
                float* a = work.DY + (((down.A * work.To.Width) + across.A) * work.Lanes) + (o * aRow);
                float* b = work.X + (((down.B * work.From.Width) + across.B) * work.Lanes) + (c * bRow);
                float* to = work.DW + (((o * work.Channels) + c) * positions) + position;
                AddTile(a, aRow, b, bRow, to, work.Channels * positions, positions, rows, columns, work.CreateLoops(down, across));
            }
        }
    }

    private NestedLoops CreateLoops(WindowOverlap down, WindowOverlap across)
    {
        var vectors = new LoopStrides(Lanes / V.Count, V.Count, V.Count);
        var lines = new LoopStrides(down.Count, down.StepA * To.Width * Lanes, down.StepB * From.Width * Lanes);
        var columns = new LoopStrides(across.Count, across.StepA * Lanes, across.StepB * Lanes);
        return Window.S2 == 1
            ? new(new(1, 0, 0), lines, vectors with { Count = vectors.Count * columns.Count }) // adjacent vectors are one loop
            : new(vectors, lines, columns);
    }

    // A tile with fewer rows or columns than four repeats the last one.
    private static void AddTile(
        float* a,
        nint aRow,
        float* b,
        nint bRow,
        float* c,
        int cRow,
        int cColumn,
        int rows,
        int columns,
        in NestedLoops loops)
    {
        nint a1 = Math.Min(1, rows - 1) * aRow, a2 = Math.Min(2, rows - 1) * aRow, a3 = (rows - 1) * aRow;
        float* sums = stackalloc float[16];
        if (columns == 1)
        {
            FourByOne(a, a1, a2, a3, b, sums, loops);
        }
        else
        {
            FourByFour(a, a1, a2, a3, b, bRow, Math.Min(2, columns - 1) * bRow, (columns - 1) * bRow, sums, loops);
        }

        for (int r = 0; r < rows; r++)
        {
            for (int k = 0; k < columns; k++)
            {
                c[(r * cRow) + (k * cColumn)] += sums[(4 * r) + k];
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void FourByFour(
        float* a,
        nint a1,
        nint a2,
        nint a3,
        float* b,
        nint b1,
        nint b2,
        nint b3,
        float* sums,
        in NestedLoops loops)
    {
        V s00 = default, s01 = default, s02 = default, s03 = default, s10 = default, s11 = default, s12 = default, s13 = default;
        V s20 = default, s21 = default, s22 = default, s23 = default, s30 = default, s31 = default, s32 = default, s33 = default;
        nint aInner = loops.Inner.A, bInner = loops.Inner.B;
        for (int i = loops.Outer.Count; i > 0; i--, a += loops.Outer.A, b += loops.Outer.B)
        {
            float* aMiddle = a, bMiddle = b;
            for (int j = loops.Middle.Count; j > 0; j--, aMiddle += loops.Middle.A, bMiddle += loops.Middle.B)
            {
                float* dY = aMiddle, x = bMiddle;
                for (int k = loops.Inner.Count; k > 0; k--, dY += aInner, x += bInner)
                {
                    V x0 = V.Load(x), x1 = V.Load(x + b1), x2 = V.Load(x + b2), x3 = V.Load(x + b3);
                    var y = V.Load(dY);
                    s00 = V.MultiplyAdd(y, x0, s00);
                    s01 = V.MultiplyAdd(y, x1, s01);
                    s02 = V.MultiplyAdd(y, x2, s02);
                    s03 = V.MultiplyAdd(y, x3, s03);
                    y = V.Load(dY + a1);
                    s10 = V.MultiplyAdd(y, x0, s10);
                    s11 = V.MultiplyAdd(y, x1, s11);
                    s12 = V.MultiplyAdd(y, x2, s12);
                    s13 = V.MultiplyAdd(y, x3, s13);
                    y = V.Load(dY + a2);
                    s20 = V.MultiplyAdd(y, x0, s20);
                    s21 = V.MultiplyAdd(y, x1, s21);
                    s22 = V.MultiplyAdd(y, x2, s22);
                    s23 = V.MultiplyAdd(y, x3, s23);
                    y = V.Load(dY + a3);
                    s30 = V.MultiplyAdd(y, x0, s30);
                    s31 = V.MultiplyAdd(y, x1, s31);
                    s32 = V.MultiplyAdd(y, x2, s32);
                    s33 = V.MultiplyAdd(y, x3, s33);
                }
            }
        }

        (sums[0], sums[1], sums[2], sums[3]) = (V.Sum(s00), V.Sum(s01), V.Sum(s02), V.Sum(s03));
        (sums[4], sums[5], sums[6], sums[7]) = (V.Sum(s10), V.Sum(s11), V.Sum(s12), V.Sum(s13));
        (sums[8], sums[9], sums[10], sums[11]) = (V.Sum(s20), V.Sum(s21), V.Sum(s22), V.Sum(s23));
        (sums[12], sums[13], sums[14], sums[15]) = (V.Sum(s30), V.Sum(s31), V.Sum(s32), V.Sum(s33));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void FourByOne(float* a, nint a1, nint a2, nint a3, float* b, float* sums, in NestedLoops loops)
    {
        V s0 = default, s1 = default, s2 = default, s3 = default;
        nint aInner = loops.Inner.A, bInner = loops.Inner.B;
        for (int i = loops.Outer.Count; i > 0; i--, a += loops.Outer.A, b += loops.Outer.B)
        {
            float* aMiddle = a, bMiddle = b;
            for (int j = loops.Middle.Count; j > 0; j--, aMiddle += loops.Middle.A, bMiddle += loops.Middle.B)
            {
                float* dY = aMiddle, x = bMiddle;
                for (int k = loops.Inner.Count; k > 0; k--, dY += aInner, x += bInner)
                {
                    var x0 = V.Load(x);
                    s0 = V.MultiplyAdd(V.Load(dY), x0, s0);
                    s1 = V.MultiplyAdd(V.Load(dY + a1), x0, s1);
                    s2 = V.MultiplyAdd(V.Load(dY + a2), x0, s2);
                    s3 = V.MultiplyAdd(V.Load(dY + a3), x0, s3);
                }
            }
        }

        (sums[0], sums[4], sums[8], sums[12]) = (V.Sum(s0), V.Sum(s1), V.Sum(s2), V.Sum(s3));
    }
}
