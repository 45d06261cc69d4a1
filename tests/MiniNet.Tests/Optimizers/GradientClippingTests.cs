using MiniNet.Optimizers;
using MiniNet.Tensors;

namespace MiniNet.Tests.Optimizers;

public class GradientClippingTests
{
    [Fact]
    public void ByNorm_AboveMaxNorm_ScalesAllGradientsByOneFactor()
    {
        Parameter[] parameters = Gradients([3, 0, -4], [12]); // of norm 13
        Assert.Equal(13, GradientClipping.ByNorm(parameters, 6.5f));

        // The factor is 6.5/(13 + 10⁻⁶), one float; each element rounds once more.
        double factor = 6.5 / (13 + 1e-6);
        Assert.Equal([3 * factor, 0, -4 * factor], Doubles(parameters[0]), (a, b) => Math.Abs(a - b) <= 4 * 2 * Samples.U);
        Assert.Equal(12 * factor, Doubles(parameters[1])[0], 12 * 2 * Samples.U);
    }

    [Theory]
    [InlineData(1e-6f)]
    [InlineData(0.5f)]
    [InlineData(3)]
    public void ByNorm_Random_KeepsTheDirection(float maxNorm)
    {
        var random = new RandomStream(1, "gradients");
        Parameter[] parameters = Gradients(Samples.Normal(100, random), Samples.Normal(7, random), []);
        double[] before = [.. parameters.SelectMany(Doubles)];
        double norm = Math.Sqrt(before.Sum(g => g * g));
        Assert.Equal(norm, GradientClipping.ByNorm(parameters, maxNorm), norm * 2 * Samples.U);
        double[] after = [.. parameters.SelectMany(Doubles)];
        double newNorm = Math.Sqrt(after.Sum(g => g * g)), dot = before.Zip(after).Sum(pair => pair.First * pair.Second);

        // Within 10⁻⁶/‖g‖, which is added on purpose, and two roundings per element. The error of the cosine is their square.
        Assert.Equal(maxNorm, newNorm, maxNorm * ((1e-6 / norm) + (2 * Samples.U)));
        Assert.Equal(1, dot / (norm * newNorm), 1e-12);
    }

    [Fact]
    public void ByNorm_TinyMaxNorm_AddsEpsilonLikePyTorch()
    {
        Parameter[] parameters = Gradients([2e-6f]);
        GradientClipping.ByNorm(parameters, 1e-6f);
        Assert.Equal(2e-6 / 3, parameters[0].Gradient.Span[0], 2e-6 * 4 * Samples.U); // the factor is 10⁻⁶ / (2·10⁻⁶ + 10⁻⁶)
    }

    [Fact]
    public void ByNorm_BelowMaxNorm_ChangesNothing()
    {
        Parameter[] parameters = Gradients([3, 1e-30f, -4], [0]);
        Assert.Equal(5, GradientClipping.ByNorm(parameters, 5.1f));
        Assert.Equal([3, 1e-30f, -4], parameters[0].Gradient.Span);
        Assert.Equal(0, GradientClipping.ByNorm(Gradients([0, 0]), 1));
        Assert.Equal(0, GradientClipping.ByNorm([], 1));
    }

    [Fact]
    public void ByNorm_NormNearEpsilon_AddsEpsilon()
    {
        // 10⁻⁶ / (3·10⁻⁶ + 10⁻⁶) is a quarter; without the epsilon it would be a third. Three numbers and the product are rounded to float.
        Parameter[] parameters = Gradients([3e-6f]);
        GradientClipping.ByNorm(parameters, 1e-6f);
        Assert.Equal(0.75e-6, parameters[0].Gradient.Span[0], 0.75e-6 * 4 * Samples.U);
    }

    [Fact]
    public void ByNorm_SquaresOverflowFloat_StillScales()
    {
        Parameter[] parameters = Gradients([3e30f, -4e30f]);
        Assert.Equal(5e30f, GradientClipping.ByNorm(parameters, 1), 5e30f * 2 * (float)Samples.U);
        Assert.Equal([0.6, -0.8], Doubles(parameters[0]), (a, b) => Math.Abs(a - b) <= 4 * Samples.U);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void ByNorm_NonFiniteNorm_IsReturnedWithoutChanges(float bad)
    {
        Parameter[] parameters = Gradients([3, bad], [4]);
        Assert.Equal(bad, GradientClipping.ByNorm(parameters, 1));
        Assert.Equal([3, bad], parameters[0].Gradient.Span);
        Assert.Equal([4], parameters[1].Gradient.Span);
    }

    [Fact]
    public void ByValue_ClipsBothSides_AndKeepsNaN()
    {
        Parameter[] parameters = Gradients([3, -0.2f, -3, 0.5f, float.NaN], [float.PositiveInfinity, float.NegativeInfinity, 0]);
        GradientClipping.ByValue(parameters, 0.5f);
        Assert.Equal([0.5f, -0.2f, -0.5f, 0.5f, float.NaN], parameters[0].Gradient.Span);
        Assert.Equal([0.5f, -0.5f, 0], parameters[1].Gradient.Span);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Limit_OutOfRange_Throws(float limit)
    {
        Assert.Equal("maxNorm", Assert.Throws<ArgumentOutOfRangeException>(() => GradientClipping.ByNorm([], limit)).ParamName);
        Assert.Equal("limit", Assert.Throws<ArgumentOutOfRangeException>(() => GradientClipping.ByValue([], limit)).ParamName);
    }

    private static Parameter[] Gradients(params float[][] gradients)
    {
        Parameter[] parameters = [.. gradients.Select(values => new Parameter("w", new Shape(values.Length)))];
        for (int i = 0; i < gradients.Length; i++)
        {
            gradients[i].CopyTo(parameters[i].Gradient.Span);
        }

        return parameters;
    }

    private static double[] Doubles(Parameter parameter) => Array.ConvertAll(parameter.Gradient.Span.ToArray(), value => (double)value);
}
