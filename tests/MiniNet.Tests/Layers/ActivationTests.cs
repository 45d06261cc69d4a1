using MiniNet.Graphs;
using MiniNet.Layers;
using MiniNet.Tensors;

namespace MiniNet.Tests.Layers;

/// <summary>ReLU, Sigmoid, Tanh and Add: known values here, their derivatives in <see cref="FiniteDifferencesTests"/>.</summary>
public class ActivationTests
{
    // Of 0.5 and 2, to more digits than a float has.
    private const double Sigmoid05 = 0.62245933120185459, Sigmoid2 = 0.88079707797788243;
    private const double Tanh05 = 0.46211715726000979, Tanh2 = 0.96402758007581688;

    public static TheoryData<string, double[]> Known => new()
    {
        { "ReLU", [0, 0, 0, 0.5, 2] },
        { "Sigmoid", [1 - Sigmoid2, 1 - Sigmoid05, 0.5, Sigmoid05, Sigmoid2] },
        { "Tanh", [-Tanh2, -Tanh05, 0, Tanh05, Tanh2] },
    };

    [Theory]
    [MemberData(nameof(Known))]
    public void Forward_GivesTheKnownValues(string name, double[] expected)
    {
        Layer layer = Named(name);
        var graph = new Sequential(0, Shape.Batch(5), layer);
        Tensor y = graph.Forward(new Tensor(new float[,] { { -2, -0.5f, 0, 0.5f, 2 } }));
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], y.Span[i], 4 * Samples.U); // under four roundings of numbers up to 1; ReLU has none
        }
    }

    [Theory]
    [InlineData("ReLU")]
    [InlineData("Sigmoid")]
    [InlineData("Tanh")]
    public void Forward_NaN_GoesThrough(string name)
    {
        // A NaN that a layer swallowed would be looked for in the wrong place.
        var graph = new Sequential(0, Shape.Batch(40), Named(name));
        var x = new Tensor(new Shape(1, 40));
        (x.Span[3], x.Span[38]) = (float.NaN, float.NaN);
        Tensor y = graph.Forward(x);
        Assert.Equal([3, 38], Enumerable.Range(0, 40).Where(i => float.IsNaN(y.Span[i])));
    }

    [Theory]
    [InlineData("ReLU")]
    [InlineData("Sigmoid")]
    [InlineData("Tanh")]
    public void AnyShape_PassesUnchanged_AndSoDoesAnEmptyBatch(string name)
    {
        var graph = new Sequential(0, Shape.Batch(1, 2, 3), Named(name));
        Assert.Equal(Shape.Batch(1, 2, 3), graph.Output.Shape);
        Assert.Equal(new Shape(2, 1, 2, 3), graph.Forward(new Tensor(new Shape(2, 1, 2, 3))).Shape);
        Assert.Equal(new Shape(0, 1, 2, 3), graph.Forward(new Tensor(new Shape(0, 1, 2, 3))).Shape);
        Assert.Empty(graph.Parameters);
        Assert.Equal(name, graph.Nodes[1].Operation!.ToString());
    }

    [Fact]
    public void ReLU_AtTheKink_PassesNoGradient()
    {
        var graph = new Graph();
        Node x = graph.Input("x", Shape.Batch(1), needsGradient: true);
        graph.Add("relu", new ReLU(), x);
        graph.Forward(new Tensor(new float[,] { { 0 } }));
        graph.Backward();
        Assert.Equal([0], x.Gradient!.Span);
        graph.Forward(new Tensor(new float[,] { { float.Epsilon } }));
        graph.Backward();
        Assert.Equal([1], x.Gradient!.Span);
    }

    [Fact]
    public void Add_IsTheSum()
    {
        var graph = new Graph();
        Node a = graph.Input("a", Shape.Batch(2)), b = graph.Input("b", Shape.Batch(2));
        graph.Add("sum", new Add(), a, b);
        Assert.Equal([5, -3], graph.Forward([new Tensor(new float[,] { { 1, 2 } }), new Tensor(new float[,] { { 4, -5 } })]).Span);
        Assert.Equal("expects two of one shape, got [n, 2] and [n, 3]", Assert.Throws<ShapeException>(() => new Add().OutputShape(Shape.Batch(2), Shape.Batch(3))).Message);
    }

    private static Layer Named(string name) => name switch
    {
        "ReLU" => new ReLU(),
        "Sigmoid" => new Sigmoid(),
        _ => new Tanh(),
    };
}
