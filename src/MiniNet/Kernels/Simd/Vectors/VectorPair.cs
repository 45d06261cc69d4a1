using System.Runtime.CompilerServices;

namespace MiniNet.Kernels.Vectors;

/// <summary>Represents two adjacent vectors as one.</summary>
internal unsafe struct VectorPair<V> : ILanes<VectorPair<V>>
    where V : unmanaged, ILanes<V>
{
    private V low, high;

    public static int Count => 2 * V.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VectorPair<V> Broadcast(float value)
    {
        V all = V.Broadcast(value);
        return new() { low = all, high = all };
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VectorPair<V> Broadcast(float* from)
    {
        V all = V.Broadcast(from);
        return new() { low = all, high = all };
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VectorPair<V> Load(float* from) => new() { low = V.Load(from), high = V.Load(from + V.Count) };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VectorPair<V> Load(float* from, int count) => count <= V.Count
        ? new() { low = V.Load(from, count) }
        : new() { low = V.Load(from), high = V.Load(from + V.Count, count - V.Count) };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(float* to)
    {
        low.Store(to);
        high.Store(to + V.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(float* to, int count)
    {
        low.Store(to, Math.Min(count, V.Count));
        if (count > V.Count)
        {
            high.Store(to + V.Count, count - V.Count);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VectorPair<V> operator +(VectorPair<V> a, VectorPair<V> b) => new() { low = a.low + b.low, high = a.high + b.high };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VectorPair<V> MultiplyAdd(VectorPair<V> a, VectorPair<V> b, VectorPair<V> c) => new()
    {
        low = V.MultiplyAdd(a.low, b.low, c.low),
        high = V.MultiplyAdd(a.high, b.high, c.high),
    };
}
