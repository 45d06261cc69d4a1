using System.Diagnostics.CodeAnalysis;
using MiniNet.Kernels.Vectors;

namespace MiniNet.Kernels.Images;

/// <summary>
/// y = b + Σ x·w, or its gradients where x, w or y stands for dX, dW or dY. Images that fill vectors go together, turned; a few that do not go one at a
/// time, by columns. Whoever makes one has checked the spans and pinned them.
/// </summary>
internal readonly unsafe partial struct Convolution
{
    // In floats: what a thread keeps room for at most, but for a single line of y; more than this, and images are taken one at a time.
    private const long MostTogether = 1 << 22;

    // What it costs to lay out a line of the columns, in multiplications.
    private const int LayingOut = 400;

    public required float* X { get; init; }

    public required float* W { get; init; }

    public required float* Y { get; init; }

    public required int Channels { get; init; }

    public required int OutChannels { get; init; }

    /// <summary>The pixels of an image of x and of y.</summary>
    public required (int Height, int Width) In { get; init; }

    public required (int Height, int Width) Out { get; init; }

    public required Window Window { get; init; }

    private int PixelsX => In.Height * In.Width;

    private int PixelsY => Out.Height * Out.Width;

    private int NumbersX => Channels * PixelsX;

    private int NumbersY => OutChannels * PixelsY;

    private int Places => Window.Height * Window.Width;

    /// <summary>y = b + Σ x·w; no b is one of zeros.</summary>
    public void Forward<V>(float* b, int images)
        where V : unmanaged, IVector<V>
    {
        for (int n = 0, count; n < images; n += count)
        {
            if ((count = Together<V>(images - n)) > 0)
            {
                ForwardTurned<V>(b, n, count);
            }
            else
            {
                ForwardByColumns(b, n);
                count = 1;
            }
        }
    }

    /// <summary>dW += Σ x·dY</summary>
    public void BackwardW<V>(int images)
        where V : unmanaged, IVector<V>
    {
        for (int n = 0, count; n < images; n += count)
        {
            if ((count = Together<V>(images - n)) > 0)
            {
                BackwardWTurned<V>(n, count);
            }
            else
            {
                BackwardWByColumns(n);
                count = 1;
            }
        }
    }

    /// <summary>dX += Σ dY·w</summary>
    public void BackwardX<V>(int images)
        where V : unmanaged, IVector<V>
    {
        for (int n = 0, count; n < images; n += count)
        {
            if ((count = Together<V>(images - n)) > 0)
            {
                BackwardXTurned<V>(n, count);
            }
            else
            {
                BackwardXByColumns(n);
                count = 1;
            }
        }
    }

    // As many as two vectors hold, if there are; what is left fills a vector in part, and goes by columns where that costs less.
    private int Together<V>(int left)
        where V : unmanaged, IVector<V>
    {
        if (((long)NumbersX + NumbersY) * Pair<V>.Count > MostTogether)
        {
            return 0;
        }

        int rest = left % V.Count;
        long line = (long)OutChannels * Out.Width;
        return left >= Pair<V>.Count ? Pair<V>.Count : rest * (line + LayingOut) > V.Count / 2 * line ? left : left - rest;
    }

    private void ForwardTurned<V>(float* b, int n, int count)
        where V : unmanaged, IVector<V>
    {
        int lanes = Lanes<V>(count), rows = WindowSums<V>.RoundUp(OutChannels);
        float* start = Start(rows, Channels, lanes * NumbersX, PixelsY * rows * lanes, out float* a, out float* x, out float* y);
        for (int o = 0; o < OutChannels && b is not null; o++)
        {
            start[o] = b[o];
        }

        WindowSums<V>.Pack(W, OutChannels, Channels * Places, Channels, Places, Places, a);
        SetTurned<V>(X + (n * (nint)NumbersX), Channels, PixelsX, count, lanes, x);
        var sums = new WindowSums<V>
        {
            A = a,
            B = x,
            C = y,
            Start = start,
            Rows = rows,
            Channels = Channels,
            Lanes = lanes,
            Window = Window,
            From = In,
            To = Out,
            Backward = false,
        };
        WorkerThreads.Split(sums, PixelsY, 1, Multiplications(count));
        for (int o = 0; o < OutChannels; o++)
        {
            Turn.Set<V>(y + (o * PixelsY * lanes), lanes, PixelsY, count, Y + (n * (nint)NumbersY) + (o * PixelsY), NumbersY);
        }
    }

    private void BackwardXTurned<V>(int n, int count)
        where V : unmanaged, IVector<V>
    {
        int lanes = Lanes<V>(count), rows = WindowSums<V>.RoundUp(Channels);
        float* start = Start(rows, OutChannels, lanes * NumbersY, PixelsX * rows * lanes, out float* a, out float* dY, out float* dX);
        WindowSums<V>.Pack(W, Channels, Places, OutChannels, Channels * Places, Places, a);
        SetTurned<V>(Y + (n * (nint)NumbersY), OutChannels, PixelsY, count, lanes, dY);
        var sums = new WindowSums<V>
        {
            A = a,
            B = dY,
            C = dX,
            Start = start,
            Rows = rows,
            Channels = OutChannels,
            Lanes = lanes,
            Window = Window,
            From = Out,
            To = In,
            Backward = true,
        };
        WorkerThreads.Split(sums, PixelsX, 1, Multiplications(count));
        for (int c = 0; c < Channels; c++)
        {
            Turn.Add<V>(dX + (c * PixelsX * lanes), lanes, PixelsX, count, X + (n * (nint)NumbersX) + (c * PixelsX), NumbersX);
        }
    }

    private void BackwardWTurned<V>(int n, int count)
        where V : unmanaged, IVector<V>
    {
        int lanes = Lanes<V>(count);
        float* x = Room.Of(lanes * (NumbersX + NumbersY)), dY = x + (lanes * NumbersX);
        SetTurned<V>(X + (n * (nint)NumbersX), Channels, PixelsX, count, lanes, x);
        SetTurned<V>(Y + (n * (nint)NumbersY), OutChannels, PixelsY, count, lanes, dY);
        var dots = new WindowDots<V>
        {
            X = x,
            DY = dY,
            DW = W,
            Rows = OutChannels,
            Channels = Channels,
            Lanes = lanes,
            Window = Window,
            From = In,
            To = Out,
        };
        WorkerThreads.Split(dots, dots.Count, 1, Multiplications(count));
    }

    /// <summary>turned[pixel, channel, m] = images[m, channel, pixel], and 0 in lanes without an image.</summary>
    private static void SetTurned<V>(float* images, int channels, int pixels, int count, int lanes, float* turned)
        where V : unmanaged, IVector<V>
    {
        if (count < lanes)
        {
            new Span<float>(turned, channels * pixels * lanes).Clear();
        }

        for (int c = 0; c < channels; c++)
        {
            Turn.Set<V>(images + (c * pixels), channels * pixels, count, pixels, turned + (c * lanes), channels * lanes);
        }
    }

    /// <summary>Room for what a tile starts from, which is cleared, the packed weights, and the turned images it comes from and goes to.</summary>
    [SuppressMessage("Design", "CA1021", Justification = "A tuple cannot hold pointers.")]
    private float* Start(int rows, int channels, int from, int to, out float* a, out float* b, out float* c)
    {
        int first = Room.Lines(rows), weights = Room.Lines(rows * channels * Places);
        float* start = Room.Of(first + weights + from + to);
        new Span<float>(start, rows).Clear();
        a = start + first;
        b = a + weights;
        c = b + from;
        return start;
    }

    private static int Lanes<V>(int count)
        where V : unmanaged, IVector<V> => count <= V.Count ? V.Count : Pair<V>.Count;

    private long Multiplications(int count) => (long)count * NumbersY * Channels * Places;
}
