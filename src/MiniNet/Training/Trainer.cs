using System.Diagnostics;
using System.Globalization;
using MiniNet.Data;
using MiniNet.Graphs;
using MiniNet.Losses;
using MiniNet.Metrics;
using MiniNet.Optimizers;
using MiniNet.Tensors;

namespace MiniNet.Training;

/// <summary>
/// The training loop, with validation after each epoch and early stopping. It runs exactly what one would write by hand: for each batch
/// Forward, Loss, ZeroGradients, Backward, Step.
/// </summary>
/// <param name="model">The network. Its weights are changed; buffers and loss are the trainer's own.</param>
/// <param name="optimizer">The rule that changes them, made for the model's parameters.</param>
/// <param name="loss">The loss; softmax cross-entropy unless given, or the model's own where it ends in one.</param>
public sealed class Trainer(Graph model, Optimizer optimizer, Loss? loss = null)
{
    private readonly Graph graph = WithLoss(model, loss ?? new SoftmaxCrossEntropy());

    /// <summary>Rows in a batch, at least 1. Default 32.</summary>
    public int BatchSize { get; init; } = 32;

    /// <summary>How many epochs without a lower validation loss end the run, at least 1. Default 20.</summary>
    public int Patience { get; init; } = 20;

    /// <summary>Decides the order of the rows in each epoch. Default: the model's seed.</summary>
    public ulong Seed { get; init; } = model.Seed;

    /// <summary>The epochs of the last call of <see cref="Train"/>.</summary>
    public TrainingHistory History { get; private set; } = new();

    /// <summary>
    /// Trains, one epoch at each step of a <c>foreach</c>. However it ends — after the last epoch, out of patience, cancelled, or because the
    /// caller leaves the loop — the model then has the weights of the best epoch, or its old ones where no epoch was completed.
    /// </summary>
    /// <param name="training">The rows to learn from.</param>
    /// <param name="validation">The rows that decide which epoch is best.</param>
    /// <param name="epochs">The most epochs, at least 1.</param>
    /// <param name="cancellation">Ends the run between two batches, without an exception; the epoch under way does not count.</param>
    /// <returns>The epochs as they are completed.</returns>
    /// <exception cref="ArgumentException">A number is out of its range, or there are no rows.</exception>
    /// <exception cref="ShapeException">The rows do not fit the network.</exception>
    /// <exception cref="DivergedException">The loss became NaN or infinite.</exception>
    public IEnumerable<EpochResult> Train(Dataset training, Dataset validation, int epochs = 200, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(epochs, 1);
        if (training.Count == 0 || validation.Count == 0)
        {
            throw new ArgumentException($"There are {training.Count} training and {validation.Count} validation rows; at least one of each is needed.", nameof(training));
        }

        var loader = new DataLoader(training, BatchSize, Seed);
        var validationLoader = new DataLoader(validation, Evaluation.BatchSize, shuffle: false);
        var earlyStopping = new EarlyStopping(model, Patience);
        History = new TrainingHistory();
        return Epochs();

        IEnumerable<EpochResult> Epochs()
        {
            try
            {
                for (int epoch = 1; epoch <= epochs && !earlyStopping.IsOver; epoch++)
                {
                    var watch = Stopwatch.StartNew();
                    if (TrainEpoch(loader, epoch, cancellation) is not { } trainingLoss)
                    {
                        yield break;
                    }

                    Evaluation judged = Evaluation.Of(graph, validationLoader, validation.Classes);
                    RequireFinite(judged.Loss, epoch, batch: null);
                    earlyStopping.Observe(judged.Loss);
                    History.Add(new EpochResult(epoch, trainingLoss, judged.Loss, (float)judged.Confusion.Accuracy, watch.Elapsed.TotalSeconds));
                    yield return History.Epochs[^1];
                }
            }
            finally
            {
                earlyStopping.Restore();
            }
        }
    }

    /// <returns>The mean loss of the batches; null where the run was cancelled.</returns>
    private float? TrainEpoch(DataLoader loader, int epoch, CancellationToken cancellation)
    {
        double sum = 0;
        int rows = 0;
        foreach (Batch batch in loader)
        {
            if (cancellation.IsCancellationRequested)
            {
                return null;
            }

            graph.Forward(batch.Inputs);
            float batchLoss = graph.Loss(batch.Targets);
            RequireFinite(batchLoss, epoch, batch);
            graph.ZeroGradients();
            graph.Backward();
            optimizer.Step();

            sum += (double)batchLoss * batch.Targets.Rows;
            rows += batch.Targets.Rows;
        }

        return (float)(sum / rows);
    }

    private void RequireFinite(float value, int epoch, Batch? batch)
    {
        if (!float.IsFinite(value))
        {
            Node first = graph.Nodes.FirstOrDefault(node => !node.Value.IsFinite) ?? graph.Nodes[^1];
            throw new DivergedException(string.Create(
                CultureInfo.InvariantCulture,
                $"epoch {epoch}, {(batch is null ? "validation" : $"batch {batch.Number}")}: the loss is {value}; the first node with such a value is {first.Describe()}. Lower the learning rate, which is {optimizer.LearningRate}, or look at the data."));
        }
    }

    private static Graph WithLoss(Graph model, Loss loss)
    {
        Graph fork = model.Fork();
        if (!fork.Nodes[^1].NeedsTargets)
        {
            fork.AddLoss(loss);
        }

        return fork;
    }
}
