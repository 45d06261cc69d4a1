using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MiniNet.Kernels.Vectors;

/// <summary>Represents eight floats, in AVX2 registers.</summary>
internal readonly unsafe struct Floats256(Vector256<float> v) : IVector<Floats256>
{
    private readonly Vector256<float> v = v;

    public static int Count => Vector256<float>.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats256 Broadcast(float value) => new(Vector256.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats256 Broadcast(float* from) => new(Vector256.Create(*from));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats256 Load(float* from) => new(Vector256.Load(from));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats256 Load(float* from, int count) => new(Avx.MaskLoad(from, Mask(count)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(float* to) => v.Store(to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(float* to, int count) => Avx.MaskStore(to, Mask(count), v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats256 FirstLanes(int count) => new(Mask(count));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats256 operator +(Floats256 a, Floats256 b) => new(a.v + b.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats256 operator -(Floats256 a, Floats256 b) => new(a.v - b.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats256 operator *(Floats256 a, Floats256 b) => new(a.v * b.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats256 operator /(Floats256 a, Floats256 b) => new(a.v / b.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats256 MultiplyAdd(Floats256 a, Floats256 b, Floats256 c) => new(Vector256.FusedMultiplyAdd(a.v, b.v, c.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats256 Abs(Floats256 a) => new(Vector256.Abs(a.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats256 CopySign(Floats256 a, Floats256 b) => new(Vector256.CopySign(a.v, b.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats256 Sqrt(Floats256 a) => new(Vector256.Sqrt(a.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats256 Min(Floats256 a, Floats256 b) => new(Vector256.Min(a.v, b.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats256 Max(Floats256 a, Floats256 b) => new(Vector256.Max(a.v, b.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats256 MaxNumber(Floats256 a, Floats256 b) => new(Vector256.MaxNative(a.v, b.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats256 Round(Floats256 a) => new(Vector256.Round(a.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats256 PowerOf2(Floats256 k) => new(((Vector256.ConvertToInt32Native(k.v) + Vector256.Create(127)) << 23).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats256 Exponent(Floats256 a) => new(Vector256.ConvertToSingle((a.v.AsInt32() >> 23) - Vector256.Create(127)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats256 FromInts(ReadOnlySpan<int> from)
    {
        fixed (int* p = from)
        {
            return new(Vector256.ConvertToSingle(Avx2.MaskLoad(p, Mask(from.Length).AsInt32())));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats256 GreaterThan(Floats256 a, Floats256 b) => new(Vector256.GreaterThan(a.v, b.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats256 Equals(Floats256 a, Floats256 b) => new(Vector256.Equals(a.v, b.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats256 Select(Floats256 where, Floats256 a, Floats256 b) => new(Vector256.ConditionalSelect(where.v, a.v, b.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(Floats256 a) => Vector256.Sum(a.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats128 FoldTo128(Floats256 a) => new(a.v.GetLower() + a.v.GetUpper());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double SumAsDouble(Floats256 a) => Vector256.Sum(Vector256.WidenLower(a.v) + Vector256.WidenUpper(a.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float MaxAcross(Floats256 a) => Floats128.MaxAcross(new(Vector128.Max(a.v.GetLower(), a.v.GetUpper())));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Transpose(float* from, nint fromStep, float* to, nint toStep)
    {
        // As in Floats512, with halves instead of quarters.
        Vector256<float> q0 = Rows(from, fromStep), q1 = Rows(from + fromStep, fromStep);
        Vector256<float> q2 = Rows(from + (2 * fromStep), fromStep), q3 = Rows(from + (3 * fromStep), fromStep);
        Vector256<double> low01 = Avx.UnpackLow(q0, q1).AsDouble(), high01 = Avx.UnpackHigh(q0, q1).AsDouble();
        Vector256<double> low23 = Avx.UnpackLow(q2, q3).AsDouble(), high23 = Avx.UnpackHigh(q2, q3).AsDouble();
        Avx.UnpackLow(low01, low23).AsSingle().Store(to);
        Avx.UnpackHigh(low01, low23).AsSingle().Store(to + toStep);
        Avx.UnpackLow(high01, high23).AsSingle().Store(to + (2 * toStep));
        Avx.UnpackHigh(high01, high23).AsSingle().Store(to + (3 * toStep));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void TransposeBack(float* from, nint fromStep, float* to, nint toStep)
    {
        Vector256<float> r0 = Vector256.Load(from), r1 = Vector256.Load(from + fromStep);
        Vector256<float> r2 = Vector256.Load(from + (2 * fromStep)), r3 = Vector256.Load(from + (3 * fromStep));
        Vector256<double> low01 = Avx.UnpackLow(r0, r1).AsDouble(), high01 = Avx.UnpackHigh(r0, r1).AsDouble();
        Vector256<double> low23 = Avx.UnpackLow(r2, r3).AsDouble(), high23 = Avx.UnpackHigh(r2, r3).AsDouble();
        Vector256<float> q0 = Avx.UnpackLow(low01, low23).AsSingle(), q1 = Avx.UnpackHigh(low01, low23).AsSingle();
        Vector256<float> q2 = Avx.UnpackLow(high01, high23).AsSingle(), q3 = Avx.UnpackHigh(high01, high23).AsSingle();
        Floats128.StoreRows(q0.GetLower(), q1.GetLower(), q2.GetLower(), q3.GetLower(), to, toStep);
        Floats128.StoreRows(q0.GetUpper(), q1.GetUpper(), q2.GetUpper(), q3.GetUpper(), to + (4 * toStep), toStep);
    }

    // Four columns of rows 0 and 4.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Rows(float* from, nint step) =>
        Vector256.Create(Vector128.Load(from), Vector128.Load(from + (4 * step)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Mask(int count) => Vector256.LessThan(Vector256<int>.Indices, Vector256.Create(count)).AsSingle();
}
