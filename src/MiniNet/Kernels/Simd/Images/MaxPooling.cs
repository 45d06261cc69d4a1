using System.Runtime.CompilerServices;
using MiniNet.Kernels.Vectors;

namespace MiniNet.Kernels.Images;

/// <summary>
/// Computes the maximum under each window, and its gradient, for as many channels at a time as a vector has lanes, regardless of the
/// image they belong to. The channels are transposed, so that every comparison is between vectors. The number of lines of y processed at a
/// time is limited by the size of the scratch buffer. The caller must have validated and pinned the spans, and checked
/// <see cref="CanTranspose"/>.
/// </summary>
internal readonly unsafe struct MaxPooling
{
    // In floats: the largest scratch buffer for several lines of y, and for one line.
    private const int BlockFloats = 1 << 18, MaxLineFloats = 1 << 22;

    public required float* X { get; init; }

    /// <summary>Gets y or dY.</summary>
    public required float* Y { get; init; }

    public required int Channels { get; init; }

    /// <summary>Gets the size of a channel of x; <see cref="Out"/> is that of y.</summary>
    public required (int Height, int Width) In { get; init; }

    public required (int Height, int Width) Out { get; init; }

    public required Window Window { get; init; }

    private int PixelsX => In.Height * In.Width;

    private int PixelsY => Out.Height * Out.Width;

    /// <summary>Gets a value indicating whether one line of y and the rows of x under it fit in the scratch buffer.</summary>
    public bool CanTranspose => FloatsPerLine * Floats512.Count <= MaxLineFloats;

    // The floats that one line of y needs per channel: its pixels, and twice the rows of x that it adds to those of the previous lines.
    private long FloatsPerLine => (2L * Math.Min(Math.Max(Window.Height, Window.S1), In.Height) * In.Width) + Out.Width;

    public void Forward<V>()
        where V : unmanaged, IVector<V>
    {
        float* room = GetBuffers<V>(out int lines);
        for (int c = 0; c < Channels; c += V.Count)
        {
            for (int i = 0; i < Out.Height; i += lines)
            {
                Strip strip = From(c, i, lines, V.Count);
                float* x = room, y = x + (strip.PixelsX * V.Count);
                ImageTranspose.Set<V>(X + strip.X, PixelsX, strip.Channels, strip.PixelsX, x, V.Count);
                SetLargest<V>(x - (strip.Above * V.Count), y, strip.First, strip.Last);
                ImageTranspose.Set<V>(y, V.Count, strip.PixelsY, strip.Channels, Y + strip.Y, PixelsY);
            }
        }
    }

    /// <summary>dX[first largest] += dY</summary>
    public void Backward<V>(float* dX)
        where V : unmanaged, IVector<V>
    {
        float* room = GetBuffers<V>(out int lines);
        for (int c = 0; c < Channels; c += V.Count)
        {
            for (int i = 0; i < Out.Height; i += lines)
            {
                Strip strip = From(c, i, lines, V.Count);
                float* x = room, to = x + (strip.PixelsX * V.Count), dY = to + (strip.PixelsX * V.Count);
                ImageTranspose.Set<V>(X + strip.X, PixelsX, strip.Channels, strip.PixelsX, x, V.Count);
                ImageTranspose.Set<V>(dX + strip.X, PixelsX, strip.Channels, strip.PixelsX, to, V.Count);
                ImageTranspose.Set<V>(Y + strip.Y, PixelsY, strip.Channels, strip.PixelsY, dY, V.Count);
                AddToFirstLargest<V>(x - (strip.Above * V.Count), dY, to - (strip.Above * V.Count), strip.First, strip.Last);
                ImageTranspose.Set<V>(to, V.Count, strip.PixelsX, strip.Channels, dX + strip.X, PixelsX);
            }
        }
    }

    private float* GetBuffers<V>(out int lines)
        where V : unmanaged, IVector<V>
    {
        long line = FloatsPerLine * V.Count;
        lines = (int)Math.Clamp(BlockFloats / line, 1, Out.Height);
        return ScratchBuffers.Images((int)(lines * line));
    }

    /// <summary>
    /// Represents some lines of y in some channels and the rows of x under them: the start of both, and their number of pixels per channel.
    /// </summary>
    private readonly record struct Strip(int Channels, int First, int Last, nint Above, nint X, int PixelsX, nint Y, int PixelsY);

    private Strip From(int c, int i, int lines, int channels)
    {
        int last = Math.Min(i + lines, Out.Height), top = Math.Max((i * Window.S1) - Window.P1, 0);
        int bottom = Math.Min(((last - 1) * Window.S1) - Window.P1 + Window.Height, In.Height), above = top * In.Width;
        nint x = ((nint)c * PixelsX) + above, y = ((nint)c * PixelsY) + (i * Out.Width);
        return new(Math.Min(channels, Channels - c), i, last, above, x, (bottom - top) * In.Width, y, (last - i) * Out.Width);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void SetLargest<V>(float* x, float* y, int first, int last)
        where V : unmanaged, IVector<V>
    {
        for (int i = first; i < last; i++)
        {
            var down = WindowOverlap.OfY(i, Window.Height, Window.S1, Window.P1, In.Height);
            for (int j = 0; j < Out.Width; j++, y += V.Count)
            {
                var across = WindowOverlap.OfY(j, Window.Width, Window.S2, Window.P2, In.Width);
                float* line = x + (((nint)(down.B * In.Width) + across.B) * V.Count);
                var largest = V.Load(line);
                for (int u = down.Count; u > 0; u--, line += In.Width * V.Count)
                {
                    float* at = line;
                    for (int v = across.Count; v > 0; v--, at += V.Count)
                    {
                        var here = V.Load(at);
                        largest = Larger(here, largest, here, largest);
                    }
                }

                largest.Store(y);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddToFirstLargest<V>(float* x, float* dY, float* dX, int first, int last)
        where V : unmanaged, IVector<V>
    {
        for (int i = first; i < last; i++)
        {
            var down = WindowOverlap.OfY(i, Window.Height, Window.S1, Window.P1, In.Height);
            for (int j = 0; j < Out.Width; j++, dY += V.Count)
            {
                var across = WindowOverlap.OfY(j, Window.Width, Window.S2, Window.P2, In.Width);
                nint start = ((nint)(down.B * In.Width) + across.B) * V.Count, line = start;
                V largest = V.Load(x + line), position = default, gradient = V.Load(dY);
                for (int u = 0; u < down.Count; u++, line += In.Width * V.Count)
                {
                    nint at = line;
                    for (int v = 0; v < across.Count; v++, at += V.Count)
                    {
                        var here = V.Load(x + at);
                        position = Larger(here, largest, V.Broadcast((u * across.Count) + v), position);
                        largest = Larger(here, largest, here, largest);
                    }
                }

                line = start;
                for (int u = 0; u < down.Count; u++, line += In.Width * V.Count)
                {
                    nint at = line;
                    for (int v = 0; v < across.Count; v++, at += V.Count)
                    {
                        var before = V.Load(dX + at);
                        V.Select(V.Equals(position, V.Broadcast((u * across.Count) + v)), before + gradient, before).Store(dX + at);
                    }
                }
            }
        }
    }

    /// <summary>Selects a if the current pixel is larger than the maximum before it, or NaN; otherwise b.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Larger<V>(V here, V largest, V a, V b)
        where V : unmanaged, IVector<V> => V.Select(V.GreaterThan(here, largest), a, V.Select(V.Equals(here, here), b, a));
}
