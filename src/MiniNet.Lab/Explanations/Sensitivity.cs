using System.Globalization;
using MiniNet.Data;
using MiniNet.GradientChecking;
using MiniNet.Graphs;
using MiniNet.Models;
using MiniNet.Tensors;

namespace MiniNet.Explanations;

/// <summary>
/// Measures how a trained classifier's probabilities depend on its columns. For a numeric column, this is the partial derivative, by
/// backpropagation through the network and the chain rule through its preprocessing and the softmax; for a category, the effect of
/// switching to it.
/// <code>
/// x' = (x − μ) / σ,  z = network(x'),  p = softmax(z)
/// ∂p_c/∂z_k = p_c (1[k = c] − p_k)                   the start of the backward pass of class c
/// ∂p_c/∂x = 1/σ · Σₖ ∂p_c/∂z_k · ∂z_k/∂x'            per unit of the column;  times σ: per standard deviation
/// Σ_c ∂p_c/∂x = 0                                    because the probabilities always sum to 1
/// </code>
/// </summary>
/// <remarks>
/// A derivative is a local slope of the model at a row. It is not a causal effect, and does not predict the effect of a large step; where
/// the model is confident of a class, all derivatives are near 0. Switching a category may produce a row unlike any real one. Results are
/// exact up to the rounding of float32, and computed in <see cref="Phase.Inference"/>, without dropout. A column that was constant in
/// training has σ = 1 and untrained weights, so its slope means nothing. Inputs that a layer does not differentiate, such as the indices of
/// an <see cref="Layers.Embedding"/>, have slope 0. The network is restored afterwards, but the gradients of its parameters are overwritten
/// meanwhile: not thread-safe, and not to be used during training. Baehrens et al., "How to Explain Individual Classification Decisions",
/// JMLR 11, 2010; Simonyan, Vedaldi and Zisserman, "Deep Inside Convolutional Networks", 2013.
/// </remarks>
/// <example>
/// <code>
/// var sensitivity = new Sensitivity(ModelFile.Load("iris.safetensors"));
/// SensitivityReport flower = sensitivity.At("6.1", "2.8", "4.7", "1.2");
/// Console.WriteLine(flower.Effects[6].Mean);                 // ∂ p(versicolor) / ∂ petal_length, per cm
/// </code>
/// </example>
public sealed class Sensitivity
{
    private readonly Classifier classifier;
    private readonly Preprocessing preprocessing;
    private readonly Graph graph; // the classifier's layers, on an input with a gradient
    private readonly Node input, output;
    private readonly Operation[] operations;
    private readonly Tensor x, switchedInputs, seed;
    private readonly double[,] classProbabilities, switchedProbabilities;
    private readonly int batchSize;
    private readonly (int Start, int Width)[] blocks; // for each change, the range of inputs of its column
    private readonly int[] places; // for each change, its own input
    private readonly bool hasNumbers;
    private string file = ""; // the source of the current rows, for error messages
    private long first; // the number of rows before the current batch

    /// <summary>Initializes a new instance of the <see cref="Sensitivity"/> class.</summary>
    /// <param name="classifier">The classifier to analyze.</param>
    /// <param name="batchSize">The number of rows per pass, at least 1. It affects only the speed.</param>
    /// <exception cref="ArgumentOutOfRangeException">The batch size is less than 1.</exception>
    /// <exception cref="DataFormatException">
    /// There is nothing to change: all columns are categories that were the same in every training row.
    /// </exception>
    public Sensitivity(Classifier classifier, int batchSize = 256)
    {
        (this.classifier, preprocessing, this.batchSize) = (classifier, classifier.Preprocessing, Require.AtLeast1(batchSize));
        (graph, input, output) = WithInputGradient(classifier.Network);
        operations = [.. graph.Nodes.Select(node => node.Operation).OfType<Operation>().Distinct()];
        List<(InputChange Change, int Start, int Width, int Place)> all = [];
        int start = 0;
        foreach (ColumnEncoder column in preprocessing.Columns)
        {
            for (int i = 0; i < column.Width && (column is StandardScaler || column.Width > 1); i++)
            {
                all.Add((
                    new InputChange(
                        column.Name,
                        (column as OneHotEncoder)?.Categories[i],
                        (column as StandardScaler)?.StandardDeviation),
                    start,
                    column.Width,
                    start + i));
            }

            start += column.Width;
        }

        (Changes, blocks, places) = (
            [.. all.Select(each => each.Change)],
            [.. all.Select(each => (each.Start, each.Width))],
            [.. all.Select(each => each.Place)]);
        hasNumbers = all.Exists(each => each.Change.Category is null);
        if (all.Count == 0)
        {
            throw new DataFormatException(
                "there is nothing to change: no column of the model is numeric, "
                    + "and each categorical column had a single category in training.");
        }

        (x, switchedInputs) = (
            new Tensor(new Shape(batchSize, preprocessing.Inputs), "x"),
            new Tensor(new Shape(batchSize, preprocessing.Inputs), "switched"));
        seed = new Tensor(new Shape(batchSize, preprocessing.Classes.Count), "dZ");
        (classProbabilities, switchedProbabilities) = (
            new double[batchSize, preprocessing.Classes.Count], new double[batchSize, preprocessing.Classes.Count]);
    }

    private delegate void AddEffect(int row, int c, int change, double value);

    /// <summary>Gets the possible changes in the order of the columns; a category column has one for each of its categories.</summary>
    public IReadOnlyList<InputChange> Changes { get; }

    /// <summary>Computes the effects at one row. Switching to the row's own category is not a change and has 0 rows.</summary>
    /// <param name="cells">The text of each column of the preprocessing, in order.</param>
    /// <returns>The report; each mean is the value for this row.</returns>
    /// <exception cref="DataFormatException">
    /// The number of cells differs from the number of columns, or a cell is invalid; the message names it.
    /// </exception>
    public SensitivityReport At(params IReadOnlyList<string> cells) => Of(classifier.Encode(cells));

    /// <summary>Computes the effects at one row of a CSV file, which needs no target column.</summary>
    /// <param name="path">The path of the file; its columns may be in any order.</param>
    /// <param name="row">The number of the row below the header, from 1, as in error messages.</param>
    /// <returns>The report, and the columns that the model does not use.</returns>
    /// <exception cref="DataFormatException">The file is invalid or has fewer rows, or a cell of the row is invalid.</exception>
    public (SensitivityReport Report, IReadOnlyList<string> Ignored) AtRow(string path, long row)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(row, 1);
        using var rows = new CsvRows(path);
        var encoder = new RowEncoder(preprocessing, rows);
        Tensor inputs = encoder.ReadRow(row);
        (file, first) = ($"{path}, ", row - 1);
        return (Summarize(Batches(inputs), null, default), encoder.Ignored);
    }

    /// <summary>
    /// Computes the effects over all rows of a CSV file of any length, which needs no target column. Only one batch of rows is in memory at
    /// a time.
    /// </summary>
    /// <param name="path">The path of the file; its columns may be in any order.</param>
    /// <param name="progress">Receives the number of completed rows.</param>
    /// <param name="cancellation">
    /// Cancels between two passes. There is then no report, because a mean over the first rows could mislead.
    /// </param>
    /// <returns>The report, and the columns that the model does not use.</returns>
    /// <exception cref="DataFormatException">The file or one of its cells is invalid; the message names the place.</exception>
    /// <exception cref="OperationCanceledException">The operation was cancelled.</exception>
    public (SensitivityReport Report, IReadOnlyList<string> Ignored) Of(
        string path,
        IProgress<long>? progress = null,
        CancellationToken cancellation = default)
    {
        using var rows = new CsvRows(path);
        var encoder = new RowEncoder(preprocessing, rows);
        (file, first) = ($"{path}, ", 0);
        SensitivityReport report = Summarize(batch => encoder.ReadBatch(batch), progress, cancellation);
        rows.RequireRows();
        return (report, encoder.Ignored);
    }

    /// <summary>
    /// Computes the effects over rows that are already encoded. A row with an unknown category is all zeros there and can be switched to
    /// any category.
    /// </summary>
    /// <param name="inputs">The rows, as <see cref="Preprocessing.Apply"/> encodes them.</param>
    /// <param name="progress">Receives the number of completed rows.</param>
    /// <param name="cancellation">Cancels between two passes.</param>
    /// <returns>The report.</returns>
    /// <exception cref="ShapeException">The shape of the rows does not match the classifier.</exception>
    /// <exception cref="OperationCanceledException">The operation was cancelled.</exception>
    public SensitivityReport Of(Tensor inputs, IProgress<long>? progress = null, CancellationToken cancellation = default)
    {
        (file, first) = ("", 0);
        return Summarize(Batches(inputs), progress, cancellation);
    }

    /// <summary>Computes the effects at each row, to see their distribution.</summary>
    /// <param name="inputs">The rows, as <see cref="Preprocessing.Apply"/> encodes them.</param>
    /// <param name="cancellation">Cancels between two passes.</param>
    /// <returns>
    /// For each row a matrix [c, j]: the effect on class c of <see cref="Changes"/>[j], per unit of the column; 0 for the row's own
    /// category.
    /// </returns>
    /// <exception cref="ShapeException">The shape of the rows does not match the classifier.</exception>
    /// <exception cref="OperationCanceledException">The operation was cancelled.</exception>
    public IReadOnlyList<double[,]> EachRow(Tensor inputs, CancellationToken cancellation = default)
    {
        List<double[,]> each = [];
        Func<Tensor, int> next = Batches(inputs);
        (file, first) = ("", 0);
        using var snapshot = new StateSnapshot(operations);
        for (int count = ReadBatch(next); count > 0; count = ReadBatch(next))
        {
            each.AddRange(Enumerable.Range(0, count).Select(_ => new double[preprocessing.Classes.Count, Changes.Count]));
            ProcessBatch((row, c, change, value) => each[(int)first + row][c, change] = value, cancellation);
            first += count;
        }

        return each;
    }

    private SensitivityReport Summarize(Func<Tensor, int> next, IProgress<long>? progress, CancellationToken cancellation)
    {
        IReadOnlyList<string> classes = preprocessing.Classes;
        var tallies = new RunningStatistics[classes.Count, Changes.Count];
        var probabilities = new RunningStatistics[classes.Count];
        using var snapshot = new StateSnapshot(operations);
        for (int count = ReadBatch(next); count > 0; count = ReadBatch(next))
        {
            ProcessBatch((row, c, change, value) => tallies[c, change].Add(value), cancellation);
            for (int row = 0; row < count; row++)
            {
                for (int c = 0; c < classes.Count; c++)
                {
                    probabilities[c].Add(classProbabilities[row, c]);
                }
            }

            first += count;
            progress?.Report(probabilities[0].Count);
        }

        return new SensitivityReport(
            probabilities[0].Count,
            [.. classes.Select((name, c) => (name, probabilities[c].Mean))],
            [.. classes.SelectMany((name, c) => Changes.Select((change, j) =>
                new SensitivityEffect(
                    name, change, tallies[c, j].Count, tallies[c, j].Mean, tallies[c, j].MeanAbsolute, tallies[c, j].Spread)))]);
    }

    /// <summary>Computes the effects at all rows of x.</summary>
    private void ProcessBatch(AddEffect addEffect, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        graph.Forward(x, Phase.Inference);
        Probabilities(classProbabilities);
        for (int c = 0; c < preprocessing.Classes.Count && hasNumbers; c++)
        {
            cancellation.ThrowIfCancellationRequested();
            Slopes(c, addEffect);
        }

        for (int change = 0; change < Changes.Count; change++)
        {
            if (Changes[change].Category is not null)
            {
                cancellation.ThrowIfCancellationRequested();
                SwitchCategory(change, addEffect);
            }
        }
    }

    /// <summary>Computes ∂p_c/∂x for every row and numeric column, by one backward pass.</summary>
    private void Slopes(int c, AddEffect addEffect)
    {
        for (int row = 0; row < x.Shape.Rows; row++)
        {
            double others = 0; // 1 − p_c, summed to avoid cancellation where p_c is nearly 1
            for (int k = 0; k < preprocessing.Classes.Count; k++)
            {
                others += k == c ? 0 : classProbabilities[row, k];
                seed[row, k] = (float)(-classProbabilities[row, c] * classProbabilities[row, k]);
            }

            seed[row, c] = (float)(classProbabilities[row, c] * others);
        }

        Tensor? dX = null;
        if (output.NeedsGradient)
        {
            graph.ZeroGradients();
            graph.BackwardFrom(output, seed);
            dX = input.Gradient;
        }

        for (int j = 0; j < Changes.Count; j++)
        {
            if (Changes[j].StandardDeviation is { } σ)
            {
                for (int row = 0; row < x.Shape.Rows; row++)
                {
                    addEffect(row, c, j, RequireFinite((dX?[row, places[j]] ?? 0) / σ, row));
                }
            }
        }
    }

    /// <summary>Computes p(switched) − p for every class and every row of another category.</summary>
    private void SwitchCategory(int change, AddEffect addEffect)
    {
        (int start, int width) = blocks[change];
        for (int row = 0; row < x.Shape.Rows; row++)
        {
            x.Row(row).CopyTo(switchedInputs.Row(row));
            switchedInputs.Row(row).Slice(start, width).Clear();
            switchedInputs[row, places[change]] = 1;
        }

        graph.Forward(switchedInputs, Phase.Inference);
        Probabilities(switchedProbabilities);
        for (int row = 0; row < x.Shape.Rows; row++)
        {
            for (int c = 0; c < preprocessing.Classes.Count && x[row, places[change]] != 1; c++)
            {
                addEffect(row, c, change, switchedProbabilities[row, c] - classProbabilities[row, c]);
            }
        }
    }

    /// <summary>Computes the softmax of each row's scores in double precision.</summary>
    private void Probabilities(double[,] into)
    {
        for (int row = 0; row < x.Shape.Rows; row++)
        {
            ReadOnlySpan<float> z = output.Value.Row(row);
            double greatest = double.NegativeInfinity, sum = 0;
            foreach (float score in z)
            {
                greatest = Math.Max(greatest, RequireFinite(score, row));
            }

            for (int c = 0; c < z.Length; c++)
            {
                into[row, c] = Math.Exp(z[c] - greatest);
                sum += into[row, c];
            }

            for (int c = 0; c < z.Length; c++)
            {
                into[row, c] /= sum;
            }
        }
    }

    private double RequireFinite(double value, int row) => double.IsFinite(value)
        ? value
        : throw new DataFormatException(string.Create(
            CultureInfo.InvariantCulture,
            $"{file}row {first + row + 1}: the network's scores or their slopes are NaN or infinite; train the model again."));

    /// <summary>Fills the next batch and resizes the tensors to its number of rows.</summary>
    private int ReadBatch(Func<Tensor, int> next)
    {
        x.Resize(x.Shape.WithRows(batchSize));
        int count = next(x);
        x.Resize(x.Shape.WithRows(count));
        switchedInputs.Resize(switchedInputs.Shape.WithRows(count));
        seed.Resize(seed.Shape.WithRows(count));
        return count;
    }

    private Func<Tensor, int> Batches(Tensor inputs)
    {
        Shape expected = Shape.Batch(preprocessing.Inputs);
        if (!expected.Accepts(inputs.Shape))
        {
            throw new ShapeException($"The classifier takes {expected}, not {inputs.Shape}");
        }

        int done = 0;
        return batch =>
        {
            int count = Math.Min(batchSize, inputs.Shape.Rows - done);
            for (int row = 0; row < count; row++)
            {
                inputs.Row(done + row).CopyTo(batch.Row(row));
            }

            done += count;
            return count;
        };
    }

    /// <summary>
    /// Builds a second graph of the same layers, up to the scores, on an input with a gradient, which training does not need.
    /// </summary>
    private static (Graph Graph, Node Input, Node Output) WithInputGradient(Graph network)
    {
        var copy = new Graph(network.Seed);
        Dictionary<Node, Node> copies = [];
        foreach (Node node in network.Nodes.Where(node => node.Index <= network.Output.Index && !node.NeedsTargets))
        {
            copies[node] = node.Operation?.AddTo(copy, node.Name, [.. node.Sources.Select(source => copies[source])])
                ?? copy.Input(node.Name, node.Shape, needsGradient: true);
        }

        return (copy, copies.Values.Single(node => node.Operation is null), copies[network.Output]);
    }
}
