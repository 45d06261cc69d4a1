using MiniNet.Graphs;
using MiniNet.Layers;
using MiniNet.Tensors;

namespace MiniNet.Tests.Graphs;

public class NodeTests
{
    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("a name longer than that of the node")]
    public void ToString_Input_UsesNodeNameNotTensorName(string tensorName)
    {
        var graph = new Graph();
        Node input = graph.Input("input", Shape.Batch(2));
        graph.Forward(new Tensor(new float[,] { { -1, 2 } }, tensorName));
        Assert.Equal("input (Input) [1, 2] -1..2", input.ToString());
    }

    [Fact]
    public void ToString_Layer_ContainsOperation()
    {
        var graph = new Graph();
        Node hidden = graph.Add("hidden1", new Linear(4, 16), graph.Input("input", Shape.Batch(4)));
        Assert.Equal("hidden1 (Linear 4 -> 16) [0, 16]", hidden.ToString());
        Assert.Equal("input (Input) [0, 4]", graph["input"].ToString());
    }

    [Fact]
    public void ToString_InputWithFixedRows_ShowsRowsBeforeFirstPass()
    {
        var graph = new Graph();
        Assert.Equal("pair (Input) [2, 3] 0..0", graph.Input("pair", new Shape(2, 3)).ToString());
        Assert.Equal("factor (Input) [] 0..0", graph.Input("factor", new Shape()).ToString());
    }

    [Fact]
    public void Gradient_Name_IsNodeNameWithPrefixD()
    {
        (Graph graph, Tensor x, Targets t) = GraphTests.Residual();
        GraphBackwardTests.Step(graph, x, t);
        Assert.Equal(("hidden", "dhidden"), (graph["hidden"].Value.Name, graph["hidden"].Gradient!.Name));
    }

    [Fact]
    public void Shape_OfNode_HasAnyRowsAndValueHasActualRows()
    {
        var graph = new Graph();
        Node hidden = graph.Add("hidden", new Linear(4, 16), graph.Input("input", Shape.Batch(4)));
        graph.Forward(new Tensor(new Shape(5, 4)));
        Assert.Equal(Shape.Batch(16), hidden.Shape);
        Assert.Equal(new Shape(5, 16), hidden.Value.Shape);
    }
}
