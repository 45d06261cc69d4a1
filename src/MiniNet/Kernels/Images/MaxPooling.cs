using System.Runtime.CompilerServices;
using MiniNet.Kernels.Vectors;

namespace MiniNet.Kernels.Images;

/// <summary>
/// The largest pixel under each window, and its gradient, for as many channels at a time as a vector holds, whichever images they belong to: turned,
/// so that every comparison is between vectors. Whoever makes one has checked the spans and pinned them.
/// </summary>
internal readonly unsafe struct MaxPooling
{
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

    public void Forward<V>()
        where V : unmanaged, IVector<V>
    {
        float* x = Room.Of(checked((PixelsX + PixelsY) * V.Count)), y = x + (PixelsX * V.Count);
        for (int c = 0; c < Channels; c += V.Count)
        {
            int count = Math.Min(V.Count, Channels - c);
            Turn.Set<V>(X + ((nint)c * PixelsX), PixelsX, count, PixelsX, x, V.Count);
            SetLargest<V>(x, y);
            Turn.Set<V>(y, V.Count, PixelsY, count, Y + ((nint)c * PixelsY), PixelsY);
        }
    }

    /// <summary>dX[first largest] += dY</summary>
    public void Backward<V>(float* dX)
        where V : unmanaged, IVector<V>
    {
        float* x = Room.Of(checked(((2 * PixelsX) + PixelsY) * V.Count)), to = x + (PixelsX * V.Count), dY = to + (PixelsX * V.Count);
        for (int c = 0; c < Channels; c += V.Count)
        {
            int count = Math.Min(V.Count, Channels - c);
            Turn.Set<V>(X + ((nint)c * PixelsX), PixelsX, count, PixelsX, x, V.Count);
            Turn.Set<V>(dX + ((nint)c * PixelsX), PixelsX, count, PixelsX, to, V.Count);
            Turn.Set<V>(Y + ((nint)c * PixelsY), PixelsY, count, PixelsY, dY, V.Count);
            AddToFirstLargest<V>(x, dY, to);
            Turn.Set<V>(to, V.Count, PixelsX, count, dX + ((nint)c * PixelsX), PixelsX);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void SetLargest<V>(float* x, float* y)
        where V : unmanaged, IVector<V>
    {
        for (int i = 0; i < Out.Height; i++)
        {
            var down = Reach.OfY(i, Window.Height, Window.S1, Window.P1, In.Height);
            for (int j = 0; j < Out.Width; j++, y += V.Count)
            {
                var across = Reach.OfY(j, Window.Width, Window.S2, Window.P2, In.Width);
                float* line = x + (((down.B * In.Width) + across.B) * V.Count);
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
    private void AddToFirstLargest<V>(float* x, float* dY, float* dX)
        where V : unmanaged, IVector<V>
    {
        for (int i = 0; i < Out.Height; i++)
        {
            var down = Reach.OfY(i, Window.Height, Window.S1, Window.P1, In.Height);
            for (int j = 0; j < Out.Width; j++, dY += V.Count)
            {
                var across = Reach.OfY(j, Window.Width, Window.S2, Window.P2, In.Width);
                nint first = ((down.B * In.Width) + across.B) * V.Count, line = first;
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

                line = first;
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
