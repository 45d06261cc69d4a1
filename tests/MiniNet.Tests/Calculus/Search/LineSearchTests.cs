using MiniNet.Calculus;
using MiniNet.Layers;

namespace MiniNet.Tests.Calculus;

public class LineSearchTests
{
    [Fact]
    public void Armijo_Parabola_HalvesUntilSufficientDecrease()
    {
        // f = x² from 1 along −8: f is 49 at α = 1, 9 at ½, 1 at ¼ and 0 at ⅛.
        var search = LineSearch.Armijo(KnownFunctions.Of(1, v => v[0].Pow(2)), [1], [-8]);
        Assert.Equal([1, 0.5, 0.25, 0.125], search.Trials.Select(trial => trial.Step));
        Assert.Equal([49, 9, 1, 0], search.Trials.Select(trial => trial.Value));
        Assert.Equal([0.9984, 0.9992, 0.9996, 0.9998], search.Trials.Select(trial => trial.Bound), FunctionTests.Close(1e-12));
        Assert.Equal((0.125, -16, 1), (search.Step, search.Slope, search.Value));
        Assert.Equal(["too long, the improvement is not sufficient", "accepted"], search.Trials.Select(trial => trial.Outcome).Distinct());
        Assert.Contains("α = 0.125: f = 0, bound 0.9998: accepted", search.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("rosenbrock", -1.2, 1)]
    [InlineData("himmelblau", 0, 0)]
    [InlineData("rastrigin", 0.3, 0.7)]
    [InlineData("quartic", 1, 2)]
    public void StrongWolfe_KnownFunction_SatisfiesBothConditions(string name, double x, double y)
    {
        Function f = KnownFunctions.Of(name);
        double[] d = [.. f.Gradient(x, y).Select(g => -g)];
        foreach (double first in (double[])[1e-6, 0.01, 1, 100])
        {
            var search = LineSearch.StrongWolfe(f, [x, y], d, first, 1e-3, 0.2);
            double a = search.Step!.Value, slope = -((d[0] * d[0]) + (d[1] * d[1]));
            double[] to = [x + (a * d[0]), y + (a * d[1])], gradient = f.Gradient(to);
            Assert.InRange(f.Value(to), double.NegativeInfinity, f.Value(x, y) + (1e-3 * a * slope));
            Assert.InRange(Math.Abs((gradient[0] * d[0]) + (gradient[1] * d[1])), 0, -0.2 * slope);
        }
    }

    [Fact]
    public void Armijo_TrialOutsideDomain_IsTooLong()
    {
        var search = LineSearch.Armijo(KnownFunctions.Of(1, v => v[0] - v[0].Log()), [2], [-8]);
        Assert.Equal(double.NaN, search.Trials[0].Value);
        Assert.Equal(0.125, search.Step);
    }

    [Fact]
    public void Armijo_AtFloat32Minimum_FindsNoStep()
    {
        // 1,000 + x²: near 0 the rounding of 1,000 hides every decrease.
        var search = LineSearch.Armijo(KnownFunctions.Of(1, v => v[0].Pow(2) + 1000), [1e-3], [-1], sufficientDecrease: 0.5);
        Assert.Null(search.Step);
        Assert.EndsWith(
            "no step found: rounding hides any further improvement, or f is unbounded",
            search.ToString(),
            StringComparison.Ordinal);
    }

    [Fact]
    public void StrongWolfe_UnboundedFunction_FindsNoStep()
    {
        var search = LineSearch.StrongWolfe(KnownFunctions.Of("plane"), [0, 0], [-1, -1]);
        Assert.Null(search.Step);
        Assert.All(search.Trials, trial => Assert.Equal("too short, the slope is still steep", trial.Outcome));
    }

    [Fact]
    public void LineSearch_InvalidArguments_Throws()
    {
        Function f = KnownFunctions.Of("quadratic");
        Assert.StartsWith(
            "The function does not decrease along this direction: its slope is 25.",
            Assert.Throws<ArgumentException>(() => LineSearch.Armijo(f, [0, 0], [4, 3])).Message,
            StringComparison.Ordinal);
        Assert.StartsWith(
            "The function takes 2 number(s); the direction has 1.",
            Assert.Throws<ArgumentException>(() => LineSearch.Armijo(f, [0, 0], [4])).Message,
            StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => LineSearch.Armijo(f, [0, 0], [-4, -3], firstStep: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => LineSearch.Armijo(f, [0, 0], [-4, -3], sufficientDecrease: 1));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => LineSearch.StrongWolfe(f, [0, 0], [-4, -3], sufficientDecrease: 0.9, curvature: 0.5));
        Assert.Throws<UndefinedException>(() => LineSearch.Armijo(KnownFunctions.Of("reciprocal"), [0, 1], [1, 1]));
    }
}
