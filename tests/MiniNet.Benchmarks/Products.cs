using System.Diagnostics;
using System.Globalization;
using MiniNet.Kernels;
using MiniNet.Tensors;

namespace MiniNet.Benchmarks;

/// <summary>
/// Measures the three matrix products of a linear layer, M x K times K x N, at typical sizes and at unusual ones: nn is A·B, tn is Aᵀ·B
/// with A stored as K x M, nt is A·Bᵀ with B stored as N x K. The result is cleared before each product, as in training.
/// </summary>
internal static class Products
{
    private const string DefaultSizes =
        "64x64x64 128x128x128 256x256x256 512x512x512 1024x1024x1024 2048x2048x2048 16x4x16 16x16x3 32x64x128 32x128x64 "
        + "128x784x512 128x512x256 256x2048x4096 256x4096x4096 1x64x128 3x5x7 17x33x9 97x131x89 "
        + "100x10x100 64x512x10 50x300x7 31x257x63 1x100x1000 1000x3x1000";

    public static int Run(string[] args)
    {
        var arguments = new Arguments(args, "--threads");
        Kernel.MaxThreads = arguments.Threads;
        string[] sizes = arguments.Positional.Count > 0 ? [.. arguments.Positional] : DefaultSizes.Split(' ');
        foreach (int[] size in sizes.Select(Dimensions).ToArray()) // ToArray: reports an invalid size before measuring any
        {
            Measure(string.Join('x', size), size[0], size[1], size[2]);
        }

        return 0;
    }

    private static int[] Dimensions(string size) => size.Split('x') is { Length: 3 } parts
        ? [.. parts.Select(part => Arguments.Number($"each dimension of {size}", part, max: 32768))]
        : throw new UsageException($"'{size}' is not a valid size; write it as MxKxN, such as 128x784x512.");

    private static void Measure(string size, int m, int k, int n)
    {
        Tensor a = Filled(m, k, 7, 13), b = Filled(k, n, 5, 11), c = new(new Shape(m, n), "c");
        Tensor aColumns = Filled(k, m, 7, 13), bColumns = Filled(n, k, 5, 11);
        double operations = 2.0 * m * n * k;
        foreach (var (form, product) in (ReadOnlySpan<(string, Action)>)[
            ("nn", () => c.AddProduct(a, b)), ("tn", () => c.AddProduct(aColumns.T, b)), ("nt", () => c.AddProduct(a, bColumns.T))])
        {
            double seconds = Median(c, product, 1 + (long)(2e9 / operations));
            Measurement.Print(
                $"gemm-{size}",
                $"gflops_{form}",
                operations / seconds / 1e9,
                string.Create(CultureInfo.InvariantCulture, $",\"us\":{seconds * 1e6:F3}"));
        }
    }

    /// <summary>
    /// Measures the median of 7 samples of <paramref name="count"/> products each, in seconds per product. Warms up with at least two
    /// products and 0.2 s, for the JIT compiler.
    /// </summary>
    private static double Median(Tensor c, Action product, long count)
    {
        long start = Stopwatch.GetTimestamp();
        double Seconds(long repetitions)
        {
            long from = Stopwatch.GetTimestamp();
            for (long i = 0; i < repetitions; i++)
            {
                c.Clear();
                product();
            }

            return Stopwatch.GetElapsedTime(from).TotalSeconds / repetitions;
        }

        do
        {
            Seconds(2);
        }
        while (Stopwatch.GetElapsedTime(start).TotalSeconds < 0.2);

        return Enumerable.Range(0, 7).Select(_ => Seconds(count)).Order().ElementAt(3);
    }

    private static Tensor Filled(int rows, int columns, int factor, int period)
    {
        var tensor = new Tensor(new Shape(rows, columns));
        for (int i = 0; i < tensor.Span.Length; i++)
        {
            tensor.Span[i] = (((long)i * factor % period) - (period / 2)) * 0.1f;
        }

        return tensor;
    }
}
