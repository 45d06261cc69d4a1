using System.Globalization;
using CsvHelper;
using MiniNet.Data;
using MiniNet.Metrics;
using MiniNet.Tensors;

namespace MiniNet.Models;

/// <summary>Predicts the rows of a CSV file of any length. Only a few hundred rows are in memory at a time.</summary>
public static class CsvPredictions
{
    /// <summary>
    /// Copies a CSV file and appends columns to each row: <c>predicted_TARGET</c>, the name of the most probable class, and
    /// <c>probability_CLASS</c> for each class.
    /// </summary>
    /// <param name="classifier">The classifier.</param>
    /// <param name="path">The path of the file to read. Its columns may be in any order, and additional columns are copied.</param>
    /// <param name="output">The destination, as UTF-8 with commas. The stream stays open.</param>
    /// <param name="cancellation">Cancels between two batches of rows.</param>
    /// <returns>The number of predicted rows, and the names of the columns that the classifier ignored.</returns>
    /// <exception cref="DataFormatException">The file, or a cell in it, cannot be used; the message says where and why.</exception>
    /// <exception cref="OperationCanceledException">The operation was cancelled.</exception>
    public static (long Rows, IReadOnlyList<string> Ignored) Write(
        Classifier classifier, string path, Stream output, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(classifier);
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(output);
        using var rows = new CsvRows(path);
        var encoder = new RowEncoder(classifier.Preprocessing, rows);
        string[] added = AddedColumns(classifier.Preprocessing, rows);
        using CsvWriter writer = CsvWriter.Create(output, new CsvWriterOptions { NewLine = "\n" }, leaveOpen: true);
        writer.WriteRecord([.. rows.Header, .. added]);

        var x = new Tensor(new Shape(Evaluation.BatchSize, classifier.Preprocessing.Inputs), "x");
        var cells = new List<IReadOnlyList<string>>(Evaluation.BatchSize);
        while (encoder.ReadBatch(x, () => cells.Add(rows.Cells())) > 0)
        {
            cancellation.ThrowIfCancellationRequested();
            WriteBatch(classifier, x, cells, writer);
            cells.Clear();
        }

        rows.RequireRows();
        return (rows.Row, encoder.Ignored);
    }

    private static void WriteBatch(Classifier classifier, Tensor x, List<IReadOnlyList<string>> cells, CsvWriter writer)
    {
        var batch = new Tensor(x.Shape.WithRows(cells.Count), "x");
        x.Span[..batch.Span.Length].CopyTo(batch.Span);
        Tensor probabilities = classifier.Network.PredictProbabilities(batch);
        for (int row = 0; row < cells.Count; row++)
        {
            foreach (string cell in cells[row])
            {
                writer.WriteField(cell);
            }

            Prediction prediction = classifier.Read(probabilities.Row(row));
            writer.WriteField(prediction.Class);
            foreach ((_, float probability) in prediction.Probabilities)
            {
                writer.WriteField(probability, format: default, CultureInfo.InvariantCulture);
            }

            writer.EndRecord();
        }
    }

    /// <summary>Gets the names of the columns that a prediction appends.</summary>
    /// <param name="target">The name of the target column.</param>
    /// <param name="classes">The names of the classes.</param>
    /// <returns><c>predicted_TARGET</c>, and <c>probability_CLASS</c> for each class.</returns>
    public static IReadOnlyList<string> ColumnsFor(string target, IReadOnlyList<string> classes) =>
        [$"predicted_{target}", .. Require.NotNull(classes).Select(name => $"probability_{name}")];

    private static string[] AddedColumns(Preprocessing preprocessing, CsvRows rows)
    {
        string[] added = [.. ColumnsFor(preprocessing.Target, preprocessing.Classes)];
        return added.FirstOrDefault(rows.Header.Contains) is { } taken
            ? throw new DataFormatException(
                $"{rows.Path}: there is already a column '{taken}', which the prediction would add; rename or remove it.")
            : added;
    }
}
