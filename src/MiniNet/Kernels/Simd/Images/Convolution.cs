using System.Runtime.CompilerServices;
using MiniNet.Kernels.Vectors;

namespace MiniNet.Kernels.Images;

/// <summary>
/// Computes y = b + Σ x·w, or its gradients, where x, w or y stands for dX, dW or dY. Images that fill whole vectors are transposed and
/// processed together. The remaining images are processed one at a time by im2col if that is faster.
/// The caller must have validated and pinned the spans.
/// </summary>
internal readonly unsafe partial struct Convolution
{
    // In floats: images that need a larger scratch buffer than this are processed one at a time.
    private const long MostTogether = 1 << 22;

    // The cost of copying one line into the matrix of columns, in multiplications.
    private const int LayingOut = 400;

    public required float* X { get; init; }

    public required float* W { get; init; }

    public required float* Y { get; init; }

    public required int Channels { get; init; }

    public required int OutChannels { get; init; }

    /// <summary>Gets the image size of x; <see cref="Out"/> is that of y.</summary>
    public required (int Height, int Width) In { get; init; }

    public required (int Height, int Width) Out { get; init; }

    public required Window Window { get; init; }

    private int PixelsX => In.Height * In.Width;

    private int PixelsY => Out.Height * Out.Width;

    private int NumbersX => Channels * PixelsX;

    private int NumbersY => OutChannels * PixelsY;

    private int Places => Window.Height * Window.Width;

    /// <summary>y = b + Σ x·w. A null b means zeros.</summary>
    public void Forward<V>(float* b, int images)
        where V : unmanaged, IVector<V>
    {
        int together = Together<V>(images);
        if (together > 0)
        {
            ForwardTurned<V>(b, together);
        }

        for (int n = together; n < images; n++)
        {
            ForwardByColumns(b, n);
        }
    }

    /// <summary>dW += Σ x·dY, db += Σ dY. db may be null.</summary>
    public void BackwardW<V>(float* db, int images)
        where V : unmanaged, IVector<V>
    {
        int together = Together<V>(images);
        if (together > 0)
        {
            BackwardWTurned<V>(db, together);
        }

        for (int n = together; n < images; n++)
        {
            BackwardWByColumns<V>(db, n);
        }
    }

    /// <summary>dX += Σ dY·w</summary>
    public void BackwardX<V>(int images)
        where V : unmanaged, IVector<V>
    {
        int together = Together<V>(images);
        if (together > 0)
        {
            BackwardXTurned<V>(together);
        }

        for (int n = together; n < images; n++)
        {
            BackwardXByColumns(n);
        }
    }

    // The number of images that fill whole vectors. It includes the rest if im2col would cost more than a partly filled vector.
    private int Together<V>(int images)
        where V : unmanaged, IVector<V>
    {
        int rest = images % V.Count;
        long line = (long)OutChannels * Out.Width;
        return ((long)NumbersX + NumbersY) * Pair<V>.Count > MostTogether ? 0
            : rest * (line + LayingOut) > V.Count / 2 * line ? images : images - rest;
    }

    private void ForwardTurned<V>(float* b, int images)
        where V : unmanaged, IVector<V>
    {
        int lanes = Lanes<V>(images), rows = WindowSums<V>.RoundUp(OutChannels);
        float* start = Start(rows, Channels, lanes * NumbersX, PixelsY * rows * lanes, out float* a, out float* x, out float* y);
        for (int o = 0; o < OutChannels && b is not null; o++)
        {
            start[o] = b[o];
        }

        WindowSums<V>.Pack(W, OutChannels, Channels * Places, Channels, Places, Places, a);
        for (int n = 0, count; n < images; n += count)
        {
            count = Math.Min(images - n, Pair<V>.Count);
            lanes = Lanes<V>(count);
            SetTurned<V>(X + (n * (nint)NumbersX), Channels, PixelsX, count, lanes, Channels * lanes, lanes, x);
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
    }

    private void BackwardXTurned<V>(int images)
        where V : unmanaged, IVector<V>
    {
        int lanes = Lanes<V>(images), rows = WindowSums<V>.RoundUp(Channels);
        float* start = Start(rows, OutChannels, lanes * NumbersY, PixelsX * rows * lanes, out float* a, out float* dY, out float* dX);
        WindowSums<V>.Pack(W, Channels, Places, OutChannels, Channels * Places, Places, a);
        for (int n = 0, count; n < images; n += count)
        {
            count = Math.Min(images - n, Pair<V>.Count);
            lanes = Lanes<V>(count);
            SetTurned<V>(Y + (n * (nint)NumbersY), OutChannels, PixelsY, count, lanes, OutChannels * lanes, lanes, dY);
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
    }

    private void BackwardWTurned<V>(float* db, int images)
        where V : unmanaged, IVector<V>
    {
        int lanes = Lanes<V>(images);
        float* x = Room.ForImages(lanes * (NumbersX + NumbersY)), dY = x + (lanes * NumbersX);
        for (int n = 0, count; n < images; n += count)
        {
            count = Math.Min(images - n, Pair<V>.Count);
            lanes = Lanes<V>(count);
            SetTurned<V>(X + (n * (nint)NumbersX), Channels, PixelsX, count, lanes, lanes, PixelsX * lanes, x);
            SetTurned<V>(Y + (n * (nint)NumbersY), OutChannels, PixelsY, count, lanes, lanes, PixelsY * lanes, dY);
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
            for (int o = 0; o < OutChannels && db is not null; o++)
            {
                db[o] += Sum<V>(dY + (o * PixelsY * lanes), PixelsY * lanes);
            }
        }
    }

    /// <summary>
    /// turned[channel, pixel, m] = images[m, channel, pixel], with the given strides. Lanes without an image are 0.
    /// </summary>
    private static void SetTurned<V>(
        float* images,
        int channels,
        int pixels,
        int count,
        int lanes,
        int pixelStep,
        int channelStep,
        float* turned)
        where V : unmanaged, IVector<V>
    {
        if (count < lanes)
        {
            new Span<float>(turned, channels * pixels * lanes).Clear();
        }

        for (int c = 0; c < channels; c++)
        {
            Turn.Set<V>(images + (c * pixels), channels * pixels, count, pixels, turned + (c * channelStep), pixelStep);
        }
    }

    /// <summary>
    /// Returns scratch buffers for the initial values of a tile (cleared), the packed weights,
    /// and the transposed source and result images.
    /// </summary>
    private float* Start(int rows, int channels, int from, int to, out float* a, out float* b, out float* c)
    {
        int first = AlignedArray.RoundUp(rows), weights = AlignedArray.RoundUp(rows * channels * Places);
        float* start = Room.ForImages(first + weights + from + to);
        new Span<float>(start, rows).Clear();
        a = start + first;
        b = a + weights;
        c = b + from;
        return start;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Sum<V>(float* from, int count)
        where V : unmanaged, IVector<V>
    {
        Pair<V> sum = default;
        for (; count >= Pair<V>.Count; count -= Pair<V>.Count, from += Pair<V>.Count)
        {
            sum += Pair<V>.Load(from);
        }

        float* parts = stackalloc float[Pair<V>.Count];
        (count > 0 ? sum + Pair<V>.Load(from, count) : sum).Store(parts);
        return V.Sum(V.Load(parts) + V.Load(parts + V.Count));
    }

    private static int Lanes<V>(int count)
        where V : unmanaged, IVector<V> => count <= V.Count ? V.Count : Pair<V>.Count;

    private long Multiplications(int count) => (long)count * NumbersY * Channels * Places;
}
