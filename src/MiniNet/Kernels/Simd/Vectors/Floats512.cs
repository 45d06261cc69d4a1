using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MiniNet.Kernels.Vectors;

/// <summary>Represents sixteen floats, in AVX-512 registers.</summary>
internal readonly unsafe struct Floats512(Vector512<float> v) : IVector<Floats512>
{
    private readonly Vector512<float> v = v;

    public static int Count => Vector512<float>.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats512 Broadcast(float value) => new(Vector512.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats512 Broadcast(float* from) => new(Vector512.Create(*from));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats512 Load(float* from) => new(Vector512.Load(from));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats512 Load(float* from, int count) => new(Avx512F.MaskLoad(from, Mask(count), Vector512<float>.Zero));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(float* to) => v.Store(to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(float* to, int count) => Avx512F.MaskStore(to, Mask(count), v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats512 FirstLanes(int count) => new(Mask(count));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats512 operator +(Floats512 a, Floats512 b) => new(a.v + b.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats512 operator -(Floats512 a, Floats512 b) => new(a.v - b.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats512 operator *(Floats512 a, Floats512 b) => new(a.v * b.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats512 operator /(Floats512 a, Floats512 b) => new(a.v / b.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats512 MultiplyAdd(Floats512 a, Floats512 b, Floats512 c) => new(Vector512.FusedMultiplyAdd(a.v, b.v, c.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats512 Abs(Floats512 a) => new(Vector512.Abs(a.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats512 CopySign(Floats512 a, Floats512 b) => new(Vector512.CopySign(a.v, b.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats512 Sqrt(Floats512 a) => new(Vector512.Sqrt(a.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats512 Min(Floats512 a, Floats512 b) => new(Vector512.Min(a.v, b.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats512 Max(Floats512 a, Floats512 b) => new(Vector512.Max(a.v, b.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats512 MaxNumber(Floats512 a, Floats512 b) => new(Vector512.MaxNative(a.v, b.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats512 Round(Floats512 a) => new(Vector512.Round(a.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats512 PowerOf2(Floats512 k) => new(((Vector512.ConvertToInt32Native(k.v) + Vector512.Create(127)) << 23).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats512 Exponent(Floats512 a) => new(Vector512.ConvertToSingle((a.v.AsInt32() >> 23) - Vector512.Create(127)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats512 FromInts(ReadOnlySpan<int> from)
    {
        fixed (int* p = from)
        {
            return new(Vector512.ConvertToSingle(Avx512F.MaskLoad(p, Mask(from.Length).AsInt32(), Vector512<int>.Zero)));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats512 GreaterThan(Floats512 a, Floats512 b) => new(Vector512.GreaterThan(a.v, b.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats512 Equals(Floats512 a, Floats512 b) => new(Vector512.Equals(a.v, b.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats512 Select(Floats512 where, Floats512 a, Floats512 b) => new(Vector512.ConditionalSelect(where.v, a.v, b.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(Floats512 a) => Vector512.Sum(a.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats128 FoldTo128(Floats512 a) => Floats256.FoldTo128(new Floats256(a.v.GetLower() + a.v.GetUpper()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double SumAsDouble(Floats512 a) => Vector512.Sum(Vector512.WidenLower(a.v) + Vector512.WidenUpper(a.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float MaxAcross(Floats512 a) => Floats256.MaxAcross(new(Vector256.Max(a.v.GetLower(), a.v.GetUpper())));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Transpose(float* from, nint fromStep, float* to, nint toStep)
    {
        // Each quarter of q₀ holds row 4·quarter, and each of q₁ the next row. So unpacking within quarters leaves the rows in order.
        Vector512<float> q0 = Rows(from, fromStep), q1 = Rows(from + fromStep, fromStep);
        Vector512<float> q2 = Rows(from + (2 * fromStep), fromStep), q3 = Rows(from + (3 * fromStep), fromStep);
        Vector512<double> low01 = Avx512F.UnpackLow(q0, q1).AsDouble(), high01 = Avx512F.UnpackHigh(q0, q1).AsDouble();
        Vector512<double> low23 = Avx512F.UnpackLow(q2, q3).AsDouble(), high23 = Avx512F.UnpackHigh(q2, q3).AsDouble();
        Avx512F.UnpackLow(low01, low23).AsSingle().Store(to);
        Avx512F.UnpackHigh(low01, low23).AsSingle().Store(to + toStep);
        Avx512F.UnpackLow(high01, high23).AsSingle().Store(to + (2 * toStep));
        Avx512F.UnpackHigh(high01, high23).AsSingle().Store(to + (3 * toStep));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void TransposeBack(float* from, nint fromStep, float* to, nint toStep)
    {
        Vector512<float> r0 = Vector512.Load(from), r1 = Vector512.Load(from + fromStep);
        Vector512<float> r2 = Vector512.Load(from + (2 * fromStep)), r3 = Vector512.Load(from + (3 * fromStep));
        Vector512<double> low01 = Avx512F.UnpackLow(r0, r1).AsDouble(), high01 = Avx512F.UnpackHigh(r0, r1).AsDouble();
        Vector512<double> low23 = Avx512F.UnpackLow(r2, r3).AsDouble(), high23 = Avx512F.UnpackHigh(r2, r3).AsDouble();
        Vector512<float> q0 = Avx512F.UnpackLow(low01, low23).AsSingle(), q1 = Avx512F.UnpackHigh(low01, low23).AsSingle();
        Vector512<float> q2 = Avx512F.UnpackLow(high01, high23).AsSingle(), q3 = Avx512F.UnpackHigh(high01, high23).AsSingle();
        Floats128.StoreRows(
            Avx512F.ExtractVector128(q0, 0),
            Avx512F.ExtractVector128(q1, 0),
            Avx512F.ExtractVector128(q2, 0),
            Avx512F.ExtractVector128(q3, 0),
            to,
            toStep);
        Floats128.StoreRows(
            Avx512F.ExtractVector128(q0, 1),
            Avx512F.ExtractVector128(q1, 1),
            Avx512F.ExtractVector128(q2, 1),
            Avx512F.ExtractVector128(q3, 1),
            to + (4 * toStep),
            toStep);
        Floats128.StoreRows(
            Avx512F.ExtractVector128(q0, 2),
            Avx512F.ExtractVector128(q1, 2),
            Avx512F.ExtractVector128(q2, 2),
            Avx512F.ExtractVector128(q3, 2),
            to + (8 * toStep),
            toStep);
        Floats128.StoreRows(
            Avx512F.ExtractVector128(q0, 3),
            Avx512F.ExtractVector128(q1, 3),
            Avx512F.ExtractVector128(q2, 3),
            Avx512F.ExtractVector128(q3, 3),
            to + (12 * toStep),
            toStep);
    }

    // Four columns of rows 0, 4, 8 and 12.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Rows(float* from, nint step) => Vector512.Create(
        Vector256.Create(Vector128.Load(from), Vector128.Load(from + (4 * step))),
        Vector256.Create(Vector128.Load(from + (8 * step)), Vector128.Load(from + (12 * step))));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Mask(int count) => Vector512.LessThan(Vector512<int>.Indices, Vector512.Create(count)).AsSingle();
}
