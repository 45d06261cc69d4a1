using MiniNet.Layers;
using MiniNet.Tensors;
using MiniNet.Training;

namespace MiniNet.Tests.Training;

public class EarlyStoppingTests
{
    [Theory]
    [InlineData(1, "3 2 1 1", 4)] // an equal loss is no improvement
    [InlineData(2, "3 2 2 2", 4)]
    [InlineData(2, "3 4 2 4 1 4 4", 7)]
    [InlineData(3, "1 2 3 0.5 2 2 0.4 9 9 9", 10)]
    public void IsOver_PatienceEpochsWithoutImprovement_IsTrue(int patience, string losses, int epochs)
    {
        var stopping = new EarlyStopping(new Sequential(1, new Linear(1, 1)), patience);
        int epoch = 0;
        foreach (string loss in losses.Split(' '))
        {
            Assert.False(stopping.ShouldStop);
            epoch++;
            stopping.Observe(float.Parse(loss, System.Globalization.CultureInfo.InvariantCulture));
        }

        Assert.True(stopping.ShouldStop);
        Assert.Equal(epochs, epoch);
    }

    [Fact]
    public void Restore_AfterSeveralEpochs_RestoresTheBestWeights()
    {
        var graph = new Sequential(1, new Linear(1, 1));
        Tensor weight = graph.Parameters[0].Value, bias = graph.Parameters[1].Value;
        var stopping = new EarlyStopping(graph, 5);
        foreach ((float value, float loss) in new[] { (10f, 3f), (20f, 1f), (30f, 2f), (40f, 1f) })
        {
            (weight[0, 0], bias.Span[0]) = (value, -value);
            stopping.Observe(loss);
        }

        stopping.Restore();
        Assert.Equal((20, -20), (weight[0, 0], bias.Span[0]));
    }

    [Fact]
    public void Restore_BeforeAnyEpoch_RestoresTheInitialWeights()
    {
        var graph = new Sequential(1, new Linear(1, 1));
        float first = graph.Parameters[0].Value[0, 0];
        var stopping = new EarlyStopping(graph, 5);
        graph.Parameters[0].Value[0, 0] = 77;
        stopping.Restore();
        Assert.Equal(first, graph.Parameters[0].Value[0, 0]);
    }

    [Fact]
    public void Constructor_PatienceOf0_Throws() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new EarlyStopping(new Sequential(1, new Linear(1, 1)), 0));
}
