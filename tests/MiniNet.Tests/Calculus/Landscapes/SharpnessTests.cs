using MiniNet.Calculus;
using MiniNet.Layers;
using MiniNet.Losses;
using MiniNet.Optimizers;
using MiniNet.Tensors;

namespace MiniNet.Tests.Calculus;

/// <summary>
/// Compares the largest eigenvalue with closed forms and with the trace of powers of the whole Hessian, and the learning rate limit with
/// the behaviour of descent.
/// </summary>
public class SharpnessTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("3*x^2 + x*y + 0.5*y^2", 6.192582403567252)] // (7 + √29) / 2
    [InlineData("-5*x^2 + y^2", 2)]                          // the largest, not the one of largest absolute value
    [InlineData("-x^2 - 4*y^2", -2)]
    [InlineData("50*x^2 + 50*y^2", 100)]
    [InlineData("x^2 - y^2", 2)]                             // two of the same absolute value: the iteration may not converge to one
    public void Of_Quadratic_IsLargestEigenvalue(string formula, double eigenvalue)
    {
        Sharpness found = Sharpness.Of(Expression.Parse(formula, "x", "y"), [0.3, -0.2], maxProducts: 2000, cancellation: Cancellation);
        Assert.Equal(eigenvalue, found.Eigenvalue, 1e-3 * Math.Abs(eigenvalue));
        Assert.Equal(eigenvalue > 0 ? 2 / eigenvalue : double.PositiveInfinity, found.LearningRateLimit, 2e-3);
        Assert.InRange(found.Residual, 0, 1e-3);
    }

    [Fact]
    public void Of_Plane_IsZero()
    {
        Sharpness found = Sharpness.Of(Expression.Parse("x + y", "x", "y"), [1, 2], cancellation: Cancellation);
        Assert.Equal((0, double.PositiveInfinity, 0), (found.Eigenvalue, found.LearningRateLimit, found.Residual));
        Assert.StartsWith("largest Hessian eigenvalue 0, ", found.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Of_FunctionNotFinite_Throws()
    {
        Assert.Throws<UndefinedException>(() => Sharpness.Of(Expression.Parse("ln(x)", "x"), [-1], cancellation: Cancellation));
        Assert.Throws<UndefinedException>(() => Sharpness.Of(Expression.Parse("1/x", "x"), [0], cancellation: Cancellation));
    }

    [Theory]
    [InlineData(0.99f, true)]
    [InlineData(1.01f, false)]
    public void LearningRateLimit_Quadratic_SeparatesConvergenceFromDivergence(float share, bool shrinks)
    {
        Function f = Expression.Parse("3*x^2 + x*y + 0.5*y^2", "x", "y");
        double limit = Sharpness.Of(f, [0.3, -0.2], maxProducts: 2000, cancellation: Cancellation).LearningRateLimit;
        DescentPath path = Descent.Trace(
            f,
            parameters => new SGD(parameters, learningRate: (float)(share * limit)),
            [1, 1],
            steps: 2000,
            cancellation: Cancellation);
        Assert.Equal(shrinks, path.End.Value < 1e-6);
        Assert.Equal(!shrinks, !(path.End.Value < 1e3)); // it has grown or is NaN
    }

    [Fact]
    public void Of_Network_IsLargestHessianEigenvalue_AndRestoresWeights()
    {
        var graph = new Sequential(seed: 3, new Linear(3, 4), new Tanh(), new Linear(4, 2));
        graph.AddLoss(new SoftmaxCrossEntropy());
        Function loss = Function.OfParameters(
            graph,
            Samples.Tensor(new Shape(20, 3)),
            Samples.Classes(20, 2, new RandomStream(4, "classes")));
        double[] point = loss.Point;
        Sharpness found = Sharpness.Of(loss, point, cancellation: Cancellation);
        Assert.Equal(point, loss.Point);

        // The trace of Hᵏ is Σ λᵏ. Its k-th root converges to the largest eigenvalue from above and exceeds it by a factor of at most
        // n^(1/k).
        double[,] power = loss.Hessian(point);
        int n = point.Length;
        double log = 0;
        const int Squarings = 10;
        for (int k = 0; k < Squarings; k++)
        {
            double size = power.Cast<double>().Max(Math.Abs);
            log = 2 * (log + Math.Log(size));
            var square = new double[n, n];
            for (int i = 0; i < n; i++)
            {
                for (int j = 0; j < n; j++)
                {
                    square[i, j] = Enumerable.Range(0, n).Sum(m => power[i, m] * power[m, j]) / (size * size);
                }
            }

            power = square;
        }

        double largest = Math.Exp((log + Math.Log(Enumerable.Range(0, n).Sum(i => power[i, i]))) / (1 << Squarings));
        Assert.Equal(1, found.Eigenvalue / largest, 0.01); // 26^(1/1024) is 1.003
        Assert.InRange(found.Products, 2, 100);
    }

    [Fact]
    public void Of_Cancelled_Throws() =>
        Assert.Throws<OperationCanceledException>(
            () => Sharpness.Of(Expression.Parse("x^2", "x"), [1], cancellation: new CancellationToken(canceled: true)));
}
