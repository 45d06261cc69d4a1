using MiniNet.Kernels;
using MiniNet.Tensors;

namespace MiniNet.Tests.Kernels;

/// <summary>
/// Compares the kernels that combine one number per channel with the channel's pixels, plain and SIMD, with formulas in double precision.
/// </summary>
public class NormalizationTests
{
    private const float Epsilon = 1e-5f;

    private readonly RandomStream random = new(7, "normalization");

    /// <summary>
    /// Gets rows, channels and pixels: channels of one and of many pixels, fewer and more than a vector has lanes, and a single row.
    /// </summary>
    public static TheoryData<int, int, int> Sizes => new()
    {
        { 3, 1, 1 }, { 7, 5, 1 }, { 33, 16, 1 }, { 5, 37, 1 }, { 128, 67, 1 },
        { 4, 3, 2 }, { 3, 5, 9 }, { 2, 4, 64 }, { 1, 7, 83 }, { 1, 2, 1000 }, { 0, 3, 4 }, { 0, 3, 1 }, { 3, 0, 1 },
    };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void SetChannels_ManySizes_SetsEveryPixelOfAChannel(int rows, int channels, int pixels)
    {
        float[] b = Samples.Normal(channels, random);
        ChannelsView plain = View(rows, channels, pixels), simd = View(rows, channels, pixels);
        PlainKernels.SetChannels(b, plain);
        SimdKernels.SetChannels(b, simd);
        ForEach(plain, (n, c, k) => Assert.Equal((b[c], b[c]), (plain[n, c, k], simd[n, c, k])));
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void AddScaledChannels_ManySizes_AddsProducts(int rows, int channels, int pixels)
    {
        float[] gamma = Samples.Normal(channels, random);
        ChannelsView x = View(rows, channels, pixels), before = View(rows, channels, pixels), plain = Copy(before), simd = Copy(before);
        PlainKernels.AddScaledChannels(gamma, x, plain);
        SimdKernels.AddScaledChannels(gamma, x, simd);
        ForEach(x, (n, c, k) =>
        {
            // A product and a sum, each rounded once.
            double term = (double)gamma[c] * x[n, c, k], bound = 2 * Samples.U * (Math.Abs(before[n, c, k]) + Math.Abs(term));
            Assert.Equal(before[n, c, k] + term, plain[n, c, k], bound);
            Assert.Equal(before[n, c, k] + term, simd[n, c, k], bound);
        });
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void AddChannelSumsAndDots_ManySizes_MatchDoublePrecision(int rows, int channels, int pixels)
    {
        ChannelsView dY = View(rows, channels, pixels), x = View(rows, channels, pixels);
        float[] before = Samples.Normal(channels, random), plainSums = [.. before], simdSums = [.. before], plainDots = [.. before],
            simdDots = [.. before];
        PlainKernels.AddChannelSums(dY, plainSums);
        SimdKernels.AddChannelSums(dY, simdSums);
        PlainKernels.AddChannelDots(dY, x, plainDots);
        SimdKernels.AddChannelDots(dY, x, simdDots);
        for (int c = 0; c < channels; c++)
        {
            double sum = before[c], sumSize = Math.Abs(sum), dot = sum, dotSize = sumSize;
            for (int i = 0; i < rows * pixels; i++)
            {
                double d = dY[i / pixels, c, i % pixels], term = d * x[i / pixels, c, i % pixels];
                (sum, sumSize, dot, dotSize) = (sum + d, sumSize + Math.Abs(d), dot + term, dotSize + Math.Abs(term));
            }

            // n additions and a product each, in any order, and one more for the second order.
            double bound = ((rows * pixels) + 2) * Samples.U;
            Assert.Equal(sum, plainSums[c], bound * sumSize);
            Assert.Equal(sum, simdSums[c], bound * sumSize);
            Assert.Equal(dot, plainDots[c], bound * dotSize);
            Assert.Equal(dot, simdDots[c], bound * dotSize);
        }
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Normalize_ManySizes_MatchesDoublePrecision(int rows, int channels, int pixels)
    {
        if (rows > 0) // without rows there is no mean, and the layers do not request it
        {
            CheckNormalize(View(rows, channels, pixels));
        }
    }

    [Theory]
    [InlineData(33, 19, 1)]
    [InlineData(3, 4, 50)]
    public void Normalize_MeanFarFromZero_KeepsPrecision(int rows, int channels, int pixels)
    {
        // In float, the mean alone would be off by 6·10⁻⁵ here, and the variance, as a difference of squares, would be useless.
        ChannelsView x = View(rows, channels, pixels);
        foreach (ref float value in x.Data.AsSpan())
        {
            value = 1e4f + (value / 100);
        }

        CheckNormalize(x);
    }

    [Theory]
    [InlineData(40, 19, 1)]
    [InlineData(4, 3, 50)]
    public void Normalize_OutlierAsFirstNumber_KeepsPrecision(int rows, int channels, int pixels)
    {
        // One pass over x − x₀, with the worst possible x₀.
        ChannelsView x = View(rows, channels, pixels);
        for (int c = 0; c < channels; c++)
        {
            x[0, c, 0] = -1e6f;
        }

        CheckNormalize(x);
    }

    [Theory]
    [InlineData(9, 18, 1)]
    [InlineData(2, 3, 20)]
    public void Normalize_ConstantChannelOrNaN_GivesZeroOrNaN(int rows, int channels, int pixels)
    {
        var x = new ChannelsView(new float[rows * channels * pixels], rows, channels, pixels, 1);
        x.Data.AsSpan().Fill(0.1f);
        x[1, 2, 0] = float.NaN;
        foreach (bool simd in new[] { false, true })
        {
            (float[] mean, float[] variance, float[] s, ChannelsView xHat) = Normalize(x, simd);
            ForEach(x, (n, c, k) => Assert.Equal(c == 2 ? float.NaN : 0, xHat[n, c, k]));
            for (int c = 0; c < channels; c++)
            {
                float[] expected = c == 2 ? [float.NaN, float.NaN, float.NaN] : [0.1f, 0, 1 / MathF.Sqrt(Epsilon)];
                Assert.Equal(expected, new[] { mean[c], variance[c], s[c] });
            }
        }
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void NormalizeBy_GivenMoments_UsesThem(int rows, int channels, int pixels)
    {
        ChannelsView x = View(rows, channels, pixels), plain = View(rows, channels, pixels), simd = View(rows, channels, pixels);
        float[] mean = Samples.Normal(channels, random), variance = [.. Samples.Normal(channels, random).Select(value => value * value)];
        float[] plainS = new float[channels], simdS = new float[channels];
        PlainKernels.NormalizeBy(mean, variance, x, Epsilon, plainS, plain);
        SimdKernels.NormalizeBy(mean, variance, x, Epsilon, simdS, simd);
        ForEach(x, (n, c, k) =>
        {
            // The SIMD kernel rounds s, the difference and the product; the plain kernel rounds only the result.
            double s = 1 / Math.Sqrt((double)variance[c] + Epsilon), expected = (x[n, c, k] - (double)mean[c]) * s;
            Assert.Equal(expected, plain[n, c, k], 1.01 * Samples.U * Math.Abs(expected));
            Assert.Equal(expected, simd[n, c, k], 3.01 * Samples.U * Math.Abs(expected));
            Assert.Equal(s, plainS[c], 1.01 * Samples.U * s);
            Assert.Equal(plainS[c], simdS[c]);
        });
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void NormalizeBackward_ManySizes_MatchesDoublePrecision(int rows, int channels, int pixels)
    {
        ChannelsView xHat = View(rows, channels, pixels), d = View(rows, channels, pixels), before = View(rows, channels, pixels);
        ChannelsView plain = Copy(before), simd = Copy(before);
        float[] s = Samples.Normal(channels, random);
        PlainKernels.NormalizeBackward(xHat, s, d, plain);
        SimdKernels.NormalizeBackward(xHat, s, d, simd);
        double count = rows * pixels;
        var sums = new double[channels];
        var dots = new double[channels];
        ForEach(d, (n, c, k) => sums[c] += d[n, c, k] / count);
        ForEach(d, (n, c, k) => dots[c] += (double)d[n, c, k] * xHat[n, c, k] / count);
        ForEach(d, (n, c, k) =>
        {
            // The two means are of numbers of magnitude 1 and have an error of at most (N + 1)u; three terms, a product and a sum follow.
            double inner = d[n, c, k] - sums[c] - (xHat[n, c, k] * dots[c]), expected = before[n, c, k] + (s[c] * inner);
            double size = Math.Abs(d[n, c, k]) + 1 + Math.Abs(xHat[n, c, k]);
            Assert.Equal(expected, plain[n, c, k], 3 * Samples.U * (Math.Abs(before[n, c, k]) + (Math.Abs(s[c]) * size)));
            Assert.Equal(expected, simd[n, c, k], (count + 6) * Samples.U * (Math.Abs(before[n, c, k]) + (Math.Abs(s[c]) * size)));
        });
    }

    private static void CheckNormalize(ChannelsView x)
    {
        double count = x.Rows * x.Pixels;
        (float[] mean, float[] variance, float[] s, ChannelsView xHat) plain = Normalize(x, simd: false), simd = Normalize(x, simd: true);
        for (int c = 0; c < x.Channels; c++)
        {
            double mu = 0, v = 0;
            ForEach(x, (n, channel, k) => mu += channel == c ? x[n, c, k] / count : 0);
            ForEach(x, (n, channel, k) => v += channel == c ? (x[n, c, k] - mu) * (x[n, c, k] - mu) / count : 0);
            double factor = 1 / Math.Sqrt(v + Epsilon);
            foreach ((float[] means, float[] variances, float[] factors, ChannelsView xHats) in new[] { plain, simd })
            {
                // Everything is in double precision, where the largest |x| is at most 10⁶ deviations; then each result is rounded once.
                Assert.Equal(mu, means[c], 1.01 * Samples.U * Math.Abs(mu) + 1e-9);
                Assert.Equal(v, variances[c], 1.01 * Samples.U * v);
                Assert.Equal(factor, factors[c], 1.01 * Samples.U * factor);
                ForEach(x, (n, channel, k) => Assert.True(
                    channel != c
                    || Math.Abs(((x[n, c, k] - mu) * factor) - xHats[n, c, k])
                        <= (1.01 * Samples.U * Math.Abs((x[n, c, k] - mu) * factor)) + 1e-9));
            }
        }
    }

    private static (float[] Mean, float[] Variance, float[] S, ChannelsView XHat) Normalize(ChannelsView x, bool simd)
    {
        float[] mean = new float[x.Channels], variance = new float[x.Channels], s = new float[x.Channels];
        ChannelsView xHat = Copy(x);
        if (simd)
        {
            SimdKernels.Normalize(x, Epsilon, mean, variance, s, xHat);
        }
        else
        {
            PlainKernels.Normalize(x, Epsilon, mean, variance, s, xHat);
        }

        return (mean, variance, s, xHat);
    }

    private static ChannelsView Copy(ChannelsView of) => new([.. of.Data], of.Rows, of.Channels, of.Height, of.Width);

    private static void ForEach(ChannelsView view, Action<int, int, int> check)
    {
        for (int i = 0; i < view.Data.Length; i++)
        {
            check(i / (view.Channels * view.Pixels), i / view.Pixels % view.Channels, i % view.Pixels);
        }
    }

    private ChannelsView View(int rows, int channels, int pixels) =>
        new(Samples.Normal(rows * channels * pixels, random), rows, channels, pixels, 1);
}
