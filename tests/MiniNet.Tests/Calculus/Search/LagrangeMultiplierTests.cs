using MiniNet.Calculus;
using MiniNet.Graphs;
using MiniNet.Layers;
using static MiniNet.Calculus.CriticalPointKind;

namespace MiniNet.Tests.Calculus;

public class LagrangeMultiplierTests
{
    private static readonly Function Circle = KnownFunctions.Of(2, v => v[0].Pow(2) + v[1].Pow(2));

    [Fact]
    public void Find_SumOnCircle_HasExtremaOnDiagonal()
    {
        // x + y on x² + y² = 8: ±(2, 2), λ = 1/2x.
        IReadOnlyList<ConstrainedPoint> points = Find(KnownFunctions.Of("plane"), Circle, 8, 5);
        Assert.Equal([Minimum, Maximum], points.Select(point => point.Kind));
        Assert.Equal([-2, -2, 2, 2], points.SelectMany(point => point.Point), FunctionTests.Close(1e-5));
        Assert.Equal([-4, 4], points.Select(point => point.Value), FunctionTests.Close(1e-5));
        Assert.Equal([-0.25, 0.25], points.Select(point => point.Multiplier), FunctionTests.Close(1e-5));
        Assert.Equal([0.5, -0.5], points.Select(point => point.Curvature), FunctionTests.Close(1e-4)); // −2λ
        Assert.Equal([-16, 16], points.Select(point => point.BorderedDeterminant), FunctionTests.Close(1e-3)); // 2λ |∇g|², with |∇g|² = 32
        Assert.StartsWith(
            "minimum on the curve at x = -2, y = -2: f = -4, λ = -0.25, ∇f = [1, 1] = λ·[-4, -4]",
            points[0].ToString(),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Find_ProductOnLine_HasMaximumInTheMiddle()
    {
        // xy with x + 2y = 12: x = 6, y = 3, λ = 3. On a circle there are four points.
        Function product = KnownFunctions.Of(2, v => v[0] * v[1]), line = KnownFunctions.Of(2, v => v[0] + (2 * v[1]));
        ConstrainedPoint best = Assert.Single(Find(product, line, 12, 20));
        Assert.Equal((Maximum, 3.0), (best.Kind, Math.Round(best.Multiplier, 4)));
        Assert.Equal([6, 3], best.Point, FunctionTests.Close(1e-4));
        Assert.Equal([Minimum, Minimum, Maximum, Maximum], Find(product, Circle, 2, 3).Select(point => point.Kind));
    }

    [Theory]
    [InlineData("rosenbrock", 1.5)]
    [InlineData("himmelblau", 10)]
    [InlineData("quadratic", 3)]
    [InlineData("rastrigin", 1)]
    public void Find_KnownFunction_GradientsAreParallelAndMultiplierIsRate(string name, double c)
    {
        Function f = KnownFunctions.Of(name);
        IReadOnlyList<ConstrainedPoint> points = Find(f, Circle, c, 5);
        Assert.Contains(points, point => point.Kind == Minimum);
        Assert.Contains(points, point => point.Kind == Maximum);

        // they alternate around a closed curve
        Assert.Equal(points.Count(point => point.Kind == Minimum), points.Count(point => point.Kind == Maximum));
        double h = 0.01 * c;
        IReadOnlyList<ConstrainedPoint> more = Find(f, Circle, c + h, 5), less = Find(f, Circle, c - h, 5);
        foreach (ConstrainedPoint point in points)
        {
            double size = point.Gradient.Max(Math.Abs);
            Assert.Equal(c, point.Constraint, 1e-4 * c);
            Assert.Equal(
                point.Gradient,
                point.ConstraintGradient.Select(g => g * point.Multiplier),
                EqualityComparer<double>.Create((a, b) => Math.Abs(a - b) <= 1e-3 * (1 + size), _ => 0));
            double Near(IReadOnlyList<ConstrainedPoint> at) =>
                at.MinBy(other => other.Point.Zip(point.Point, (a, b) => (a - b) * (a - b)).Sum())!.Value;
            Assert.Equal((Near(more) - Near(less)) / (2 * h), point.Multiplier, 0.02 * (1 + Math.Abs(point.Multiplier)));
        }
    }

    [Theory]
    [InlineData("x^2*y", "2*x^2 + y^2", 3, 3, 3)]
    [InlineData("x^2 + y^2", "x*y", 1, 2, 0)]
    [InlineData("x*y", "x^2/4 + y^2", 1, 2, 2)]
    [InlineData("exp(x*y)", "x^3 + y^3", 2, 0, 1)]
    public void Find_BoxOfAnySize_FindsAllPoints(string best, string bound, double c, int minima, int maxima)
    {
        foreach (double reach in (double[])[2.5, 8, 20, 50])
        {
            // far from the origin eˣʸ is 0 and flat
            ConstrainedPoint[] points =
            [
                .. Find(Expression.Parse(best, "x", "y"), Expression.Parse(bound, "x", "y"), c, reach).Where(
                    point => point.Kind != Degenerate),
            ];
            Assert.Equal(
                (reach, minima, maxima),
                (reach, points.Count(point => point.Kind == Minimum), points.Count(point => point.Kind == Maximum)));
            Assert.All(points, point => Assert.Equal(c, point.Constraint, 1e-5 * reach)); // the accuracy of float32
        }
    }

    [Fact]
    public void Find_FewStartsOnEllipse_FindsAllPoints() // following the curve in only one direction finds three of the four
    {
        Function product = Expression.Parse("x*y", "x", "y"), ellipse = Expression.Parse("x^2/4 + y^2", "x", "y");
        Assert.Equal(
            4,
            LagrangeMultiplier.Find(product, ellipse, 1, [(-50, 50), (-50, 50)], starts: 8, TestContext.Current.CancellationToken).Count);
    }

    [Fact]
    public void Find_Circle_MatchesValuesSampledAroundIt()
    {
        Function f = KnownFunctions.Of("himmelblau");
        double[] values =
        [
            .. Enumerable.Range(0, 3600).Select(i => i * Math.PI / 1800).Select(t => f.Value(3 * Math.Cos(t), 3 * Math.Sin(t))),
        ];
        IReadOnlyList<ConstrainedPoint> points = Find(f, Circle, 9, 4);
        Assert.Equal(values.Min(), points[0].Value, 2e-3);
        Assert.Equal(values.Max(), points[^1].Value, 2e-3);
        int turns = Enumerable.Range(0, values.Length).Count(
            i => (values[i] - values[(i + 3599) % 3600]) * (values[(i + 1) % 3600] - values[i]) < 0);
        Assert.Equal(turns, points.Count);
    }

    [Fact]
    public void Find_SharedGraphAndSpecialCases_ReturnsExpectedPoints()
    {
        var graph = new Graph();
        Node x = graph.Variable("x"), y = graph.Variable("y"), sum = x + y, square = (x * x) + (y * y);
        Assert.Equal(2, Find(new Function(sum), new Function(square), 2, 3).Count);
        Assert.Empty(Find(new Function(sum), new Function(square), -1, 3)); // no such curve
        Assert.Empty(Find(new Function(x + (2 * y)), new Function(sum), 1, 3)); // decreases along the whole line

        // constant on the circle
        Assert.All(Find(new Function(square), new Function(square), 2, 3), point => Assert.Equal(Degenerate, point.Kind));
        Function cubic = new(x.Pow(3) + (0 * y));
        ConstrainedPoint turning = Assert.Single(Find(cubic, new Function(y + (0 * x)), 0, 3));
        Assert.Equal(Degenerate, turning.Kind);
    }

    [Fact]
    public void Find_InvalidArguments_Throws()
    {
        Assert.StartsWith(
            "Both functions must have the same two variables; f has x, y and g has x.",
            Assert.Throws<ArgumentException>(() => Find(KnownFunctions.Of("plane"), KnownFunctions.Of("exponential"), 1, 2)).Message,
            StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Find(KnownFunctions.Of("bowl of three"), KnownFunctions.Of("bowl of three"), 1, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => Find(KnownFunctions.Of("plane"), Circle, double.NaN, 2));
    }

    private static IReadOnlyList<ConstrainedPoint> Find(Function f, Function g, double c, double reach) =>
        LagrangeMultiplier.Find(f, g, c, [(-reach, reach), (-reach, reach)], cancellation: TestContext.Current.CancellationToken);
}
