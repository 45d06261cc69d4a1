using System.Globalization;
using MiniNet.Data;
using MiniNet.Graphs;
using MiniNet.Metrics;
using MiniNet.Models;
using MiniNet.Optimizers;

namespace MiniNet.Training;

/// <summary>
/// Trains a classifier on a table and evaluates it: splits the rows, fits the preprocessing on the training rows, trains a small network
/// with early stopping on the validation rows, and evaluates it once on the test rows. The command <c>mininet train</c> uses this class.
/// </summary>
/// <example>
/// <code>
/// var run = new ClassifierRun(CsvDataset.Load("iris.csv", target: "species"), new ClassifierSettings { Seed = 1 });
/// run.Train(onEpoch: Console.WriteLine);
/// Console.WriteLine(run.Test().Confusion.Accuracy);
/// </code>
/// </example>
public sealed class ClassifierRun
{
    private readonly Trainer trainer;
    private readonly RunRecord? record;
    private readonly Func<int, int, Graph>? createNetwork;

    /// <summary>
    /// Initializes a new instance: splits the table, fits the preprocessing, and creates the network and the optimizer. Nothing is trained
    /// yet.
    /// </summary>
    /// <param name="data">The table.</param>
    /// <param name="settings">The settings for training.</param>
    /// <param name="createNetwork">
    /// Creates the network from the number of inputs and the number of classes, with new weights from a fixed seed, for example a
    /// <see cref="Layers.Sequential"/> whose output is a score for each class. It is called again for each replay. Null (the default) means
    /// the network that the settings describe.
    /// </param>
    /// <exception cref="DataFormatException">
    /// A class has too few rows to split, or a column is the output of an earlier prediction.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">A setting is out of range.</exception>
    public ClassifierRun(CsvDataset data, ClassifierSettings settings, Func<int, int, Graph>? createNetwork = null)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentOutOfRangeException.ThrowIfLessThan(settings.Epochs, 1, nameof(settings));
        ArgumentOutOfRangeException.ThrowIfLessThan(settings.BatchSize, 1, nameof(settings));
        ArgumentOutOfRangeException.ThrowIfLessThan(settings.Patience, 1, nameof(settings));
        Require.Positive(settings.LearningRate, nameof(settings));
        if (settings is { Optimizer: OptimizerKind.RProp, WeightDecay: > 0 })
        {
            throw new ArgumentException("RProp has no weight decay; use another optimizer.", nameof(settings));
        }

        if (data.Columns.FirstOrDefault(
            column => CsvPredictions.ColumnsFor(data.Target, data.Classes).Contains(column.Name, StringComparer.Ordinal)) is { } answer)
        {
            throw new DataFormatException(
                $"{data.Path}: column '{answer.Name}' looks like the output of an earlier prediction of '{data.Target}'. " +
                "Remove it; training on it would leak the answers.");
        }

        (Data, Settings, this.createNetwork) = (data, settings, createNetwork);
        Split = data.Split(settings.Split.Training, settings.Split.Validation, settings.Split.Test, settings.Seed);
        var preprocessing = Preprocessing.Fit(Split.Training);
        Graph network = (createNetwork ?? settings.CreateNetwork)(preprocessing.Inputs, data.Classes.Count)
            ?? throw new ArgumentException("The function returned no network.", nameof(createNetwork));
        Classifier = new Classifier(network, preprocessing);
        Optimizer optimizer = settings.CreateOptimizer(network.Parameters);
        trainer = new Trainer(network, optimizer)
        {
            BatchSize = settings.BatchSize,
            Patience = settings.Patience,
            Seed = settings.Seed,
            MaxGradientNorm = settings.MaxGradientNorm,
            Schedule = settings.CreateSchedule((Split.Training.Count + settings.BatchSize - 1) / settings.BatchSize),
            Plateau = settings.Schedule == ScheduleKind.Plateau ? new ReduceOnPlateau(optimizer) : null,
        };
    }

    internal ClassifierRun(CsvDataset data, ClassifierSettings settings, RunRecord record, Func<int, int, Graph>? createNetwork)
        : this(data, settings, createNetwork) => (this.record, Differences) = (record, record.FindDifferences());

    /// <summary>Gets the whole table.</summary>
    public CsvDataset Data { get; }

    /// <summary>Gets the settings for training.</summary>
    public ClassifierSettings Settings { get; }

    /// <summary>Gets a value indicating whether the network was created by a function instead of the settings.</summary>
    public bool HasCustomNetwork => createNetwork is not null;

    /// <summary>Gets the training, validation and test parts of the table.</summary>
    public DataSplit Split { get; }

    /// <summary>Gets the classifier: untrained at first, with the best epoch's weights after <see cref="Train"/>.</summary>
    public Classifier Classifier { get; }

    /// <summary>
    /// Gets what differs from the recorded run, if this run was opened from a folder: see <see cref="RunRecord.FindDifferences"/>. A replay
    /// compares the losses anyway, and stops where they differ.
    /// </summary>
    public IReadOnlyList<string> Differences { get; } = [];

    /// <summary>Gets the epochs so far.</summary>
    public TrainingHistory History => trainer.History;

    /// <summary>Trains the classifier. See <see cref="Trainer.Train"/>.</summary>
    /// <param name="onEpoch">Called after each epoch.</param>
    /// <param name="progress">Receives each epoch.</param>
    /// <param name="cancellation">Stops the run between two batches; the best weights so far are kept.</param>
    /// <returns>The epochs, the best one, and why the run ended.</returns>
    /// <exception cref="DivergedException">The loss became NaN or infinite.</exception>
    public TrainingResult Train(
        Action<EpochResult>? onEpoch = null, IProgress<EpochResult>? progress = null, CancellationToken cancellation = default) =>
        trainer.Train(Rows(Split.Training), Rows(Split.Validation), Settings.Epochs, onEpoch, progress, cancellation);

    /// <summary>
    /// Opens the run recorded in a folder, untrained, so that it can be replayed. See <see cref="RunRecord.Load"/> and
    /// <see cref="RunRecord.Reopen"/>.
    /// </summary>
    /// <param name="folder">The folder that <c>mininet train</c> wrote.</param>
    /// <param name="dataPath">The path of the data file. By default, the path recorded in <c>run.json</c>.</param>
    /// <param name="createNetwork">The function that created the network of the run; null if it is the network of the settings.</param>
    /// <returns>The run.</returns>
    /// <exception cref="ReplayException">
    /// The folder has no run, the data file does not exist or has changed, or the run has a custom network and no function is given.
    /// </exception>
    public static ClassifierRun Open(string folder, string? dataPath = null, Func<int, int, Graph>? createNetwork = null) =>
        RunRecord.Load(Require.NotNull(folder)).Reopen(dataPath, createNetwork);

    /// <summary>
    /// Replays the run up to one batch: trains again from the seed, with a separate network and optimizer. This run is not changed.
    /// </summary>
    /// <remarks>
    /// If the run was opened from a folder, the losses of every earlier epoch are compared with the recorded ones. The losses of the
    /// requested epoch are known only at its end: its batches are certain to be the recorded ones only if <see cref="Differences"/> is
    /// empty.
    /// </remarks>
    /// <param name="epoch">The epoch, from 1.</param>
    /// <param name="batch">The batch in the epoch, from 1.</param>
    /// <param name="cancellation">Stops the replay between two batches.</param>
    /// <returns>The state before the batch's first step, with exactly the weights that the run had there.</returns>
    /// <exception cref="ReplayException">
    /// The batch does not exist, or an epoch's losses differ from the recorded ones (for a run opened from a folder).
    /// </exception>
    /// <exception cref="DivergedException">The loss became NaN or infinite before the batch.</exception>
    /// <exception cref="OperationCanceledException">The replay was cancelled.</exception>
    public ReplayedBatch GoTo(int epoch, int batch, CancellationToken cancellation = default)
    {
        int last = record?.LastEpoch ?? Settings.Epochs;
        if (epoch < 1 || epoch > last)
        {
            throw new ReplayException($"Epoch {epoch} does not exist: the run has {last} epoch(s), counted from 1.");
        }

        if (record?.Diverged is { IsValidation: false } end && epoch == end.Epoch && batch > end.Batch)
        {
            throw new ReplayException(
                $"Batch {batch} of epoch {epoch} does not exist: the run diverged in batch {end.Batch} and took no further steps.");
        }

        ClassifierRun replayed = new(Data, Settings, createNetwork);
        return replayed.trainer.GoTo(
            replayed.Rows(Split.Training), replayed.Rows(Split.Validation), epoch, batch, RequireAsRecorded, cancellation);
    }

    /// <summary>Replays the run up to the first batch that produced a value, a gradient or a weight that is NaN or infinite.</summary>
    /// <param name="cancellation">Stops the replay between two batches.</param>
    /// <returns>
    /// The batch, or the epoch's last batch if only the validation loss diverged. Null if all numbers of the run are finite. To find the
    /// step, run a stepper until its step's <c>NotFinite</c> is not null.
    /// </returns>
    /// <exception cref="ReplayException">
    /// An epoch's losses, or the batch where the run diverged, differ from the record (for a run opened from a folder).
    /// </exception>
    /// <exception cref="OperationCanceledException">The replay was cancelled.</exception>
    public ReplayedBatch? GoToFirstNotFinite(CancellationToken cancellation = default)
    {
        ClassifierRun replayed = new(Data, Settings, createNetwork);
        int last = record?.LastEpoch ?? Settings.Epochs;
        ((int Epoch, int Batch)? first, DivergedException? end) = replayed.trainer.FindNotFinite(
            replayed.Rows(Split.Training), replayed.Rows(Split.Validation), last, RequireAsRecorded, cancellation);
        if (record is not null
            && (record.Diverged?.Epoch, record.Diverged?.Batch, record.Diverged?.IsValidation)
            != (end?.Epoch, end?.Batch, end?.IsValidation))
        {
            throw new ReplayException(
                $"The replay ends differently from the recorded run: {end?.Message ?? "the loss stays finite"}; " +
                $"recorded: {record.Diverged?.Message ?? "the loss stayed finite"}. {PossibleCauses()}");
        }

        if (first is not { } found)
        {
            return null;
        }

        ReplayedBatch result = GoTo(found.Epoch, found.Batch, cancellation);
        result.Divergence = end?.Message;
        return result;
    }

    /// <summary>
    /// Replays the whole run to record the path of the weights: trains again from the seed, with a separate network and optimizer, and
    /// copies the weights before the first epoch and after each epoch. This run is not changed. Losses that differ from the recorded ones
    /// are allowed.
    /// </summary>
    /// <param name="progress">Receives the number of each completed epoch.</param>
    /// <param name="cancellation">Stops the replay between two batches.</param>
    /// <returns>
    /// The network, with the weights of the best epoch; all weights for each epoch, where element 0 has the weights before the first one,
    /// in the order of <see cref="Graph.Parameters"/>; and the epochs.
    /// </returns>
    /// <exception cref="DivergedException">The loss became NaN or infinite.</exception>
    /// <exception cref="OperationCanceledException">The replay was cancelled.</exception>
    public (Graph Network, IReadOnlyList<float[]> Weights, TrainingHistory History) ReplayWeights(
        IProgress<int>? progress = null, CancellationToken cancellation = default)
    {
        ClassifierRun replayed = new(Data, Settings, createNetwork);
        Graph network = replayed.Classifier.Network;
        List<float[]> weights = [Now()];
        foreach (EpochResult epoch in replayed.trainer.Epochs(
            replayed.Rows(Split.Training), replayed.Rows(Split.Validation), record?.LastEpoch ?? Settings.Epochs, cancellation))
        {
            weights.Add(Now());
            progress?.Report(epoch.Epoch);
        }

        cancellation.ThrowIfCancellationRequested();
        return (network, weights, replayed.History);

        float[] Now() => [.. network.Parameters.SelectMany(parameter => parameter.Value.Span.ToArray())];
    }

    /// <summary>Gets the training rows, preprocessed for the network.</summary>
    /// <returns>The inputs and the classes.</returns>
    public Dataset TrainingRows() => Rows(Split.Training);

    /// <summary>Evaluates the classifier on the test rows, which played no part in training or early stopping.</summary>
    /// <returns>The loss and the metrics.</returns>
    public Evaluation Test() => Evaluation.Of(Classifier.Network, Classifier.Preprocessing.Apply(Split.Test));

    private Dataset Rows(CsvDataset part) => Classifier.Preprocessing.Apply(part);

    // Comparing the losses is enough: they depend on every bit of every earlier step, and the history stores them exactly.
    private void RequireAsRecorded(EpochResult epoch)
    {
        if (record?.History.Epochs.ElementAtOrDefault(epoch.Epoch - 1) is { } then
            && (then.TrainingLoss, then.ValidationLoss) != (epoch.TrainingLoss, epoch.ValidationLoss))
        {
            throw new ReplayException(string.Create(
                CultureInfo.InvariantCulture,
                $"Epoch {epoch.Epoch} differs from the recorded run: losses {epoch.TrainingLoss} and {epoch.ValidationLoss}, recorded " +
                $"{then.TrainingLoss} and {then.ValidationLoss}. {PossibleCauses()}"));
        }
    }

    private string PossibleCauses() => Differences.Count == 0
        ? "The build, .NET, the system and the kernels are the same, so the record or a custom network has changed. Train again."
        : $"The run was trained {string.Join(", ", Differences)}, which can change the last digits. Replay it there, or train again.";
}
