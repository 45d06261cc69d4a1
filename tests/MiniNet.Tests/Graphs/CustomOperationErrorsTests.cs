using MiniNet.Graphs;
using MiniNet.Layers;
using MiniNet.Losses;
using MiniNet.Tensors;

namespace MiniNet.Tests.Graphs;

/// <summary>An exception from a custom operation names its node.</summary>
public class CustomOperationErrorsTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Run_CustomLayerThrows_NamesNodeAndPass(bool forward)
    {
        var graph = new Sequential(seed: 1, new Linear(4, 3), new Failing(forward));
        graph.AddLoss(new MeanSquaredError());
        var e = Assert.Throws<OperationException>(() =>
        {
            graph.Forward(new Tensor(new Shape(2, 4)));
            graph.Loss(new Tensor(new Shape(2, 3)));
            graph.Backward();
        });
        Assert.Equal($"1 (Failing), {(forward ? "forward" : "backward")}: out of order", e.Message);
        Assert.Equal("1", e.Node);
        Assert.IsType<TimeoutException>(e.InnerException);
    }

    private sealed class Failing(bool forward) : Layer
    {
        public override Shape OutputShape(Shape input) => input;

        public override void Forward(Tensor x, Tensor y, NodeContext context) =>
            y.CopyFrom(forward ? throw new TimeoutException("out of order") : x);

        public override void Backward(Tensor x, Tensor y, Tensor dY, Tensor? dX, NodeContext context) =>
            throw new TimeoutException("out of order");
    }
}
