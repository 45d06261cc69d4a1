using System.Runtime.InteropServices;
using MiniNet.Kernels;
using MiniNet.Tensors;

namespace MiniNet.Tests.Kernels;

/// <summary>
/// Compares the SIMD products with the plain ones: every length of each side, shapes for every strategy of a product, NaN, infinite and
/// denormal numbers, and any number of threads. The operands are at unaligned addresses, and nothing outside is written.
/// </summary>
[Collection(SerialTests.Name)]
public sealed class ProductsMemoryBoundsTests : IDisposable
{
    private static readonly Dictionary<string, Form> Forms = new(StringComparer.Ordinal)
    {
        ["SetProduct"] = new(
            (a, b, _, c) => PlainKernels.SetProduct(a, b, [], c),
            (a, b, _, c) => SimdKernels.SetProduct(a, b, [], c),
            Sets: true),
        ["SetProduct, b"] = new(
            (a, b, start, c) => PlainKernels.SetProduct(a, b, start, c),
            (a, b, start, c) => SimdKernels.SetProduct(a, b, start, c),
            Sets: true,
            Starts: true),
        ["AddProduct"] = new((a, b, _, c) => PlainKernels.AddProduct(a, b, c), (a, b, _, c) => SimdKernels.AddProduct(a, b, c)),
        ["AddTransposedProduct"] = new(
            (a, b, _, c) => PlainKernels.AddTransposedProduct(a, b, c),
            (a, b, _, c) => SimdKernels.AddTransposedProduct(a, b, c),
            TransposesA: true),
        ["AddProductTransposed"] = new(
            (a, b, _, c) => PlainKernels.AddProductTransposed(a, b, c),
            (a, b, _, c) => SimdKernels.AddProductTransposed(a, b, c),
            TransposesB: true),
    };

    // Processors compute with denormal numbers a hundred times slower. Larger shapes are made of the same tiles and dot products.
    private const long MaxDenormalMultiplications = 300_000;

    private readonly int maxThreads = Kernel.MaxThreads;
    private readonly RandomStream random = new(22, "guarded products");

    private delegate void Product(MatrixView a, MatrixView b, ReadOnlySpan<float> start, MatrixView c);

    public static TheoryData<string> FormNames => [.. Forms.Keys];

    public static TheoryData<string> Names =>
        [.. Forms.Keys, .. Forms.Where(form => !form.Value.Sets).Select(form => form.Key + ", to zero")];

    // Rows, columns, terms. `Product` decides which strategy each form uses for them.
    private static (int, int, int)[] StrategyShapes =>
    [
        (37, 41, 29), (24, 64, 20), (19, 161, 3), // tiles of the factors in place; packed if b is transposed
        (13, 20, 30), (3, 300, 7), // packed on the stack, and up to three rows
        (3, 70, 129), (50, 4, 77), (9, 33, 130), (6, 3, 18), // dots
        (90, 3, 40), (901, 3, 41), (61, 15, 1000), // a transposed result, on the stack and in a scratch buffer
        (3, 701, 391), (1, 2100, 133), // few rows, a large b
        (5, 690, 391), (5, 2070, 133), (690, 5, 391), // in blocks of columns, of rows
        (7, 21, 4170), (3, 301, 4170), (90, 3, 4170), (6, 4, 4170), (1, 30, 4097), (250, 2, 8200), // in parts of 4096 terms
    ];

    public void Dispose() => Kernel.MaxThreads = maxThreads;

    [Theory]
    [MemberData(nameof(Names))]
    public void Products_EveryLength_MatchPlain(string name)
    {
        foreach ((int small, int odd) in new[] { (5, 3), (13, 17), (1, 34) })
        {
            for (int n = 0; n <= 256; n++)
            {
                Check(name, n, small, odd);
                Check(name, odd, n, small);
                Check(name, small, odd, n);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Products_TwoLongSides_MatchPlain(string name)
    {
        for (int n = 0; n <= 256; n += n < 70 ? 1 : 5)
        {
            Check(name, n, n, 3);
            Check(name, n, 3, n);
            Check(name, 3, n, n);
            Check(name, n, 256 - n, n / 2);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Products_EveryStrategyAndSpecialValues_MatchPlain(string name)
    {
        foreach ((int rows, int columns, int terms) in StrategyShapes)
        {
            Check(name, rows, columns, terms);
            if ((long)rows * columns * terms <= MaxDenormalMultiplications)
            {
                Check(name, rows, columns, terms, x => x * 1e-40f, x => x); // denormal factors
                Check(name, rows, columns, terms, x => x * 1e-20f, x => x * 1e-23f); // denormal products
            }

            Check(name, rows, columns, terms, float.NaN, float.PositiveInfinity);
            Check(name, rows, columns, terms, float.NegativeInfinity, float.NaN);
        }
    }

    [Theory]
    [MemberData(nameof(FormNames))]
    public void Products_AnyNumberOfThreads_AreIdentical(string name)
    {
        (int, int, int)[] shapes = // by rows or columns of tiles; by dot products; transposed; in blocks
            [
                (173, 197, 127), (2, 2100, 1001), (1300, 4, 1001), (1301, 3, 1101), (3, 1301, 1101), (5, 2070, 391), (2101, 5, 391),
                (3, 701, 4170), (50, 48, 4170)];
        (int, int, int)[] large = [(245, 701, 391), (250, 2070, 133)]; // blocks of all three
        foreach ((int rows, int columns, int terms) in Forms[name].Sets ? shapes : [.. shapes, .. large])
        {
            Assert.InRange((long)rows * columns * terms, WorkerThreads.MinMultiplicationsToSplit, long.MaxValue);
            (CanaryBuffer a, CanaryBuffer b, CanaryBuffer start, CanaryBuffer c) = Operands(rows, columns, terms);
            CanaryBuffer one = Check(name, rows, columns, terms, a, b, start, c);
            foreach (int threads in new[] { 2, 3, 7 })
            {
                CanaryBuffer several = Run(name, Forms[name].Simd, rows, columns, terms, a, b, start, c, threads);
                Assert.True(
                    MemoryMarshal.Cast<float, int>(one.Span).SequenceEqual(MemoryMarshal.Cast<float, int>(several.Span)),
                    $"[{rows}, {columns}, {terms}], {threads} threads");
                several.AssertCanariesIntact($"[{rows}, {columns}, {terms}], {threads} threads");
            }
        }
    }

    private void Check(string name, int rows, int columns, int terms) => Check(name, rows, columns, terms, x => x, x => x);

    private void Check(string name, int rows, int columns, int terms, Func<float, float> ofA, Func<float, float> ofB)
    {
        (CanaryBuffer a, CanaryBuffer b, CanaryBuffer start, CanaryBuffer c) = Operands(rows, columns, terms);
        foreach (ref float x in a.Span) { x = ofA(x); }
        foreach (ref float x in b.Span) { x = ofB(x); }
        foreach (ref float x in start.Span) { x = ofB(ofA(x)); }
        foreach (ref float x in c.Span) { x = ofB(ofA(x)); }
        Check(name, rows, columns, terms, a, b, start, c);
    }

    // One value goes into a row of a, the other into a column of b.
    private void Check(string name, int rows, int columns, int terms, float inA, float inB)
    {
        (CanaryBuffer a, CanaryBuffer b, CanaryBuffer start, CanaryBuffer c) = Operands(rows, columns, terms);
        (int i, int j, int t, Form form) = (random.NextInt32(rows), random.NextInt32(columns), random.NextInt32(terms), Forms[Base(name)]);
        a.Span[form.TransposesA ? (t * rows) + i : (i * terms) + t] = inA;
        b.Span[form.TransposesB ? (j * terms) + t : (t * columns) + j] = inB;
        Check(name, rows, columns, terms, a, b, start, c);
    }

    private (CanaryBuffer A, CanaryBuffer B, CanaryBuffer Start, CanaryBuffer C) Operands(int rows, int columns, int terms) =>
        (
            new(rows * terms, rows, random),
            new(terms * columns, terms + 1, random),
            new(columns, columns + 2, random),
            new(rows * columns, rows + columns, random));

    // Compares the two kernels. Higham (see `ProductsTests`) bounds the error of each by (n + 2)u Σ|a·b|, and Cauchy and Schwarz bound that
    // sum by |aᵢ||bⱼ|. A denormal product has an additional error of half of the smallest number.
    private static CanaryBuffer Check(
        string name,
        int rows,
        int columns,
        int terms,
        CanaryBuffer a,
        CanaryBuffer b,
        CanaryBuffer start,
        CanaryBuffer c)
    {
        Form form = Forms[Base(name)];
        string what = $"{name} [{rows}, {columns}, {terms}]";
        float[] aBefore = a.Span.ToArray(), bBefore = b.Span.ToArray();
        CanaryBuffer plain = Run(name, form.Plain, rows, columns, terms, a, b, start, c, 1),
            simd = Run(name, form.Simd, rows, columns, terms, a, b, start, c, 1);
        simd.AssertCanariesIntact(what);
        Assert.True(a.Span.SequenceEqual(aBefore) && b.Span.SequenceEqual(bBefore), what + ": a factor has changed");
        double[] ofRows = Lengths(a.Span, rows, terms, form.TransposesA), ofColumns = Lengths(b.Span, columns, terms, !form.TransposesB);
        for (int i = 0, at = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++, at++)
            {
                float first = form.Starts ? start.Span[j] : form.Sets ? 0 : c.Span[at], p = plain.Span[at], s = simd.Span[at];
                double bound = (2 * (terms + 2) * Samples.U * ((ofRows[i] * ofColumns[j]) + Math.Abs(first))) + (terms * float.Epsilon);
                if (!(float.IsFinite(p) ? Math.Abs((double)p - s) <= bound && float.IsFinite(s) : p.Equals(s)))
                {
                    Assert.Fail($"{what}[{i}, {j}]: plain {p:R}, simd {s:R}");
                }
            }
        }

        return simd;
    }

    // An overwritten result may contain anything before.
    private static CanaryBuffer Run(
        string name,
        Product product,
        int rows,
        int columns,
        int terms,
        CanaryBuffer a,
        CanaryBuffer b,
        CanaryBuffer start,
        CanaryBuffer c,
        int threads)
    {
        Kernel.MaxThreads = threads;
        Form form = Forms[Base(name)];
        bool plain = product == form.Plain, toZero = name != Base(name);
        c = c.Copy();
        if (form.Sets || toZero)
        {
            c.Span.Fill(plain && toZero ? 0 : float.NaN);
        }

        MatrixView am = form.TransposesA ? a.Matrix(terms, rows) : a.Matrix(rows, terms),
            bm = form.TransposesB ? b.Matrix(columns, terms) : b.Matrix(terms, columns);
        product(am, bm, start.Span, c.Matrix(rows, columns, overwrite: toZero));
        return c;
    }

    // The norms |vᵢ| of this many vectors, which are the rows of a matrix or its columns.
    private static double[] Lengths(ReadOnlySpan<float> data, int vectors, int terms, bool columns)
    {
        var lengths = new double[vectors];
        for (int i = 0; i < data.Length; i++)
        {
            lengths[columns ? i % vectors : i / terms] += (double)data[i] * data[i];
        }

        return [.. lengths.Select(Math.Sqrt)];
    }

    private static string Base(string name) => name.Replace(", to zero", "", StringComparison.Ordinal);

    private sealed record Form(
        Product Plain,
        Product Simd,
        bool Sets = false,
        bool Starts = false,
        bool TransposesA = false,
        bool TransposesB = false);
}
