using MiniNet.Calculus;
using MiniNet.Graphs;
using MiniNet.Layers;
using MiniNet.Tensors;
using static MiniNet.Calculus.CriticalPointKind;

namespace MiniNet.Tests.Calculus;

public class CriticalPointsTests
{
    // A function, its box, and the numbers of minima, maxima, saddle points and degenerate points in the box.
    // Boxes with different centres show that the result does not depend on the centre.
    public static TheoryData<string, double, double, int, int, int, int> Counts => new()
    {
        { "quadratic", -5, 5, 0, 1, 0, 0 },
        { "quadratic", -50, 100, 0, 1, 0, 0 },
        { "quadratic", 2, 5, 0, 0, 0, 0 },
        { "rosenbrock", -2, 2, 1, 0, 0, 0 },
        { "rosenbrock", -5, 4, 1, 0, 0, 0 },
        { "himmelblau", -5, 5, 4, 1, 4, 0 },
        { "himmelblau", -6, 5.5, 4, 1, 4, 0 },
        { "himmelblau", 0, 5, 1, 0, 2, 0 },
        { "monkey saddle", -2, 2, 0, 0, 0, 1 },
        { "monkey saddle", -1.3, 2, 0, 0, 0, 1 },
        { "quartic", -2, 2, 0, 0, 0, 1 },
        { "quartic", -1.7, 3, 0, 0, 0, 1 },
        { "rastrigin", -1.4, 1.4, 9, 4, 12, 0 },
        { "rastrigin", -1.2, 1.3, 9, 4, 12, 0 },
        { "rastrigin", -2.4, 2.4, 25, 16, 40, 0 },
        { "plane", -5, 5, 0, 0, 0, 0 },
        { "exponential", -20, 20, 0, 0, 0, 0 },
        { "reciprocal", -3, 3, 0, 0, 0, 0 },
        { "wave", -2.5, 2.5, 5, 5, 0, 1 },
        { "wave", -1, 2.5, 2, 3, 0, 1 },
        { "shifted quartic", -3, 3, 0, 0, 0, 1 },
        { "shifted quartic", -2, 5, 0, 0, 0, 1 },
        { "bowl of three", -3, 3, 1, 0, 0, 0 },
        { "logarithms", 0.1, 5, 0, 0, 1, 0 },
    };

    [Theory]
    [MemberData(nameof(Counts))]
    public void Find_KnownFunction_FindsAndClassifiesEveryPoint(
        string name,
        double low,
        double high,
        int minima,
        int maxima,
        int saddles,
        int degenerate)
    {
        Function f = KnownFunctions.Of(name);
        CriticalPoints points = Find(f, low, high);
        TestContext.Current.TestOutputHelper!.WriteLine(points.ToString());
        Assert.Equal(
            (minima, maxima, saddles, degenerate),
            (points.Count(Is(Minimum)), points.Count(Is(Maximum)), points.Count(Is(Saddle)), points.Count(Is(Degenerate))));
        Assert.Equal(points.OrderBy(point => point.Kind).ThenBy(point => point.Value), points);
        Assert.All(points, point => Assert.All(point.Point, x => Assert.InRange(x, low, high)));
        foreach (CriticalPoint point in points)
        {
            Assert.Equal(0, point.Extent);
            Assert.Equal(f.Value([.. point.Point]), point.Value);

            // at most 1e-4 from a zero: points that close count as one
            Assert.InRange(point.GradientNorm, 0, 1e-4 * Math.Max(1, point.Eigenvalues.Max(Math.Abs)));
        }
    }

    [Fact]
    public void Find_Rosenbrock_MatchesTextbookEigenvalues()
    {
        CriticalPoint minimum = Assert.Single(Find(KnownFunctions.Of("rosenbrock"), -2, 2));
        Assert.Equal(Minimum, minimum.Kind);
        Assert.Equal([1, 1], minimum.Point, FunctionTests.Close(1e-5));
        Assert.Equal(0.39936, minimum.Eigenvalues[0], 4e-4); // of [[802, -400], [-400, 200]]
        Assert.Equal(1001.60064, minimum.Eigenvalues[1], 1);
        Assert.InRange(minimum.Thresholds[0], 0, 0.1); // a quarter of the eigenvalue, so it would count even at half its size
        Assert.Equal(0.894, Math.Abs(minimum.Eigenvectors[0][1]), 1e-3);
        Assert.StartsWith("minimum at x = 1, y = 1: f = ", minimum.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Find_Himmelblau_MatchesPublishedValues()
    {
        // Minima and maximum: Wikipedia, "Himmelblau's function". Saddle points: Newton's method in double precision, computed separately.
        CriticalPoints points = Find(KnownFunctions.Of("himmelblau"), -5, 5);
        double[][] expected =
        [
            [3, 2], [-2.805118, 3.131312], [-3.779310, -3.283186], [3.584428, -1.848126], [-0.270845, -0.923039],
            [3.385154, 0.073852], [0.086678, 2.884255], [-3.073026, -0.081353], [-0.127961, -1.953715],
        ];
        Assert.All(
            expected,
            at => Assert.Single(
                points,
                point => Math.Abs(point.Point[0] - at[0]) < 2e-6 && Math.Abs(point.Point[1] - at[1]) < 2e-6));
        Assert.Equal(181.617, Assert.Single(points, Is(Maximum).Invoke).Value, 1e-3);
    }

    [Fact]
    public void Find_Logarithms_MatchesAnalyticSaddlePoint()
    {
        // √y / x = 1/y and ln x / 2√y = −x/y²: x = y^1.5, and so ln y = −4/3.
        CriticalPoint saddle = Assert.Single(Find(KnownFunctions.Of("logarithms"), 0.1, 5));
        Assert.Equal([Math.Exp(-2), Math.Exp(-4.0 / 3)], saddle.Point, FunctionTests.Close(1e-6));
    }

    [Fact]
    public void Find_Quadratic_FindsMaximum()
    {
        CriticalPoint maximum = Assert.Single(Find(KnownFunctions.Of("quadratic"), -5, 5));
        Assert.Equal([5.0 / 3, 2.0 / 3], maximum.Point, FunctionTests.Close(1e-6));
        Assert.Equal([-3, -1], maximum.Eigenvalues, FunctionTests.Close(1e-5));
        Assert.Equal("maximum at x = 1.66667, y = 0.666667: f = 4.33333, |∇f| = 0, eigenvalues -3 and -1", maximum.ToString());
    }

    [Fact]
    public void Find_ThreeVariables_MatchesLinearSystem()
    {
        // 2(x − 1) + y = 0, 4y + x = 0, 6(z + ½) = 0; the eigenvalues of [[2, 1], [1, 4]] are 3 ± √2.
        CriticalPoint minimum = Assert.Single(Find(KnownFunctions.Of("bowl of three"), -3, 3));
        Assert.Equal([8.0 / 7, -2.0 / 7, -0.5], minimum.Point, FunctionTests.Close(1e-6));
        Assert.Equal([3 - Math.Sqrt(2), 3 + Math.Sqrt(2), 6], minimum.Eigenvalues, FunctionTests.Close(1e-5));
    }

    [Fact]
    public void Find_FourVariables_FindsAllPoints()
    {
        // Σ x⁴/4 − x²/2: each variable is −1, 0 or 1 at a critical point, so there are 3⁴. 0 is a maximum along its axis, ±1 a minimum.
        Function f = KnownFunctions.Of(4, v => (0.25f * v[0].Pow(4)) - (0.5f * v[0].Pow(2)) + (0.25f * v[1].Pow(4)) - (0.5f * v[1].Pow(2))
            + (0.25f * v[2].Pow(4)) - (0.5f * v[2].Pow(2)) + (0.25f * v[3].Pow(4)) - (0.5f * v[3].Pow(2)));
        var points = CriticalPoints.Find(f, [(-1.6, 1.5), (-1.5, 1.7), (-1.5, 1.4), (-1.3, 1.5)], starts: 800, Token);
        Assert.Equal((16, 1, 64), (points.Count(Is(Minimum)), points.Count(Is(Maximum)), points.Count(Is(Saddle))));
    }

    [Theory]
    [InlineData("cos(10*x) + y^2", 2, 6, 0, 7)]                     // many equidistant points
    [InlineData("cos(10*x) + cos(10*y)", 2, 36, 49, 84)]
    [InlineData("sin(x)*sin(y)", 10, 18, 18, 49)]
    [InlineData("sin(x) + cos(y)", 20, 36, 42, 78)]
    // Beale's function; the floor of its descending valley is not a critical point
    [InlineData("(1.5-x+x*y)^2 + (2.25-x+x*y^2)^2 + (2.625-x+x*y^3)^2", 4.5, 1, 0, 2)]
    [InlineData("100*(y-x^2)^2 + (1-x)^2", 50, 1, 0, 0)]                                      // a valley much narrower than the box
    [InlineData("(4-2.1*x^2+x^4/3)*x^2 + x*y + (-4+4*y^2)*y^2", 3, 6, 2, 7)]
    public void Find_ManyCriticalPoints_FindsEachAsIsolatedPoint(string formula, double reach, int minima, int maxima, int saddles)
    {
        CriticalPoints points = Find(Expression.Parse(formula, "x", "y"), -reach, reach);
        Assert.Equal(
            (minima, maxima, saddles, 0),
            (points.Count(Is(Minimum)), points.Count(Is(Maximum)), points.Count(Is(Saddle)), points.Count(Is(Degenerate))));
        Assert.All(points, point => Assert.Equal(0, point.Extent));
    }

    [Fact]
    public void ToString_PointsFoundFromOneStart_WarnsOfOthers()
    {
        Function f = Expression.Parse("cos(10*x) + cos(10*y)", "x", "y");
        CriticalPoints few = CriticalPoints.Find(f, [(-2, 2), (-2, 2)], starts: 64, Token);
        Assert.InRange(few.FoundOnce, 1, 64);
        Assert.EndsWith(
            $"\n  {few.FoundOnce} of them found from one start only: more starts or a smaller box may find others",
            few.ToString(),
            StringComparison.Ordinal);
        Assert.Equal(0, CriticalPoints.Find(Expression.Parse("x^2 + y^2", "x", "y"), [(-2, 2), (-2, 2)], cancellation: Token).FoundOnce);
    }

    [Fact]
    public void ToString_NoCriticalPoint_SaysSo() =>
        Assert.Equal(
            "No critical point in x from -5 to 5, y from -5 to 5: Newton's method reaches no zero of the gradient from 1024 starting "
                + "points.",
            Find(KnownFunctions.Of("plane"), -5, 5).ToString());

    [Fact]
    public void Find_LineOfCriticalPoints_ReturnsOnePointWithExtent()
    {
        CriticalPoint line = Assert.Single(Find(KnownFunctions.Of("valley"), -5, 4));
        Assert.Equal(Degenerate, line.Kind);
        Assert.Equal(line.Point[0], line.Point[1], 1e-4);
        Assert.InRange(line.Extent, 5, 14); // at least half of it
        Assert.Equal([0, 4], line.Eigenvalues, FunctionTests.Close(1e-4));
        Assert.Contains("the gradient is 0 up to", line.ToString(), StringComparison.Ordinal);

        CriticalPoint flat = Assert.Single(Find(KnownFunctions.Of(1, v => (0 * v[0]) + 3), -1, 1));
        Assert.Equal((Degenerate, 3), (flat.Kind, flat.Value));
        Assert.InRange(flat.Extent, 0.9, 2);
    }

    [Fact]
    public void Find_CurveOfCriticalPoints_ReturnsManyDegeneratePoints()
    {
        CriticalPoints points = Find(KnownFunctions.Of("hat"), -2, 2);
        Assert.Equal([0, 0], Assert.Single(points, Is(Maximum).Invoke).Point, FunctionTests.Close(1e-6));
        Assert.DoesNotContain(points, point => point.Kind is Minimum or Saddle);
        Assert.InRange(points.Count, 20, 257);
        Assert.All(points.Where(Is(Degenerate)), point => Assert.Equal(1, Math.Sqrt(point.Point.Sum(x => x * x)), 1e-4));
        Assert.Contains("more: that many degenerate points may form a curve", points.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Find_ScaledFunctionOrVariables_KeepsKind()
    {
        foreach (float scale in (float[])[1e-6f, 1e-3f, 1e3f, 1e6f])
        {
            Assert.Equal(Saddle, Assert.Single(Find(KnownFunctions.Of(2, v => scale * (v[0].Pow(2) - (3 * v[1].Pow(2)))), -1, 2)).Kind);
            Assert.Equal(
                Degenerate,
                Assert.Single(Find(KnownFunctions.Of(2, v => scale * (v[0].Pow(3) - (3 * v[0] * v[1].Pow(2)))), -1, 2)).Kind);
            Assert.Equal(Minimum, Assert.Single(Find(KnownFunctions.Of(1, v => (v[0] - scale).Pow(2)), -scale, 3 * scale)).Kind);
        }

        var points = CriticalPoints.Find(
            KnownFunctions.Of(2, v => ((1e4f * v[0]) - 1).Pow(2) + ((1e-3f * v[1]) - 1).Pow(2)),
            [(0, 3e-4), (-1e4, 1e4)],
            cancellation: Token);
        Assert.Equal([1e-4, 1e3], Assert.Single(points, Is(Minimum).Invoke).Point, FunctionTests.Close(1e-3));
    }

    [Fact]
    public void Find_PointWhereFunctionIsUndefined_ExcludesIt()
    {
        Assert.Empty(Find(KnownFunctions.Of(1, v => v[0].Log() + v[0]), -2, 2)); // 1/x + 1 is 0 at -1, where the logarithm is undefined
        CriticalPoint minimum = Assert.Single(Find(KnownFunctions.Of(1, v => v[0] - v[0].Log()), -2, 4));
        Assert.Equal((Minimum, 1), (minimum.Kind, minimum.Point[0]));
        Assert.Equal([Minimum, Maximum], Find(KnownFunctions.Of(1, v => v[0] + (1 / v[0])), -3, 3).Select(point => point.Kind));
        Assert.Empty(Find(KnownFunctions.Of(1, v => v[0].Pow(2).Sqrt()), -3, 2)); // |x| has no derivative at 0
    }

    [Fact]
    public void Find_LossOfNetwork_FindsLeastSquaresMinimum()
    {
        // One weight and one bias: the least-squares line through three points.
        var graph = new Graph(seed: 1);
        graph.Input("x", Shape.Batch(1)).Then(new Linear(1, 1));
        graph.AddLoss(new MiniNet.Losses.MeanSquaredError());
        Tensor x = new(new Shape(3, 1)), t = new(new Shape(3, 1));
        new float[] { 0, 1, 2 }.CopyTo(x.Span);
        new float[] { 1, 2, 4 }.CopyTo(t.Span);
        CriticalPoint minimum = Assert.Single(Find(Function.OfParameters(graph, x, t), -5, 5));
        Assert.Equal(Minimum, minimum.Kind);
        Assert.Equal([1.5, 5.0 / 6], minimum.Point, FunctionTests.Close(1e-5));
        Assert.Equal(["v1.weight", "v1.bias"], minimum.Variables);
    }

    [Fact]
    public void Find_CalledTwice_ReturnsSamePoints() =>
        Assert.Equal(Find(KnownFunctions.Of("himmelblau"), -5, 5).ToString(), Find(KnownFunctions.Of("himmelblau"), -5, 5).ToString());

    [Fact]
    public void Find_Cancelled_ReturnsPointsFoundSoFar()
    {
        using var source = new CancellationTokenSource();
        source.Cancel();
        var points = CriticalPoints.Find(KnownFunctions.Of("quadratic"), [(-5, 5), (-5, 5)], cancellation: source.Token);
        Assert.Empty(points);
        Assert.True(points.IsCancelled);
        Assert.Equal(0, points.Starts);
        Assert.EndsWith("(cancelled).", points.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Find_InvalidBox_ThrowsNamingTheRange()
    {
        Function f = KnownFunctions.Of("quadratic");
        string Error((double, double)[] box) =>
            Assert.Throws<ArgumentException>(() => CriticalPoints.Find(f, box, cancellation: Token)).Message;
        Assert.StartsWith("The function has 2 variable(s), but the box has 1 range(s)", Error([(0, 1)]), StringComparison.Ordinal);
        Assert.StartsWith("The range of y, 1 to 1,", Error([(0, 1), (1, 1)]), StringComparison.Ordinal);
        Assert.StartsWith("The range of x, NaN to 1,", Error([(double.NaN, 1), (1, 2)]), StringComparison.Ordinal);
        Assert.StartsWith("The range of x, 0 to", Error([(0, double.PositiveInfinity), (1, 2)]), StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => CriticalPoints.Find(f, [(0, 1), (0, 1)], starts: 0, Token));
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static CriticalPoints Find(Function f, double low, double high) =>
        CriticalPoints.Find(f, [.. Enumerable.Repeat((low, high), f.Dimension)], cancellation: Token);

    private static Func<CriticalPoint, bool> Is(CriticalPointKind kind) => point => point.Kind == kind;
}
