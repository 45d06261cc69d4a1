using System.Runtime.CompilerServices;

namespace MiniNet.Kernels.Vectors;

/// <summary>Represents two adjacent vectors as one.</summary>
internal unsafe struct Pair<V> : ILanes<Pair<V>>
    where V : unmanaged, ILanes<V>
{
    private V low, high;

    public static int Count => 2 * V.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Pair<V> All(float value)
    {
        V all = V.All(value);
        return new() { low = all, high = all };
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Pair<V> All(float* from)
    {
        V all = V.All(from);
        return new() { low = all, high = all };
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Pair<V> Load(float* from) => new() { low = V.Load(from), high = V.Load(from + V.Count) };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Pair<V> Load(float* from, int count) => count <= V.Count
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
    public static Pair<V> operator +(Pair<V> a, Pair<V> b) => new() { low = a.low + b.low, high = a.high + b.high };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Pair<V> MultiplyAdd(Pair<V> a, Pair<V> b, Pair<V> c) => new()
    {
        low = V.MultiplyAdd(a.low, b.low, c.low),
        high = V.MultiplyAdd(a.high, b.high, c.high),
    };
}
