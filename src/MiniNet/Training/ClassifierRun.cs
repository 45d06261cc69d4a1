using MiniNet.Data;
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

        Settings = settings;
        Split = data.Split(settings.Split.Training, settings.Split.Validation, settings.Split.Test, settings.Seed);
        var preprocessing = Preprocessing.Fit(Split.Training);
        Classifier = new Classifier(settings.CreateNetwork(preprocessing.Inputs, data.Classes.Count), preprocessing);
        trainer = new Trainer(Classifier.Network, settings.CreateOptimizer(Classifier.Network.Parameters))
        {
            BatchSize = settings.BatchSize,
            Patience = settings.Patience,
        };
    }

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
    public IEnumerable<EpochResult> Train(CancellationToken cancellation = default) => trainer.Train(
        Classifier.Preprocessing.Apply(Split.Training), Classifier.Preprocessing.Apply(Split.Validation), Settings.Epochs, cancellation);

    /// <summary>Judges the classifier by the test rows, on which nothing was decided.</summary>
    /// <returns>The figures.</returns>
    public Evaluation Test() => Evaluation.Of(Classifier.Network, Classifier.Preprocessing.Apply(Split.Test));
}
