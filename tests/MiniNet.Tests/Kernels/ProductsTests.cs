using MiniNet.Kernels;
using MiniNet.Tensors;

namespace MiniNet.Tests.Kernels;

/// <summary>Compares the three matrix products, plain and SIMD, with sums in double precision.</summary>
[Collection(SerialTests.Name)]
public sealed class ProductsTests : IDisposable
{
    private readonly int maxThreads = Kernel.MaxThreads;
    private readonly RandomStream random = new(3, "products");

    internal delegate void Product(in MatrixView a, in MatrixView b, in MatrixView c);

    // Rows, columns and the terms of each sum. The two large ones are split over threads.
    public static TheoryData<int, int, int> Sizes => new()
    {
        { 1, 1, 1 }, { 3, 5, 7 }, { 17, 33, 9 }, { 64, 64, 64 }, { 97, 131, 89 }, { 173, 197, 127 },
        { 2, 2_100_000, 1 }, { 0, 5, 7 }, { 3, 0, 7 }, { 3, 5, 0 },
    };

    public void Dispose() => Kernel.MaxThreads = maxThreads;

    [Fact]
    public void Sizes_IncludeTwoSplitOverThreads() =>
        Assert.Equal(
            2, Sizes.Count(size => (long)size.Data.Item1 * size.Data.Item2 * size.Data.Item3 >= WorkerThreads.MinMultiplicationsToSplit));

    [Theory]
    [MemberData(nameof(Sizes))]
    public void AddProduct_ManySizes_MatchesDoublePrecision(int rows, int columns, int terms)
    {
        MatrixView x = Samples.Matrix(rows, terms, random), w = Samples.Matrix(terms, columns, random);
        Check(PlainKernels.AddProduct, SimdKernels.AddProduct, x, w, rows, columns, terms, (i, j, k) => (x[i, k], w[k, j]));
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void AddTransposedProduct_ManySizes_MatchesDoublePrecision(int rows, int columns, int terms)
    {
        MatrixView x = Samples.Matrix(terms, rows, random), dY = Samples.Matrix(terms, columns, random);
        Check(
            PlainKernels.AddTransposedProduct,
            SimdKernels.AddTransposedProduct,
            x,
            dY,
            rows,
            columns,
            terms,
            (i, j, k) => (x[k, i], dY[k, j]));
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void AddProductTransposed_ManySizes_MatchesDoublePrecision(int rows, int columns, int terms)
    {
        MatrixView dY = Samples.Matrix(rows, terms, random), w = Samples.Matrix(columns, terms, random);
        Check(
            PlainKernels.AddProductTransposed,
            SimdKernels.AddProductTransposed,
            dY,
            w,
            rows,
            columns,
            terms,
            (i, j, k) => (dY[i, k], w[j, k]));
    }

    // A thread's share of a product may suggest another strategy than the whole: one row of few columns, or a few long rows.
    [Theory]
    [InlineData(1, 1100, 4096, 16)] // a sixteenth of the columns is small enough for the strategy of a single row
    [InlineData(13, 13, 36_000, 2)] // twelve rows for one thread and one for the other
    [InlineData(50, 48, 10_000, 16)] // the last of many threads has two rows
    public void Products_SplitOverThreads_AreIdentical(int rows, int columns, int terms, int threads)
    {
        MatrixView a = Samples.Matrix(rows, terms, random), b = Samples.Matrix(terms, columns, random);
        AssertSame(SimdKernels.AddProduct, a, b);
        AssertSame(SimdKernels.AddTransposedProduct, new MatrixView(a.Data, terms, rows), b);
        AssertSame(SimdKernels.AddProductTransposed, a, new MatrixView(b.Data, columns, terms));

        void AssertSame(Product product, MatrixView left, MatrixView right)
        {
            MatrixView one = Samples.Matrix(rows, columns, new RandomStream(4, "products")), many = new([.. one.Data], rows, columns);
            Kernel.MaxThreads = 1;
            product(left, right, one);
            Kernel.MaxThreads = threads;
            product(left, right, many);
            Assert.Equal(one.Data, many.Data);
        }
    }

    // Equal terms are the worst case: added one by one, from some size of the sum on each is rounded in the same direction, and a million
    // would be off by 2 in 1000. In blocks of 4096, each partial sum is rounded at most 4096 times, and their total 245 times.
    [Theory]
    [InlineData(1, 3)]
    [InlineData(2, 20)]
    [InlineData(13, 5)]
    [InlineData(20, 3)]
    public void Products_MillionTerms_KeepPrecision(int rows, int columns)
    {
        const int Terms = 1_000_000;
        var x = new MatrixView([.. Enumerable.Repeat(0.7f, Terms * rows)], rows, Terms);
        var w = new MatrixView([.. Enumerable.Repeat(0.9f, Terms * columns)], Terms, columns);
        double expected = Terms * (double)0.7f * 0.9f;
        foreach (Product product in new Product[] { SimdKernels.AddProduct, PlainKernels.AddProduct })
        {
            AssertSums(product, x, w);
        }

        foreach (Product product in new Product[] { SimdKernels.AddTransposedProduct, PlainKernels.AddTransposedProduct })
        {
            AssertSums(product, new MatrixView(x.Data, Terms, rows), w);
        }

        foreach (Product product in new Product[] { SimdKernels.AddProductTransposed, PlainKernels.AddProductTransposed })
        {
            AssertSums(product, x, new MatrixView(w.Data, columns, Terms));
        }

        foreach (bool plain in new[] { false, true })
        {
            float[] db = new float[columns];
            if (plain) { PlainKernels.AddColumnSums(w, db); } else { SimdKernels.AddColumnSums(w, db); }
            Assert.All(db, sum => Assert.Equal(Terms * (double)0.9f, sum, 4342 * Samples.U * Terms * 0.9));
        }

        void AssertSums(Product product, MatrixView left, MatrixView right)
        {
            var sums = new MatrixView(new float[rows * columns], rows, columns);
            product(left, right, sums);
            Assert.All(sums.Data, sum => Assert.Equal(expected, sum, 4342 * Samples.U * expected));
        }
    }

    private static void Check(
        Product plain,
        Product simd,
        MatrixView a,
        MatrixView b,
        int rows,
        int columns,
        int terms,
        Func<int, int, int, (float A, float B)> factors)
    {
        MatrixView before = Samples.Matrix(rows, columns, new RandomStream(4, "products"));
        MatrixView fromPlain = Run(plain, threads: 1), one = Run(simd, threads: 1);
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
            {
                double sum = before[i, j], size = Math.Abs(before[i, j]);
                for (int k = 0; k < terms; k++)
                {
                    (float u, float v) = factors(i, j, k);
                    sum += (double)u * v;
                    size += Math.Abs((double)u * v);
                }

                // Higham, "Accuracy and Stability of Numerical Algorithms", 3.1: in any order, n additions and a product each have an error
                // of at most (n + 1)u of the sum of magnitudes; one more for the second order.
                double bound = (terms + 2) * Samples.U * size;
                if (!(Math.Abs(sum - fromPlain[i, j]) <= bound && Math.Abs(sum - one[i, j]) <= bound))
                {
                    Assert.Fail($"[{i}, {j}] is {sum}, not {fromPlain[i, j]} (plain) or {one[i, j]} (simd)");
                }
            }
        }

        // The number of threads determines who adds, never in which order.
        Assert.True(one.Span.SequenceEqual(Run(simd, threads: 2).Span), "two threads");
        Assert.True(one.Span.SequenceEqual(Run(simd, threads: 3).Span), "three threads");

        MatrixView Run(Product product, int threads)
        {
            Kernel.MaxThreads = threads;
            var c = new MatrixView([.. before.Data], rows, columns);
            product(a, b, c);
            return c;
        }
    }
}
