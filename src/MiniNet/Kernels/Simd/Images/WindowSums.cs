using System.Runtime.CompilerServices;
using MiniNet.Kernels.Vectors;

namespace MiniNet.Kernels.Images;

/// <summary>Represents one of three nested loops: the number of iterations, and the strides in a and b.</summary>
internal readonly record struct LoopStrides(int Count, nint A, nint B);

/// <summary>Represents three nested loops.</summary>
internal readonly record struct NestedLoops(LoopStrides Outer, LoopStrides Middle, LoopStrides Inner);

/// <summary>
/// Computes the convolution, or its gradient for x, from transposed images. It works in tiles whose sums stay in registers.
/// Pixels in the padding are skipped rather than multiplied with 0.
/// </summary>
/// <remarks>
/// Pixel p of the result, channel r: c[r, p] = start[r] + Σ a[r, k, u, v]·b[q, k] over the channels k of b, and the positions u, v of the
/// window at which pixel q of b contributes to p.
/// Each element is summed over k, u, v in this order by one thread.
/// </remarks>
internal readonly unsafe struct WindowSums<V> : IWork<WindowSums<V>>
    where V : unmanaged, IVector<V>
{
    /// <summary>Gets the weights, in the layout of <see cref="Pack"/>.</summary>
    public required float* A { get; init; }

    public required float* B { get; init; }

    public required float* C { get; init; }

    public required float* Start { get; init; }

    /// <summary>Gets the number of channels of c, a multiple of 4; <see cref="Channels"/> is that of b.</summary>
    public required int Rows { get; init; }

    public required int Channels { get; init; }

    /// <summary>Gets the number of images that are processed together: the lanes of one vector, or of two.</summary>
    public required int Lanes { get; init; }

    public required Window Window { get; init; }

    /// <summary>Gets the image size of b; <see cref="To"/> is that of c.</summary>
    public required (int Height, int Width) From { get; init; }

    public required (int Height, int Width) To { get; init; }

    /// <summary>Gets a value indicating whether c is dX and b is dY.</summary>
    public required bool Backward { get; init; }

    public static int RoundUp(int rows) => (rows + 3) & ~3;

    /// <summary>
    /// Packs the weights w[r·rowStep + k·channelStep + position] in the order in which the tiles read them, [tile][k][position][row].
    /// Rows that pad a tile are 0.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Pack(float* w, int rows, int rowStep, int channels, int channelStep, int positions, float* to)
    {
        for (int r = 0, height; r < rows; r += height, w += (nint)height * rowStep)
        {
            height = Height(RoundUp(rows) - r);
            for (int k = 0; k < channels; k++)
            {
                for (int position = 0; position < positions; position++, to += height)
                {
                    float* from = w + (k * channelStep) + position;
                    for (int i = 0; i < height; i++, from += rowStep)
                    {
                        to[i] = r + i < rows ? *from : 0;
                    }
                }
            }
        }
    }

    public static void Run(in WindowSums<V> work, int first, int last)
    {
        Window window = work.Window;
        int k = window.Height * window.Width;
        nint pixel = work.Channels * work.Lanes, row = work.To.Height * work.To.Width * work.Lanes;
        for (int p = first; p < last; p++)
        {
            int i = p / work.To.Width, j = p % work.To.Width;
            WindowOverlap down = work.Backward
                ? WindowOverlap.OfX(i, window.Height, window.S1, window.P1, work.From.Height)
                : WindowOverlap.OfY(i, window.Height, window.S1, window.P1, work.From.Height);
            WindowOverlap across = work.Backward
                ? WindowOverlap.OfX(j, window.Width, window.S2, window.P2, work.From.Width)
                : WindowOverlap.OfY(j, window.Width, window.S2, window.P2, work.From.Width);
            float* b = work.B + (((down.B * work.From.Width) + across.B) * pixel), c = work.C + (p * work.Lanes), a = work.A;
            for (int r = 0, height; r < work.Rows; r += height)
            {
                height = Height(work.Rows - r);
                var channels = new LoopStrides(down.Count == 0 || across.Count == 0 ? 0 : work.Channels, k * height, work.Lanes);
                var lines = new LoopStrides(down.Count, down.StepA * window.Width * height, down.StepB * work.From.Width * pixel);
                var columns = new LoopStrides(across.Count, across.StepA * height, across.StepB * pixel);
                var loops = new NestedLoops(channels, lines, columns);
                float* start = a + (((down.A * window.Width) + across.A) * height);
                if (work.Lanes == V.Count)
                {
                    AddTile<V>(height, start, b, c + (r * row), row, work.Start + r, loops);
                }
                else
                {
                    AddTile<VectorPair<V>>(height, start, b, c + (r * row), row, work.Start + r, loops);
                }

                a += k * work.Channels * height;
            }
        }
    }

    // Sixteen accumulators hide the latency of the multiply-add. With only sixteen registers, eight must do.
    private static int Height(int rows) => V.Count == Floats512.Count && rows >= 8 ? 8 : 4;

    private static void AddTile<W>(int height, float* a, float* b, float* c, nint cRow, float* start, in NestedLoops loops)
        where W : unmanaged, ILanes<W>
    {
        if (height == 8)
        {
            EightRows<W>(a, b, c, cRow, start, loops);
        }
        else
        {
            FourRows<W>(a, b, c, cRow, start, loops);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void EightRows<W>(float* a, float* b, float* c, nint cRow, float* start, in NestedLoops loops)
        where W : unmanaged, ILanes<W>
    {
        W y0 = W.Broadcast(start[0]), y1 = W.Broadcast(start[1]), y2 = W.Broadcast(start[2]), y3 = W.Broadcast(start[3]);
        W y4 = W.Broadcast(start[4]), y5 = W.Broadcast(start[5]), y6 = W.Broadcast(start[6]), y7 = W.Broadcast(start[7]);
        nint aInner = loops.Inner.A, bInner = loops.Inner.B;
        for (int i = loops.Outer.Count; i > 0; i--, a += loops.Outer.A, b += loops.Outer.B)
        {
            float* aMiddle = a, bMiddle = b;
            for (int j = loops.Middle.Count; j > 0; j--, aMiddle += loops.Middle.A, bMiddle += loops.Middle.B)
            {
                float* w = aMiddle, at = bMiddle;
                for (int k = loops.Inner.Count; k > 0; k--, w += aInner, at += bInner)
                {
                    var x = W.Load(at);
                    y0 = W.MultiplyAdd(x, W.Broadcast(w[0]), y0);
                    y1 = W.MultiplyAdd(x, W.Broadcast(w[1]), y1);
                    y2 = W.MultiplyAdd(x, W.Broadcast(w[2]), y2);
                    y3 = W.MultiplyAdd(x, W.Broadcast(w[3]), y3);
                    y4 = W.MultiplyAdd(x, W.Broadcast(w[4]), y4);
                    y5 = W.MultiplyAdd(x, W.Broadcast(w[5]), y5);
                    y6 = W.MultiplyAdd(x, W.Broadcast(w[6]), y6);
                    y7 = W.MultiplyAdd(x, W.Broadcast(w[7]), y7);
                }
            }
        }

        y0.Store(c);
        y1.Store(c + cRow);
        y2.Store(c + (2 * cRow));
        y3.Store(c + (3 * cRow));
        y4.Store(c + (4 * cRow));
        y5.Store(c + (5 * cRow));
        y6.Store(c + (6 * cRow));
        y7.Store(c + (7 * cRow));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void FourRows<W>(float* a, float* b, float* c, nint cRow, float* start, in NestedLoops loops)
        where W : unmanaged, ILanes<W>
    {
        W y0 = W.Broadcast(start[0]), y1 = W.Broadcast(start[1]), y2 = W.Broadcast(start[2]), y3 = W.Broadcast(start[3]);
        nint aInner = loops.Inner.A, bInner = loops.Inner.B;
        for (int i = loops.Outer.Count; i > 0; i--, a += loops.Outer.A, b += loops.Outer.B)
        {
            float* aMiddle = a, bMiddle = b;
            for (int j = loops.Middle.Count; j > 0; j--, aMiddle += loops.Middle.A, bMiddle += loops.Middle.B)
            {
                float* w = aMiddle, at = bMiddle;
                for (int k = loops.Inner.Count; k > 0; k--, w += aInner, at += bInner)
                {
                    var x = W.Load(at);
                    y0 = W.MultiplyAdd(x, W.Broadcast(w[0]), y0);
                    y1 = W.MultiplyAdd(x, W.Broadcast(w[1]), y1);
                    y2 = W.MultiplyAdd(x, W.Broadcast(w[2]), y2);
                    y3 = W.MultiplyAdd(x, W.Broadcast(w[3]), y3);
                }
            }
        }

        y0.Store(c);
        y1.Store(c + cRow);
        y2.Store(c + (2 * cRow));
        y3.Store(c + (3 * cRow));
    }
}
