using MiniNet.Figures;

namespace MiniNet.Tests.Figures;

public class AxisTests
{
    [Theory]
    [InlineData(0, 10, 0, 0)]
    [InlineData(0, 10, 10, 200)]
    [InlineData(0, 10, 2.5, 50)]
    [InlineData(-5, 5, 0, 100)]
    public void Map_Linear_IsProportional(double low, double high, double value, double expected) =>
        Assert.Equal(expected, new Axis(low, high, 0, 200).Map(value), 1e-9);

    [Theory]
    [InlineData(1, 50)] // from 0.1 to 1000 there are four decades, 50 units each
    [InlineData(10, 100)]
    [InlineData(1000, 200)]
    [InlineData(0.2, 15.051499783199059)] // 50·log₁₀ 2
    public void Map_Logarithmic_GivesEqualRatiosEqualDistances(double value, double expected) =>
        Assert.Equal(expected, new Axis(.1, 1000, 0, 200, logarithmic: true).Map(value), 1e-9);

    [Theory]
    [InlineData(0, 1, 6, "0 0.2 0.4 0.6 0.8 1")]
    [InlineData(0, 0.35, 6, "0 0.1 0.2 0.3")]
    [InlineData(0, 1.2, 6, "0 0.2 0.4 0.6 0.8 1 1.2")]
    [InlineData(1, 7, 10, "1 2 3 4 5 6 7")]
    [InlineData(-3, 4, 4, "-2 0 2 4")]
    [InlineData(0, 3e38, 6, "0 5e37 1e38 1.5e38 2e38 2.5e38 3e38")]
    [InlineData(0, 3e-40, 4, "0 1e-40 2e-40 3e-40")]
    public void Ticks_Linear_AreRound(double low, double high, int most, string expected) =>
        Assert.Equal(expected, Labels(new Axis(low, high, 0, 1), most));

    [Theory]
    [InlineData(0.04, 1.2, 6, "0.05 0.1 0.2 0.5 1")]
    [InlineData(1e-6, 1, 12, "1e-6 1e-5 0.0001 0.001 0.01 0.1 1")]
    [InlineData(1e-6, 1, 6, "1e-6 0.0001 0.01 1")]
    [InlineData(1.3, 2.2, 6, "1.4 1.6 1.8 2 2.2")]
    [InlineData(0.5001, 0.5009, 6, "0.5002 0.5004 0.5006 0.5008")]
    public void Ticks_Logarithmic_AreRound(double low, double high, int most, string expected) =>
        Assert.Equal(expected, Labels(new Axis(low, high, 0, 1, logarithmic: true), most));

    [Theory]
    [InlineData(0.2, 0.8, 6, "0.2 0.3 0.4 0.5 0.6 0.7 0.8")]
    [InlineData(0.1, 0.7, 6, "0.1 0.2 0.3 0.4 0.5 0.6 0.7")]
    public void Ticks_OneMoreThanTheDistances_AreAllKept(double low, double high, int most, string expected) =>
        Assert.Equal(expected, Labels(new Axis(low, high, 0, 1), most));

    [Theory]
    [InlineData(0.7)]
    [InlineData(0)]
    [InlineData(1e-30)]
    [InlineData(3e38)]
    public void Map_FlatCurve_IsInTheMiddle(double value)
    {
        Assert.Equal(50, new Axis(value, value, 0, 100).Map(value), 1e-6);
        if (value > 0)
        {
            Assert.Equal(50, new Axis(value, value, 0, 100, logarithmic: true).Map(value), 1e-6);
        }
    }

    private static string Labels(Axis axis, int most) => string.Join(' ', axis.Ticks(most).Select(Axis.Label));
}
