using MiniNet.Calculus;
using MiniNet.Layers;

namespace MiniNet.Tests.Calculus;

public class TaylorTests
{
    [Fact]
    public void TangentPlane_Quadratic_MatchesTextbook()
    {
        var plane = TangentPlane.At(KnownFunctions.Of("quadratic"), 1, 2);
        Assert.Equal("z = 3 - 2·(y - 2)", plane.ToString());
        Assert.Equal(3 - (2 * (5 - 2)), plane.Evaluate(7, 5));
        Assert.Equal("z = 0 + 4·x + 3·y", TangentPlane.At(KnownFunctions.Of("quadratic"), 0, 0).ToString());
        Assert.Equal("z = -5 + 6·(x + 1) + 4·y", TangentPlane.At(KnownFunctions.Of("quadratic"), -1, 0).ToString());
    }

    [Fact]
    public void SecondOrderTaylor_Quadratic_EqualsFunction()
    {
        Function f = KnownFunctions.Of("quadratic");
        var taylor = SecondOrderTaylor.At(f, 1, 2);
        Assert.Equal("z = 3 - 2·(y - 2) - (x - 1)² - (x - 1)·(y - 2) - (y - 2)²", taylor.ToString());
        Assert.Equal(f.Value(-3, 5), taylor.Evaluate(-3, 5), 1e-5);
    }

    [Theory]
    [InlineData("himmelblau")]
    [InlineData("quartic")]
    [InlineData("waves of three")]
    [InlineData("logarithms")]
    public void TruncationError_HalvedDistance_ShrinksWithOrder(string name)
    {
        // At half the distance, the error of the plane is 1/4 and that of the second-order polynomial 1/8.
        Function f = KnownFunctions.Of(name);
        double[] at = [.. new[] { 0.75, 1.25, -0.5 }.Take(f.Dimension)], way = [.. new[] { 1, 0.5, 0.25 }.Take(f.Dimension)];
        var plane = TangentPlane.At(f, at);
        var taylor = SecondOrderTaylor.At(f, at);
        double[] To(double t) => [.. at.Zip(way, (a, w) => a + (t * w))];
        double First(double t) => f.Value(To(t)) - plane.Evaluate(To(t));
        double Second(double t) => f.Value(To(t)) - taylor.Evaluate(To(t));
        Assert.InRange(First(0.125) / First(0.0625), 3, 5.3);
        Assert.InRange(Second(0.125) / Second(0.0625), 6, 11);
    }

    [Fact]
    public void Taylor_FunctionNotFinite_Throws()
    {
        Function f = KnownFunctions.Of("reciprocal");
        string message = "The function has no finite value (Infinity) at the point of tangency, x = 0, y = 1: does it divide by 0 "
            + "there, or take the logarithm or root of a negative number? Choose another point.";
        Assert.Equal(message, Assert.Throws<UndefinedException>(() => TangentPlane.At(f, 0, 1)).Message);
        Assert.Throws<UndefinedException>(() => SecondOrderTaylor.At(f, 0, 1));
        Function root = KnownFunctions.Of(1, v => v[0].Sqrt());
        Assert.Contains(
            "no finite derivatives (its value is 0)",
            Assert.Throws<UndefinedException>(() => TangentPlane.At(root, 0)).Message,
            StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => TangentPlane.At(root, 1).Evaluate(1, 2));
    }
}
