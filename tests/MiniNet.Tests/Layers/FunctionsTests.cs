using MiniNet.Graphs;
using MiniNet.Layers;
using MiniNet.Tensors;

namespace MiniNet.Tests.Layers;

/// <summary>
/// Tests functions written with operators: their values, node names and special values. Recordings and finite differences check the
/// derivatives.
/// </summary>
public class FunctionsTests
{
    [Theory]
    [InlineData(1, 2, 3, 0, -2)]
    [InlineData(-2, 0.5, -9.75, 7.5, 4)]
    public void Formula_ValueAndGradient_MatchClosedForm(float at, float and, float value, float dx, float dy)
    {
        var graph = new Graph();
        Node x = graph.Variable("x"), y = graph.Variable("y");
        Node r = (4 * x) + (3 * y) - (x * x) - (x * y) - (y * y);
        graph.Forward([Number(at), Number(and)]);
        graph.Backward();
        Assert.Equal([value], r.Value.Span);
        Assert.Equal([dx], x.Gradient!.Span); // 4 − 2x − y
        Assert.Equal([dy], y.Gradient!.Span); // 3 − x − 2y
    }

    [Fact]
    public void Operators_Values_MatchCSharpOperators()
    {
        const float A = 0.7f, B = 1.9f;
        (Func<Node, Node, Node> Of, double Value)[] all =
        [
            ((a, b) => a + b, A + B), ((a, b) => a - b, A - B), ((a, b) => a * b, A * B), ((a, b) => a / b, A / B),
            ((a, _) => a + 3, A + 3), ((a, _) => 3 + a, A + 3), ((a, _) => a - 3, A - 3), ((a, _) => 3 - a, 3 - A), ((a, _) => -a, -A),
            ((a, _) => 3 * a, 3 * A), ((a, _) => a * 3, 3 * A), ((a, _) => a / 3, A / 3), ((a, _) => 3 / a, 3 / A),
            ((a, _) => a.Pow(2.5f), Math.Pow(A, 2.5)), ((a, b) => a.Pow(b), Math.Pow(A, B)), ((a, _) => a.Exp(), Math.Exp(A)),
            ((a, _) => a.Log(), Math.Log(A)),
            ((a, _) => a.Sin(), Math.Sin(A)), ((a, _) => a.Cos(), Math.Cos(A)), ((a, _) => a.Tanh(), Math.Tanh(A)),
            ((a, _) => a.Sqrt(), Math.Sqrt(A)),
            ((a, _) => a.Sum(), A), ((a, _) => a.Mean(), A),
        ];
        for (int i = 0; i < all.Length; i++)
        {
            var graph = new Graph();
            Node y = all[i].Of(graph.Variable("a"), graph.Variable("b"));
            graph.Forward([Number(A), Number(B)]);
            // A few roundings each.
            Assert.True(
                Math.Abs(y.Value.Span[0] - all[i].Value) <= 8 * Samples.U * (1 + Math.Abs(all[i].Value)), $"{i}: {y}, not {all[i].Value}");
        }
    }

    [Fact]
    public void SumAndMean_UseAllRowsAndColumns()
    {
        var graph = new Graph();
        Node x = graph.Input("x", Shape.Batch(3), needsGradient: true);
        Node sum = x.Sum(), mean = x.Mean();
        graph.Forward(new Tensor(new float[,] { { 1, 2, 3 }, { 4, 5, -7 } }));
        graph.Backward();
        Assert.Equal(default, sum.Shape);
        Assert.Equal([8], sum.Value.Span);
        Assert.Equal([8 / 6f], mean.Value.Span);
        Assert.Equal(Enumerable.Repeat(1 / 6f, 6), x.Gradient!.Span.ToArray());
    }

    [Fact]
    public void Sum_MillionsOfElements_IsExact()
    {
        var graph = new Graph();
        Node sum = graph.Input("x", Shape.Batch(1)).Sum();
        var ones = new Tensor(new Shape(20_000_000, 1)); // in float, a sum of ones stops at 2²⁴
        ones.Span.Fill(1);
        graph.Forward(ones);
        Assert.Equal([20_000_000], sum.Value.Span);
    }

    [Fact]
    public void NodeNames_UseNextFreeNumber()
    {
        var graph = new Graph();
        Node x = graph.Variable("x");
        graph.Add("v2", new Tanh(), x);
        Assert.Equal(["v3", "v4"], ((2 * x) + x).Graph.Nodes.Skip(2).Select(node => node.Name));
        Assert.Equal("Affine 2·x", graph["v3"].Operation!.ToString());
    }

    [Theory]
    [InlineData(4, 0, "4·x")]
    [InlineData(-0.5, 0, "−0.5·x")]
    [InlineData(-1, 0, "−x")]
    [InlineData(-1, 3, "3 − x")]
    [InlineData(1, 2, "x + 2")]
    [InlineData(1, -2, "x − 2")]
    [InlineData(3, -2, "3·x − 2")]
    [InlineData(3, 2, "3·x + 2")]
    public void Affine_ToStringAndEquations_ShowTheFormula(float scale, float shift, string equation) =>
        Assert.Equal(
            (("Affine " + equation), "y = " + equation), (new Affine(scale, shift).ToString(), new Affine(scale, shift).Equations.Value));

    [Fact]
    public void Functions_AtSpecialValues_MatchPyTorch()
    {
        AssertValueAndSlope(x => x.Log(), 0, float.NegativeInfinity, float.PositiveInfinity);
        AssertValueAndSlope(x => x.Log(), -1, float.NaN, -1);
        AssertValueAndSlope(x => x.Exp(), 100, float.PositiveInfinity, float.PositiveInfinity);
        AssertValueAndSlope(x => x.Sqrt(), 0, 0, float.PositiveInfinity);
        AssertValueAndSlope(x => x.Sqrt(), -1, float.NaN, float.NaN);
        AssertValueAndSlope(x => x.Pow(-1), 0, float.PositiveInfinity, float.NegativeInfinity);
        AssertValueAndSlope(x => x.Pow(0), 0, 1, 0);
        AssertValueAndSlope(x => 1 / x, 0, float.PositiveInfinity, float.NegativeInfinity);
        AssertValueAndSlope(x => x / x, 0, float.NaN, float.NaN);
    }

    [Fact]
    public void Functions_InvalidArguments_Throw()
    {
        Assert.Equal("exponent", Assert.Throws<ArgumentOutOfRangeException>(() => new Power(float.NaN)).ParamName);
        Assert.Equal("scale", Assert.Throws<ArgumentOutOfRangeException>(() => new Affine(float.PositiveInfinity)).ParamName);
        Assert.Equal("shift", Assert.Throws<ArgumentOutOfRangeException>(() => new Affine(1, float.NaN)).ParamName);
        Assert.Throws<ArgumentException>(() => new Graph().Variable("x") + new Graph().Variable("y"));
        var graph = new Graph();
        Node x = graph.Variable("x");
        Assert.Equal(
            "v1 (Subtract) expects two inputs of the same shape, got [n, 1] and [n, 2] from x and wide",
            Assert.Throws<ShapeException>(() => x - graph.Input("wide", Shape.Batch(2))).Message);
        Assert.Throws<ShapeException>(() => x / graph["wide"]);
    }

    [Fact]
    public void CustomElementwiseLayer_WithTwoLines_Works()
    {
        var graph = new Graph();
        Node x = graph.Variable("x");
        graph.Add("cube", new Cube(), x);
        graph.Forward(Number(2));
        graph.Backward();
        Assert.Equal([8], graph.Output.Value.Span);
        Assert.Equal([12], x.Gradient!.Span);
    }

    private static void AssertValueAndSlope(Func<Node, Node> of, float at, float value, float slope)
    {
        var graph = new Graph();
        Node x = graph.Variable("x"), y = of(x);
        graph.Forward(Number(at));
        graph.Backward();
        Assert.Equal([value, slope], new[] { y.Value.Span[0], x.Gradient!.Span[0] });
    }

    private static Tensor Number(float value) => new(new[,] { { value } });

    private sealed class Cube : ElementwiseLayer
    {
        protected override float Value(float x) => x * x * x;

        protected override float Derivative(float x, float y) => 3 * x * x;
    }
}
