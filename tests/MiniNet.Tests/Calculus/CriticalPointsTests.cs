using MiniNet.Calculus;

namespace MiniNet.Tests.Calculus;

public class CriticalPointsTests
{
    private static readonly (double, double)[] Wide = [(-5, 5), (-5, 5)];

    public static TheoryData<string, double, int, int, int, int> Names => new()
    {
        { "quadratic", 5, 0, 1, 0, 0 },
        { "rosenbrock", 2, 1, 0, 0, 0 },
        { "rosenbrock", 5, 1, 0, 0, 0 },
        { "himmelblau", 5, 4, 1, 4, 0 },
        { "monkey saddle", 2, 0, 0, 0, 1 },
        { "quartic", 2, 0, 0, 0, 1 },
        { "quartic", 5, 0, 0, 0, 1 },
        { "rastrigin", 1.4, 9, 4, 12, 0 },
        { "plane", 5, 0, 0, 0, 0 },
        { "valley", 5, 0, 0, 0, 1 },
        { "exponential", 20, 0, 0, 0, 0 },
        { "reciprocal", 3, 0, 0, 0, 0 },
        { "bowl of three", 3, 1, 0, 0, 0 },
        { "wave", 2.5, 5, 5, 0, 1 },
        { "shifted quartic", 3, 0, 0, 0, 1 },
    };

    [Theory]
    [MemberData(nameof(Names))]
    public void EveryCriticalPoint_IsFound(string name, double reach, int minima, int maxima, int saddles, int degenerate)
    {
        Function f = KnownFunctions.Of(name);
        var watch = System.Diagnostics.Stopwatch.StartNew();
        var points = CriticalPoints.Find(f, [.. Enumerable.Repeat((-reach, reach), f.Dimension)], cancellation: TestContext.Current.CancellationToken);
        TestContext.Current.TestOutputHelper!.WriteLine($"{name} {watch.ElapsedMilliseconds} ms\n{points}");
        int Of(CriticalPointKind kind) => points.Count(point => point.Kind == kind);
        Assert.Equal((minima, maxima, saddles, degenerate), (Of(CriticalPointKind.Minimum), Of(CriticalPointKind.Maximum), Of(CriticalPointKind.Saddle), Of(CriticalPointKind.Degenerate)));
    }
}
