using MiniNet.Kernels.Vectors;

namespace MiniNet.Kernels;

/// <summary>Represents a vector that checks every address it loads from or stores to, and delegates everything else.</summary>
internal readonly unsafe struct BoundsCheckedVector<V>(V v) : IVector<BoundsCheckedVector<V>>
    where V : unmanaged, IVector<V>
{
    private readonly V v = v;

    public static int Count => V.Count;

    public static BoundsCheckedVector<V> Broadcast(float value) => new(V.Broadcast(value));

    public static BoundsCheckedVector<V> Broadcast(float* from) => new(V.Broadcast(RequireInBounds(from, 1)));

    public static BoundsCheckedVector<V> Load(float* from) => new(V.Load(RequireInBounds(from, Count)));

    public static BoundsCheckedVector<V> Load(float* from, int count) => new(V.Load(RequireInBounds(from, count), count));

    public void Store(float* to) => v.Store(RequireInBounds(to, Count));

    public void Store(float* to, int count) => v.Store(RequireInBounds(to, count), count);

    public static void Transpose(float* from, nint fromStep, float* to, nint toStep) =>
        V.Transpose(RequireInBounds(from, fromStep, Count, 4), fromStep, RequireInBounds(to, toStep, 4, Count), toStep);

    public static void TransposeBack(float* from, nint fromStep, float* to, nint toStep) =>
        V.TransposeBack(RequireInBounds(from, fromStep, 4, Count), fromStep, RequireInBounds(to, toStep, Count, 4), toStep);

    // Only Floats128 has these members.
    public static void Transpose(float* from, nint fromStep, int rows, int columns, float* to, nint toStep) =>
        Vectors.Floats128.Transpose(
            RequireInBounds(from, fromStep, rows, columns), fromStep, rows, columns, RequireInBounds(to, toStep, columns, rows), toStep);

    public static BoundsCheckedVector<Vectors.Floats128> Sums(
        Vectors.Floats128 a,
        Vectors.Floats128 b,
        Vectors.Floats128 c,
        Vectors.Floats128 d) =>
        new(Vectors.Floats128.Sums(a, b, c, d));

    public static BoundsCheckedVector<V> operator +(BoundsCheckedVector<V> a, BoundsCheckedVector<V> b) => new(a.v + b.v);

    public static BoundsCheckedVector<V> operator -(BoundsCheckedVector<V> a, BoundsCheckedVector<V> b) => new(a.v - b.v);

    public static BoundsCheckedVector<V> operator *(BoundsCheckedVector<V> a, BoundsCheckedVector<V> b) => new(a.v * b.v);

    public static BoundsCheckedVector<V> operator /(BoundsCheckedVector<V> a, BoundsCheckedVector<V> b) => new(a.v / b.v);

    public static BoundsCheckedVector<V> MultiplyAdd(BoundsCheckedVector<V> a, BoundsCheckedVector<V> b, BoundsCheckedVector<V> c) =>
        new(V.MultiplyAdd(a.v, b.v, c.v));

    public static BoundsCheckedVector<V> Abs(BoundsCheckedVector<V> a) => new(V.Abs(a.v));

    public static BoundsCheckedVector<V> CopySign(BoundsCheckedVector<V> a, BoundsCheckedVector<V> b) => new(V.CopySign(a.v, b.v));

    public static BoundsCheckedVector<V> Sqrt(BoundsCheckedVector<V> a) => new(V.Sqrt(a.v));

    public static BoundsCheckedVector<V> Min(BoundsCheckedVector<V> a, BoundsCheckedVector<V> b) => new(V.Min(a.v, b.v));

    public static BoundsCheckedVector<V> Max(BoundsCheckedVector<V> a, BoundsCheckedVector<V> b) => new(V.Max(a.v, b.v));

    public static BoundsCheckedVector<V> MaxNumber(BoundsCheckedVector<V> a, BoundsCheckedVector<V> b) => new(V.MaxNumber(a.v, b.v));

    public static BoundsCheckedVector<V> Round(BoundsCheckedVector<V> a) => new(V.Round(a.v));

    public static BoundsCheckedVector<V> FromInts(ReadOnlySpan<int> from) => new(V.FromInts(from));

    public static BoundsCheckedVector<V> PowerOf2(BoundsCheckedVector<V> k) => new(V.PowerOf2(k.v));

    public static BoundsCheckedVector<V> Exponent(BoundsCheckedVector<V> a) => new(V.Exponent(a.v));

    public static BoundsCheckedVector<V> FirstLanes(int count) => new(V.FirstLanes(count));

    public static BoundsCheckedVector<V> GreaterThan(BoundsCheckedVector<V> a, BoundsCheckedVector<V> b) => new(V.GreaterThan(a.v, b.v));

    public static BoundsCheckedVector<V> Equals(BoundsCheckedVector<V> a, BoundsCheckedVector<V> b) => new(V.Equals(a.v, b.v));

    public static BoundsCheckedVector<V> Select(BoundsCheckedVector<V> where, BoundsCheckedVector<V> a, BoundsCheckedVector<V> b) =>
        new(V.Select(where.v, a.v, b.v));

    public static float Sum(BoundsCheckedVector<V> a) => V.Sum(a.v);

    public static Vectors.Floats128 FoldTo128(BoundsCheckedVector<V> a) => V.FoldTo128(a.v);

    public static double SumAsDouble(BoundsCheckedVector<V> a) => V.SumAsDouble(a.v);

    public static float MaxAcross(BoundsCheckedVector<V> a) => V.MaxAcross(a.v);

    private static float* RequireInBounds(float* at, nint count)
    {
        AllowedMemory.Check(at, count);
        return at;
    }

    private static float* RequireInBounds(float* at, nint step, int rows, int columns)
    {
        for (int i = 0; i < rows; i++)
        {
            AllowedMemory.Check(at + (i * step), columns);
        }

        return at;
    }
}
