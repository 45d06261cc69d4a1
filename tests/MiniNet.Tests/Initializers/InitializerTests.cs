using MiniNet.Initializers;
using MiniNet.Layers;
using MiniNet.Tensors;

namespace MiniNet.Tests.Initializers;

public class InitializerTests
{
    private const int FanIn = 300, FanOut = 700;

    // The variances from the papers: Glorot 2/(fanIn + fanOut), He 2/((1 + a²) fanIn).
    public static TheoryData<string, double, bool> Variances => new()
    {
        { "GlorotUniform", 2.0 / 1000, true },
        { "GlorotNormal", 2.0 / 1000, false },
        { "HeUniform", 2.0 / 300, true },
        { "HeNormal", 2.0 / 300, false },
        { "HeUniform of slope 1/2", 2.0 / (1.25 * 300), true },
        { "HeNormal of slope 1/2", 2.0 / (1.25 * 300), false },
    };

    [Theory]
    [MemberData(nameof(Variances))]
    public void Fill_MeanVarianceAndBound_MatchClosedForm(string name, double variance, bool uniform)
    {
        Initializer initializer = name switch
        {
            "GlorotUniform" => new GlorotUniform(),
            "GlorotNormal" => new GlorotNormal(),
            "HeUniform" => new HeUniform(),
            "HeNormal" => new HeNormal(),
            "HeUniform of slope 1/2" => new HeUniform(0.5f),
            _ => new HeNormal(0.5f),
        };
        var weight = new Tensor(new Shape(FanIn, FanOut));
        initializer.Fill(weight, FanIn, FanOut, new RandomStream(1, "test"));
        AssertMoments(weight.Span, variance, uniform);
    }

    [Fact]
    public void Linear_Default_IsUniformWithinInverseRootOfInputs()
    {
        var linear = new Linear(FanIn, FanOut);
        linear.Initialize(new RandomStream(2, "test"));
        AssertMoments(linear.Weight.Value.Span, 1.0 / (3 * FanIn), uniform: true); // U(−b, b) has the variance b²/3

        var wide = new Linear(9, 50_000);
        wide.Initialize(new RandomStream(3, "test"));
        AssertMoments(wide.Bias!.Value.Span, 1.0 / (3 * 9), uniform: true);
    }

    [Fact]
    public void Linear_WithInitializer_UsesItForWeight()
    {
        Linear linear = new(20, 30, initializer: new GlorotNormal());
        linear.Initialize(new RandomStream(4, "test"));
        var weight = new Tensor(new Shape(20, 30));
        new GlorotNormal().Fill(weight, 20, 30, new RandomStream(4, "test"));
        Assert.Equal(weight.Span, linear.Weight.Value.Span);
    }

    [Fact]
    public void ZerosAndConstant_FillAllElementsWithoutRandomNumbers()
    {
        Tensor weight = Samples.Tensor(new Shape(5, 7));
        var random = new RandomStream(5, "test");
        ulong state = random.State;
        new Constant(-0.3f).Fill(weight, 5, 7, random);
        Assert.All(weight.Span.ToArray(), w => Assert.Equal(-0.3f, w));
        new Zeros().Fill(weight, 5, 7, random);
        Assert.All(weight.Span.ToArray(), w => Assert.Equal(0, w));
        Assert.Equal(state, random.State);
    }

    [Theory]
    [InlineData(-1, 2)]
    [InlineData(3, 3.5f)]
    public void Uniform_AnyFans_FillsRange(float low, float high)
    {
        var weight = new Tensor(new Shape(FanIn, FanOut));
        new Uniform(low, high).Fill(weight, 1, 10_000, new RandomStream(6, "test"));

        // Centered, it is U(−b, b), where b is half the width. The rounding of the difference is smaller than the tolerance of
        // AssertMoments.
        double centre = (low + high) / 2, width = high - low;
        Assert.All(weight.Span.ToArray(), w => Assert.InRange(w, low, high));
        AssertMoments([.. weight.Span.ToArray().Select(w => (float)(w - centre))], width * width / 12, uniform: true);
    }

    [Theory]
    [InlineData(0, 2)]
    [InlineData(-1, 0.5f)]
    public void Normal_AnyFans_HasMeanAndDeviation(float mean, float standardDeviation)
    {
        var weight = new Tensor(new Shape(FanIn, FanOut));
        new Normal(mean, standardDeviation).Fill(weight, 1, 10_000, new RandomStream(7, "test"));
        AssertMoments([.. weight.Span.ToArray().Select(w => w - mean)], standardDeviation * standardDeviation, uniform: false);
    }

    [Fact]
    public void UniformAndNormal_ZeroWidth_AreConstant()
    {
        var weight = new Tensor(new Shape(3));
        new Uniform(2, 2).Fill(weight, 1, 1, new RandomStream(8, "test"));
        Assert.Equal([2, 2, 2], weight.Span);
        new Normal(3, 0).Fill(weight, 1, 1, new RandomStream(8, "test"));
        Assert.Equal([3, 3, 3], weight.Span);
    }

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(20, 50, 1)]
    [InlineData(50, 20, 1.4142135f)]
    [InlineData(64, 64, -0.5f)]
    [InlineData(200, 200, 1)]
    public void Orthogonal_SmallerDimension_IsOrthonormalTimesGain(int rows, int columns, float gain)
    {
        var weight = new Tensor(new Shape(rows, columns));
        new Orthogonal(gain).Fill(weight, rows, columns, new RandomStream(9, "test"));
        int n = Math.Min(rows, columns), length = Math.Max(rows, columns);
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                double dot = 0;
                for (int k = 0; k < length; k++)
                {
                    dot += rows <= columns ? (double)weight[i, k] * weight[j, k] : (double)weight[k, i] * weight[k, j];
                }

                // Each element is rounded to a float once. By the Cauchy–Schwarz inequality, that is at most 2u times the product of the
                // lengths.
                Assert.Equal(i == j ? gain * gain : 0, dot, 3 * Samples.U * gain * gain);
            }
        }
    }

    [Fact]
    public void Orthogonal_FourDimensions_IsMatrixOfFirstByOthers()
    {
        Tensor images = new(new Shape(6, 2, 3, 3)), matrix = new(new Shape(6, 18));
        new Orthogonal().Fill(images, 18, 54, new RandomStream(10, "test"));
        new Orthogonal().Fill(matrix, 18, 6, new RandomStream(10, "test"));
        Assert.Equal(matrix.Span, images.Span);
    }

    [Fact]
    public void Orthogonal_ManySeeds_HasUniformDirections()
    {
        // All rotations are equally likely: each element has mean 0 (without the positive diagonal of r, some would not) and mean square
        // 1/n.
        const int N = 4, Seeds = 4000;
        var weight = new Tensor(new Shape(N, N));
        double[] sums = new double[N * N], squares = new double[N * N];
        int rotations = 0;
        for (ulong seed = 0; seed < Seeds; seed++)
        {
            new Orthogonal().Fill(weight, N, N, new RandomStream(seed, "test"));
            for (int i = 0; i < sums.Length; i++)
            {
                sums[i] += weight.Span[i];
                squares[i] += (double)weight.Span[i] * weight.Span[i];
            }

            rotations += Determinant(weight) > 0 ? 1 : 0;
        }

        // Five standard deviations: √(1/n) for an element; for its square, the mean of the fourth power is 3/(n(n + 2)). Half have
        // determinant 1.
        Assert.All(sums, sum => Assert.Equal(0, sum / Seeds, 5 * Math.Sqrt(1.0 / N / Seeds)));
        Assert.All(
            squares, square => Assert.Equal(1.0 / N, square / Seeds, 5 * Math.Sqrt(((3.0 / (N * (N + 2))) - (1.0 / (N * N))) / Seeds)));
        Assert.Equal(Seeds / 2.0, rotations, 5 * Math.Sqrt(Seeds / 4.0));
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void Constructor_NotFinite_ThrowsWithParameterName(float bad)
    {
        Assert.Equal("value", Assert.Throws<ArgumentOutOfRangeException>(() => new Constant(bad)).ParamName);
        Assert.Equal("high", Assert.Throws<ArgumentOutOfRangeException>(() => new Uniform(bad, 1)).ParamName);
        Assert.Equal("high", Assert.Throws<ArgumentOutOfRangeException>(() => new Uniform(1, bad)).ParamName);
        Assert.Equal("mean", Assert.Throws<ArgumentOutOfRangeException>(() => new Normal(bad, 1)).ParamName);
        Assert.Equal("standardDeviation", Assert.Throws<ArgumentOutOfRangeException>(() => new Normal(0, bad)).ParamName);
        Assert.Equal("gain", Assert.Throws<ArgumentOutOfRangeException>(() => new Orthogonal(bad)).ParamName);
    }

    [Fact]
    public void Constructor_OutOfRange_Throws()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new Normal(0, -1));
        var e = Assert.Throws<ArgumentOutOfRangeException>(() => new Uniform(2, 1));
        Assert.StartsWith(
            "It must be at least the lower bound, 2, and their difference must be finite.", e.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new Uniform(-3e38f, 3e38f));
        var shape = Assert.Throws<ShapeException>(() => new Orthogonal().Fill(new Tensor(new Shape(7)), 7, 1, new RandomStream(1, "test")));
        Assert.Equal("Orthogonal needs at least two dimensions, got [7]", shape.Message);
    }

    // By Gaussian elimination, which does not need pivoting to find the sign for a random rotation.
    private static double Determinant(Tensor w)
    {
        int n = w.Shape.Rows;
        double[] a = Array.ConvertAll(w.Span.ToArray(), value => (double)value);
        double product = 1;
        for (int k = 0; k < n; k++)
        {
            product *= a[(k * n) + k];
            for (int i = k + 1; i < n; i++)
            {
                double factor = a[(i * n) + k] / a[(k * n) + k];
                for (int j = k; j < n; j++)
                {
                    a[(i * n) + j] -= factor * a[(k * n) + j];
                }
            }
        }

        return product;
    }

    // Five standard deviations of each statistic, as in RandomStreamTests. Var(w²) is 2σ⁴ for the normal and 4σ⁴/5 for the uniform.
    private static void AssertMoments(ReadOnlySpan<float> w, double variance, bool uniform)
    {
        double sum = 0, squares = 0, max = 0;
        foreach (float value in w)
        {
            sum += value;
            squares += (double)value * value;
            max = Math.Max(max, Math.Abs(value));
        }

        Assert.Equal(0, sum / w.Length, 5 * Math.Sqrt(variance / w.Length));
        Assert.Equal(variance, squares / w.Length, 5 * variance * Math.Sqrt((uniform ? 0.8 : 2) / w.Length));

        // A uniform number is within √3σ (except for the rounding of the bound), and the maximum of that many numbers is within 20/n of it.
        double bound = Math.Sqrt(3 * variance);
        if (uniform)
        {
            Assert.InRange(max, bound * (1 - (20.0 / w.Length)), bound * (1 + (8 * Samples.U)));
        }
        else
        {
            Assert.True(max > 1.5 * bound, "a normal number goes beyond the uniform one's bound");
        }
    }
}
