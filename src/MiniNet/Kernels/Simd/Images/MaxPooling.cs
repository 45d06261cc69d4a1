using System.Runtime.CompilerServices;
using MiniNet.Kernels.Vectors;

namespace MiniNet.Kernels.Images;

/// <summary>
/// The largest pixel under each window, and its gradient, for as many channels at a time as a vector holds, whichever images they belong to: turned,
/// so that every comparison is between vectors; and as many lines of y at a time as keep their room small. Whoever makes one has checked the spans,
/// pinned them, and asked whether it <see cref="Fits"/>.
/// </summary>
internal readonly unsafe struct MaxPooling
{
    // In floats: the room that several lines of y may take, and the room that one line may.
    private const int Lines = 1 << 18, OneLine = 1 << 22;

    public required float* X { get; init; }

    /// <summary>Or dY.</summary>
    public required float* Y { get; init; }

    public required int Channels { get; init; }

    /// <summary>The pixels of a channel of x and of y.</summary>
    public required (int Height, int Width) In { get; init; }

    public required (int Height, int Width) Out { get; init; }

    public required Window Window { get; init; }

    private int PixelsX => In.Height * In.Width;

    private int PixelsY => Out.Height * Out.Width;

    /// <summary>Whether a line of y, with the rows of x under it, is short enough to be turned.</summary>
    public bool Fits => Line * Floats512.Count <= OneLine;

    // What one line of y needs of each channel: its pixels, and twice the rows of x that it adds to those of the lines before it.
    private long Line => (2L * Math.Min(Math.Max(Window.Height, Window.S1), In.Height) * In.Width) + Out.Width;

    public void Forward<V>()
        where V : unmanaged, IVector<V>
    {
        float* room = MakeRoom<V>(out int lines);
        for (int c = 0; c < Channels; c += V.Count)
        {
            for (int i = 0; i < Out.Height; i += lines)
            {
                Strip strip = From(c, i, lines, V.Count);
                float* x = room, y = x + (strip.PixelsX * V.Count);
                Turn.Set<V>(X + strip.X, PixelsX, strip.Channels, strip.PixelsX, x, V.Count);
                SetLargest<V>(x - (strip.Above * V.Count), y, strip.First, strip.Last);
                Turn.Set<V>(y, V.Count, strip.PixelsY, strip.Channels, Y + strip.Y, PixelsY);
            }
        }
    }

    /// <summary>dX[first largest] += dY</summary>
    public void Backward<V>(float* dX)
        where V : unmanaged, IVector<V>
    {
        float* room = MakeRoom<V>(out int lines);
        for (int c = 0; c < Channels; c += V.Count)
        {
            for (int i = 0; i < Out.Height; i += lines)
            {
                Strip strip = From(c, i, lines, V.Count);
                float* x = room, to = x + (strip.PixelsX * V.Count), dY = to + (strip.PixelsX * V.Count);
                Turn.Set<V>(X + strip.X, PixelsX, strip.Channels, strip.PixelsX, x, V.Count);
                Turn.Set<V>(dX + strip.X, PixelsX, strip.Channels, strip.PixelsX, to, V.Count);
                Turn.Set<V>(Y + strip.Y, PixelsY, strip.Channels, strip.PixelsY, dY, V.Count);
                AddToFirstLargest<V>(x - (strip.Above * V.Count), dY, to - (strip.Above * V.Count), strip.First, strip.Last);
                Turn.Set<V>(to, V.Count, strip.PixelsX, strip.Channels, dX + strip.X, PixelsX);
            }
        }
    }

    private float* MakeRoom<V>(out int lines)
        where V : unmanaged, IVector<V>
    {
        long line = Line * V.Count;
        lines = (int)Math.Clamp(Lines / line, 1, Out.Height);
        return Room.ForImages((int)(lines * line));
    }

    /// <summary>Some lines of y in some channels, and the rows of x under them: where both begin, and how many pixels of each channel they are.</summary>
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
            var down = Reach.OfY(i, Window.Height, Window.S1, Window.P1, In.Height);
            for (int j = 0; j < Out.Width; j++, y += V.Count)
            {
                var across = Reach.OfY(j, Window.Width, Window.S2, Window.P2, In.Width);
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
            var down = Reach.OfY(i, Window.Height, Window.S1, Window.P1, In.Height);
            for (int j = 0; j < Out.Width; j++, dY += V.Count)
            {
                var across = Reach.OfY(j, Window.Width, Window.S2, Window.P2, In.Width);
                nint start = ((nint)(down.B * In.Width) + across.B) * V.Count, line = start;
                V largest = V.Load(x + line), place = default, gradient = V.Load(dY);
                for (int u = 0; u < down.Count; u++, line += In.Width * V.Count)
                {
                    nint at = line;
                    for (int v = 0; v < across.Count; v++, at += V.Count)
                    {
                        var here = V.Load(x + at);
                        place = Larger(here, largest, V.All((u * across.Count) + v), place);
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
                        V.Select(V.Equals(place, V.All((u * across.Count) + v)), before + gradient, before).Store(dX + at);
                    }
                }
            }
        }
    }

    /// <summary>Where here is larger than the largest before it, or NaN, a; else b.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Larger<V>(V here, V largest, V a, V b)
        where V : unmanaged, IVector<V> => V.Select(V.GreaterThan(here, largest), a, V.Select(V.Equals(here, here), b, a));
}
