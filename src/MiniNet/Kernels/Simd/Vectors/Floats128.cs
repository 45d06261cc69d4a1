using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MiniNet.Kernels.Vectors;

/// <summary>Represents four floats, in the registers that every 64-bit machine has.</summary>
internal readonly unsafe struct Floats128(Vector128<float> v) : IVector<Floats128>
{
    private readonly Vector128<float> v = v;

    public static int Count => Vector128<float>.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats128 Broadcast(float value) => new(Vector128.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats128 Broadcast(float* from) => new(Vector128.Create(*from));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats128 Load(float* from) => new(Vector128.Load(from));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats128 Load(float* from, int count) =>
        Avx512F.VL.IsSupported ? new(Avx512F.VL.MaskLoad(from, Mask(count), Vector128<float>.Zero)) : LoadElements(from, count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(float* to) => v.Store(to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(float* to, int count)
    {
        if (Avx512F.VL.IsSupported)
        {
            Avx512F.VL.MaskStore(to, Mask(count), v);
            return;
        }

        for (int i = 0; i < count; i++)
        {
            to[i] = v[i];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats128 FirstLanes(int count) => new(Mask(count));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats128 operator +(Floats128 a, Floats128 b) => new(a.v + b.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats128 operator -(Floats128 a, Floats128 b) => new(a.v - b.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats128 operator *(Floats128 a, Floats128 b) => new(a.v * b.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats128 operator /(Floats128 a, Floats128 b) => new(a.v / b.v);

    // A machine with 128-bit registers may lack fused multiply-add; emulating it takes a hundred times as long.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats128 MultiplyAdd(Floats128 a, Floats128 b, Floats128 c) => new(Vector128.MultiplyAddEstimate(a.v, b.v, c.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats128 Abs(Floats128 a) => new(Vector128.Abs(a.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats128 CopySign(Floats128 a, Floats128 b) => new(Vector128.CopySign(a.v, b.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats128 Sqrt(Floats128 a) => new(Vector128.Sqrt(a.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats128 Min(Floats128 a, Floats128 b) => new(Vector128.Min(a.v, b.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats128 Max(Floats128 a, Floats128 b) => new(Vector128.Max(a.v, b.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats128 MaxNumber(Floats128 a, Floats128 b) => new(Vector128.MaxNative(a.v, b.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats128 Round(Floats128 a) => new(Vector128.Round(a.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats128 PowerOf2(Floats128 k) => new(((Vector128.ConvertToInt32Native(k.v) + Vector128.Create(127)) << 23).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats128 Exponent(Floats128 a) => new(Vector128.ConvertToSingle((a.v.AsInt32() >> 23) - Vector128.Create(127)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats128 FromInts(ReadOnlySpan<int> from)
    {
        fixed (int* p = from)
        {
            return new(Vector128.ConvertToSingle(Load((float*)p, from.Length).v.AsInt32()));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats128 GreaterThan(Floats128 a, Floats128 b) => new(Vector128.GreaterThan(a.v, b.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats128 Equals(Floats128 a, Floats128 b) => new(Vector128.Equals(a.v, b.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats128 Select(Floats128 where, Floats128 a, Floats128 b) => new(Vector128.ConditionalSelect(where.v, a.v, b.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(Floats128 a) => Vector128.Sum(a.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats128 FoldTo128(Floats128 a) => a;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double SumAsDouble(Floats128 a) => Vector128.Sum(Vector128.WidenLower(a.v) + Vector128.WidenUpper(a.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float MaxAcross(Floats128 a) => MathF.Max(MathF.Max(a.v[0], a.v[1]), MathF.Max(a.v[2], a.v[3]));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Transpose(float* from, nint fromStep, float* to, nint toStep)
    {
        Floats128 r0 = Load(from), r1 = Load(from + fromStep), r2 = Load(from + (2 * fromStep)), r3 = Load(from + (3 * fromStep));
        TransposeRegisters(ref r0, ref r1, ref r2, ref r3);
        StoreRows(r0.v, r1.v, r2.v, r3.v, to, toStep);
    }

    /// <summary>Transposes a block of at most four rows and four columns, without reading or writing beyond it.</summary>
    public static void Transpose(float* from, nint fromStep, int rows, int columns, float* to, nint toStep)
    {
        Floats128 r0 = Load(from, columns), r1 = rows > 1 ? Load(from + fromStep, columns) : default;
        Floats128 r2 = rows > 2 ? Load(from + (2 * fromStep), columns) : default,
            r3 = rows > 3 ? Load(from + (3 * fromStep), columns) : default;
        TransposeRegisters(ref r0, ref r1, ref r2, ref r3);
        r0.Store(to, rows);
        if (columns > 1)
        {
            r1.Store(to + toStep, rows);
        }

        if (columns > 2)
        {
            r2.Store(to + (2 * toStep), rows);
        }

        if (columns > 3)
        {
            r3.Store(to + (3 * toStep), rows);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void TransposeRegisters(ref Floats128 r0, ref Floats128 r1, ref Floats128 r2, ref Floats128 r3)
    {
        Vector128<float> a = r0.v, b = r1.v, c = r2.v, d = r3.v;
        if (Sse.IsSupported)
        {
            Vector128<float> low01 = Sse.UnpackLow(a, b), high01 = Sse.UnpackHigh(a, b), low23 = Sse.UnpackLow(c, d),
                high23 = Sse.UnpackHigh(c, d);
            (r0, r1) = (new(Sse.MoveLowToHigh(low01, low23)), new(Sse.MoveHighToLow(low23, low01)));
            (r2, r3) = (new(Sse.MoveLowToHigh(high01, high23)), new(Sse.MoveHighToLow(high23, high01)));
        }
        else
        {
            (r0, r1) = (new(Vector128.Create(a[0], b[0], c[0], d[0])), new(Vector128.Create(a[1], b[1], c[1], d[1])));
            (r2, r3) = (new(Vector128.Create(a[2], b[2], c[2], d[2])), new(Vector128.Create(a[3], b[3], c[3], d[3])));
        }
    }

    /// <summary>Returns the horizontal sums of four vectors, one per lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats128 Sums(Floats128 a, Floats128 b, Floats128 c, Floats128 d)
    {
        if (!Sse.IsSupported)
        {
            return new(Vector128.Create(Sum(a), Sum(b), Sum(c), Sum(d)));
        }

        Vector128<float> ab = Sse.UnpackLow(a.v, b.v) + Sse.UnpackHigh(a.v, b.v), cd = Sse.UnpackLow(c.v, d.v) + Sse.UnpackHigh(c.v, d.v);
        return new(Sse.MoveLowToHigh(ab, cd) + Sse.MoveHighToLow(cd, ab));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void TransposeBack(float* from, nint fromStep, float* to, nint toStep) => Transpose(from, fromStep, to, toStep);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void StoreRows(Vector128<float> r0, Vector128<float> r1, Vector128<float> r2, Vector128<float> r3, float* to, nint step)
    {
        r0.Store(to);
        r1.Store(to + step);
        r2.Store(to + (2 * step));
        r3.Store(to + (3 * step));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Mask(int count) => Vector128.LessThan(Vector128<int>.Indices, Vector128.Create(count)).AsSingle();

    private static Floats128 LoadElements(float* from, int count) => count switch
    {
        0 => default,
        1 => new(Vector128.CreateScalar(*from)),
        2 => new(Vector128.Create(from[0], from[1], 0, 0)),
        3 => new(Vector128.Create(from[0], from[1], from[2], 0)),
        _ => Load(from),
    };
}
