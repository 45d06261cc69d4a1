using MiniNet.Graphs;
using MiniNet.Layers;
using MiniNet.Losses;
using MiniNet.Tensors;

namespace MiniNet.Tests.Graphs;

public class SummaryTests
{
    [Fact]
    public void Summary_ResidualGraph_CountsSharedParametersOnceAndAllProducts()
    {
        var graph = new Graph();
        Node x = graph.Input("x", Shape.Batch(4));
        var shared = new Linear(4, 4);
        Node h = graph.Add("hidden", shared, x);
        Node r = graph.Add("again", shared, graph.Add("relu", new ReLU(), h));
        graph.Add("out", new Linear(4, 3, bias: false), graph.Add("sum", new Add(), h, r));
        graph.AddLoss(new SoftmaxCrossEntropy());

        ModelSummary summary = graph.Summary(rows: 10);

        // 2·10·4·4 for each product. 'hidden' has forward and dW, because x needs no gradient; 'again' also has dX; 'out' is 4 by 3.
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

    [Fact]
    public void Summary_ConvolutionAndMatMul_CountsFlopsOfTheirSums()
    {
        var graph = new Graph();
        Node x = graph.Input("x", Shape.Batch(2, 5, 5), needsGradient: true);
        graph.Add("conv", new Conv2d(2, 3, kernelSize: 3), x);                  // [n, 3, 3, 3], sums of 2·3·3
        Node a = graph.Input("a", Shape.Batch(2, 4)), b = graph.Input("b", Shape.Batch(4, 6), needsGradient: true);
        graph.Add("product", new MatMul(), a, b);                               // [n, 2, 6], sums of 4

        ModelSummary summary = graph.Summary(rows: 7);

        // Forward, dW and dX of the convolution; forward and dB of the product, because a needs no gradient.
        Assert.Equal([0, 2 * 3 * (7 * 27 * 18), 0, 0, 2 * 2 * (7 * 12 * 4)], summary.Nodes.Select(node => node.Flops));
    }

    [Theory]
    [InlineData(false, 240)]
    [InlineData(true, 480)]
    public void Flops_MatMulWithOneDifferentiableInput_CountsForwardAndOneGradient(bool needsGradient, long expected)
    {
        // 10 rows of 4 sums of 3 terms: 120 multiplications, each with an addition. There is no dW.
        var graph = new Graph();
        graph.Add("sums", new FixedWeights(), graph.Input("x", Shape.Batch(3), needsGradient));
        NodeSummary sums = graph.Summary(rows: 10).Nodes[1];
        Assert.Equal((0, expected), (sums.Parameters, sums.Flops));
    }

    [Fact]
    public void Summary_RowsExceedTensorCapacity_CountsFlops()
    {
        const long Rows = int.MaxValue;
        var graph = new Graph();
        Node x = graph.Input("x", Shape.Batch(4)), y = graph.Add("linear", new Linear(4, 16), x);
        Node convolution = graph.Add("convolution", new Conv2d(1, 2, 3), graph.Add("image", new Unflatten(1, 4, 4), y));
        graph.Add(
            "products",
            new MatMul(),
            graph.Add("a", new Unflatten(2, 4), graph.Add("row", new Flatten(), convolution)),
            graph.Add("b", new Unflatten(4, 4), y));
        ModelSummary summary = graph.Summary(int.MaxValue);
        Assert.Equal(2 * 2 * 4 * 16 * Rows, summary.Nodes.Single(node => node.Name == "linear").Flops);                     // y, dW
        Assert.Equal(2 * 3 * 2 * 2 * 2 * 9 * Rows, summary.Nodes.Single(node => node.Name == "convolution").Flops);         // y, dX, dW
        Assert.Equal(2 * 3 * 2 * 4 * 4 * Rows, summary.Nodes.Single(node => node.Name == "products").Flops);                // y, dA, dB
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void Summary_FewerThanOneRow_Throws(int rows)
    {
        (Graph graph, _, _) = GraphTests.Residual();
        Assert.Equal("rows", Assert.Throws<ArgumentOutOfRangeException>(() => graph.Summary(rows)).ParamName);
        Assert.Equal(1, graph.Summary(rows: 1).Rows);
    }

    /// <summary>Multiplies by weights that are not trained, three numbers per row to four.</summary>
    private sealed class FixedWeights : Layer
    {
        public override Shape OutputShape(Shape input) => new(input.Rows, 4);

        public override long CountMultiplications(Shape input, Shape output) => (long)output.Length * input.Columns;

        public override void Forward(Tensor x, Tensor y, NodeContext context) => throw new NotSupportedException();

        public override void Backward(Tensor x, Tensor y, Tensor dY, Tensor? dX, NodeContext context) => throw new NotSupportedException();
    }
}
