using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using MiniNet.Kernels.Vectors;

namespace MiniNet.Kernels.Products;

/// <summary>
/// Computes a product of two factors whose terms are contiguous: a vector of terms at a time, reduced across lanes at the end.
/// Nothing is packed.
/// </summary>
internal static unsafe class DotProducts
{
    public static void Add<V>(in Product product)
        where V : unmanaged, IVector<V>
    {
        float* sums = stackalloc float[16];
        int height = product.Rows < 4 ? 1 : 4;
        for (int i = 0; i < product.Rows; i += height)
        {
            int rows = Math.Min(height, product.Rows - i);
            for (int j = 0; j < product.Columns; j += 4)
            {
                // If fewer than four columns are left, the first one replaces the missing ones, and their results are discarded.
                int columns = Math.Min(4, product.Columns - j);
                float* a = product.A + (i * product.ARow), b = product.B + (j * product.BColumn);
                nint b1 = columns > 1 ? product.BColumn : 0, b2 = columns > 2 ? 2 * product.BColumn : 0,
                    b3 = columns > 3 ? 3 * product.BColumn : 0;
                if (height == 1)
                {
                    OneByFour<V>(a, b, b1, b2, b3, product.Terms, sums);
                }
                else
                {
                    nint a1 = rows > 1 ? product.ARow : 0, a2 = rows > 2 ? 2 * product.ARow : 0, a3 = rows > 3 ? 3 * product.ARow : 0;
                    FourByFour<V>(a, a1, a2, a3, b, b1, b2, b3, product.Terms, sums);
                }

                for (int r = 0; r < rows; r++)
                {
                    float* c = product.C + ((i + r) * product.CRow) + j;
                    float* from = product.From == null ? null : product.From + ((i + r) * product.FromRow) + j;
                    for (int q = 0; q < columns; q++)
                    {
                        c[q] = (from == null ? 0 : from[q]) + sums[(4 * r) + q];
                    }
                }
            }
        }
    }

    [SuppressMessage("Design", "MA0051", Justification = "Sixteen sums are sixteen lines.")]
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void FourByFour<V>(float* a, nint a1, nint a2, nint a3, float* b, nint b1, nint b2, nint b3, int terms, float* sums)
        where V : unmanaged, IVector<V>
    {
        V s00 = default, s01 = default, s02 = default, s03 = default;
        V s10 = default, s11 = default, s12 = default, s13 = default;
        V s20 = default, s21 = default, s22 = default, s23 = default;
        V s30 = default, s31 = default, s32 = default, s33 = default;
        for (; terms > 0; terms -= V.Count, a += V.Count, b += V.Count)
        {
            int count = Math.Min(terms, V.Count);
            V y0 = V.Load(b, count);
            V y1 = V.Load(b + b1, count);
            V y2 = V.Load(b + b2, count);
            V y3 = V.Load(b + b3, count);
            V x = V.Load(a, count);
            s00 = V.MultiplyAdd(x, y0, s00);
            s01 = V.MultiplyAdd(x, y1, s01);
            s02 = V.MultiplyAdd(x, y2, s02);
            s03 = V.MultiplyAdd(x, y3, s03);
            x = V.Load(a + a1, count);
            s10 = V.MultiplyAdd(x, y0, s10);
            s11 = V.MultiplyAdd(x, y1, s11);
            s12 = V.MultiplyAdd(x, y2, s12);
            s13 = V.MultiplyAdd(x, y3, s13);
            x = V.Load(a + a2, count);
            s20 = V.MultiplyAdd(x, y0, s20);
            s21 = V.MultiplyAdd(x, y1, s21);
            s22 = V.MultiplyAdd(x, y2, s22);
            s23 = V.MultiplyAdd(x, y3, s23);
            x = V.Load(a + a3, count);
            s30 = V.MultiplyAdd(x, y0, s30);
            s31 = V.MultiplyAdd(x, y1, s31);
            s32 = V.MultiplyAdd(x, y2, s32);
            s33 = V.MultiplyAdd(x, y3, s33);
        }

        Store(s00, s01, s02, s03, sums);
        Store(s10, s11, s12, s13, sums + 4);
        Store(s20, s21, s22, s23, sums + 8);
        Store(s30, s31, s32, s33, sums + 12);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void OneByFour<V>(float* a, float* b, nint b1, nint b2, nint b3, int terms, float* sums)
        where V : unmanaged, IVector<V>
    {
        V s00 = default, s01 = default, s02 = default, s03 = default;
        for (; terms > 0; terms -= V.Count, a += V.Count, b += V.Count)
        {
            int count = Math.Min(terms, V.Count);
            V y0 = V.Load(b, count);
            V y1 = V.Load(b + b1, count);
            V y2 = V.Load(b + b2, count);
            V y3 = V.Load(b + b3, count);
            V x = V.Load(a, count);
            s00 = V.MultiplyAdd(x, y0, s00);
            s01 = V.MultiplyAdd(x, y1, s01);
            s02 = V.MultiplyAdd(x, y2, s02);
            s03 = V.MultiplyAdd(x, y3, s03);
        }

        Store(s00, s01, s02, s03, sums);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<V>(V s0, V s1, V s2, V s3, float* sums)
        where V : unmanaged, IVector<V> => Floats128.Sums(V.FoldTo128(s0), V.FoldTo128(s1), V.FoldTo128(s2), V.FoldTo128(s3)).Store(sums);
}
