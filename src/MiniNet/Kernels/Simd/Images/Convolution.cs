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
    private const long MaxBatchedFloats = 1 << 22;

    // The cost of copying one line into the matrix of columns, in multiplications.
    private const int ColumnSetupCost = 400;

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

    private int ElementsX => Channels * PixelsX;

    private int ElementsY => OutChannels * PixelsY;

    private int WindowSize => Window.Height * Window.Width;

    /// <summary>y = b + Σ x·w. A null b means zeros.</summary>
    public void Forward<V>(float* b, int images)
        where V : unmanaged, IVector<V>
    {
        int together = BatchedImages<V>(images);
        if (together > 0)
        {
            ForwardTransposed<V>(b, together);
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
        int together = BatchedImages<V>(images);
        if (together > 0)
        {
            BackwardWTransposed<V>(db, together);
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
        int together = BatchedImages<V>(images);
        if (together > 0)
        {
            BackwardXTransposed<V>(together);
        }

        for (int n = together; n < images; n++)
        {
            BackwardXByColumns(n);
        }
    }

    // The number of images that fill whole vectors. It includes the rest if im2col would cost more than a partly filled vector.
    private int BatchedImages<V>(int images)
        where V : unmanaged, IVector<V>
    {
        int rest = images % V.Count;
        long line = (long)OutChannels * Out.Width;
        return ((long)ElementsX + ElementsY) * VectorPair<V>.Count > MaxBatchedFloats ? 0
            : rest * (line + ColumnSetupCost) > V.Count / 2 * line ? images : images - rest;
    }

    private void ForwardTransposed<V>(float* b, int images)
        where V : unmanaged, IVector<V>
    {
        int lanes = Lanes<V>(images), rows = WindowSums<V>.RoundUp(OutChannels);
        float* start = GetBuffers(rows, Channels, lanes * ElementsX, PixelsY * rows * lanes, out float* a, out float* x, out float* y);
        for (int o = 0; o < OutChannels && b is not null; o++)
        {
            start[o] = b[o];
        }

        WindowSums<V>.Pack(W, OutChannels, Channels * WindowSize, Channels, WindowSize, WindowSize, a);
        for (int n = 0, count; n < images; n += count)
        {
            count = Math.Min(images - n, VectorPair<V>.Count);
            lanes = Lanes<V>(count);
            Transpose<V>(X + (n * (nint)ElementsX), Channels, PixelsX, count, lanes, Channels * lanes, lanes, x);
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
                ImageTranspose.Set<V>(
                    y + (o * PixelsY * lanes), lanes, PixelsY, count, Y + (n * (nint)ElementsY) + (o * PixelsY), ElementsY);
            }
        }
    }

    private void BackwardXTransposed<V>(int images)
        where V : unmanaged, IVector<V>
    {
        int lanes = Lanes<V>(images), rows = WindowSums<V>.RoundUp(Channels);
        float* start = GetBuffers(rows, OutChannels, lanes * ElementsY, PixelsX * rows * lanes, out float* a, out float* dY, out float* dX);
        WindowSums<V>.Pack(W, Channels, WindowSize, OutChannels, Channels * WindowSize, WindowSize, a);
        for (int n = 0, count; n < images; n += count)
        {
            count = Math.Min(images - n, VectorPair<V>.Count);
            lanes = Lanes<V>(count);
            Transpose<V>(Y + (n * (nint)ElementsY), OutChannels, PixelsY, count, lanes, OutChannels * lanes, lanes, dY);
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
                ImageTranspose.Add<V>(
                    dX + (c * PixelsX * lanes), lanes, PixelsX, count, X + (n * (nint)ElementsX) + (c * PixelsX), ElementsX);
            }
        }
    }

    private void BackwardWTransposed<V>(float* db, int images)
        where V : unmanaged, IVector<V>
    {
        int lanes = Lanes<V>(images);
        float* x = ScratchBuffers.Images(lanes * (ElementsX + ElementsY)), dY = x + (lanes * ElementsX);
        for (int n = 0, count; n < images; n += count)
        {
            count = Math.Min(images - n, VectorPair<V>.Count);
            lanes = Lanes<V>(count);
            Transpose<V>(X + (n * (nint)ElementsX), Channels, PixelsX, count, lanes, lanes, PixelsX * lanes, x);
            Transpose<V>(Y + (n * (nint)ElementsY), OutChannels, PixelsY, count, lanes, lanes, PixelsY * lanes, dY);
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
    /// transposed[channel, pixel, m] = images[m, channel, pixel], with the given strides. Lanes without an image are 0.
    /// </summary>
    private static void Transpose<V>(
        float* images,
        int channels,
        int pixels,
        int count,
        int lanes,
        int pixelStep,
        int channelStep,
        float* transposed)
        where V : unmanaged, IVector<V>
    {
        if (count < lanes)
        {
            new Span<float>(transposed, channels * pixels * lanes).Clear();
        }

        for (int c = 0; c < channels; c++)
        {
            ImageTranspose.Set<V>(images + (c * pixels), channels * pixels, count, pixels, transposed + (c * channelStep), pixelStep);
        }
    }

    /// <summary>
    /// Returns scratch buffers for the initial values of a tile (cleared), the packed weights,
    /// and the transposed source and result images.
    /// </summary>
    private float* GetBuffers(int rows, int channels, int from, int to, out float* a, out float* b, out float* c)
    {
        int first = AlignedArray.RoundUpToLines(rows), weights = AlignedArray.RoundUpToLines(rows * channels * WindowSize);
        float* start = ScratchBuffers.Images(first + weights + from + to);
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
        VectorPair<V> sum = default;
        for (; count >= VectorPair<V>.Count; count -= VectorPair<V>.Count, from += VectorPair<V>.Count)
        {
            sum += VectorPair<V>.Load(from);
        }

        float* parts = stackalloc float[VectorPair<V>.Count];
        (count > 0 ? sum + VectorPair<V>.Load(from, count) : sum).Store(parts);
        return V.Sum(V.Load(parts) + V.Load(parts + V.Count));
    }

    private static int Lanes<V>(int count)
        where V : unmanaged, IVector<V> => count <= V.Count ? V.Count : VectorPair<V>.Count;

    private long Multiplications(int count) => (long)count * ElementsY * Channels * WindowSize;
}
