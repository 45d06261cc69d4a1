using MiniNet.Kernels;
using MiniNet.Tensors;

namespace MiniNet.Tests.Kernels;

/// <summary>
/// Compares the SIMD convolution and max pooling with the plain kernels, for images and windows of many sizes at unaligned addresses, and
/// checks that nothing outside is written. Other tests check the accuracy.
/// </summary>
[Collection(SerialTests.Name)] // bounds-checked vectors know only the latest operands of all running tests
public class ImagesMemoryBoundsTests
{
    private readonly RandomStream random = new(23, "guarded images");

    [Theory]
    [InlineData(1, 4)]
    [InlineData(5, 12)]
    [InlineData(16, 17)]
    [InlineData(30, 67)]
    public void ConvolutionAndMaxPool_ManySizes_MatchPlain(int fewest, int most)
    {
        for (int time = 0; time < 150; time++)
        {
            int n = Draw(fewest, most), channels = Draw(1, 9), outChannels = Draw(1, 13), height = Draw(1, 9), width = Draw(1, 20);
            var window = new Window(Draw(1, 5), Draw(1, 6), Draw(1, 4), Draw(1, 4), Draw(0, 3), Draw(0, 3));
            int outHeight = Slide(height, window.Height, window.S1, window.P1), outWidth = Slide(width, window.Width, window.S2, window.P2);
            if (outHeight > 0 && outWidth > 0)
            {
                Convolve(n, channels, outChannels, (height, width), (outHeight, outWidth), window);
                if (2 * window.P1 <= window.Height && 2 * window.P2 <= window.Width)
                {
                    Pool(n, channels, (height, width), (outHeight, outWidth), window);
                }
            }
        }
    }

    [Theory]
    [InlineData(17, 130, 131, 3, 3, 2, 2, 1, 1)]
    [InlineData(5, 90, 300, 5, 2, 1, 3, 2, 0)] // strips that share rows of x
    [InlineData(3, 200, 160, 2, 2, 7, 3, 0, 1)] // rows of x that no window covers
    public void MaxPool_ManyStrips_MatchesPlain(int channels, int height, int width, int k1, int k2, int s1, int s2, int p1, int p2) =>
        Pool(1, channels, (height, width), (Slide(height, k1, s1, p1), Slide(width, k2, s2, p2)), new Window(k1, k2, s1, s2, p1, p2));

    private void Convolve(int n, int channels, int outChannels, (int Height, int Width) of, (int Height, int Width) to, Window window)
    {
        string what = $"{n} images of {channels} channels of {of} to {outChannels} of {to} by {window}";
        CanaryBuffer x = Make(n * channels * of.Height * of.Width), y = Make(n * outChannels * to.Height * to.Width), b = Make(outChannels);
        CanaryBuffer w = Make(outChannels * channels * window.Height * window.Width);

        CanaryBuffer plain = y.Copy(), simd = y.Copy();
        PlainKernels.Convolution(Of(x), Weights(w), b.Span, To(plain), window);
        SimdKernels.Convolution(Of(x), Weights(w), b.Span, To(simd), window);
        AssertSame(plain, simd, "y, " + what);

        (CanaryBuffer db, CanaryBuffer dbSimd) = (b.Copy(), b.Copy());
        (plain, simd) = (w.Copy(), w.Copy());
        PlainKernels.ConvolutionBackwardW(Of(x), To(y), Weights(plain), db.Span, window);
        SimdKernels.ConvolutionBackwardW(Of(x), To(y), Weights(simd), dbSimd.Span, window);
        AssertSame(plain, simd, "dW, " + what);
        AssertSame(db, dbSimd, "db, " + what);

        (plain, simd) = (x.Copy(), x.Copy());
        PlainKernels.ConvolutionBackwardX(To(y), Weights(w), Of(plain), window);
        SimdKernels.ConvolutionBackwardX(To(y), Weights(w), Of(simd), window);
        AssertSame(plain, simd, "dX, " + what);

        ChannelsView Of(CanaryBuffer images) => images.Images(n, channels, of.Height, of.Width);
        ChannelsView To(CanaryBuffer images) => images.Images(n, outChannels, to.Height, to.Width);
        ChannelsView Weights(CanaryBuffer weights) => weights.Images(outChannels, channels, window.Height, window.Width);
    }

    private void Pool(int n, int channels, (int Height, int Width) of, (int Height, int Width) to, Window window)
    {
        string what = $"{n} images of {channels} channels of {of} to {to} by {window}";
        CanaryBuffer x = Make(n * channels * of.Height * of.Width), y = Make(n * channels * to.Height * to.Width);

        CanaryBuffer plain = y.Copy(), simd = y.Copy();
        PlainKernels.MaxPool(Of(x), To(plain), window);
        SimdKernels.MaxPool(Of(x), To(simd), window);
        AssertSame(plain, simd, "largest, " + what);

        (plain, simd) = (x.Copy(), x.Copy());
        PlainKernels.MaxPoolBackward(Of(x), To(y), Of(plain), window);
        SimdKernels.MaxPoolBackward(Of(x), To(y), Of(simd), window);
        AssertSame(plain, simd, "gradient of the largest, " + what);

        ChannelsView Of(CanaryBuffer images) => images.Images(n, channels, of.Height, of.Width);
        ChannelsView To(CanaryBuffer images) => images.Images(n, channels, to.Height, to.Width);
    }

    private int Draw(int min, int max) => min + random.NextInt32(max - min + 1);

    private CanaryBuffer Make(int length) => new(length, random.NextInt32(7), random);

    private static int Slide(int x, int k, int s, int p) => x + (2 * p) < k ? 0 : ((x + (2 * p) - k) / s) + 1;

    // A coarse comparison: a wrong or missing element would differ by far more.
    private static void AssertSame(CanaryBuffer plain, CanaryBuffer simd, string what)
    {
        simd.AssertCanariesIntact(what);
        for (int i = 0; i < plain.Span.Length; i++)
        {
            if (!(Math.Abs(plain.Span[i] - simd.Span[i]) <= 1e-4 * (1 + Math.Abs(plain.Span[i]))))
            {
                Assert.Fail($"{what} [{i}]: plain {plain.Span[i]:R}, simd {simd.Span[i]:R}");
            }
        }
    }
}
