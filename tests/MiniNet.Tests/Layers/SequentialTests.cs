using MiniNet.Layers;
using MiniNet.Tensors;

namespace MiniNet.Tests.Layers;

public class SequentialTests
{
    [Fact]
    public void Nodes_Names_MatchPyTorch()
    {
        var model = new Sequential(seed: 1, new Linear(4, 16), new ReLU(), new Linear(16, 3));
        Assert.Equal("input, 0, 1, 2", string.Join(", ", model.Nodes.Select(node => node.Name)));
        Assert.Equal("0.weight, 0.bias, 2.weight, 2.bias", string.Join(", ", model.NamedTensors().Select(named => named.Name)));
        Assert.Equal((Shape.Batch(4), Shape.Batch(3)), (model.Nodes[0].Shape, model.Output.Shape));
        Assert.Equal(1UL, model.Seed);
    }

    [Fact]
    public void Forward_RunsLayersInOrder()
    {
        Linear first = new(3, 4), second = new(4, 2);
        var model = new Sequential(seed: 1, first, new Tanh(), second);
        Tensor x = Samples.Tensor(new Shape(5, 3));
        Tensor y = model.Forward(x);

        // Computed from the definition in double precision: a few roundings of numbers around 1.
        for (int i = 0; i < 5; i++)
        {
            for (int j = 0; j < 2; j++)
            {
                double expected = second.Bias!.Value.Span[j];
                for (int h = 0; h < 4; h++)
                {
                    double sum = first.Bias!.Value.Span[h];
                    for (int k = 0; k < 3; k++)
                    {
                        sum += (double)x[i, k] * first.Weight.Value[k, h];
                    }

                    expected += Math.Tanh(sum) * second.Weight.Value[h, j];
                }

                Assert.Equal(expected, y[i, j], 40 * Samples.U);
            }
        }
    }

    [Fact]
    public void Constructor_WithShape_AcceptsLayersOfAnyShape()
    {
        var model = new Sequential(seed: 1, Shape.Batch(2), new ReLU(), new Linear(2, 3));
        Assert.Equal(Shape.Batch(3), model.Output.Shape);
    }

    [Fact]
    public void Constructor_UnknownInputShape_Throws()
    {
        Assert.Contains(
            "pass the shape of the input",
            Assert.Throws<ArgumentException>(() => new Sequential(1, new ReLU())).Message,
            StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new Sequential(1, []));
        Assert.StartsWith(
            "Sequential needs at least one layer.",
            Assert.Throws<ArgumentException>(() => new Sequential(1, Shape.Batch(2), [])).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Constructor_IncompatibleLayers_ThrowsAndNamesThem() =>
        Assert.Equal(
            "2 (Linear 8 -> 3) expects [n, 8], got [n, 16] from 1",
            Assert.Throws<ShapeException>(() => new Sequential(1, new Linear(4, 16), new ReLU(), new Linear(8, 3))).Message);
}
