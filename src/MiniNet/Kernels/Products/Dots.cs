using System.Runtime.CompilerServices;
using MiniNet.Kernels.Vectors;

namespace MiniNet.Kernels.Products;

/// <summary>The product of a few rows with columns that lie as rows in memory: sums along both, so that nothing need be packed.</summary>
internal static unsafe class Dots
{
    public static void Add<V>(in Product product)
        where V : unmanaged, IVector<V>
    {
        for (int i = 0; i < product.Rows; i++)
        {
            AddRow<V>(product.A + (i * product.ARow), product.B, product.BColumn, product.C + (i * product.CRow), product.Columns, product.Terms, product.Add);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddRow<V>(float* a, float* b, nint step, float* c, int columns, int terms, bool add)
        where V : unmanaged, IVector<V>
    {
        int j = 0, whole = terms - (terms % V.Count), rest = terms - whole;
        for (; j + 4 <= columns; j += 4, b += 4 * step)
        {
            V s0 = default, s1 = default, s2 = default, s3 = default;
            for (int t = 0; t < whole; t += V.Count)
            {
                var x = V.Load(a + t);
                s0 = V.MultiplyAdd(x, V.Load(b + t), s0);
                s1 = V.MultiplyAdd(x, V.Load(b + step + t), s1);
                s2 = V.MultiplyAdd(x, V.Load(b + (2 * step) + t), s2);
                s3 = V.MultiplyAdd(x, V.Load(b + (3 * step) + t), s3);
            }

            if (rest > 0)
            {
                var x = V.Load(a + whole, rest);
                s0 = V.MultiplyAdd(x, V.Load(b + whole, rest), s0);
                s1 = V.MultiplyAdd(x, V.Load(b + step + whole, rest), s1);
                s2 = V.MultiplyAdd(x, V.Load(b + (2 * step) + whole, rest), s2);
                s3 = V.MultiplyAdd(x, V.Load(b + (3 * step) + whole, rest), s3);
            }

            c[j] = (add ? c[j] : 0) + V.Sum(s0);
            c[j + 1] = (add ? c[j + 1] : 0) + V.Sum(s1);
            c[j + 2] = (add ? c[j + 2] : 0) + V.Sum(s2);
            c[j + 3] = (add ? c[j + 3] : 0) + V.Sum(s3);
        }

        for (; j < columns; j++, b += step)
        {
            V s = default;
            for (int t = 0; t < whole; t += V.Count)
            {
                s = V.MultiplyAdd(V.Load(a + t), V.Load(b + t), s);
            }

            s = rest > 0 ? V.MultiplyAdd(V.Load(a + whole, rest), V.Load(b + whole, rest), s) : s;
            c[j] = (add ? c[j] : 0) + V.Sum(s);
        }
    }
}
