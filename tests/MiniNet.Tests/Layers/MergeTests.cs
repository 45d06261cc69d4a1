using MiniNet.Graphs;
using MiniNet.Layers;
using MiniNet.Tensors;

namespace MiniNet.Tests.Layers;

/// <summary>Tests of Concat and MatMul.</summary>
public class MergeTests
{
    [Fact]
    public void Concat_Matrices_ConcatenatesRowsAndSplitsGradient()
    {
        var layer = new Concat();
        Tensor a = new(new float[,] { { 1 }, { 2 } }), b = new(new float[,] { { 3, 4 }, { 5, 6 } });
        (Tensor y, Graph graph) = Run(layer, a, b);
        Assert.Equal(new Shape(2, 3), y.Shape);
        Assert.Equal([1, 3, 4, 2, 5, 6], y.Span);
        Tensor dY = new(new float[,] { { 10, 20, 30 }, { 40, 50, 60 } }), dA = a.Clone(), dB = b.Clone();
        layer.Backward([a, b], y, dY, [dA, dB], graph.Output.Context);
        Assert.Equal([11, 42], dA.Span);
        Assert.Equal([23, 34, 55, 66], dB.Span);
        layer.Backward([a, b], y, dY, [null, dB], graph.Output.Context);
        layer.Backward([a, b], y, dY, [dA, null], graph.Output.Context);
        Assert.Equal([21, 82], dA.Span);
        Assert.Equal([43, 64, 105, 126], dB.Span);
    }

    [Fact]
    public void Concat_Images_ConcatenatesChannels()
    {
        Tensor a = Samples.Tensor(new Shape(2, 1, 2, 3), 1), b = Samples.Tensor(new Shape(2, 3, 2, 3), 2);
        (Tensor y, _) = Run(new Concat(), a, b);
        Assert.Equal(new Shape(2, 4, 2, 3), y.Shape);
        Assert.Equal([.. a.Row(1), .. b.Row(1)], y.Row(1).ToArray());
        Assert.Equal(Shape.Batch(5, 7), new Concat().OutputShape([Shape.Batch(2, 7), Shape.Batch(3, 7)]));
    }

    [Fact]
    public void Concat_SameInputTwice_AddsBothGradients()
    {
        var layer = new Concat();
        Tensor a = new(new float[,] { { 1, 2 } }), dA = new(a.Shape), dY = new(new float[,] { { 1, 2, 10, 20 } });
        (Tensor y, Graph graph) = Run(layer, a, a);
        layer.Backward([a, a], y, dY, [dA, dA], graph.Output.Context);
        Assert.Equal([11, 22], dA.Span);
    }

    [Fact]
    public void Concat_IncompatibleShapes_Throws()
    {
        var layer = new Concat();
        Assert.Equal(
            "expects inputs of the same shape except for dimension 1, got [n, 2, 3] and [n, 2, 4]",
            Assert.Throws<ShapeException>(() => layer.OutputShape([Shape.Batch(2, 3), Shape.Batch(2, 4)])).Message);
        Assert.Throws<ShapeException>(() => layer.OutputShape([new Shape(2, 3), new Shape(3, 3)]));
        Assert.Throws<ShapeException>(() => layer.OutputShape([Shape.Batch(3), Shape.Batch(3, 3)]));
        Assert.Throws<ShapeException>(() => layer.OutputShape([new Shape(3), new Shape(3)]));
        // More than a row can hold.
        Assert.Throws<ShapeException>(() => layer.OutputShape([Shape.Batch(int.MaxValue - 100), Shape.Batch(int.MaxValue - 100)]));
    }

    [Fact]
    public void Concat_ThreeInputs_KeepsTheirOrder()
    {
        var graph = new Graph();
        Node a = graph.Input("a", Shape.Batch(1), needsGradient: true), b = graph.Input("b", Shape.Batch(2), needsGradient: true);
        Node y = graph.Add(new Concat(), a, b, a);
        graph.Forward([new Tensor(new float[,] { { 1 }, { 2 } }), new Tensor(new float[,] { { 3, 4 }, { 5, 6 } })]);
        Assert.Equal([1, 3, 4, 1, 2, 5, 6, 2], y.Value.Span);
        graph.BackwardFrom(y, new Tensor(new float[,] { { 1, 20, 30, 4 }, { 5, 60, 70, 8 } }));
        Assert.Equal([5, 13], a.Gradient!.Span);
        Assert.Equal([20, 30, 60, 70], b.Gradient!.Span);
        Assert.Equal("y = [a, b, c]", y.Equations!.Value.Text);
        Assert.Equal(
            ["dA += dY, its columns", "dB += dY, its columns", "dC += dY, its columns"], y.Equations.Gradients.Select(e => e.Text));
        Assert.Equal(["a", "b", "c"], Enumerable.Range(0, 3).Select(y.SymbolOfSource));
    }

    [Fact]
    public void Add_WrongNumberOfInputs_Throws()
    {
        var graph = new Graph();
        Node x = graph.Input("x", Shape.Batch(1));
        Assert.Equal(
            "sum (Add) takes 2 inputs, got 3. (Parameter 'inputs')",
            Assert.Throws<ArgumentException>(() => graph.Add("sum", new Add(), x, x, x)).Message);
        Assert.Equal(
            "c (Concat) takes one or more inputs, got 0. (Parameter 'inputs')",
            Assert.Throws<ArgumentException>(() => graph.Add("c", new Concat())).Message);
        Assert.Single(graph.Nodes);
    }

    [Fact]
    public void MatMul_Matrices_MatchesClosedForm()
    {
        var layer = new MatMul();
        Tensor a = new(new float[,] { { 1, 2 }, { 3, 4 }, { 5, 6 } }), b = new(new float[,] { { 1, 0 }, { 2, 1 } });
        (Tensor y, Graph graph) = Run(layer, a, b, wholeB: true);
        Assert.Equal([5, 2, 11, 4, 17, 6], y.Span);
        Assert.Equal([5, 2, 11, 4, 17, 6], graph.Forward([a, b]).Span); // overwrites the old content
        Tensor dY = new(new float[,] { { 1, 0 }, { 0, 1 }, { 1, 1 } }), dA = new(a.Shape), dB = new(b.Shape);
        dA.Span.Fill(100);
        dB.Span.Fill(100);
        layer.Backward(a, b, y, dY, dA, dB, graph.Output.Context);
        layer.Backward(a, b, y, dY, null, null, graph.Output.Context);
        Assert.Equal([101, 102, 100, 101, 101, 103], dA.Span);  // dY·bᵀ
        Assert.Equal([106, 108, 108, 110], dB.Span);            // aᵀ·dY
    }

    [Fact]
    public void MatMul_BatchOfMatrices_MultipliesRowByRow()
    {
        var layer = new MatMul();
        Tensor a = Samples.Tensor(new Shape(3, 2, 4), 1), b = Samples.Tensor(new Shape(3, 4, 5), 2),
            dY = Samples.Tensor(new Shape(3, 2, 5), 3);
        (Tensor y, Graph graph) = Run(layer, a, b);
        Assert.Equal(new Shape(3, 2, 5), y.Shape);
        Tensor dA = new(a.Shape), dB = new(b.Shape);
        layer.Backward(a, b, y, dY, dA, dB, graph.Output.Context);
        for (int n = 0; n < 3; n++)
        {
            // Sums of at most 5 products of numbers below 4: 7 roundings of at most 80.
            const double Bound = 7 * Samples.U * 80;
            for (int i = 0; i < 2; i++)
            {
                for (int j = 0; j < 5; j++)
                {
                    Assert.Equal(Enumerable.Range(0, 4).Sum(k => (double)a[n, (i * 4) + k] * b[n, (k * 5) + j]), y[n, (i * 5) + j], Bound);
                }
            }

            for (int k = 0; k < 4; k++)
            {
                for (int i = 0; i < 2; i++)
                {
                    Assert.Equal(
                        Enumerable.Range(0, 5).Sum(j => (double)dY[n, (i * 5) + j] * b[n, (k * 5) + j]), dA[n, (i * 4) + k], Bound);
                }

                for (int j = 0; j < 5; j++)
                {
                    Assert.Equal(
                        Enumerable.Range(0, 2).Sum(i => (double)dY[n, (i * 5) + j] * a[n, (i * 4) + k]), dB[n, (k * 5) + j], Bound);
                }
            }
        }
    }

    [Fact]
    public void MatMul_SameInputTwice_AddsBothGradients()
    {
        // y = a², dA = dY·aᵀ + aᵀ·dY
        var layer = new MatMul();
        Tensor a = new(new float[,] { { 1, 2 }, { 3, 4 } }), dY = new(new float[,] { { 1, 0 }, { 0, 0 } }), dA = new(a.Shape);
        (Tensor y, Graph graph) = Run(layer, a, a, wholeB: true);
        Assert.Equal([7, 10, 15, 22], y.Span);
        layer.Backward(a, a, y, dY, dA, dA, graph.Output.Context);
        Assert.Equal([2, 3, 2, 0], dA.Span);
    }

    [Fact]
    public void MatMul_OutputShape_MatchesEquation()
    {
        var layer = new MatMul();
        Assert.Equal(Shape.Batch(5), layer.OutputShape(Shape.Batch(4), new Shape(4, 5)));
        Assert.Equal(new Shape(3, 5), layer.OutputShape(new Shape(3, 4), Shape.Batch(5)));
        Assert.Equal(Shape.Batch(2, 5), layer.OutputShape(Shape.Batch(2, 4), Shape.Batch(4, 5)));
        Assert.Equal(
            "expects [n, k] and [k, m] or [n, p, k] and [n, k, m], got [3, 4] and [3, 5]",
            Assert.Throws<ShapeException>(() => layer.OutputShape(new Shape(3, 4), new Shape(3, 5))).Message);
        Assert.Throws<ShapeException>(() => layer.OutputShape(Shape.Batch(2, 4), Shape.Batch(3, 5)));
        Assert.Throws<ShapeException>(() => layer.OutputShape(new Shape(3, 2, 4), new Shape(2, 4, 5)));
        Assert.Throws<ShapeException>(() => layer.OutputShape(Shape.Batch(2, 4), new Shape(4, 5)));
        Assert.Throws<ShapeException>(() => layer.OutputShape(Shape.Batch(1, 2, 4), Shape.Batch(1, 4, 5)));
        Assert.Throws<ShapeException>(() => layer.OutputShape(Shape.Batch(1 << 20, 1), Shape.Batch(1, 1 << 20)));

        // The batch determines the number of rows of b, so the error is found when the batch is known, before any computation.
        var graph = new Graph();
        graph.Add("y", layer, graph.Input("a", Shape.Batch(4)), graph.Input("b", Shape.Batch(5)));
        Assert.Equal(new Shape(2, 5), graph.Forward([new Tensor(new Shape(2, 4)), new Tensor(new Shape(4, 5))]).Shape);
        Assert.Throws<ShapeException>(() => graph.Forward([new Tensor(new Shape(2, 4)), new Tensor(new Shape(3, 5))]));
    }

    private static (Tensor Y, Graph Graph) Run(MergeLayer layer, Tensor a, Tensor b, bool wholeB = false)
    {
        var graph = new Graph();
        Node first = graph.Input("a", a.Shape.WithRows(Shape.Any)),
            second = graph.Input("b", wholeB ? b.Shape : b.Shape.WithRows(Shape.Any));
        graph.Add("y", layer, first, second);
        return (graph.Forward([a, b]), graph);
    }
}
