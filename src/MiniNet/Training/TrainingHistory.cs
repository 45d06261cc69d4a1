using System.Globalization;
using CsvHelper;
using MiniNet.Data;
using MiniNet.Files;

namespace MiniNet.Training;

/// <summary>Represents the results of all epochs of a run. It is saved as <c>history.csv</c>, one line per epoch.</summary>
public sealed class TrainingHistory
{
    private static readonly string[] Header = ["epoch", "training_loss", "validation_loss", "validation_accuracy", "seconds"];
    private readonly List<EpochResult> epochs = [];

    /// <summary>Gets the epochs, in order.</summary>
    public IReadOnlyList<EpochResult> Epochs => epochs;

    /// <summary>
    /// Gets the number of the epoch with the lowest validation loss, the first one if several are equal, or 0 without epochs.
    /// </summary>
    public int BestEpoch => epochs.Count == 0 ? 0 : epochs.MinBy(epoch => epoch.ValidationLoss)!.Epoch;

    /// <summary>Reads a history that <see cref="Save"/> wrote.</summary>
    /// <param name="path">The path of the file.</param>
    /// <returns>The history.</returns>
    /// <exception cref="DataFormatException">The file, or a cell in it, is invalid; the message names the row and column.</exception>
    public static TrainingHistory Load(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        using var rows = new CsvRows(path);
        int[] indices = [.. Header.Select(name => rows.IndexOf(name, "history", Header))];
        var history = new TrainingHistory();
        while (rows.Read())
        {
            if (Cell(0) != rows.Row)
            {
                throw rows.Error(
                    indices[0], $"'{DataFormatException.Truncate(rows[indices[0]])}' is not the epoch expected here, {rows.Row}");
            }

            history.Add(new EpochResult(
                rows.Row, (float)Cell(1), (float)Cell(2), rows.Cells()[indices[3]].Length == 0 ? null : (float)Cell(3), Cell(4)));
        }

        return history.Epochs.Count > 0 ? history : throw new DataFormatException($"{path}: there are no epochs under the header.");

        double Cell(int column) =>
            double.TryParse(rows[indices[column]], NumberStyles.Float, CultureInfo.InvariantCulture, out double value)
            && float.IsFinite((float)value)
                ? value
                : throw rows.Error(indices[column], $"'{DataFormatException.Truncate(rows[indices[column]])}' is not a finite number");
    }

    /// <summary>Writes the epochs as CSV. The file is written completely or not at all.</summary>
    /// <param name="path">The path of the file. An existing file is replaced.</param>
    /// <exception cref="IOException">The folder does not exist, or the file cannot be written.</exception>
    public void Save(string path) => AtomicFile.Write(Require.NotNull(path), stream =>
    {
        using CsvWriter writer = CsvWriter.Create(stream, new CsvWriterOptions { NewLine = "\n" }, leaveOpen: true);
        writer.WriteRecord(Header);
        foreach (EpochResult epoch in epochs)
        {
            IFormattable?[] cells =
                [epoch.Epoch, epoch.TrainingLoss, epoch.ValidationLoss, epoch.ValidationAccuracy, Math.Round(epoch.Seconds, 6)];
            writer.WriteRecord([.. cells.Select(cell => cell?.ToString(null, CultureInfo.InvariantCulture) ?? "")]);
        }
    });

    /// <summary>Adds the next epoch. Use this to record a run of a custom training loop.</summary>
    /// <param name="epoch">The epoch. Its number must be one more than the last one's, or 1; its losses must be finite.</param>
    /// <exception cref="ArgumentException">The number is not the next one, or a loss is NaN or infinite.</exception>
    public void Add(EpochResult epoch)
    {
        ArgumentNullException.ThrowIfNull(epoch);
        if (epoch.Epoch != epochs.Count + 1 || !float.IsFinite(epoch.TrainingLoss) || !float.IsFinite(epoch.ValidationLoss))
        {
            throw new ArgumentException($"Expected epoch {epochs.Count + 1} with finite losses, but got {epoch}.", nameof(epoch));
        }

        epochs.Add(epoch);
    }
}
