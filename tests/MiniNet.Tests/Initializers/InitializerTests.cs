using MiniNet.Initializers;
using MiniNet.Layers;
using MiniNet.Tensors;

namespace MiniNet.Tests.Initializers;

public class InitializerTests
{
    private const int FanIn = 300, FanOut = 700;

    // The variances as the papers state them: Glorot 2/(fanIn + fanOut), He 2/((1 + a²) fanIn).
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
    public void Fill_HasMeanVarianceAndBoundOfTheClosedForm(string name, double variance, bool uniform)
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
    public void Linear_ByDefault_IsUniformBelowOneOverTheRootOfItsInputs()
    {
        var linear = new Linear(FanIn, FanOut);
        linear.Initialize(new RandomStream(2, "test"));
        AssertMoments(linear.Weight.Value.Span, 1.0 / (3 * FanIn), uniform: true); // U(−b, b) has the variance b²/3

        var wide = new Linear(9, 50_000);
        wide.Initialize(new RandomStream(3, "test"));
        AssertMoments(wide.Bias!.Value.Span, 1.0 / (3 * 9), uniform: true);
    }

    [Fact]
    public void Linear_WithAnInitializer_UsesItForTheWeight()
    {
        Linear linear = new(20, 30, initializer: new GlorotNormal());
        linear.Initialize(new RandomStream(4, "test"));
        var weight = new Tensor(new Shape(20, 30));
        new GlorotNormal().Fill(weight, 20, 30, new RandomStream(4, "test"));
        Assert.Equal(weight.Span, linear.Weight.Value.Span);
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

        // A uniform number stays within √3σ (but for the rounding of the bound) and, of so many, the greatest comes within 20/n of it.
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
