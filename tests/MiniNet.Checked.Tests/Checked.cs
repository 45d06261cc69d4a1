using MiniNet.Kernels.Vectors;

namespace MiniNet.Kernels;

/// <summary>Represents a vector that checks every address it loads from or stores to, and delegates everything else.</summary>
internal readonly unsafe struct Checked<V>(V v) : IVector<Checked<V>>
    where V : unmanaged, IVector<V>
{
    private readonly V v = v;

    public static int Count => V.Count;

    public static Checked<V> All(float value) => new(V.All(value));

    public static Checked<V> All(float* from) => new(V.All(In(from, 1)));

    public static Checked<V> Load(float* from) => new(V.Load(In(from, Count)));

    public static Checked<V> Load(float* from, int count) => new(V.Load(In(from, count), count));

    public void Store(float* to) => v.Store(In(to, Count));

    public void Store(float* to, int count) => v.Store(In(to, count), count);

    public static void Transpose(float* from, nint fromStep, float* to, nint toStep) =>
        V.Transpose(In(from, fromStep, Count, 4), fromStep, In(to, toStep, 4, Count), toStep);

    public static void TransposeBack(float* from, nint fromStep, float* to, nint toStep) =>
        V.TransposeBack(In(from, fromStep, 4, Count), fromStep, In(to, toStep, Count, 4), toStep);

    // Only Floats128 has these members.
    public static void Transpose(float* from, nint fromStep, int rows, int columns, float* to, nint toStep) =>
        Vectors.Floats128.Transpose(In(from, fromStep, rows, columns), fromStep, rows, columns, In(to, toStep, columns, rows), toStep);

    public static Checked<Vectors.Floats128> Sums(Vectors.Floats128 a, Vectors.Floats128 b, Vectors.Floats128 c, Vectors.Floats128 d) =>
        new(Vectors.Floats128.Sums(a, b, c, d));

    public static Checked<V> operator +(Checked<V> a, Checked<V> b) => new(a.v + b.v);

    public static Checked<V> operator -(Checked<V> a, Checked<V> b) => new(a.v - b.v);

    public static Checked<V> operator *(Checked<V> a, Checked<V> b) => new(a.v * b.v);

    public static Checked<V> operator /(Checked<V> a, Checked<V> b) => new(a.v / b.v);

    public static Checked<V> MultiplyAdd(Checked<V> a, Checked<V> b, Checked<V> c) => new(V.MultiplyAdd(a.v, b.v, c.v));

    public static Checked<V> Abs(Checked<V> a) => new(V.Abs(a.v));

    public static Checked<V> CopySign(Checked<V> a, Checked<V> b) => new(V.CopySign(a.v, b.v));

    public static Checked<V> Sqrt(Checked<V> a) => new(V.Sqrt(a.v));

    public static Checked<V> Min(Checked<V> a, Checked<V> b) => new(V.Min(a.v, b.v));

    public static Checked<V> Max(Checked<V> a, Checked<V> b) => new(V.Max(a.v, b.v));

    public static Checked<V> MaxOfNumbers(Checked<V> a, Checked<V> b) => new(V.MaxOfNumbers(a.v, b.v));

    public static Checked<V> Round(Checked<V> a) => new(V.Round(a.v));

    public static Checked<V> Wholes(ReadOnlySpan<int> from) => new(V.Wholes(from));

    public static Checked<V> PowerOf2(Checked<V> k) => new(V.PowerOf2(k.v));

    public static Checked<V> Exponent(Checked<V> a) => new(V.Exponent(a.v));

    public static Checked<V> First(int count) => new(V.First(count));

    public static Checked<V> GreaterThan(Checked<V> a, Checked<V> b) => new(V.GreaterThan(a.v, b.v));

    public static Checked<V> Equals(Checked<V> a, Checked<V> b) => new(V.Equals(a.v, b.v));

    public static Checked<V> Select(Checked<V> where, Checked<V> a, Checked<V> b) => new(V.Select(where.v, a.v, b.v));

    public static float Sum(Checked<V> a) => V.Sum(a.v);

    public static Vectors.Floats128 Fold(Checked<V> a) => V.Fold(a.v);

    public static double WideSum(Checked<V> a) => V.WideSum(a.v);

    public static float Greatest(Checked<V> a) => V.Greatest(a.v);

    private static float* In(float* at, nint count)
    {
        Allowed.Check(at, count);
        return at;
    }

    private static float* In(float* at, nint step, int rows, int columns)
    {
        for (int i = 0; i < rows; i++)
        {
            Allowed.Check(at + (i * step), columns);
        }

        return at;
    }
}
