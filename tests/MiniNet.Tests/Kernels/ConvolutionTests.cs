using MiniNet.Kernels;
using MiniNet.Tensors;

namespace MiniNet.Tests.Kernels;

/// <summary>
/// Compares the three convolution kernels, plain and SIMD, with sums in double precision over explicitly padded images.
/// </summary>
[Collection(SerialTests.Name)]
public sealed class ConvolutionTests : IDisposable
{
    // Placed after the last element of every array that is read or written.
    private static readonly float[] Canaries = [.. Enumerable.Repeat(float.NaN, 64)];

    private readonly int maxThreads = Kernel.MaxThreads;
    private readonly RandomStream random = new(5, "convolution");

    /// <summary>n, C, H, W; O, k₁, k₂; s₁, s₂; p₁, p₂.</summary>
    public static TheoryData<int[]> Sizes => new(
        [1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0],
        [3, 2, 5, 7, 4, 3, 3, 1, 1, 0, 0],
        [3, 2, 5, 7, 4, 3, 3, 1, 1, 1, 1],
        [2, 3, 9, 8, 5, 3, 3, 2, 2, 1, 1],
        [2, 3, 9, 8, 5, 1, 1, 1, 1, 0, 0],      // a window of one pixel
        [2, 3, 9, 8, 5, 1, 1, 2, 3, 0, 0],      // a stride that skips pixels
        [2, 2, 4, 5, 3, 1, 1, 1, 1, 2, 1],      // windows that contain only padding
        [2, 2, 2, 3, 3, 5, 5, 1, 1, 2, 2],      // a window larger than the image
        [2, 2, 1, 1, 3, 4, 6, 3, 2, 2, 3],
        [1, 2, 3, 3, 2, 2, 2, 1, 1, 4, 5],      // windows entirely in the padding
        [2, 1, 7, 6, 2, 3, 5, 2, 1, 0, 3],
        [2, 2, 8, 11, 3, 2, 4, 3, 5, 1, 0],     // strides larger than the window
        [2, 2, 6, 67, 9, 3, 4, 1, 1, 1, 2],     // rows longer than the widest vectors
        [2, 2, 5, 67, 9, 2, 5, 2, 3, 1, 3],
        [0, 2, 5, 5, 3, 3, 3, 1, 1, 1, 1],
        [1, 48, 14, 16, 48, 3, 3, 1, 1, 1, 1],  // a product that is split over threads
        [32, 16, 8, 8, 32, 3, 3, 1, 1, 1, 1],   // the work of many images that is split over threads
        [67, 1, 4, 5, 3, 3, 2, 1, 1, 1, 1],     // a few images left over from the widest vectors
        [20, 5, 6, 5, 13, 3, 3, 2, 1, 1, 2],    // channels that do not fill a tile
        [33, 6, 5, 6, 7, 5, 4, 1, 3, 2, 3],
        [17, 3, 3, 3, 12, 1, 1, 2, 2, 2, 1],    // output pixels that see only padding
        [16, 9, 1, 3, 2, 2, 5, 3, 2, 1, 2],
        [24, 2, 7, 3, 8, 2, 3, 5, 4, 0, 1],     // pixels of x that no window covers
        [1, 64, 40, 33, 5, 3, 3, 1, 1, 1, 1]);  // columns of an image that do not fit in the cache at once

    public void Dispose() => Kernel.MaxThreads = maxThreads;

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Convolution_ManySizes_MatchesDoublePrecision(int[] sizes)
    {
        bool withBias = sizes[4] != 4; // tests both cases
        var (images, window) = new Setting(sizes);
        ChannelsView x = images.X(random), w = images.W(random), before = images.Y(random);
        ChannelsView plain = Copy(before), one = Copy(before), three = Copy(before);
        float[] b = withBias ? Samples.Normal(before.Channels, random) : [];
        PlainKernels.Convolution(x, w, b, plain, window);
        RunSimd(1, () => SimdKernels.Convolution(x, w, b, one, window));
        RunSimd(3, () => SimdKernels.Convolution(x, w, b, three, window));
        for (int k = 0; k < before.Rows * before.Channels; k++)
        {
            before.Channel(0, k).Fill(withBias ? b[k % before.Channels] : 0); // is overwritten
        }

        var expected = new Sum(before);
        images.ForEveryTerm((n, o, c, i, j, u, v, at) => expected.Add(images.IndexOfY(n, o, i, j), at < 0 ? 0 : x.Data[at], w[o, c, u, v]));
        expected.AssertIs("plain", plain, w.Channels * w.Pixels);
        expected.AssertIs("simd", one, w.Channels * w.Pixels);
        Assert.Equal(one.Data, three.Data); // the number of threads changes no bit
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void ConvolutionBackwardW_ManySizes_MatchesDoublePrecision(int[] sizes)
    {
        var (images, window) = new Setting(sizes);
        ChannelsView x = images.X(random), dY = images.Y(random), before = images.W(random);
        ChannelsView plain = Copy(before), one = Copy(before), three = Copy(before);
        float[] db = sizes[4] == 4 ? [] : Samples.Normal(dY.Channels, random), dbOne = [.. db], dbThree = [.. db], dbPlain = [.. db];
        PlainKernels.ConvolutionBackwardW(x, dY, plain, dbPlain, window);
        RunSimd(1, () => SimdKernels.ConvolutionBackwardW(x, dY, one, dbOne, window));
        RunSimd(3, () => SimdKernels.ConvolutionBackwardW(x, dY, three, dbThree, window));

        var expected = new Sum(before);
        images.ForEveryTerm(
            (n, o, c, i, j, u, v, at) => expected.Add(images.IndexOfW(o, c, u, v), at < 0 ? 0 : x.Data[at], dY[n, o, i, j]));
        expected.AssertIs("plain", plain, dY.Rows * dY.Pixels);
        expected.AssertIs("simd", one, dY.Rows * dY.Pixels);
        Assert.Equal(one.Data, three.Data);
        Assert.Equal(dbOne, dbThree);
        for (int o = 0; o < db.Length; o++)
        {
            double sum = db[o], size = Math.Abs(sum);
            for (int k = 0; k < dY.Rows * dY.Pixels; k++)
            {
                float term = dY[k / dY.Pixels, o, k % dY.Pixels];
                (sum, size) = (sum + term, size + Math.Abs(term));
            }

            Assert.Equal(sum, dbPlain[o], 2 * Samples.U * size); // summed in double precision
            Assert.Equal(sum, dbOne[o], ((dY.Rows * dY.Pixels) + 2) * Samples.U * size);
        }
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void ConvolutionBackwardX_ManySizes_MatchesDoublePrecision(int[] sizes)
    {
        var (images, window) = new Setting(sizes);
        ChannelsView dY = images.Y(random), w = images.W(random), before = images.X(random);
        ChannelsView plain = Copy(before), one = Copy(before), three = Copy(before);
        PlainKernels.ConvolutionBackwardX(dY, w, plain, window);
        RunSimd(1, () => SimdKernels.ConvolutionBackwardX(dY, w, one, window));
        RunSimd(3, () => SimdKernels.ConvolutionBackwardX(dY, w, three, window));

        var expected = new Sum(before);
        images.ForEveryTerm((n, o, c, i, j, u, v, at) =>
        {
            if (at >= 0)
            {
                expected.Add(at, dY[n, o, i, j], w[o, c, u, v]);
            }
        });
        expected.AssertIs("plain", plain, w.Rows * w.Pixels);
        expected.AssertIs("simd", one, w.Rows * w.Pixels);
        Assert.Equal(one.Data, three.Data);
    }

    [Fact]
    public void Sizes_IncludeOneSplitOverThreads() =>
        Assert.Contains(
            Sizes,
            size =>
                size.Data is [_, var c, var h, var w, var o, 3, 3, 1, 1, 1, 1]
                    && (long)o * c * 9 * h * w >= WorkerThreads.MinMultiplicationsToSplit);

    private static void RunSimd(int threads, Action run)
    {
        Kernel.MaxThreads = threads;
        run();
    }

    private static ChannelsView Copy(ChannelsView of) => new([.. of.Data], of.Rows, of.Channels, of.Height, of.Width);

    private sealed record Setting(int Rows, int Channels, int Height, int Width, int OutChannels, Window Window)
    {
        public Setting(int[] s)
            : this(s[0], s[1], s[2], s[3], s[4], new Window(s[5], s[6], s[7], s[8], s[9], s[10]))
        {
        }

        private int OutHeight => ((Height + (2 * Window.P1) - Window.Height) / Window.S1) + 1;

        private int OutWidth => ((Width + (2 * Window.P2) - Window.Width) / Window.S2) + 1;

        public void Deconstruct(out Setting images, out Window window) => (images, window) = (this, Window);

        public ChannelsView X(RandomStream random) => View(random, Rows, Channels, Height, Width);

        public ChannelsView W(RandomStream random) => View(random, OutChannels, Channels, Window.Height, Window.Width);

        public ChannelsView Y(RandomStream random) => View(random, Rows, OutChannels, OutHeight, OutWidth);

        public int IndexOfY(int n, int o, int i, int j) => (((((n * OutChannels) + o) * OutHeight) + i) * OutWidth) + j;

        public int IndexOfW(int o, int c, int u, int v) => (((((o * Channels) + c) * Window.Height) + u) * Window.Width) + v;

        /// <summary>Enumerates the padded images, in which every position has a number: its index in x, or −1 in the padding.</summary>
        public void ForEveryTerm(Action<int, int, int, int, int, int, int, int> term)
        {
            int paddedHeight = Height + (2 * Window.P1), paddedWidth = Width + (2 * Window.P2);
            for (int n = 0; n < Rows; n++)
            {
                for (int c = 0; c < Channels; c++)
                {
                    var places = new int[paddedHeight, paddedWidth];
                    for (int place = 0; place < places.Length; place++)
                    {
                        int row = (place / paddedWidth) - Window.P1, column = (place % paddedWidth) - Window.P2;
                        bool inside = row >= 0 && column >= 0 && row < Height && column < Width;
                        places[place / paddedWidth, place % paddedWidth] = inside
                            ? (((((n * Channels) + c) * Height) + row) * Width) + column
                            : -1;
                    }

                    ForEveryTerm(places, (o, i, j, u, v, at) => term(n, o, c, i, j, u, v, at));
                }
            }
        }

        private void ForEveryTerm(int[,] places, Action<int, int, int, int, int, int> term)
        {
            for (int top = 0; top + Window.Height <= places.GetLength(0); top += Window.S1)
            {
                for (int left = 0; left + Window.Width <= places.GetLength(1); left += Window.S2)
                {
                    for (int at = 0; at < Window.Height * Window.Width * OutChannels; at++)
                    {
                        int u = at / Window.Width % Window.Height, v = at % Window.Width;
                        term(at / Window.Width / Window.Height, top / Window.S1, left / Window.S2, u, v, places[top + u, left + v]);
                    }
                }
            }
        }

        private static ChannelsView View(RandomStream random, int rows, int channels, int height, int width) =>
            new([.. Samples.Normal(rows * channels * height * width, random), .. Canaries], rows, channels, height, width);
    }

    private sealed class Sum(ChannelsView before)
    {
        private readonly double[] sums = [.. before.Data.Select(value => (double)value)],
            sizes = [.. before.Data.Select(value => Math.Abs((double)value))];

        public void Add(int at, double a, double b)
        {
            sums[at] += a * b;
            sizes[at] += Math.Abs(a * b);
        }

        // As for the products: n additions and a product each have an error of at most (n + 1)u of the sum of magnitudes; one more for
        // second order.
        public void AssertIs(string side, ChannelsView actual, int terms)
        {
            Assert.All(
                actual.Data[^Canaries.Length..], value => Assert.True(float.IsNaN(value), $"{side}: something was written after the end"));
            for (int i = 0; i < sums.Length - Canaries.Length; i++)
            {
                if (!(Math.Abs(sums[i] - actual.Data[i]) <= (terms + 2) * Samples.U * sizes[i]))
                {
                    Assert.Fail($"{side} [{i}]: {actual.Data[i]}, not {sums[i]}");
                }
            }
        }
    }
}
