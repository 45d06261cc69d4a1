using MiniNet.Graphs;
using MiniNet.Layers;
using MiniNet.Losses;
using MiniNet.Tensors;

namespace MiniNet.Tests.Graphs;

public class SummaryTests
{
    [Fact]
    public void Summary_OfAResidualGraph_CountsSharedParametersOnceAndEveryProduct()
    {
        var graph = new Graph();
        Node x = graph.Input("x", Shape.Batch(4));
        var shared = new Linear(4, 4);
        Node h = graph.Add("hidden", shared, x);
        Node r = graph.Add("again", shared, graph.Add("relu", new ReLU(), h));
        graph.Add("out", new Linear(4, 3, bias: false), graph.Add("sum", new Add(), h, r));
        graph.AddLoss(new SoftmaxCrossEntropy());

        ModelSummary summary = graph.Summary(rows: 10);

        // 2·10·4·4 for each product of 'hidden': forward and dW, for x wants no gradient; 'again' has a third, dX; 'out' is 4 by 3.
        Assert.Equal([0, 2 * 320, 0, 3 * 320, 0, 3 * 240, 0], summary.Nodes.Select(node => node.Flops));
        Assert.Equal([0, 20, 0, 0, 0, 12, 0], summary.Nodes.Select(node => node.Parameters));
        Assert.Equal((32, 2320), (summary.Parameters, summary.Flops));
        Assert.Equal(graph.Parameters.Sum(parameter => parameter.Value.Shape.Length), summary.Parameters);
        Assert.Equal(
            """
            node    operation                   from           output  parameters  FLOPs
            x       Input                                      [n, 4]           0      0
            hidden  Linear 4 -> 4               x              [n, 4]          20    640
            relu    ReLU                        hidden         [n, 4]           0      0
            again   Linear 4 -> 4               relu           [n, 4]           0    960
            sum     Add                         hidden, again  [n, 4]           0      0
            out     Linear 4 -> 3 without bias  sum            [n, 3]          12    720
            loss    SoftmaxCrossEntropy         out            []               0      0
            32 parameters, 2,320 FLOPs in a training step on 10 row(s)
            """,
            summary.ToString());
    }
}
