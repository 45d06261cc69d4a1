using System.Globalization;
using CsvHelper;
using MiniNet.Data;
using MiniNet.Files;

namespace MiniNet.Training;

/// <summary>Every epoch of a run, and which was best. Saved as <c>history.csv</c>, one line an epoch.</summary>
public sealed class TrainingHistory
{
    private static readonly string[] Header = ["epoch", "training_loss", "validation_loss", "validation_accuracy", "seconds"];
    private readonly List<EpochResult> epochs = [];

    /// <summary>The epochs, in order.</summary>
    public IReadOnlyList<EpochResult> Epochs => epochs;

    /// <summary>The number of the epoch with the lowest validation loss, the first of several; 0 where there is none.</summary>
    public int BestEpoch => epochs.Count == 0 ? 0 : epochs.MinBy(epoch => epoch.ValidationLoss)!.Epoch;

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The history.</returns>
    /// <exception cref="DataFormatException">The file, or a cell in it, cannot be used; the message names the place.</exception>
    public static TrainingHistory Load(string path)
    {
        using var rows = new CsvRows(path);
        int[] places = [.. Header.Select(name => rows.IndexOf(name, "history", Header))];
        var history = new TrainingHistory();
        while (rows.Read())
        {
            if (Cell(0) != rows.Row)
            {
                throw rows.Error(places[0], $"'{DataFormatException.Short(rows[places[0]])}' is not the epoch expected here, {rows.Row}");
            }

            history.Add(new EpochResult(rows.Row, (float)Cell(1), (float)Cell(2), rows.Cells()[places[3]].Length == 0 ? null : (float)Cell(3), Cell(4)));
        }

        return history.Epochs.Count > 0 ? history : throw new DataFormatException($"{path}: there are no epochs under the header.");

        double Cell(int column) => double.TryParse(rows[places[column]], NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && float.IsFinite((float)value)
            ? value
            : throw rows.Error(places[column], $"'{DataFormatException.Short(rows[places[column]])}' is not a finite number");
    }

    /// <summary>Writes the epochs as CSV, whole or not at all.</summary>
    /// <param name="path">The file; an old one is replaced.</param>
    /// <exception cref="IOException">The folder does not exist or the disk refuses.</exception>
    public void Save(string path) => AtomicFile.Write(path, stream =>
    {
        using CsvWriter writer = CsvWriter.Create(stream, new CsvWriterOptions { NewLine = "\n" }, leaveOpen: true);
        writer.WriteRecord(Header);
        foreach (EpochResult epoch in epochs)
        {
            IFormattable?[] cells = [epoch.Epoch, epoch.TrainingLoss, epoch.ValidationLoss, epoch.ValidationAccuracy, Math.Round(epoch.Seconds, 6)];
            writer.WriteRecord([.. cells.Select(cell => cell?.ToString(null, CultureInfo.InvariantCulture) ?? "")]);
        }
    });

    /// <summary>Adds the next epoch; a loop of one's own records its run so.</summary>
    /// <param name="epoch">Its number is one more than the last one's, or 1; its losses are finite.</param>
    /// <exception cref="ArgumentException">The number is another, or a loss is NaN or infinite.</exception>
    public void Add(EpochResult epoch)
    {
        if (epoch.Epoch != epochs.Count + 1 || !float.IsFinite(epoch.TrainingLoss) || !float.IsFinite(epoch.ValidationLoss))
        {
            throw new ArgumentException($"Epoch {epochs.Count + 1} with finite losses is expected, not {epoch}.", nameof(epoch));
        }

        epochs.Add(epoch);
    }
}
