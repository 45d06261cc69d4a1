using System.Runtime.InteropServices;
using MiniNet.Data;
using MiniNet.Graphs;
using MiniNet.Metrics;
using MiniNet.Tensors;

namespace MiniNet.Models;

/// <summary>Represents a network with its preprocessing. It predicts class names from raw cells.</summary>
/// <remarks>Several threads can predict at the same time. <c>ModelFile</c> saves and loads classifiers.</remarks>
public sealed class Classifier
{
    /// <summary>Initializes a new instance of the <see cref="Classifier"/> class.</summary>
    /// <param name="network">The network. Its input has the width of the preprocessing, and its output is one score per class.</param>
    /// <param name="preprocessing">The preprocessing that encodes a row as inputs.</param>
    /// <exception cref="ShapeException">The network does not fit the preprocessing.</exception>
    public Classifier(Graph network, Preprocessing preprocessing)
    {
        (Network, Preprocessing) = (MiniNet.Require.NotNull(network), MiniNet.Require.NotNull(preprocessing));
        Node[] inputs = [.. network.Nodes.Where(node => node.Operation is null)];
        if (inputs.Length != 1)
        {
            throw new ShapeException(
                $"The network has {inputs.Length} inputs, {string.Join(" and ", inputs.Select(node => node.Name))}; " +
                "a classifier needs exactly one, for the columns of the preprocessing");
        }

        Require("takes", inputs[0].Shape, Shape.Batch(preprocessing.Inputs), "inputs");
        Require("gives", network.Output.Shape, Shape.Batch(preprocessing.Classes.Count), "classes");
    }

    /// <summary>Gets the network, which computes one score per class.</summary>
    public Graph Network { get; }

    /// <summary>Gets the preprocessing, which encodes a row as inputs.</summary>
    public Preprocessing Preprocessing { get; }

    /// <summary>Predicts one row.</summary>
    /// <param name="cells">
    /// The text of each column of <see cref="Preprocessing"/>, in that order: <c>Predict("5.1", "3.5", "1.4", "0.2")</c>.
    /// </param>
    /// <returns>The predicted class, and the probability of each class.</returns>
    /// <exception cref="DataFormatException">
    /// The numbers of cells and columns differ, or a cell cannot be used; the message names it.
    /// </exception>
    public Prediction Predict(params IReadOnlyList<string> cells)
    {
        ArgumentNullException.ThrowIfNull(cells);
        return Read(Network.PredictProbabilities(Encode(cells)).Row(0));
    }

    /// <summary>Predicts one row from its cells by column name.</summary>
    /// <param name="row">The text of each column of <see cref="Preprocessing"/>. Other columns are ignored.</param>
    /// <returns>The predicted class, and the probability of each class.</returns>
    /// <exception cref="DataFormatException">A column is missing, or a cell cannot be used.</exception>
    public Prediction Predict(IReadOnlyDictionary<string, string> row)
    {
        ArgumentNullException.ThrowIfNull(row);
        return Predict([.. Preprocessing.Columns.Select(column => row.TryGetValue(column.Name, out string? cell)
            ? cell
            : throw new DataFormatException($"The row has no column '{column.Name}'."))]);
    }

    /// <summary>Predicts the rows of a table as probabilities, such as those of the test part of a split.</summary>
    /// <param name="rows">A table with the columns of <see cref="Preprocessing"/>, in any order, and the target.</param>
    /// <returns>
    /// The probabilities, [n, classes], with the classes in the order of <see cref="Preprocessing.Classes"/>. See
    /// <see cref="GraphExtensions.PredictProbabilities"/>.
    /// </returns>
    /// <exception cref="DataFormatException">The preprocessing cannot encode the table; see <see cref="Preprocessing.Apply"/>.</exception>
    public Tensor PredictProbabilities(CsvDataset rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        return Network.PredictProbabilities(Preprocessing.Apply(rows).Inputs);
    }

    /// <summary>Evaluates the classifier on a CSV file that has the target column.</summary>
    /// <param name="path">The path of the file. Its columns may be in any order.</param>
    /// <returns>The loss and the confusion matrix, and the names of the columns that were ignored.</returns>
    /// <exception cref="DataFormatException">The file, or a cell in it, cannot be used; the message says where and why.</exception>
    public (Evaluation Evaluation, IReadOnlyList<string> Ignored) Evaluate(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        using var rows = new CsvRows(path);
        int target = rows.IndexOf(Preprocessing.Target, "target");
        var encoder = new RowEncoder(Preprocessing, rows);
        var batch = new Tensor(new Shape(Evaluation.BatchSize, Preprocessing.Inputs), "x");
        var inputs = new List<float>();
        var classes = new List<int>();
        while (encoder.ReadBatch(batch, () => classes.Add(encoder.ClassOf(target))) is > 0 and int count)
        {
            inputs.AddRange(batch.Span[..(count * Preprocessing.Inputs)]);
        }

        rows.RequireRows();
        var x = new Tensor(new Shape(classes.Count, Preprocessing.Inputs), "x");
        CollectionsMarshal.AsSpan(inputs).CopyTo(x.Span);
        return (Evaluation.Of(Network, new Dataset(x, new Targets([.. classes]), Preprocessing.Classes)), encoder.Ignored);
    }

    /// <summary>Reads and encodes one row of a CSV file that has the target column.</summary>
    /// <param name="path">The path of the file.</param>
    /// <param name="row">The number of the row, from 1, without the header, as in error messages.</param>
    /// <returns>The inputs, [1, inputs], and the index of the class.</returns>
    /// <exception cref="DataFormatException">The file cannot be used, has fewer rows, or a cell of the row cannot be read.</exception>
    public (Tensor X, int Class) ReadRow(string path, long row)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentOutOfRangeException.ThrowIfLessThan(row, 1);
        using var rows = new CsvRows(path);
        int target = rows.IndexOf(Preprocessing.Target, "target");
        var encoder = new RowEncoder(Preprocessing, rows);
        Tensor x = encoder.ReadRow(row);
        return (x, encoder.ClassOf(target));
    }

    /// <summary>Encodes one row as an input of the network.</summary>
    internal Tensor Encode(IReadOnlyList<string> cells)
    {
        IReadOnlyList<ColumnEncoder> columns = Preprocessing.Columns;
        if (cells.Count != columns.Count)
        {
            throw new DataFormatException(
                $"A row needs {columns.Count} cells ({string.Join(", ", columns.Select(column => column.Name))}), " +
                $"not {cells.Count}.");
        }

        var x = new Tensor(new Shape(1, Preprocessing.Inputs), "x");
        Span<float> rest = x.Span;
        for (int c = 0; c < columns.Count; c++)
        {
            string? problem = cells[c].Length == 0 ? "the cell is empty" : columns[c].Encode(cells[c], rest[..columns[c].Width]);
            rest = problem is null ? rest[columns[c].Width..] : throw new DataFormatException($"column '{columns[c].Name}': {problem}.");
        }

        return x;
    }

    internal Prediction Read(ReadOnlySpan<float> probabilities)
    {
        var named = new (string, float)[probabilities.Length];
        for (int c = 0; c < named.Length; c++)
        {
            named[c] = (Preprocessing.Classes[c], probabilities[c]);
        }

        return new Prediction(Preprocessing.Classes[Evaluation.ArgMax(probabilities)], named);
    }

    private static void Require(string verb, Shape actual, Shape expected, string what)
    {
        if (actual != expected)
        {
            string rows = expected.Accepts(actual) ? $" and any number of rows: {expected}" : "";
            throw new ShapeException($"The network {verb} {actual}, but the preprocessing has {expected.Columns} {what}{rows}");
        }
    }
}
