using System.Diagnostics;
using System.Globalization;
using MiniNet.Data;
using MiniNet.Graphs;
using MiniNet.Metrics;
using MiniNet.Optimizers;
using MiniNet.Tensors;

namespace MiniNet.Training;

/// <summary>
/// The training loop, with validation after each epoch and early stopping. It runs exactly what one would write by hand: for each batch
/// Forward, Loss, ZeroGradients, Backward, Step; where asked for, with gradients clipped and the learning rate set before the step.
/// </summary>
/// <param name="model">The network. Its weights are changed; buffers and loss are the trainer's own.</param>
/// <param name="optimizer">The rule that changes them, made for the model's parameters, or for some of them.</param>
/// <param name="loss">The loss, for a model without one; softmax cross-entropy unless given.</param>
/// <exception cref="ArgumentException">The optimizer is of another model, or a loss is given but the model has one of its own.</exception>
public sealed class Trainer(Graph model, Optimizer optimizer, Loss? loss = null)
{
    private readonly Graph graph = Evaluation.ForkWithLoss(Checked(model, optimizer), loss);

    /// <summary>Rows in a batch, at least 1. Default 32.</summary>
    public int BatchSize { get; init; } = 32;

    /// <summary>Whether to leave out a smaller last batch: batch normalisation cannot do with a single row. Default: no.</summary>
    public bool DropLast { get; init; }

    /// <summary>How many epochs without a lower validation loss end the run, at least 1. Default 20.</summary>
    public int Patience { get; init; } = 20;

    /// <summary>Sets the optimizer's learning rate before each of its steps; none unless given.</summary>
    public Schedule? Schedule { get; init; }

    /// <summary>Observes the validation loss of each epoch and lowers the learning rate of the optimizer it was made for; none unless given.</summary>
    public ReduceOnPlateau? Plateau { get; init; }

    /// <summary>The greatest norm of the gradients of all that the optimizer changes, see <see cref="GradientClipping.ByNorm"/>, above 0; any unless given.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not finite and above 0.</exception>
    public float? MaxGradientNorm
    {
        get;
        init => field = value is { } maxNorm ? Require.Above0(maxNorm, nameof(MaxGradientNorm)) : null;
    }

    /// <summary>Decides the order of the rows in each epoch. Default: the model's seed.</summary>
    public ulong Seed { get; init; } = model.Seed;

    /// <summary>The epochs of the last call of <see cref="Train"/>; or of <see cref="GoTo(Dataset, Dataset, int, int, CancellationToken)"/>, those before the place it went to.</summary>
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
    /// <exception cref="InvalidOperationException">Both a schedule and a plateau are given.</exception>
    /// <exception cref="ShapeException">The rows do not fit the network.</exception>
    /// <exception cref="DivergedException">The loss became NaN or infinite.</exception>
    public IEnumerable<EpochResult> Train(Dataset training, Dataset validation, int epochs = 200, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(epochs, 1);
        return Run(LoaderOf(training, validation), validation, epochs, onlooker: null, cancellation);
    }

    /// <summary>
    /// Trains as <see cref="Train"/> does, up to one of the batches, and stands before its first step: weights,
    /// layers' state, optimizer, random streams and rows are to the bit what they were when the run came there. Model, optimizer and whatever else
    /// the trainer was given must be as they were when the run began: made anew, with the same seeds.
    /// </summary>
    /// <param name="training">The rows that the run learnt from.</param>
    /// <param name="validation">The rows that decided when it ended.</param>
    /// <param name="epoch">The epoch, from 1.</param>
    /// <param name="batch">The batch in it, from 1.</param>
    /// <param name="cancellation">Ends the replay between two batches.</param>
    /// <returns>The place. The model has the weights of that moment, not the best.</returns>
    /// <exception cref="ArgumentException">There are no rows.</exception>
    /// <exception cref="ReplayException">There is no such batch, or the run was out of patience before.</exception>
    /// <exception cref="DivergedException">The loss became NaN or infinite before.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public ReplayedBatch GoTo(Dataset training, Dataset validation, int epoch, int batch, CancellationToken cancellation = default) =>
        GoTo(training, validation, epoch, batch, onEpoch: null, cancellation);

    internal ReplayedBatch GoTo(Dataset training, Dataset validation, int epoch, int batch, Action<EpochResult>? onEpoch, CancellationToken cancellation)
    {
        DataLoader loader = LoaderOf(training, validation);
        if (epoch < 1 || batch < 1 || batch > loader.Batches)
        {
            throw new ReplayException($"There is no batch {batch} of epoch {epoch}: an epoch of this run has {loader.Batches} batch(es), and both are counted from 1.");
        }

        var stop = new StopBefore(epoch, batch);
        foreach (EpochResult result in Run(loader, validation, epoch, stop, cancellation))
        {
            onEpoch?.Invoke(result);
        }

        cancellation.ThrowIfCancellationRequested();
        return stop.Found is { } found
            ? new ReplayedBatch(epoch, loader.Batches, found, graph, optimizer, MaxGradientNorm)
            : throw new ReplayException($"There is no epoch {epoch}: the run ended after epoch {History.Epochs.Count}, for its validation loss had not improved for {Patience} epoch(s).");
    }

    /// <summary>Trains to the end, and looks for the first batch that left a value, a gradient, a weight or the validation loss not finite.</summary>
    /// <returns>The batch, null where there is none; and what ended the run, where it diverged.</returns>
    internal ((int Epoch, int Batch)? First, DivergedException? End) FindNotFinite(
        Dataset training, Dataset validation, int epochs, Action<EpochResult> onEpoch, CancellationToken cancellation)
    {
        DataLoader loader = LoaderOf(training, validation);
        var finder = new NotFiniteFinder(graph, optimizer);
        try
        {
            foreach (EpochResult result in Run(loader, validation, epochs, finder, cancellation))
            {
                onEpoch(result);
            }
        }
        catch (DivergedException e)
        {
            return (finder.Found ?? (e.Epoch, e.IsValidation ? loader.Batches : e.Batch), e);
        }

        cancellation.ThrowIfCancellationRequested();
        return (finder.Found, null);
    }

    private DataLoader LoaderOf(Dataset training, Dataset validation)
    {
        if (training.Count == 0 || validation.Count == 0)
        {
            throw new ArgumentException($"There are {training.Count} training and {validation.Count} validation rows; at least one of each is needed.", nameof(training));
        }

        if (Schedule is not null && Plateau is not null)
        {
            throw new InvalidOperationException("A schedule sets the learning rate at every step, whatever a plateau has lowered it to; give one of the two.");
        }

        return new DataLoader(training, BatchSize, Seed, dropLast: DropLast);
    }

    private IEnumerable<EpochResult> Run(DataLoader loader, Dataset validation, int epochs, Onlooker? onlooker, CancellationToken cancellation)
    {
        var validationLoader = new DataLoader(validation, Evaluation.BatchSize, shuffle: false);
        var earlyStopping = new EarlyStopping(model, Patience);
        IReadOnlyList<string> classes = Evaluation.ClassesOf(graph, validation);
        var history = History = new TrainingHistory();
        return Epochs();

        IEnumerable<EpochResult> Epochs()
        {
            if (history.Epochs.Count > 0)
            {
                throw new InvalidOperationException("These epochs have been run; call Train again for more.");
            }

            try
            {
                for (int epoch = 1; epoch <= epochs && !earlyStopping.IsOver; epoch++)
                {
                    var watch = Stopwatch.StartNew();
                    if (TrainEpoch(loader, epoch, onlooker, cancellation) is not { } trainingLoss)
                    {
                        yield break;
                    }

                    Evaluation judged = Evaluation.Of(
                        graph, validationLoader, classes, (loss, batch) => RequireFinite(loss, epoch, batch, isValidation: true));
                    earlyStopping.Observe(judged.Loss);
                    Plateau?.Observe(judged.Loss);
                    float? accuracy = judged.Confusion.Rows > 0 ? (float)judged.Confusion.Accuracy : null;
                    history.Add(new EpochResult(epoch, trainingLoss, judged.Loss, accuracy, watch.Elapsed.TotalSeconds));
                    yield return history.Epochs[^1];
                }
            }
            finally
            {
                if (onlooker is null) // who looks on wants the weights of the moment
                {
                    earlyStopping.Restore();
                }
            }
        }
    }

    /// <returns>The mean loss of the batches; null where the run was cancelled, or ended by who looks on.</returns>
    private float? TrainEpoch(DataLoader loader, int epoch, Onlooker? onlooker, CancellationToken cancellation)
    {
        double sum = 0;
        int rows = 0;
        foreach (Batch batch in loader)
        {
            if (cancellation.IsCancellationRequested)
            {
                return null;
            }

            optimizer.LearningRate = Schedule?.At(optimizer.StepCount) ?? optimizer.LearningRate;
            if (onlooker?.StopsBefore(epoch, batch) ?? false)
            {
                return null;
            }

            graph.Forward(batch.Inputs);
            float batchLoss = graph.Loss(batch.Targets);
            RequireFinite(batchLoss, epoch, batch, isValidation: false);
            graph.ZeroGradients();
            graph.Backward();
            if (MaxGradientNorm is { } maxNorm)
            {
                GradientClipping.ByNorm(optimizer.Parameters, maxNorm);
            }

            optimizer.Step();
            if (onlooker?.StopsAfter(epoch, batch) ?? false)
            {
                return null;
            }

            sum += (double)batchLoss * batch.Targets.Rows;
            rows += batch.Targets.Rows;
        }

        return (float)(sum / rows);
    }

    private void RequireFinite(float value, int epoch, Batch batch, bool isValidation)
    {
        if (!float.IsFinite(value))
        {
            string place = string.Create(CultureInfo.InvariantCulture, $"epoch {epoch}, {(isValidation ? "validation batch" : "batch")} {batch.Number}: the loss is {value}");
            if ((FirstNotFinite(batch.Inputs, "inputs") ?? FirstNotFinite(batch.Targets.Values, "targets")) is { } cell)
            {
                throw new DivergedException(epoch, batch.Number, graph.Nodes[0].Name, $"{place}, because of the data: {cell}", isValidation);
            }

            Node first = graph.Nodes.FirstOrDefault(node => !node.Value.IsFinite) ?? graph.Nodes[^1];
            throw new DivergedException(epoch, batch.Number, first.Name, string.Create(
                CultureInfo.InvariantCulture,
                $"{place}; the first node with such a value is {first.Describe()}. Lower the learning rate, which is {optimizer.LearningRate}, or look at the data."), isValidation);
        }
    }

    private static string? FirstNotFinite(Tensor? rows, string name)
    {
        for (int i = 0; i < rows?.Shape.Length; i++)
        {
            if (!float.IsFinite(rows.Span[i]))
            {
                return string.Create(CultureInfo.InvariantCulture, $"row {i / rows.Shape.Columns}, column {i % rows.Shape.Columns} of the batch's {name} is {rows.Span[i]}.");
            }
        }

        return null;
    }

    private static Graph Checked(Graph model, Optimizer optimizer) => optimizer.Parameters.Count > 0 && optimizer.Parameters.All(model.Parameters.Contains)
        ? model
        : throw new ArgumentException("The optimizer changes other parameters than the model's; make it with model.Parameters.", nameof(optimizer));
}
