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
    public void ToString_OfAnInput_UsesTheNodesNameWhateverTheTensorsIs(string tensorName)
    {
        var graph = new Graph();
        Node input = graph.Input("input", Shape.Batch(2));
        graph.Forward(new Tensor(new float[,] { { -1, 2 } }, tensorName));
        Assert.Equal("input (Input) [1, 2] -1..2", input.ToString());
    }

    [Fact]
    public void ToString_NamesTheOperation()
    {
        var graph = new Graph();
        Node hidden = graph.Add("hidden1", new Linear(4, 16), graph.Input("input", Shape.Batch(4)));
        Assert.Equal("hidden1 (Linear 4 -> 16) [0, 16]", hidden.ToString());
        Assert.Equal("input (Input) [0, 4]", graph["input"].ToString());
    }

    [Fact]
    public void Shape_LeavesTheRowsOpen_AndTheValueHasThemAll()
    {
        var graph = new Graph();
        Node hidden = graph.Add("hidden", new Linear(4, 16), graph.Input("input", Shape.Batch(4)));
        graph.Forward(new Tensor(new Shape(5, 4)));
        Assert.Equal(Shape.Batch(16), hidden.Shape);
        Assert.Equal(new Shape(5, 16), hidden.Value.Shape);
    }
}
