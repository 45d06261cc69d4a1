using MiniNet.Graphs;
using MiniNet.Layers;
using MiniNet.Losses;
using MiniNet.Tensors;

namespace MiniNet.Tests.Layers;

/// <summary>
/// Tests known values of the activations, Add and Multiply. <see cref="FiniteDifferencesTests"/> checks their derivatives.
/// </summary>
public class ActivationTests
{
    // The values at 0.5 and 2, with more digits than a float has.
    private const double Sigmoid05 = 0.62245933120185459, Sigmoid2 = 0.88079707797788243;
    private const double Tanh05 = 0.46211715726000979, Tanh2 = 0.96402758007581688;

    public static TheoryData<string, double[]> Known => new()
    {
        { "ReLU", [0, 0, 0, 0.5, 2] },
        { "Sigmoid", [1 - Sigmoid2, 1 - Sigmoid05, 0.5, Sigmoid05, Sigmoid2] },
        { "Tanh", [-Tanh2, -Tanh05, 0, Tanh05, Tanh2] },
        { "LeakyReLU 0.01", [-0.02, -0.005, 0, 0.5, 2] },
        { "ELU 1", [-0.8646647167633873, -0.3934693402873666, 0, 0.5, 2] },
        { "GELU", [-0.04550026389635841, -0.15426876936299345, 0, 0.34573123063700655, 1.9544997361036416] },
        { "GELU by tanh", [-0.04540230591222498, -0.15428599017485608, 0, 0.34571400982514392, 1.954597694087775] },
        { "SiLU", [-2 * (1 - Sigmoid2), -0.5 * (1 - Sigmoid05), 0, 0.5 * Sigmoid05, 2 * Sigmoid2] },
        { "Softplus 1 up to 20", [0.1269280110429725, 0.4740769841801067, 0.6931471805599453, 0.9740769841801067, 2.1269280110429725] },
    };

    public static TheoryData<string> Names => [.. Known.Select(row => row.Data.Item1)];

    [Theory]
    [MemberData(nameof(Known))]
    public void Forward_KnownInputs_ReturnsKnownValues(string name, double[] expected)
    {
        Layer layer = Named(name);
        var graph = new Sequential(0, Shape.Batch(5), layer);
        Tensor y = graph.Forward(new Tensor(new float[,] { { -2, -0.5f, 0, 0.5f, 2 } }));
        for (int i = 0; i < expected.Length; i++)
        {
            // Fewer than four roundings of a number and of 1; ReLU has none.
            Assert.Equal(expected[i], y.Span[i], 4 * Samples.U * (1 + Math.Abs(expected[i])));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Forward_NaN_ReturnsNaN(string name)
    {
        // If a layer hid a NaN, the user would look for the cause in the wrong place.
        var graph = new Sequential(0, Shape.Batch(40), Named(name));
        var x = new Tensor(new Shape(1, 40));
        (x.Span[3], x.Span[38]) = (float.NaN, float.NaN);
        Tensor y = graph.Forward(x);
        Assert.Equal([3, 38], Enumerable.Range(0, 40).Where(i => float.IsNaN(y.Span[i])));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void OutputShape_AnyShapeOrEmptyBatch_IsInputShape(string name)
    {
        var graph = new Sequential(0, Shape.Batch(1, 2, 3), Named(name));
        Assert.Equal(Shape.Batch(1, 2, 3), graph.Output.Shape);
        Assert.Equal(new Shape(2, 1, 2, 3), graph.Forward(new Tensor(new Shape(2, 1, 2, 3))).Shape);
        Assert.Equal(new Shape(0, 1, 2, 3), graph.Forward(new Tensor(new Shape(0, 1, 2, 3))).Shape);
        Assert.Empty(graph.Parameters);
        Assert.Equal(name, graph.Nodes[1].Operation!.ToString());
    }

    [Theory]
    [InlineData("ReLU", 0)]
    [InlineData("LeakyReLU 0.01", 0.01f)]
    public void Derivative_AtKink_IsLeftDerivative(string name, float slope)
    {
        var graph = new Graph();
        Node x = graph.Input("x", Shape.Batch(1), needsGradient: true);
        graph.Add("y", Named(name), x);
        graph.Forward(new Tensor(new float[,] { { 0 } }));
        graph.Backward();
        Assert.Equal([slope], x.Gradient!.Span);
        graph.Forward(new Tensor(new float[,] { { float.Epsilon } }));
        graph.Backward();
        Assert.Equal([1], x.Gradient!.Span);
    }

    [Fact]
    public void Softplus_AboveThreshold_ReturnsX()
    {
        // βx is 2, 2.5 and 3, and the threshold is 2.5, where log(1 + e^βx)/β still applies. With more digits than a float has.
        var graph = new Graph();
        Node x = graph.Input("x", Shape.Batch(3), needsGradient: true);
        Node y = graph.Add("y", new Softplus(beta: 0.5f, threshold: 2.5f), x);
        graph.AddLoss(new MeanSquaredError(), y);
        graph.Forward(new Tensor(new float[,] { { 4, 5, 6 } }));
        Assert.Equal(4.253856022085945, y.Value.Span[0], 8 * Samples.U * 4);
        Assert.Equal(5.157779468585099, y.Value.Span[1], 8 * Samples.U * 5);
        Assert.Equal(6, y.Value.Span[2]);
        graph.Loss(new Tensor(new float[,] { { 0, 0, 0 } }));
        graph.Backward();

        // ∂L/∂y = 2y/3; the derivative is 1/(1 + e^−βx) up to the threshold and 1 above it.
        Assert.Equal(2 * 4.253856022085945 / 3 * Sigmoid2, x.Gradient!.Span[0], 12 * Samples.U * 3);
        Assert.Equal(2 * 5.157779468585099 / 3 * 0.9241418199787566, x.Gradient.Span[1], 12 * Samples.U * 4);
        Assert.Equal(4, x.Gradient.Span[2]);
    }

    [Fact]
    public void Constructor_InvalidArgument_Throws()
    {
        foreach (float bad in new[] { float.NaN, float.PositiveInfinity, float.NegativeInfinity })
        {
            Assert.Equal("negativeSlope", Assert.Throws<ArgumentOutOfRangeException>(() => new LeakyReLU(bad)).ParamName);
            Assert.Equal("alpha", Assert.Throws<ArgumentOutOfRangeException>(() => new ELU(bad)).ParamName);
            Assert.Equal("beta", Assert.Throws<ArgumentOutOfRangeException>(() => new Softplus(bad)).ParamName);
            Assert.Equal("threshold", Assert.Throws<ArgumentOutOfRangeException>(() => new Softplus(1, bad)).ParamName);
        }

        Assert.Equal("beta", Assert.Throws<ArgumentOutOfRangeException>(() => new Softplus(0)).ParamName);
    }

    [Fact]
    public void Add_Forward_ReturnsSum()
    {
        var graph = new Graph();
        Node a = graph.Input("a", Shape.Batch(2)), b = graph.Input("b", Shape.Batch(2));
        graph.Add("sum", new Add(), a, b);
        Assert.Equal([5, -3], graph.Forward([new Tensor(new float[,] { { 1, 2 } }), new Tensor(new float[,] { { 4, -5 } })]).Span);
        Assert.Equal(
            "expects two inputs of the same shape, got [n, 2] and [n, 3]",
            Assert.Throws<ShapeException>(() => new Add().OutputShape(Shape.Batch(2), Shape.Batch(3))).Message);
    }

    [Fact]
    public void Multiply_Forward_ReturnsProduct()
    {
        var graph = new Graph();
        Node a = graph.Input("a", Shape.Batch(2)), b = graph.Input("b", Shape.Batch(2));
        graph.Add("product", new Multiply(), a, b);
        Assert.Equal([4, -10], graph.Forward([new Tensor(new float[,] { { 1, 2 } }), new Tensor(new float[,] { { 4, -5 } })]).Span);
        Assert.Equal(
            "expects two inputs of the same shape, got [n, 2] and [n, 3]",
            Assert.Throws<ShapeException>(() => new Multiply().OutputShape(Shape.Batch(2), Shape.Batch(3))).Message);
    }

    [Fact]
    public void Multiply_SameInputTwice_HasDerivativeTwoX()
    {
        var graph = new Graph();
        Node x = graph.Input("x", Shape.Batch(1), needsGradient: true);
        graph.Add("square", new Multiply(), x, x);
        Assert.Equal([9], graph.Forward(new Tensor(new float[,] { { -3 } })).Span);
        graph.Backward();
        Assert.Equal([-6], x.Gradient!.Span);
    }

    [Fact]
    public void Multiply_OneDifferentiableInput_ComputesOnlyItsGradient()
    {
        var graph = new Graph();
        Node a = graph.Input("a", Shape.Batch(1), needsGradient: true), b = graph.Input("b", Shape.Batch(1));
        Node ab = graph.Add("ab", new Multiply(), a, b);
        graph.Add("bab", new Multiply(), b, ab);
        Assert.Equal([50], graph.Forward([new Tensor(new float[,] { { 2 } }), new Tensor(new float[,] { { 5 } })]).Span);
        graph.Backward();
        Assert.Equal([25], a.Gradient!.Span);
        Assert.Null(b.Gradient);
    }

    private static Layer Named(string name) => name switch
    {
        "ReLU" => new ReLU(),
        "Sigmoid" => new Sigmoid(),
        "Tanh" => new Tanh(),
        "LeakyReLU 0.01" => new LeakyReLU(),
        "ELU 1" => new ELU(),
        "GELU" => new GELU(),
        "GELU by tanh" => new GELU(tanhApproximation: true),
        "SiLU" => new SiLU(),
        _ => new Softplus(),
    };
}
