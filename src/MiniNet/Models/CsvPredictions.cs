using System.Globalization;
using CsvHelper;
using MiniNet.Data;
using MiniNet.Losses;
using MiniNet.Metrics;
using MiniNet.Tensors;

namespace MiniNet.Models;

/// <summary>Predicts the rows of a CSV file of any length: a few hundred rows are in memory at a time, never the file.</summary>
public static class CsvPredictions
{
    /// <summary>
    /// Copies a file and appends to each row <c>predicted_TARGET</c>, the name of the most probable class, and <c>probability_CLASS</c> for each class.
    /// </summary>
    /// <param name="classifier">What predicts.</param>
    /// <param name="path">The file to read; its columns may stand in any order, and further ones are copied.</param>
    /// <param name="output">Where the copy goes, as UTF-8 with commas. It stays open.</param>
    /// <param name="cancellation">Stops between two rows.</param>
    /// <returns>How many rows were predicted, and the columns that the classifier had no use for.</returns>
    /// <exception cref="DataFormatException">The file, or a cell in it, cannot be used; the message names the place.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static (long Rows, IReadOnlyList<string> Ignored) Write(
        Classifier classifier, string path, Stream output, CancellationToken cancellation = default)
    {
        using var rows = new CsvRows(path);
        var encoder = new RowEncoder(classifier.Preprocessing, rows);
        string[] added = AddedColumns(classifier.Preprocessing, rows);
        using CsvWriter writer = CsvWriter.Create(output, new CsvWriterOptions { NewLine = "\n" }, leaveOpen: true);
        writer.WriteRecord([.. rows.Header, .. added]);

        var x = new Tensor(new Shape(Evaluation.BatchSize, classifier.Preprocessing.Inputs), "x");
        var cells = new List<IReadOnlyList<string>>(Evaluation.BatchSize);
        long count = 0;
        bool more;
        do
        {
            cancellation.ThrowIfCancellationRequested();
            more = rows.Read();
            if (more)
            {
                encoder.Encode(x.Row(cells.Count));
                cells.Add(rows.Cells());
                count++;
            }

            if (cells.Count == Evaluation.BatchSize || !more)
            {
                WriteBatch(classifier, x, cells, writer);
                cells.Clear();
            }
        }
        while (more);
        return count > 0 ? (count, encoder.Ignored) : throw new DataFormatException($"{path}: there are no rows under the header.");
    }

    private static void WriteBatch(Classifier classifier, Tensor x, List<IReadOnlyList<string>> cells, CsvWriter writer)
    {
        var batch = new Tensor(x.Shape.WithRows(cells.Count), "x");
        x.Span[..batch.Span.Length].CopyTo(batch.Span);
        Tensor probabilities = SoftmaxCrossEntropy.Softmax(classifier.Network.Predict(batch));
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

    /// <summary>The names of the columns that a prediction appends.</summary>
    /// <param name="target">The column that is predicted.</param>
    /// <param name="classes">Its classes.</param>
    /// <returns><c>predicted_TARGET</c>, and <c>probability_CLASS</c> for each class.</returns>
    public static IReadOnlyList<string> ColumnsFor(string target, IReadOnlyList<string> classes) =>
        [$"predicted_{target}", .. classes.Select(name => $"probability_{name}")];

    private static string[] AddedColumns(Preprocessing preprocessing, CsvRows rows)
    {
        string[] added = [.. ColumnsFor(preprocessing.Target, preprocessing.Classes)];
        return added.FirstOrDefault(rows.Header.Contains) is { } taken
            ? throw new DataFormatException($"{rows.Path}: there is a column '{taken}' already, where the prediction would go; rename or remove it.")
            : added;
    }
}
