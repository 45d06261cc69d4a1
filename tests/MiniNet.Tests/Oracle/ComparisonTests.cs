using Xunit.Sdk;

namespace MiniNet.Tests.Oracle;

/// <summary>Tests the comparison itself: results that differ from PyTorch's do not pass.</summary>
public class ComparisonTests
{
    private const double Tolerance = 2e-6;
    private static readonly Numbers Theirs = new([2, 2], [3, 0, 0, 4]); // of norm 5

    [Theory]
    [InlineData(0, true)]
    [InlineData(0.99, true)]
    [InlineData(1.01, false)]
    [InlineData(double.NaN, false)]
    public void AssertClose_Error_IsRelativeToTheNorm(double tolerances, bool passes)
    {
        var ours = new Numbers([2, 2], [3, tolerances * Tolerance * 5, 0, 4]);
        Assert.Equal(passes, Passes(ours, Theirs));
    }

    [Theory]
    [InlineData(0.99, true)]
    [InlineData(1.01, false)]
    public void AssertClose_ExpectedZero_AllowsErrorsRelativeToAMillionth(double tolerances, bool passes) =>
        Assert.Equal(passes, Passes(new Numbers([4], [tolerances * Tolerance * 2e-6, 0, 0, 0]), new Numbers([4], new double[4])));

    [Fact]
    public void AssertClose_OtherShape_Fails() => Assert.False(Passes(Theirs with { Shape = [4] }, Theirs));

    [Fact]
    public void AssertClose_MissingOrUnexpectedResult_Fails()
    {
        Dictionary<string, Numbers> one = new() { ["output"] = Theirs }, two = new() { ["output"] = Theirs, ["d x"] = Theirs };
        Assert.ThrowsAny<XunitException>(() => Comparison.AssertClose("case", one, two, Tolerance));
        Assert.ThrowsAny<XunitException>(() => Comparison.AssertClose("case", two, one, Tolerance));
        Assert.ThrowsAny<XunitException>(() => Comparison.AssertClose("case", [], [], Tolerance));
    }

    [Fact]
    public void AssertClose_GradientOffByOneHundredThousandth_Fails()
    {
        GraphCase of = Recordings.Layers["Linear 3x5 -> 4"];
        Dictionary<string, Numbers> ours = MiniNetRunner.Run(of);
        Comparison.AssertClose(of.Name, ours, of.Expected, Tolerance);
        Numbers gradient = ours["d y.weight"];
        ours["d y.weight"] = gradient with { Data = [.. gradient.Data.Select(value => value * 1.00001)] };
        var e = Assert.ThrowsAny<XunitException>(() => Comparison.AssertClose(of.Name, ours, of.Expected, Tolerance));
        Assert.Contains("d y.weight is off by 1.0E-5", e.Message, StringComparison.Ordinal);
    }

    private static bool Passes(Numbers ours, Numbers theirs)
    {
        try
        {
            Comparison.AssertClose("case", new() { ["output"] = ours }, new() { ["output"] = theirs }, Tolerance);
            return true;
        }
        catch (XunitException)
        {
            return false;
        }
    }
}
