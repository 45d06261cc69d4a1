using MiniNet.Data;
using MiniNet.Graphs;
using MiniNet.Layers;
using MiniNet.Optimizers;
using MiniNet.Tensors;
using MiniNet.Training;

namespace MiniNet.Tests.Training;

/// <summary><see cref="Trainer.Train"/> trains when it is called, and its result says how the run ended.</summary>
public sealed class TrainingResultTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void Train_AsAStatement_TrainsLikeALoopOverTheEpochs()
    {
        (Trainer statement, Sequential model) = Create();
        statement.Train(Rows(60, seed: 1), Rows(30, seed: 2), epochs: 4, cancellation: Cancellation);

        (Trainer loop, Sequential expected) = Create();
        foreach (EpochResult _ in loop.Epochs(Rows(60, seed: 1), Rows(30, seed: 2), epochs: 4, Cancellation))
        {
        }

        Assert.Equal(4, statement.History.Epochs.Count);
        Assert.Equal(Weights(expected), Weights(model));
        Assert.NotEqual(Weights(Create().Model), Weights(model));
    }

    [Fact]
    public void Train_CallbackAndProgress_ReceiveEachEpochBeforeTheNextBegins()
    {
        (Trainer trainer, _) = Create();
        List<int> completed = [];
        var progress = new Recorder();
        TrainingResult result = trainer.Train(
            Rows(60, seed: 1),
            Rows(30, seed: 2),
            epochs: 3,
            epoch => completed.Add((10 * epoch.Epoch) + trainer.History.Epochs.Count),
            progress,
            Cancellation);
        Assert.Equal([11, 22, 33], completed);
        Assert.Equal(result.History.Epochs, progress.Reported);
    }

    [Theory]
    [InlineData(3, 20, TrainingEnd.LastEpoch)]
    [InlineData(500, 2, TrainingEnd.EarlyStopping)]
    public void Train_ToTheEnd_SaysWhyItEnded(int epochs, int patience, TrainingEnd end)
    {
        (Trainer trainer, _) = Create(patience);
        TrainingResult result = trainer.Train(Rows(60, seed: 1), Rows(30, seed: 2), epochs, cancellation: Cancellation);
        Assert.Equal(end, result.End);
        Assert.Same(trainer.History, result.History);
        Assert.Equal(result.History.Epochs.Min(epoch => epoch.ValidationLoss), result.BestEpoch!.ValidationLoss);
        string reason = end == TrainingEnd.LastEpoch ? "all completed" : "early stopping";
        Assert.Equal($"{result.History.Epochs.Count} epochs, {reason}; best: {result.BestEpoch}", result.ToString());
        Assert.Equal(
            end == TrainingEnd.LastEpoch ? epochs : result.BestEpoch.Epoch + patience, result.History.Epochs.Count);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void Train_Cancelled_SaysSo(int after)
    {
        (Trainer trainer, _) = Create();
        using var source = new CancellationTokenSource();
        if (after == 0)
        {
            source.Cancel();
        }

        TrainingResult result = trainer.Train(
            Rows(60, seed: 1), Rows(30, seed: 2), epochs: 9, epoch => CancelAfter(epoch.Epoch), cancellation: source.Token);
        Assert.Equal(TrainingEnd.Cancelled, result.End);
        Assert.Equal(after, result.History.Epochs.Count);
        Assert.Equal(after == 0, result.BestEpoch is null);
        Assert.StartsWith($"{after} epochs, cancelled; best: ", result.ToString(), StringComparison.Ordinal);

        void CancelAfter(int epoch)
        {
            if (epoch == after)
            {
                source.Cancel();
            }
        }
    }

    private static (Trainer Trainer, Sequential Model) Create(int patience = 20)
    {
        var model = new Sequential(seed: 3, new Linear(4, 8), new Tanh(), new Linear(8, 3));
        return (new Trainer(model, new SGD(model.Parameters, .5f)) { Patience = patience, BatchSize = 8 }, model);
    }

    private static float[][] Weights(Graph graph) => [.. graph.Parameters.Select(parameter => parameter.Value.Span.ToArray())];

    /// <summary>Creates rows whose classes do not depend on the inputs, so that a model soon overfits.</summary>
    private static Dataset Rows(int count, ulong seed)
    {
        var random = new RandomStream(seed, "rows");
        var x = new Tensor(new Shape(count, 4));
        foreach (ref float value in x.Span)
        {
            value = (float)random.NextNormal();
        }

        return new Dataset(x, new Targets([.. Enumerable.Range(0, count).Select(_ => random.NextInt32(3))]), ["a", "b", "c"]);
    }

    private sealed class Recorder : IProgress<EpochResult>
    {
        public List<EpochResult> Reported { get; } = [];

        public void Report(EpochResult value) => Reported.Add(value);
    }
}
