using System.Globalization;
using MiniNet.Data;
using MiniNet.Graphs;
using MiniNet.Metrics;
using MiniNet.Models;

namespace MiniNet.Training;

/// <summary>
/// From a table to a trained classifier with honest figures: split, preprocessing fitted on the training rows, a small network, early
/// stopping on the validation rows, and one look at the test rows. What the command line's <c>train</c> runs.
/// </summary>
/// <example>
/// <code>
/// var run = new ClassifierRun(CsvDataset.Load("iris.csv", target: "species"), new ClassifierSettings { Seed = 1 });
/// foreach (EpochResult epoch in run.Train()) Console.WriteLine(epoch);
/// Console.WriteLine(run.Test().Confusion.Accuracy);
/// </code>
/// </example>
public sealed class ClassifierRun
{
    private readonly Trainer trainer;
    private readonly RunRecord? record;

    /// <summary>Splits the table and prepares everything; nothing is trained yet.</summary>
    /// <param name="data">The table.</param>
    /// <param name="settings">How to train.</param>
    /// <exception cref="DataFormatException">A class has too few rows to split, or a column is the outcome of an earlier prediction.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A setting is out of its range.</exception>
    public ClassifierRun(CsvDataset data, ClassifierSettings settings)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(settings.Epochs, 1, nameof(settings));
        ArgumentOutOfRangeException.ThrowIfLessThan(settings.BatchSize, 1, nameof(settings));
        ArgumentOutOfRangeException.ThrowIfLessThan(settings.Patience, 1, nameof(settings));
        Require.Above0(settings.LearningRate, nameof(settings));
        if (data.Columns.FirstOrDefault(column => CsvPredictions.ColumnsFor(data.Target, data.Classes).Contains(column.Name, StringComparer.Ordinal)) is { } answer)
        {
            throw new DataFormatException($"{data.Path}: column '{answer.Name}' is what a prediction of '{data.Target}' appends; to learn from it would be to learn from answers: remove it.");
        }

        (Data, Settings) = (data, settings);
        Split = data.Split(settings.Split.Training, settings.Split.Validation, settings.Split.Test, settings.Seed);
        var preprocessing = Preprocessing.Fit(Split.Training);
        Classifier = new Classifier(settings.CreateNetwork(preprocessing.Inputs, data.Classes.Count), preprocessing);
        trainer = new Trainer(Classifier.Network, settings.CreateOptimizer(Classifier.Network.Parameters))
        {
            BatchSize = settings.BatchSize,
            Patience = settings.Patience,
        };
    }

    internal ClassifierRun(CsvDataset data, ClassifierSettings settings, RunRecord record)
        : this(data, settings) => this.record = record;

    /// <summary>The whole table.</summary>
    public CsvDataset Data { get; }

    /// <summary>How it trains.</summary>
    public ClassifierSettings Settings { get; }

    /// <summary>The three parts of the table.</summary>
    public DataSplit Split { get; }

    /// <summary>The classifier: untrained at first, with the best epoch's weights after <see cref="Train"/>.</summary>
    public Classifier Classifier { get; }

    /// <summary>The epochs so far.</summary>
    public TrainingHistory History => trainer.History;

    /// <summary>Trains; see <see cref="Trainer.Train"/>.</summary>
    /// <param name="cancellation">Ends the run between two batches, keeping the best so far.</param>
    /// <returns>The epochs as they are completed.</returns>
    /// <exception cref="DivergedException">The loss became NaN or infinite.</exception>
    public IEnumerable<EpochResult> Train(CancellationToken cancellation = default) =>
        trainer.Train(Rows(Split.Training), Rows(Split.Validation), Settings.Epochs, cancellation);

    /// <summary>The run that a folder holds, untrained, to go to a batch of it: see <see cref="RunRecord.Load"/> and <see cref="RunRecord.Reopen"/>.</summary>
    /// <param name="folder">The folder that <c>mininet train</c> wrote.</param>
    /// <param name="dataPath">Where the data file lies now; where it lay unless given.</param>
    /// <returns>The run.</returns>
    /// <exception cref="ReplayException">There is no run in the folder, or it would not come out the same here; the message says what differs.</exception>
    public static ClassifierRun Open(string folder, string? dataPath = null) => RunRecord.Load(folder).Reopen(dataPath);

    /// <summary>
    /// Time travel: trains once more from the seed, with a network and an optimizer of its own, up to one batch. This run stays as it is.
    /// </summary>
    /// <remarks>
    /// Of a run from a folder, the losses of every epoch before are held against those recorded. Those of the epoch gone to are known only at its end: for its
    /// batches stand build, .NET, system, kernels and data, which <see cref="RunRecord.Reopen"/> compares.
    /// </remarks>
    /// <param name="epoch">The epoch, from 1.</param>
    /// <param name="batch">The batch in it, from 1.</param>
    /// <param name="cancellation">Ends the replay between two batches.</param>
    /// <returns>The place, before the batch's first step, with the very weights that the run had there.</returns>
    /// <exception cref="ReplayException">There is no such batch; or, of a run from a folder, an epoch's losses differ from those recorded.</exception>
    /// <exception cref="DivergedException">The loss became NaN or infinite before.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public ReplayedBatch GoTo(int epoch, int batch, CancellationToken cancellation = default)
    {
        int last = record?.LastEpoch ?? Settings.Epochs;
        if (epoch < 1 || epoch > last)
        {
            throw new ReplayException($"There is no epoch {epoch}: the run has {last} epoch(s), counted from 1.");
        }

        if (record?.Diverged is { IsValidation: false } end && epoch == end.Epoch && batch > end.Batch)
        {
            throw new ReplayException($"There is no batch {batch} of epoch {epoch}: the run diverged in batch {end.Batch}, and took no step after it.");
        }

        ClassifierRun anew = new(Data, Settings);
        return anew.trainer.GoTo(anew.Rows(Split.Training), anew.Rows(Split.Validation), epoch, batch, RequireAsRecorded, cancellation);
    }

    /// <summary>Goes to the first batch that left a value, a gradient or a weight that is NaN or infinite.</summary>
    /// <param name="cancellation">Ends the replay between two batches.</param>
    /// <returns>
    /// The batch, or the epoch's last batch if only the validation loss diverged. Null if all numbers of the run are finite. A stepper that runs until
    /// its step's <c>NotFinite</c> is not null finds the step.
    /// </returns>
    /// <exception cref="ReplayException">Of a run from a folder, an epoch's losses, or where it diverged, differ from what was recorded.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public ReplayedBatch? GoToFirstNotFinite(CancellationToken cancellation = default)
    {
        ClassifierRun anew = new(Data, Settings);
        int last = record?.LastEpoch ?? Settings.Epochs;
        ((int Epoch, int Batch)? first, DivergedException? end) = anew.trainer.FindNotFinite(anew.Rows(Split.Training), anew.Rows(Split.Validation), last, RequireAsRecorded, cancellation);
        if (record is not null && (record.Diverged?.Epoch, record.Diverged?.Batch, record.Diverged?.IsValidation) != (end?.Epoch, end?.Batch, end?.IsValidation))
        {
            throw new ReplayException(
                $"The run does not end as it did: {end?.Message ?? "its loss stays finite"}; recorded: {record.Diverged?.Message ?? "its loss stayed finite"}. Another .NET or another machine rounds differently: replay where it was trained, or train again.");
        }

        if (first is not { } found)
        {
            return null;
        }

        ReplayedBatch place = GoTo(found.Epoch, found.Batch, cancellation);
        place.Divergence = end?.Message;
        return place;
    }

    /// <summary>
    /// The way of the weights: trains once more from the seed, with a network and an optimizer of its own, and looks at the weights before the first epoch and after
    /// each. This run stays as it is.
    /// </summary>
    /// <param name="progress">Told the number of each epoch when it is over.</param>
    /// <param name="cancellation">Ends the replay between two batches.</param>
    /// <returns>The network, with the weights of the best epoch; and for each epoch, the first being 0, all weights in the order of <see cref="Graph.Parameters"/>.</returns>
    /// <exception cref="ReplayException">Of a run from a folder, an epoch's losses differ from those recorded.</exception>
    /// <exception cref="DivergedException">The loss became NaN or infinite.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public (Graph Network, IReadOnlyList<float[]> Weights) ReplayWeights(IProgress<int>? progress = null, CancellationToken cancellation = default)
    {
        ClassifierRun anew = new(Data, Settings);
        Graph network = anew.Classifier.Network;
        List<float[]> weights = [Now()];
        foreach (EpochResult epoch in anew.trainer.Train(anew.Rows(Split.Training), anew.Rows(Split.Validation), record?.LastEpoch ?? Settings.Epochs, cancellation))
        {
            RequireAsRecorded(epoch);
            weights.Add(Now());
            progress?.Report(epoch.Epoch);
        }

        cancellation.ThrowIfCancellationRequested();
        return (network, weights);

        float[] Now() => [.. network.Parameters.SelectMany(parameter => parameter.Value.Span.ToArray())];
    }

    /// <summary>The rows that it trains on, as the network takes them.</summary>
    /// <returns>Inputs and classes.</returns>
    public Dataset TrainingRows() => Rows(Split.Training);

    /// <summary>Judges the classifier by the test rows, on which nothing was decided.</summary>
    /// <returns>The figures.</returns>
    public Evaluation Test() => Evaluation.Of(Classifier.Network, Classifier.Preprocessing.Apply(Split.Test));

    private Dataset Rows(CsvDataset part) => Classifier.Preprocessing.Apply(part);

    // The losses depend on every bit of every step so far, and the history has each bit of theirs.
    private void RequireAsRecorded(EpochResult epoch)
    {
        if (record?.History.Epochs.ElementAtOrDefault(epoch.Epoch - 1) is { } then && (then.TrainingLoss, then.ValidationLoss) != (epoch.TrainingLoss, epoch.ValidationLoss))
        {
            throw new ReplayException(string.Create(
                CultureInfo.InvariantCulture,
                $"Epoch {epoch.Epoch} does not come out as it did: losses {epoch.TrainingLoss} and {epoch.ValidationLoss}, recorded {then.TrainingLoss} and {then.ValidationLoss}; another .NET or another machine rounds differently: replay where it was trained, or train again."));
        }
    }
}
