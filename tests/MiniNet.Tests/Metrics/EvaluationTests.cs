using MiniNet.Data;
using MiniNet.Graphs;
using MiniNet.Layers;
using MiniNet.Losses;
using MiniNet.Metrics;
using MiniNet.Tensors;

namespace MiniNet.Tests.Metrics;

public class EvaluationTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(255)]
    [InlineData(256)]
    [InlineData(257)]
    [InlineData(600)] // the last of three batches is smaller, so the mean of the batch means would be wrong
    public void Of_AnyNumberOfRows_GivesMeanLossAndCounts(int count)
    {
        (Graph network, Dataset data) = Random(count);
        (double loss, int[,] counts) = ByHand(network, data);
        Evaluation evaluation = Evaluation.Of(network, data);
        Assert.Equal(loss, evaluation.Loss, 1e-5 * loss);
        AssertCounts(counts, evaluation.Confusion);
        Assert.Equal(count, evaluation.Confusion.Rows);
        Assert.Equal(Accuracy.Of(network, data), Enumerable.Range(0, 3).Sum(c => counts[c, c]) / (double)count, 1e-12);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(599)]
    [InlineData(600)]
    public void Of_AnyBatchSize_GivesTheSame(int batchSize)
    {
        (Graph network, Dataset data) = Random(600);
        (double loss, int[,] counts) = ByHand(network, data);
        Graph graph = network.Fork();
        graph.AddLoss(new SoftmaxCrossEntropy());
        Evaluation evaluation = Evaluation.Of(graph, new DataLoader(data, batchSize, shuffle: false), data.Classes);
        Assert.Equal(loss, evaluation.Loss, 1e-5 * loss);
        AssertCounts(counts, evaluation.Confusion);
    }

    [Fact]
    public void Of_LeavesTheNetworkUnchanged()
    {
        (Graph network, Dataset data) = Random(10);
        float[][] before = [.. network.Parameters.Select(parameter => parameter.Value.Span.ToArray())];
        Evaluation.Of(network, data);
        Assert.Equal(3, network.Nodes.Count);
        Assert.Equal(before, network.Parameters.Select(parameter => parameter.Value.Span.ToArray()));
    }

    [Fact]
    public void Of_ValueTargets_GivesTheLossAndNoCounts()
    {
        (Graph network, Dataset data) = Random(300);
        var values = new Tensor(new Shape(300, 3));
        Tensor p = network.Predict(data.Inputs);
        double sum = 0;
        for (int i = 0; i < values.Span.Length; i++)
        {
            values.Span[i] = i % 5;
            sum += Math.Pow(p.Span[i] - (i % 5), 2);
        }

        Evaluation evaluation = Evaluation.Of(network, new Dataset(data.Inputs, values), new MeanSquaredError());
        Assert.Equal(sum / values.Span.Length, evaluation.Loss, 1e-4);
        Assert.Equal(0, evaluation.Confusion.Rows);
    }

    [Fact]
    public void Of_NetworkWithItsOwnLoss_UsesIt()
    {
        // Softmax cross-entropy would reject values as targets.
        (Graph network, Dataset data) = Random(300);
        Tensor p = network.Predict(data.Inputs), values = Samples.Tensor(new Shape(300, 3), 9);
        network.AddLoss(new MeanSquaredError());
        double sum = 0;
        for (int i = 0; i < values.Span.Length; i++)
        {
            sum += Math.Pow((double)p.Span[i] - values.Span[i], 2);
        }

        var judged = new Dataset(data.Inputs, values);
        double mean = sum / values.Span.Length;
        Assert.Equal(mean, Evaluation.Of(network, judged).Loss, 1e-5 * mean);
        Assert.Equal(4, network.Nodes.Count);
        var e = Assert.Throws<ArgumentException>(() => Evaluation.Of(network, judged, new MeanSquaredError()));
        Assert.StartsWith("A loss is given, but the network already has one.", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_ClassesWithoutNames_UsesTheirIndicesAsNames()
    {
        (Graph network, Dataset data) = Random(50);
        (_, int[,] counts) = ByHand(network, data);
        Evaluation evaluation = Evaluation.Of(network, new Dataset(data.Inputs, data.Targets));
        Assert.Equal(["0", "1", "2"], evaluation.Confusion.Classes);
        AssertCounts(counts, evaluation.Confusion);
    }

    private static (Graph Network, Dataset Data) Random(int count)
    {
        var random = new RandomStream(1, "rows");
        var x = new Tensor(new Shape(count, 4));
        foreach (ref float value in x.Span)
        {
            value = random.NextNormal() * 3;
        }

        return (
            new Sequential(seed: 2, new Linear(4, 5), new Linear(5, 3)),
            new Dataset(x, new Targets([.. Enumerable.Range(0, count).Select(_ => random.NextInt32(3))]), ["a", "b", "c"]));
    }

    // Computes the loss and the counts in double precision, row by row.
    private static (double Loss, int[,] Counts) ByHand(Graph network, Dataset data)
    {
        Linear first = (Linear)network["0"].Operation!, second = (Linear)network["1"].Operation!;
        var counts = new int[3, 3];
        double loss = 0;
        for (int row = 0; row < data.Count; row++)
        {
            double[] h = Apply(first, [.. data.Inputs.Row(row).ToArray().Select(value => (double)value)]);
            double[] z = Apply(second, h);
            int truth = data.Targets.Classes[row];
            counts[truth, Array.IndexOf(z, z.Max())]++;
            loss += Math.Log(z.Sum(Math.Exp)) - z[truth];
        }

        return (loss / data.Count, counts);
    }

    private static double[] Apply(Linear layer, double[] x) =>
        [
            .. Enumerable.Range(0, layer.Outputs).Select(
                j => layer.Bias!.Value.Span[j] + Enumerable.Range(0, layer.Inputs).Sum(k => x[k] * layer.Weight.Value[k, j])),
        ];

    private static void AssertCounts(int[,] expected, ConfusionMatrix actual)
    {
        for (int truth = 0; truth < 3; truth++)
        {
            for (int predicted = 0; predicted < 3; predicted++)
            {
                Assert.Equal(expected[truth, predicted], actual[truth, predicted]);
            }
        }
    }

    [Fact]
    public void Accuracy_ValueTargets_Throws()
    {
        var network = new Sequential(1, new Linear(2, 1));
        var rows = new Dataset(new Tensor(new Shape(3, 2)), new Tensor(new Shape(3, 1)));
        Assert.StartsWith(
            "The targets are values", Assert.Throws<ArgumentException>(() => Accuracy.Of(network, rows)).Message, StringComparison.Ordinal);
    }
}
