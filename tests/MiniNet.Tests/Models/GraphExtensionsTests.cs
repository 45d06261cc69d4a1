using MiniNet.Graphs;
using MiniNet.Layers;
using MiniNet.Models;
using MiniNet.Tensors;

namespace MiniNet.Tests.Models;

public class GraphExtensionsTests
{
    // e^0 : e^(ln 3) = 1 : 3, and e^0 : e^0 = 1 : 1.
    private static readonly Tensor Scores = new([[0, MathF.Log(3)], [5, 5]]);

    public static TheoryData<Layer> Endings => [new Affine(1, 0), new Softmax(), new LogSoftmax()];

    [Theory]
    [MemberData(nameof(Endings))]
    public void PredictProbabilities_IsSoftmaxOnce_HoweverTheNetworkEnds(Layer last)
    {
        Tensor p = new Sequential(seed: 1, Shape.Batch(2), last).PredictProbabilities(Scores);
        Assert.Equal(new Shape(2, 2), p.Shape);
        Assert.Equal([.25, .75, .5, .5], p.ToArray().Select(each => Math.Round(each, 6)));
    }

    [Fact]
    public void PredictProbabilities_Sigmoid_IsReturnedAsItIs()
    {
        Graph network = new Sequential(seed: 1, Shape.Batch(1), new Sigmoid());
        Assert.Equal(.75, network.PredictProbabilities(new Tensor([[MathF.Log(3)]]))[0, 0], 1e-6);
    }

    [Fact]
    public void PredictProbabilities_OneScore_Throws()
    {
        Graph network = new Sequential(seed: 1, new Linear(2, 1));
        Assert.Equal(
            "The network gives [n, 1], but a softmax needs two or more scores per row; the probability of a single score is its sigmoid",
            Assert.Throws<ShapeException>(() => network.PredictProbabilities(Scores)).Message);
    }
}
