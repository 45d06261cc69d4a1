using System.Diagnostics;
using System.Globalization;
using MiniNet.Data;
using MiniNet.Graphs;
using MiniNet.Metrics;
using MiniNet.Optimizers;
using MiniNet.Tensors;

namespace MiniNet.Training;

/// <summary>
/// Runs the training loop, with validation after each epoch and early stopping. For each batch it calls Forward, Loss, ZeroGradients,
/// Backward and Step, as a hand-written loop does. Optionally it clips the gradients and sets the learning rate before the step.
/// </summary>
/// <param name="model">The network. The trainer updates its weights, but uses its own buffers and loss.</param>
/// <param name="optimizer">The optimizer, created with all or some of the model's parameters.</param>
/// <param name="loss">The loss, for a model without one. By default, softmax cross-entropy.</param>
/// <exception cref="ArgumentException">
/// The optimizer has parameters of another model, or a loss is given although the model already has one.
/// </exception>
public sealed class Trainer(Graph model, Optimizer optimizer, Loss? loss = null)
{
    private readonly Graph graph = Evaluation.ForkWithLoss(RequireCompatible(Require.NotNull(model), Require.NotNull(optimizer)), loss);

    /// <summary>Gets the number of rows in a batch, at least 1. The default is 32.</summary>
    public int BatchSize { get; init; } = 32;

    /// <summary>
    /// Gets a value indicating whether a smaller last batch is skipped, because batch normalization needs more than one row. The
    /// default is false.
    /// </summary>
    public bool DropLast { get; init; }

    /// <summary>
    /// Gets the number of epochs without a lower validation loss after which the run stops, at least 1. The default is 20.
    /// </summary>
    public int Patience { get; init; } = 20;

    /// <summary>Gets the schedule that sets the optimizer's learning rate before each step, or null (the default) for none.</summary>
    public Schedule? Schedule { get; init; }

    /// <summary>
    /// Gets the object that lowers the learning rate of its optimizer when the validation loss stops improving, or null (the default) for
    /// none.
    /// </summary>
    public ReduceOnPlateau? Plateau { get; init; }

    /// <summary>
    /// Gets the total norm that the gradients of the optimizer's parameters are clipped to, above 0. Null (the default) means no clipping.
    /// See <see cref="GradientClipping.ByNorm"/>.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not finite and above 0.</exception>
    public float? MaxGradientNorm
    {
        get;
        init => field = value is { } maxNorm ? Require.Positive(maxNorm, nameof(MaxGradientNorm)) : null;
    }

    /// <summary>Gets the seed for the order of the rows in each epoch. The default is the model's seed.</summary>
    public ulong Seed { get; init; } = model.Seed;

    /// <summary>
    /// Gets the epochs of the last run. After <see cref="GoTo(Dataset, Dataset, int, int, CancellationToken)"/>,
    /// the epochs before the requested one.
    /// </summary>
    public TrainingHistory History { get; private set; } = new();

    /// <summary>
    /// Trains the model. The run ends after the last epoch, by early stopping or by cancellation. In every case the model then has the
    /// weights of the best epoch, or its old weights if no epoch was completed.
    /// </summary>
    /// <param name="training">The training rows.</param>
    /// <param name="validation">The rows that determine the best epoch.</param>
    /// <param name="epochs">The maximum number of epochs, at least 1.</param>
    /// <param name="onEpoch">Called after each epoch, before the next one begins: <c>onEpoch: Console.WriteLine</c>.</param>
    /// <param name="progress">Receives each epoch, for example to update a window from another thread.</param>
    /// <param name="cancellation">Stops the run between two batches, without an exception. The unfinished epoch does not count.</param>
    /// <returns>The epochs, the best one, and why the run ended.</returns>
    /// <exception cref="ArgumentException">A number is out of range, or there are no rows.</exception>
    /// <exception cref="InvalidOperationException">Both <see cref="Schedule"/> and <see cref="Plateau"/> are set.</exception>
    /// <exception cref="ShapeException">The rows do not fit the network.</exception>
    /// <exception cref="TargetsException">The targets do not fit the loss, or are values and no loss is given.</exception>
    /// <exception cref="DivergedException">The loss became NaN or infinite.</exception>
    public TrainingResult Train(
        Dataset training,
        Dataset validation,
        int epochs = 200,
        Action<EpochResult>? onEpoch = null,
        IProgress<EpochResult>? progress = null,
        CancellationToken cancellation = default)
    {
        foreach (EpochResult epoch in Epochs(training, validation, epochs, cancellation))
        {
            onEpoch?.Invoke(epoch);
            progress?.Report(epoch);
        }

        TrainingEnd end = cancellation.IsCancellationRequested && History.Epochs.Count < epochs ? TrainingEnd.Cancelled
            : History.Epochs.Count < epochs ? TrainingEnd.EarlyStopping
            : TrainingEnd.LastEpoch;
        return new TrainingResult(History, end);
    }

    /// <summary>
    /// Trains the model like <see cref="Train"/>, one epoch for each iteration of a <c>foreach</c>. Nothing is trained before the loop
    /// starts. Leaving the loop ends the run: the model then has the weights of the best epoch.
    /// </summary>
    /// <param name="training">The training rows.</param>
    /// <param name="validation">The rows that determine the best epoch.</param>
    /// <param name="epochs">The maximum number of epochs, at least 1.</param>
    /// <param name="cancellation">Stops the run between two batches, without an exception. The unfinished epoch does not count.</param>
    /// <returns>The epochs as they are completed.</returns>
    /// <inheritdoc cref="Train" path="/exception"/>
    public IEnumerable<EpochResult> Epochs(Dataset training, Dataset validation, int epochs = 200, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(epochs, 1);
        return Run(CreateLoader(training, validation), validation, epochs, observer: null, cancellation);
    }

    /// <summary>
    /// Trains like <see cref="Train"/>, and stops before the first step of one batch. Weights, layer state, optimizer, random streams and
    /// rows are then the same, bit for bit, as when the run reached that batch. The model, the optimizer and everything else passed to the
    /// trainer must be in the state they had when the run began: create them again, with the same seeds.
    /// </summary>
    /// <param name="training">The training rows of the run.</param>
    /// <param name="validation">The validation rows of the run, which decide when it ends.</param>
    /// <param name="epoch">The epoch, from 1.</param>
    /// <param name="batch">The batch in the epoch, from 1.</param>
    /// <param name="cancellation">Stops the replay between two batches.</param>
    /// <returns>The state before the batch. The model has the current weights, not the best ones.</returns>
    /// <exception cref="ArgumentException">There are no rows.</exception>
    /// <exception cref="ReplayException">The batch does not exist, or early stopping ended the run before it.</exception>
    /// <exception cref="DivergedException">The loss became NaN or infinite before the batch.</exception>
    /// <exception cref="OperationCanceledException">The replay was cancelled.</exception>
    public ReplayedBatch GoTo(Dataset training, Dataset validation, int epoch, int batch, CancellationToken cancellation = default) =>
        GoTo(training, validation, epoch, batch, onEpoch: null, cancellation);

    internal ReplayedBatch GoTo(
        Dataset training, Dataset validation, int epoch, int batch, Action<EpochResult>? onEpoch, CancellationToken cancellation)
    {
        DataLoader loader = CreateLoader(training, validation);
        if (epoch < 1 || batch < 1 || batch > loader.Batches)
        {
            throw new ReplayException(
                $"Batch {batch} of epoch {epoch} does not exist: each epoch of this run has {loader.Batches} batch(es). " +
                "Epochs and batches are counted from 1.");
        }

        var stop = new StopBeforeBatch(epoch, batch);
        foreach (EpochResult result in Run(loader, validation, epoch, stop, cancellation))
        {
            onEpoch?.Invoke(result);
        }

        cancellation.ThrowIfCancellationRequested();
        return stop.Found is { } found
            ? new ReplayedBatch(epoch, loader.Batches, found, graph, optimizer, MaxGradientNorm)
            : throw new ReplayException(
                $"Epoch {epoch} does not exist: the run stopped after epoch {History.Epochs.Count} " +
                $"because the validation loss had not improved for {Patience} epoch(s).");
    }

    /// <summary>
    /// Trains to the end, and finds the first batch after which a value, a gradient, a weight or the validation loss is not finite.
    /// </summary>
    /// <returns>The batch, or null if there is none; and the exception that ended the run, or null if it did not diverge.</returns>
    internal ((int Epoch, int Batch)? First, DivergedException? End) FindNotFinite(
        Dataset training, Dataset validation, int epochs, Action<EpochResult> onEpoch, CancellationToken cancellation)
    {
        DataLoader loader = CreateLoader(training, validation);
        var finder = new NonFiniteBatchFinder(graph, optimizer);
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

    private DataLoader CreateLoader(Dataset training, Dataset validation)
    {
        ArgumentNullException.ThrowIfNull(training);
        ArgumentNullException.ThrowIfNull(validation);
        if (training.Count == 0 || validation.Count == 0)
        {
            throw new ArgumentException(
                $"There are {training.Count} training and {validation.Count} validation rows; at least one of each is needed.",
                nameof(training));
        }

        Evaluation.RequireLoss(model, loss, training.Targets);
        if (Schedule is not null && Plateau is not null)
        {
            throw new InvalidOperationException(
                "Schedule and Plateau are both set, but a schedule overwrites the learning rate at every step; set only one of them.");
        }

        return new DataLoader(training, BatchSize, Seed, dropLast: DropLast);
    }

    private IEnumerable<EpochResult> Run(
        DataLoader loader, Dataset validation, int epochs, TrainingObserver? observer, CancellationToken cancellation)
    {
        var validationLoader = new DataLoader(validation, Evaluation.BatchSize, shuffle: false);
        var earlyStopping = new EarlyStopping(model, Patience);
        IReadOnlyList<string> classes = Evaluation.ClassesOf(graph, validation);
        var history = History = new TrainingHistory();
        return RunEpochs();

        IEnumerable<EpochResult> RunEpochs()
        {
            if (history.Epochs.Count > 0)
            {
                throw new InvalidOperationException("These epochs have already been run; call Epochs again to train more.");
            }

            try
            {
                for (int epoch = 1; epoch <= epochs && !earlyStopping.ShouldStop; epoch++)
                {
                    var watch = Stopwatch.StartNew();
                    if (TrainEpoch(loader, epoch, observer, cancellation) is not { } trainingLoss)
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
                if (observer is null) // a replay wants the current weights, not the best ones
                {
                    earlyStopping.Restore();
                }
            }
        }
    }

    /// <returns>The mean loss of the batches, or null if the run was cancelled or stopped by the observer.</returns>
    private float? TrainEpoch(DataLoader loader, int epoch, TrainingObserver? observer, CancellationToken cancellation)
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
            if (observer?.ShouldStopBefore(epoch, batch) ?? false)
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
            if (observer?.ShouldStopAfter(epoch, batch) ?? false)
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
            string location = string.Create(
                CultureInfo.InvariantCulture,
                $"epoch {epoch}, {(isValidation ? "validation batch" : "batch")} {batch.Number}: the loss is {value}");
            if ((FirstNotFinite(batch.Inputs, "inputs") ?? FirstNotFinite(batch.Targets.Values, "targets")) is { } cell)
            {
                throw new DivergedException(
                    epoch, batch.Number, graph.Nodes[0].Name, $"{location}, because of the data: {cell}", isValidation);
            }

            Node first = graph.Nodes.FirstOrDefault(node => !node.Value.IsFinite) ?? graph.Nodes[^1];
            throw new DivergedException(
                epoch,
                batch.Number,
                first.Name,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{location}; the first node with such a value is {first.Describe()}. " +
                    $"Lower the learning rate, which is {optimizer.LearningRate}, or check the data."),
                isValidation);
        }
    }

    private static string? FirstNotFinite(Tensor? rows, string name)
    {
        for (int i = 0; i < rows?.Shape.Length; i++)
        {
            if (!float.IsFinite(rows.Span[i]))
            {
                return string.Create(
                    CultureInfo.InvariantCulture,
                    $"row {i / rows.Shape.Columns}, column {i % rows.Shape.Columns} of the batch's {name} is {rows.Span[i]}.");
            }
        }

        return null;
    }

    private static Graph RequireCompatible(Graph model, Optimizer optimizer) =>
        optimizer.Parameters.Count > 0 && optimizer.Parameters.All(model.Parameters.Contains)
            ? model
            : throw new ArgumentException(
                "The optimizer must update parameters of this model only; create it with model.Parameters.", nameof(optimizer));
}
