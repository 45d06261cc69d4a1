using MiniNet.GradientChecking;
using MiniNet.Tensors;

namespace MiniNet.Tests.GradientChecking;

public class SlopeEstimateTests
{
    [Fact]
    public void Fit_PolynomialOfDegreeFive_IsExact()
    {
        SlopeEstimate slope = Of(
            t => 3 - (2 * t) + (t * t) - (0.5 * Math.Pow(t, 3)) + (0.1 * Math.Pow(t, 4)) + (0.03 * Math.Pow(t, 5)),
            spacing: 0.5);
        Assert.Equal(-2, slope.Value, 1e-12);
        Assert.InRange(slope.Error, 0, 1e-12);
    }

    [Fact]
    public void Error_ExactFit_IsGivenNoise()
    {
        // The slope is Σ aₜ valueₜ / spacing, so an error of equal size in every value contributes √Σaₜ² times that size.
        double spread = Math.Sqrt(
            Enumerable.Range(
                -SlopeEstimate.HalfWindow, (2 * SlopeEstimate.HalfWindow) + 1).Sum(t => Math.Pow(Of(u => u == t ? 1 : 0).Value, 2)));
        Assert.Equal(0.01 * spread / 0.25, Of(t => t, spacing: 0.25, noise: 0.01).Error, 1e-12);
    }

    [Fact]
    public void Fit_KinkAnywhere_ErrorStaysWithinBound()
    {
        for (double kink = 0.001; kink < SlopeEstimate.HalfWindow; kink += 0.001)
        {
            double at = kink;
            SlopeEstimate slope = Of(t => Math.Max(0, t - at)); // the slope at the middle is 0
            Assert.InRange(Math.Abs(slope.Value), 0, 7 * slope.Error);
        }
    }

    [Fact]
    public void Fit_StepTooLarge_ErrorStaysWithinBound()
    {
        for (double at = -3; at <= 3; at += 0.1)
        {
            for (double spacing = 1.0 / 64; spacing <= 1; spacing *= 2)
            {
                double x = at;
                SlopeEstimate slope = Of(t => Math.Tanh(x + t), spacing);
                Assert.InRange(
                    Math.Abs(slope.Value - 1 + Math.Pow(Math.Tanh(x), 2)), 0, (SlopeEstimate.ConfidenceFactor * slope.Error) + 1e-12);
            }
        }
    }

    [Fact]
    public void Fit_Rounding_ExceedsBoundOnceInTenThousandCases()
    {
        var random = new RandomStream(1, "rounding");
        int misled = Enumerable.Range(0, 100_000).Count(
            _ => Of(_ => random.NextNormal()) is var slope && Math.Abs(slope.Value) > SlopeEstimate.ConfidenceFactor * slope.Error);
        Assert.InRange(misled, 0, 20); // 6 or 7 expected
    }

    private static SlopeEstimate Of(Func<double, double> f, double spacing = 1, double noise = 0) =>
        SlopeEstimate.Fit(
            [.. Enumerable.Range(-SlopeEstimate.HalfWindow, (2 * SlopeEstimate.HalfWindow) + 1).Select(t => f(t * spacing))],
            spacing,
            noise);
}
