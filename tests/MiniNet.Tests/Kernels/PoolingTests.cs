using MiniNet.Kernels;
using MiniNet.Tensors;

namespace MiniNet.Tests.Kernels;

/// <summary>
/// Compares the kernels of max and average pooling, plain and SIMD, with a search and a sum that are written differently.
/// </summary>
public class PoolingTests
{
    // Placed after the last element that is read or written.
    private static readonly float[] Canaries = [.. Enumerable.Repeat(12345f, 64)];

    private readonly RandomStream random = new(6, "pooling");

    /// <summary>n, C, H, W; k₁, k₂; s₁, s₂; p₁, p₂.</summary>
    public static TheoryData<int[]> Sizes => new(
        [1, 1, 1, 1, 1, 1, 1, 1, 0, 0],
        [2, 3, 8, 8, 2, 2, 2, 2, 0, 0],
        [2, 3, 7, 9, 3, 3, 2, 2, 1, 1],
        [2, 2, 5, 6, 3, 2, 1, 1, 1, 1],     // windows overlap
        [2, 2, 7, 8, 2, 1, 3, 4, 1, 0],     // pixels are skipped
        [2, 2, 2, 3, 5, 6, 1, 2, 2, 3],     // a window larger than the image
        [1, 2, 6, 70, 6, 70, 1, 1, 0, 0],   // the whole image
        [5, 7, 6, 6, 2, 2, 2, 2, 0, 0],     // more channels than the widest vectors have lanes, with a remainder
        [2, 8, 5, 3, 3, 3, 2, 1, 1, 1],     // exactly as many
        [31, 1, 4, 7, 2, 3, 1, 3, 1, 0],
        [0, 2, 4, 4, 2, 2, 2, 2, 0, 0]);

    private delegate void Pool(in ChannelsView x, in ChannelsView y, Window window);

    [Theory]
    [MemberData(nameof(Sizes))]
    public void MaxPool_ManySizes_ReturnsMaximum(int[] sizes)
    {
        // The maximum of a few integers, so that there are many ties. There is no arithmetic, so no tolerance.
        (ChannelsView x, ChannelsView y, Window window) = Setting(sizes);
        WithTies(x);
        ChannelsView plain = Run(PlainKernels.MaxPool, x, y, window), simd = Run(SimdKernels.MaxPool, x, y, window);
        float[] expected = [.. Places(x, y, window).Select(places => places.Max(at => x.Data[at]))];
        Assert.Equal([.. expected, .. Canaries], plain.Data);
        Assert.Equal([.. expected, .. Canaries], simd.Data);
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void MaxPoolBackward_Ties_AddsToFirstMaximum(int[] sizes)
    {
        (ChannelsView x, ChannelsView dY, Window window) = Setting(sizes);
        WithTies(x);
        float[] before = Samples.Normal(x.Data.Length, random), expected = [.. before];
        int window0 = 0;
        foreach (int[] places in Places(x, dY, window))
        {
            expected[places.MaxBy(at => x.Data[at])] += dY.Data[window0++]; // MaxBy is documented to return the first one
        }

        // Both kernels add in the order of the windows, as this loop does, so the results must be identical.
        ChannelsView plain = With(x, [.. before]), simd = With(x, [.. before]);
        PlainKernels.MaxPoolBackward(x, dY, plain, window);
        SimdKernels.MaxPoolBackward(x, dY, simd, window);
        Assert.Equal(expected, plain.Data);
        Assert.Equal(expected, simd.Data);
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void MaxPool_NaNAndInfinity_MatchesPlain(int[] sizes)
    {
        (ChannelsView x, ChannelsView dY, Window window) = Setting(sizes);
        WithTies(x);
        foreach (ref float value in x.Span)
        {
            value = random.NextInt32(8) switch
            {
                0 => float.NaN,
                1 => float.NegativeInfinity,
                2 => float.PositiveInfinity,
                3 => -0f,
                _ => value,
            };
        }

        ChannelsView plain = Run(PlainKernels.MaxPool, x, dY, window), simd = Run(SimdKernels.MaxPool, x, dY, window);
        Assert.Equal(plain.Data.Select(BitConverter.SingleToInt32Bits), simd.Data.Select(BitConverter.SingleToInt32Bits));
        float[] before = Samples.Normal(x.Data.Length, random);
        ChannelsView dX = With(x, [.. before]), dXSimd = With(x, [.. before]);
        PlainKernels.MaxPoolBackward(x, dY, dX, window);
        SimdKernels.MaxPoolBackward(x, dY, dXSimd, window);
        Assert.Equal(dX.Data, dXSimd.Data);
    }

    [Fact]
    public void MaxPool_NaN_PropagatesAndReceivesGradient()
    {
        var window = new Window(2, 2, 2, 2, 0, 0);
        for (int at = 0; at < 4; at++)
        {
            float[] pixels = [4, 3, 2, 1];
            pixels[at] = float.NaN;
            var x = new ChannelsView(pixels, 1, 1, 2, 2);
            foreach (bool simd in new[] { false, true })
            {
                ChannelsView y = new([0], 1, 1, 1, 1), dX = new(new float[4], 1, 1, 2, 2);
                (simd ? (Pool)SimdKernels.MaxPool : PlainKernels.MaxPool)(x, y, window);
                Assert.True(float.IsNaN(y.Data[0]));
                if (simd)
                {
                    SimdKernels.MaxPoolBackward(x, new ChannelsView([5], 1, 1, 1, 1), dX, window);
                }
                else
                {
                    PlainKernels.MaxPoolBackward(x, new ChannelsView([5], 1, 1, 1, 1), dX, window);
                }

                Assert.Equal(5, dX.Data[at]);
                Assert.Equal(5, dX.Data.Sum());
            }
        }
    }

    [Theory]
    [InlineData(float.NegativeInfinity)]
    [InlineData(-5)]
    public void MaxPool_NegativeInputs_IgnoresPadding(float value)
    {
        // Padding with zeros would win against −5; padding with −∞ would tie with −∞.
        var x = new ChannelsView([value, value], 1, 1, 1, 2);
        ChannelsView y = new(new float[3], 1, 1, 1, 3), dX = new(new float[2], 1, 1, 1, 2), dY = new([1, 2, 4], 1, 1, 1, 3);
        var window = new Window(2, 2, 2, 1, 1, 1);
        Assert.Equal([value, value, value], Run(PlainKernels.MaxPool, x, y, window).Data);
        Assert.Equal([value, value, value], Run(SimdKernels.MaxPool, x, y, window).Data);
        PlainKernels.MaxPoolBackward(x, dY, dX, window);
        Assert.Equal([3, 4], dX.Data);
        SimdKernels.MaxPoolBackward(x, dY, dX, window);
        Assert.Equal([6, 8], dX.Data);
    }

    [Theory]
    [InlineData(1000, 3, 2)]
    [InlineData(500, 400, 100)] // too many rows under a single line of y
    public void MaxPool_LargeImage_KeepsScratchBufferSmall(int size, int k, int s)
    {
        int to = ((size - k) / s) + 1;
        ChannelsView x = new(Samples.Normal(size * size, random), 1, 1, size, size),
            dY = new(Samples.Normal(to * to, random), 1, 1, to, to);
        ChannelsView plain = With(dY, new float[to * to]), simd = With(dY, new float[to * to]);
        ChannelsView dPlain = With(x, new float[size * size]), dSimd = With(x, new float[size * size]);
        var window = new Window(k, k, s, s, 0, 0);
        PlainKernels.MaxPool(x, plain, window);
        PlainKernels.MaxPoolBackward(x, dY, dPlain, window);
        long made = 0;
        var thread = new Thread(() => // a new thread has no scratch buffer yet
        {
            SimdKernels.MaxPool(x, simd, window);
            SimdKernels.MaxPoolBackward(x, dY, dSimd, window);
            made = GC.GetAllocatedBytesForCurrentThread();
        });
        thread.Start();
        thread.Join();
        Assert.Equal(plain.Data, simd.Data);
        Assert.Equal(dPlain.Data, dSimd.Data);
        Assert.InRange(made, 0, 17 << 20);
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void AveragePool_ManySizes_ReturnsMeanOverWholeWindow(int[] sizes)
    {
        (ChannelsView x, ChannelsView y, Window window) = Setting(sizes);
        double count = window.Height * window.Width;
        ChannelsView plain = Run(PlainKernels.AveragePool, x, y, window), simd = Run(SimdKernels.AveragePool, x, y, window);
        double[] expected = [.. Places(x, y, window).Select(places => places.Sum(at => (double)x.Data[at]) / count)];
        for (int k = 0; k < expected.Length; k++)
        {
            // Summed in double precision and rounded once, in both kernels.
            Assert.Equal(expected[k], plain.Data[k], (1e-12 + Samples.U) * (1 + Math.Abs(expected[k])));
            Assert.Equal(plain.Data[k], simd.Data[k]);
        }
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void AveragePoolBackward_ManySizes_DistributesGradientEvenly(int[] sizes)
    {
        (ChannelsView x, ChannelsView dY, Window window) = Setting(sizes);
        double count = window.Height * window.Width;
        float[] before = Samples.Normal(x.Data.Length, random);
        double[] expected = [.. before.Select(value => (double)value)], size = [.. before.Select(value => Math.Abs((double)value))];
        int k = 0;
        foreach (int[] places in Places(x, dY, window))
        {
            foreach (int at in places)
            {
                expected[at] += dY.Data[k] / count;
                size[at] += Math.Abs(dY.Data[k] / count);
            }

            k++;
        }

        ChannelsView plain = With(x, [.. before]), simd = With(x, [.. before]);
        PlainKernels.AveragePoolBackward(dY, plain, window);
        SimdKernels.AveragePoolBackward(dY, simd, window);
        for (int i = 0; i < expected.Length; i++)
        {
            // A quotient and an addition per window; at most k₁·k₂ windows cover a pixel.
            Assert.Equal(expected[i], plain.Data[i], (count + 2) * Samples.U * size[i]);
        }

        Assert.Equal(plain.Data, simd.Data); // the same quotients, added in the same order
    }

    /// <summary>Returns, for each window of y in order, the indices in x that it covers, row by row.</summary>
    private static IEnumerable<int[]> Places(ChannelsView x, ChannelsView y, Window window) =>
        from channel in Enumerable.Range(0, y.Rows * y.Channels)
        from i in Enumerable.Range(0, y.Height)
        from j in Enumerable.Range(0, y.Width)
        select (from row in Enumerable.Range((i * window.S1) - window.P1, window.Height)
                from column in Enumerable.Range((j * window.S2) - window.P2, window.Width)
                where row >= 0 && row < x.Height && column >= 0 && column < x.Width
                select (channel * x.Height * x.Width) + (row * x.Width) + column).ToArray();

    private static void WithTies(ChannelsView x)
    {
        foreach (ref float value in x.Data.AsSpan())
        {
            value = MathF.Round(value);
        }
    }

    private static ChannelsView Run(Pool pool, ChannelsView x, ChannelsView y, Window window)
    {
        ChannelsView result = With(y, [.. new float[y.Span.Length], .. y.Data[y.Span.Length..]]);
        pool(x, result, window);
        return result;
    }

    private static ChannelsView With(ChannelsView like, float[] data) => new(data, like.Rows, like.Channels, like.Height, like.Width);

    private (ChannelsView X, ChannelsView Y, Window Window) Setting(int[] s)
    {
        var window = new Window(s[4], s[5], s[6], s[7], s[8], s[9]);
        int height = ((s[2] + (2 * s[8]) - s[4]) / s[6]) + 1, width = ((s[3] + (2 * s[9]) - s[5]) / s[7]) + 1;
        return (
            new ChannelsView([.. Samples.Normal(s[0] * s[1] * s[2] * s[3], random), .. Canaries], s[0], s[1], s[2], s[3]),
            new ChannelsView([.. Samples.Normal(s[0] * s[1] * height * width, random), .. Canaries], s[0], s[1], height, width),
            window);
    }
}
