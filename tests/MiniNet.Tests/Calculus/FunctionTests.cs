using MiniNet.Calculus;
using MiniNet.Explanations;
using MiniNet.Graphs;
using MiniNet.Layers;
using MiniNet.Losses;
using MiniNet.Stepping;
using MiniNet.Tensors;

namespace MiniNet.Tests.Calculus;

public class FunctionTests
{
    [Fact]
    public void Function_Quadratic_MatchesAnalyticDerivatives()
    {
        Function f = KnownFunctions.Of("quadratic");
        Assert.Equal(3, f.Value(1, 2));
        Assert.Equal([0, -2], f.Gradient(1, 2));
        Assert.Equal(-2, f.PartialDerivative("y", 1, 2));
        Assert.Equal(new double[,] { { -2, -1 }, { -1, -2 } }, f.Hessian(1, 2));
        Assert.Equal([-4, -5], f.HessianVectorProduct([1, 2], [1, 2]), Close(2e-5));
        Assert.Equal(-2 * 0.8, f.DirectionalDerivative([1, 2], [3, 4]), 1e-6);
        Assert.Equal([1, 2], f.Point);
    }

    [Fact]
    public void Hessian_PointNotRepresentableInFloat32_IsAccurate()
    {
        Assert.Equal([-2, -1, -1, -2], KnownFunctions.Of("quadratic").Hessian(5.0 / 3, 2.0 / 3).Cast<double>(), Close(1e-6));
        Assert.Equal(
            [1200 / 9.0 - (400 / 7.0) + 2, -400 / 3.0, -400 / 3.0, 200],
            KnownFunctions.Of("rosenbrock").Hessian(1.0 / 3, 1.0 / 7).Cast<double>(),
            Close(1e-4));
    }

    [Theory]
    [InlineData("himmelblau")]
    [InlineData("rastrigin")]
    [InlineData("waves of three")]
    [InlineData("logarithms")]
    public void Gradient_KnownFunction_MatchesFiniteDifferences(string name)
    {
        Function f = KnownFunctions.Of(name);
        double[] at = [.. new[] { 0.8, 1.3, -0.4 }.Take(f.Dimension)], gradient = f.Gradient(at);
        const double H = 1.0 / 128;
        for (int i = 0; i < at.Length; i++)
        {
            double Value(double moved) => f.Value([.. at.Select((x, k) => k == i ? x + moved : x)]);
            double slope = ((8 * (Value(H) - Value(-H))) - (Value(2 * H) - Value(-2 * H))) / (12 * H);
            Assert.Equal(slope, gradient[i], 1e-3 * (1 + Math.Abs(slope)));
        }
    }

    [Theory]
    [InlineData("himmelblau", 2.0, 1.5)]
    [InlineData("rosenbrock", -0.7, 0.9)]
    [InlineData("rastrigin", 0.2, 0.6)]
    public void Gradient_KnownFunction_IsOrthogonalToLevelCurve(string name, double x, double y)
    {
        // Follows the level curve a short way in both directions, by bisection along the gradient.
        Function f = KnownFunctions.Of(name);
        double[] gradient = f.Gradient(x, y);
        double length = Math.Sqrt((gradient[0] * gradient[0]) + (gradient[1] * gradient[1])), level = f.Value(x, y);
        double[] up = [gradient[0] / length, gradient[1] / length], along = [-up[1], up[0]];
        double[] Ends(double s)
        {
            double low = -0.05, high = 0.05;
            for (int i = 0; i < 40; i++)
            {
                double t = (low + high) / 2;
                bool isAbove = f.Value(x + (s * along[0]) + (t * up[0]), y + (s * along[1]) + (t * up[1])) > level;
                (low, high) = isAbove ? (low, t) : (t, high);
            }

            return [x + (s * along[0]) + (low * up[0]), y + (s * along[1]) + (low * up[1])];
        }

        double[] ahead = Ends(0.01), behind = Ends(-0.01);
        double cosine = ((up[0] * (ahead[0] - behind[0])) + (up[1] * (ahead[1] - behind[1]))) / 0.02;
        Assert.Equal(0, cosine, 2e-3);
        Assert.Equal(0, f.DirectionalDerivative([x, y], along), 1e-6 * length);
        Assert.Equal(length, f.DirectionalDerivative([x, y], gradient), 1e-6 * length);
    }

    [Fact]
    public void TotalDerivative_Path_MatchesDerivativeOfComposition()
    {
        // The derivative of f(cos t, sin 2t), computed by hand.
        Function f = KnownFunctions.Of("quadratic");
        foreach (double t in (double[])[0, 0.3, 2, -5])
        {
            double x = Math.Cos(t), y = Math.Sin(2 * t), dx = -Math.Sin(t), dy = 2 * Math.Cos(2 * t);
            TotalDerivative derivative = f.TotalDerivative(s => [Math.Cos(s), Math.Sin(2 * s)], t);
            Assert.Equal(((4 - (2 * x) - y) * dx) + ((3 - x - (2 * y)) * dy), derivative.Value, 1e-5);
            Assert.Equal([dx, dy], derivative.Rates, Close(1e-8));
        }

        Assert.Equal(
            "df/dt = ∂f/∂x·dx/dt + ∂f/∂y·dy/dt = 0·2 + (-2)·3 = -6",
            f.TotalDerivative(t => [1 + (2 * t), 2 + (3 * t)], 0).ToString());
    }

    [Fact]
    public void Variables_InputsAndWeights_HaveIndexedNames()
    {
        var graph = new Graph();
        Node pixels = graph.Input("pixels", Shape.Batch(3), needsGradient: true), t = graph.Variable("t");
        var f = new Function(pixels.Sum() * t.Sum());
        Assert.Equal(["pixels[0]", "pixels[1]", "pixels[2]", "t"], f.Variables);
        Assert.Equal([5, 5, 5, 6], f.Gradient(1, 2, 3, 5));

        (Function loss, _) = Mlp();
        Assert.Equal(
            ["v1.weight[0,0]", "v1.weight[0,1]", "v1.weight[1,0]", "v1.weight[1,1]", "v1.bias[0]", "v1.bias[1]"],
            loss.Variables.Take(6));
        Assert.Equal("There is no variable 'w'; the variables are pixels[0], pixels[1], pixels[2], t. (Parameter 'variable')",
            Assert.Throws<ArgumentException>(() => f.PartialDerivative("w", 1, 2, 3, 5)).Message);
    }

    [Fact]
    public void Variables_Subset_KeepsOtherInputsAtLastValue()
    {
        var graph = new Graph();
        Node x = graph.Variable("x"), y = graph.Variable("y"), z = x * y;
        Assert.Contains("y", Assert.Throws<ArgumentException>(() => new Function(z, x)).Message, StringComparison.Ordinal);
        graph.Forward([One(2), One(7)]);
        var f = new Function(z, x);
        Assert.Equal(["x"], f.Variables);
        Assert.Equal([7], f.Gradient(3));
        Assert.Equal(21, f.Value(3));
    }

    [Fact]
    public void Function_SeveralOutputs_HasJacobianButNoGradient()
    {
        var graph = new Graph();
        Node x = graph.Input("x", Shape.Batch(2), needsGradient: true);
        var f = new Function(x * x);
        Assert.Equal(new double[,] { { 4, 0 }, { 0, 6 } }, f.Jacobian(2, 3));
        Assert.Equal([4, 9], f.Evaluate(2, 3));
        foreach (Action call in (Action[])
        [
            () => f.Value(2, 3),
            () => f.Gradient(2, 3),
            () => f.Hessian(2, 3),
            () => f.HessianVectorProduct([2, 3], [1, 0]),
        ])
        {
            Assert.Contains("has 2 elements", Assert.Throws<InvalidOperationException>(call).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Function_OfWeights_RestoresWeightsGradientsAndState()
    {
        (Function f, Graph graph) = Mlp();
        foreach (Parameter parameter in graph.Parameters)
        {
            parameter.Gradient.Span.Fill(0.25f);
        }

        float[][] before = Everything(graph);
        double[] at = [.. f.Point.Select((w, i) => w + (0.01 * i))];
        _ = f.Gradient(at);
        _ = f.Jacobian(at);
        _ = f.Hessian(at);
        _ = f.HessianVectorProduct(at, at);
        Assert.Equal(before, Everything(graph));
    }

    [Fact]
    public void Gradient_OfWeights_EqualsBackpropagation()
    {
        (Function f, Graph graph) = Mlp();
        graph.Forward(X(), Phase.Inference);
        graph.Loss(T());
        graph.ZeroGradients();
        graph.Backward();
        double[] backpropagation = [.. graph.Parameters.SelectMany(p => p.Gradient.Span.ToArray()).Select(g => (double)g)];
        Assert.Equal(backpropagation, f.Gradient(f.Point));
    }

    [Fact]
    public void HessianVectorProduct_Network_EqualsHessianTimesVector()
    {
        (Function f, _) = Mlp();
        double[] at = f.Point, v = [.. at.Select((_, i) => Math.Cos(i))];
        double[,] hessian = f.Hessian(at);
        double[] product = [.. Enumerable.Range(0, v.Length).Select(i => v.Select((part, j) => hessian[i, j] * part).Sum())];
        Assert.Equal(product, f.HessianVectorProduct(at, v), Close(2e-4));
        Assert.Equal(
            hessian.Cast<double>(),
            Enumerable.Range(0, v.Length).SelectMany(j => Enumerable.Range(0, v.Length).Select(i => hessian[i, j])));
    }

    [Fact]
    public void Sample_Grid_HasValueAndGradientOfEachPoint()
    {
        SurfaceGrid grid = Expression.Parse("x*x*y", "x", "y").Sample((1, 3), (-1, 2), points: 4, TestContext.Current.CancellationToken);
        Assert.Equal(("x", "y", 4, 4), (grid.XName, grid.YName, grid.X.Count, grid.Y.Count));
        for (int row = 0; row < 4; row++)
        {
            for (int column = 0; column < 4; column++)
            {
                (double x, double y) = (1 + (column * 2 / 3.0), -1 + row);
                Assert.Equal(
                    (x * x * y, 2 * x * y, x * x),
                    (grid.Z[row, column], grid.GradientX![row, column], grid.GradientY![row, column]),
                    Within(1e-5));
            }
        }

        Assert.Throws<OperationCanceledException>(
            () => Expression.Parse("x*y", "x", "y").Sample((0, 1), (0, 1), cancellation: new CancellationToken(canceled: true)));
        Assert.Contains(
            "function of two variables",
            Assert.Throws<InvalidOperationException>(() =>
                Expression.Parse("x", "x").Sample((0, 1), (0, 1), cancellation: TestContext.Current.CancellationToken)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Formula_SteppedAndExplained_WorksLikeNetwork()
    {
        var graph = new Graph();
        Node x = graph.Variable("x"), y = graph.Variable("y");
        _ = (4 * x) - (x * y);
        var stepper = new BackpropStepper(graph, [Filled(new(1, 1), 1), Filled(new(1, 1), 2)]);
        List<string> names = [];
        foreach (Step step in stepper)
        {
            names.Add(step.Name);
        }

        Assert.Equal(["v1", "v2", "v3", "v3", "v2", "v1"], names.Where(name => name.Length <= 2)); // forward, then backward
        Explanation explanation = graph.Explain(x, 0, 0);
        Assert.Equal(2, explanation.Stored); // 4 − y
        Assert.Equal(["v1 (Affine 4·x)", "v2 (Multiply)"], explanation.Gradients[0].Branches.Select(branch => branch.Operation));
    }

    [Fact]
    public void Gradient_Constant_IsZero()
    {
        var graph = new Graph();
        Node x = graph.Variable("x"), y = graph.Input("y", Shape.Batch(1));
        Node square = y * y;
        graph.Add("unread", new Exp(), x);
        graph.Forward([One(1), One(3)]);
        var f = new Function(square, x);
        Assert.Equal([0], f.Gradient(5));
        Assert.Equal([0], f.Hessian(5).Cast<double>());
    }

    [Fact]
    public void Function_WrongNumberOfCoordinates_ThrowsWithBothCounts()
    {
        Function f = KnownFunctions.Of("quadratic");
        foreach (Action call in (Action[])
        [
            () => f.Value(1),
            () => f.Gradient(1, 2, 3),
            () => f.Jacobian(),
            () => f.Hessian(1),
            () => f.Hessian(),
            () => f.HessianVectorProduct([1], [1]),
            () => f.TotalDerivative(t => [t], 0), () => TangentPlane.At(f, 1), () => SecondOrderTaylor.At(f, 1, 2, 3),
        ])
        {
            Assert.Contains("takes 2 number(s)", Assert.Throws<ArgumentException>(call).Message, StringComparison.Ordinal);
        }

        Assert.Equal(
            "The point has 2 coordinate(s), but the direction has 3. (Parameter 'direction')",
            Assert.Throws<ArgumentException>(() => f.DirectionalDerivative([1, 2], [1, 2, 3])).Message);
        Assert.Equal(
            "The point has 2 coordinate(s), but the direction has 1. (Parameter 'v')",
            Assert.Throws<ArgumentException>(() => f.HessianVectorProduct([1, 2], [1])).Message);
        Assert.Throws<ArgumentException>(() => f.DirectionalDerivative([1, 2], [0, 0]));
        Assert.Throws<ArgumentException>(() => f.HessianVectorProduct([1, 2], [double.NaN, 0]));
    }

    // Features much narrower than their position is large, and one position much larger than its features. The tolerance is the documented
    // one.
    public static TheoryData<string, double, double> Narrow => new()
    {
        { "1/x", 0.001, 2e9 },
        { "sqrt(x)", 0.001, -0.25 * Math.Pow(0.001, -1.5) },
        { "ln(x)", 1e-6, -1e12 },
        { "sin(1000*x)", 1, -1e6 * Math.Sin(1000) },
        { "sin(200*x)", 0.7, -4e4 * Math.Sin(140) },
        { "cos(200*x)", 0, -4e4 },
        { "exp(-(200*(x-1))^2)", 1.0015, ((4 * 0.09) - 2) * 4e4 * Math.Exp(-0.09) },
        { "sin(x)", 10000, -Math.Sin(10000) },
    };

    [Theory]
    [MemberData(nameof(Narrow))]
    public void Hessian_NarrowFeature_IsAccurate(string formula, double at, double second) =>
        Assert.Equal(1, Expression.Parse(formula, "x").Hessian(at)[0, 0] / second, 1e-3);

    [Fact]
    public void Hessian_NaNAtSomeStepSizes_UsesAnother()
    {
        double[,] hessian = Expression.Parse("sqrt(x^2) + x*y", "x", "y").Hessian(0.0625, 0); // |x|: wide differences meet its kink
        Assert.Equal([0, 1, 1, 0], hessian.Cast<double>(), Close(1e-3));
    }

    [Fact]
    public void Hessian_AtKinkIsMean_AtPoleIsNaN()
    {
        Function kink = KnownFunctions.Of(1, v => v[0].Then(new ReLU()).Pow(2));
        Assert.Equal([2], kink.Hessian(0.5).Cast<double>(), Close(1e-4));
        Assert.Equal([0], kink.Hessian(-0.5).Cast<double>());
        Assert.InRange(kink.Hessian(0)[0, 0], 0, 2); // 0 on the left, 2 on the right; any mean is accepted

        Function pole = KnownFunctions.Of(1, v => 1 / v[0]), logarithm = KnownFunctions.Of(1, v => v[0].Log());
        Assert.Equal(double.PositiveInfinity, pole.Value(0));
        Assert.Equal(double.NaN, pole.Hessian(0)[0, 0]); // 1/x² is the same on both sides, so the difference is 0
        Assert.Equal(double.NaN, logarithm.Hessian(-1)[0, 0]);
        Assert.Equal(-1 / (0.02 * 0.02), logarithm.Hessian(0.02)[0, 0], 1e-3 * 2500);
    }

    private static (Function Loss, Graph Graph) Mlp()
    {
        var graph = new Graph(seed: 5);
        graph.Input("x", Shape.Batch(2)).Then(new Linear(2, 2)).Then(new BatchNorm1d(2)).Then(new Tanh()).Then(new Dropout(0.5f)).Then(
            new Linear(2, 1));
        graph.AddLoss(new MeanSquaredError());
        return (Function.OfParameters(graph, X(), T()), graph);
    }

    private static Tensor X() => Filled(new Shape(3, 2), 0.5f, -1, 2, 0.25f, -0.75f, 1);

    private static Tensor T() => Filled(new Shape(3, 1), 1, -1, 0.5f);

    private static Tensor One(float value) => Filled(new Shape(1, 1), value);

    private static Tensor Filled(Shape shape, params float[] values)
    {
        var tensor = new Tensor(shape);
        values.CopyTo(tensor.Span);
        return tensor;
    }

    private static float[][] Everything(Graph graph) =>
        [
            .. graph.NamedTensors().Select(named => named.Tensor.Span.ToArray()),
            .. graph.Parameters.Select(parameter => parameter.Gradient.Span.ToArray()),
        ];

    private static EqualityComparer<(double, double, double)> Within(double tolerance) => EqualityComparer<(double, double, double)>.Create(
        (a, b) => Math.Abs(a.Item1 - b.Item1) <= tolerance
            && Math.Abs(a.Item2 - b.Item2) <= tolerance
            && Math.Abs(a.Item3 - b.Item3) <= tolerance, _ => 0);

    internal static IEqualityComparer<double> Close(double tolerance) =>
        EqualityComparer<double>.Create((a, b) => Math.Abs(a - b) <= tolerance * Math.Max(1, Math.Abs(a)), _ => 0);
}
