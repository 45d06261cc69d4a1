using MiniNet.Calculus;
using MiniNet.Layers;
using MiniNet.Optimizers;
using MiniNet.Tensors;

namespace MiniNet.Tests.Calculus;

public class DescentTests
{
    [Fact]
    public void Trace_SgdOnParabola_IsGeometricSequence()
    {
        // x − η·2x = 0.5x with η = 1/4.
        DescentPath path = Descent.Trace(KnownFunctions.Of(1, v => v[0].Pow(2)), p => new SGD(p, 0.25f), [4], 3, cancellation: Token);
        Assert.Equal([4, 2, 1, 0.5], path.Steps.Select(step => step.Point[0]));
        Assert.Equal([16, 4, 1, 0.25], path.Steps.Select(step => step.Value));
        Assert.Equal([8, 4, 2, 1], path.Steps.Select(step => step.Gradient[0]));
        Assert.Equal([8, 4, 2, 1], path.Steps.Select(step => step.GradientNorm));
        Assert.Equal([0, 1, 2, 3], path.Steps.Select(step => step.Step));
        Assert.Null(path.Note);
        Assert.Equal("3 steps from x = 4 (f = 16) to x = 0.5 (f = 0.25, |∇f| = 1)", path.ToString());
    }

    [Fact]
    public void Trace_EveryOptimizer_StepsAsInTraining()
    {
        Function f = KnownFunctions.Of("rosenbrock");
        Func<IReadOnlyList<Parameter>, Optimizer>[] all =
        [
            p => new SGD(p, 1e-3f),
            p => new SGD(p, 1e-3f, 0.9f),
            p => new SGD(p, 1e-3f, 0.9f, nesterov: true),
            p => new Adam(p, 0.05f),
            p => new AdamW(p, 0.05f),
            p => new NAdam(p, 0.05f), p => new RMSProp(p, 0.02f), p => new Adagrad(p, 0.1f), p => new RProp(p, 0.02f),
        ];
        foreach (Func<IReadOnlyList<Parameter>, Optimizer> make in all)
        {
            var x = new Parameter("x", new Shape(2));
            (x.Value.Span[0], x.Value.Span[1]) = (-1, 1);
            Optimizer optimizer = make([x]);
            DescentPath path = Descent.Trace(f, make, [-1, 1], 50, cancellation: Token);
            foreach (DescentStep step in path.Steps)
            {
                Assert.Equal([x.Value.Span[0], x.Value.Span[1]], step.Point);
                double[] gradient = f.Gradient([.. step.Point]);
                Assert.Equal(gradient, step.Gradient);
                (x.Gradient.Span[0], x.Gradient.Span[1]) = ((float)gradient[0], (float)gradient[1]);
                optimizer.Step();
            }

            Assert.Equal(51, path.Steps.Count);
            Assert.True(path.End.Value < 0.99 * path.Steps[0].Value, $"{optimizer.GetType().Name}: {path}");
        }
    }

    [Fact]
    public void Ascent_Quadratic_ReachesMaximum()
    {
        Function f = KnownFunctions.Of("quadratic");
        DescentPath traced = Descent.Trace(f, p => new SGD(p, 0.2f), [-1, 3], 100, ascent: true, Token),
            searched = Descent.Steepest(f, [-1, 3], 100, ascent: true, Token);
        Assert.Equal([5.0 / 3, 2.0 / 3], traced.End.Point, FunctionTests.Close(1e-5));
        Assert.Equal([5.0 / 3, 2.0 / 3], searched.End.Point, FunctionTests.Close(2e-3));
        Assert.Equal(searched.Steps.OrderBy(step => step.Value), searched.Steps);
    }

    [Fact]
    public void Descent_StartNotFinite_ThrowsNamingThePoint()
    {
        Function f = KnownFunctions.Of("reciprocal");
        foreach (Action call in (Action[])
        [
            () => Descent.Trace(f, p => new SGD(p, 0.1f), [0, 2], 3, cancellation: Token),
            () => Descent.Steepest(f, [0, 2], 3, cancellation: Token),
        ])
        {
            string message = Assert.Throws<UndefinedException>(call).Message;
            Assert.Contains(
                "no finite value (Infinity) at the start of the path, x = 0, y = 2: does it divide by 0 there",
                message,
                StringComparison.Ordinal);
        }

        Assert.Throws<UndefinedException>(() => Descent.Trace(f, p => new SGD(p, 0.1f), [double.NaN, 2], 3, cancellation: Token));
        Assert.Throws<ArgumentException>(() => Descent.Trace(f, p => new SGD(p, 0.1f), [1], 3, cancellation: Token));
        Assert.Throws<ArgumentOutOfRangeException>(() => Descent.Trace(f, p => new SGD(p, 0.1f), [1, 1], -1, cancellation: Token));
        Assert.Single(Descent.Trace(f, p => new SGD(p, 0.1f), [1, 1], 0, cancellation: Token).Steps);
    }

    [Fact]
    public void Trace_Divergence_EndsPathWithNote()
    {
        DescentPath path = Descent.Trace(KnownFunctions.Of("quartic"), p => new SGD(p, 1), [3, 3], 100, cancellation: Token);
        Assert.InRange(path.Steps.Count, 2, 10);
        Assert.All(path.Steps, step => Assert.True(double.IsFinite(step.Value) && double.IsFinite(step.GradientNorm)));
        Assert.StartsWith($"diverged: step {path.Steps.Count} leads to x = ", path.Note, StringComparison.Ordinal);
        Assert.EndsWith(path.Note!, path.ToString(), StringComparison.Ordinal);

        // x − 1·(1/x) from 1 is 0, where the logarithm is undefined.
        Assert.Equal("diverged: step 1 leads to x = 0, where f = -Infinity and |∇f| = Infinity",
            Descent.Trace(KnownFunctions.Of(1, v => v[0].Log()), p => new SGD(p, 1), [1], 5, cancellation: Token).Note);
    }

    [Fact]
    public void Steepest_Himmelblau_DecreasesAtEveryStepAndConverges()
    {
        DescentPath path = Descent.Steepest(KnownFunctions.Of("himmelblau"), [0, 0], 200, cancellation: Token);
        Assert.Equal([3, 2], path.End.Point, FunctionTests.Close(1e-3));
        Assert.StartsWith("converged", path.Note, StringComparison.Ordinal);
        foreach ((DescentStep before, DescentStep after) in path.Steps.Zip(path.Steps.Skip(1)))
        {
            double step = after.Search!.Step!.Value, squared = before.GradientNorm * before.GradientNorm;
            Assert.True(after.Value <= before.Value - (1e-4 * step * squared) + 1e-6);
            Assert.Equal(-squared, after.Search.Slope, 1e-6 * squared);
            Assert.Equal(before.Gradient.Select(g => -g), after.Search.Direction);
        }

        Assert.Equal("converged: the gradient is 0", Descent.Steepest(KnownFunctions.Of("quartic"), [0, 0], 5, cancellation: Token).Note);
    }

    [Fact]
    public void Descent_Cancelled_ReturnsPathSoFar()
    {
        using var source = new CancellationTokenSource();
        source.Cancel();
        Function f = KnownFunctions.Of("quadratic");
        Assert.Equal("cancelled before step 1", Descent.Trace(f, p => new SGD(p, 0.1f), [1, 1], 3, cancellation: source.Token).Note);
        Assert.Equal("cancelled before step 1", Descent.Steepest(f, [1, 1], 3, cancellation: source.Token).Note);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;
}
