using MiniNet.Graphs;
using MiniNet.Tensors;

namespace MiniNet.Data;

/// <summary>
/// Converts the cells of a row to the inputs of a network: numbers are standardized, and categories are one-hot encoded. The statistics
/// come from the training rows only. The model file contains them, so that raw rows can be predicted.
/// </summary>
/// <param name="columns">One encoder per column, in the order of the inputs.</param>
/// <param name="target">The name of the target column.</param>
/// <param name="classes">The names of the classes, in the order of their indices.</param>
public sealed class Preprocessing(IReadOnlyList<ColumnEncoder> columns, string target, IReadOnlyList<string> classes)
{
    /// <summary>Gets the encoders, one per column, in the order of the inputs.</summary>
    public IReadOnlyList<ColumnEncoder> Columns { get; } = Require.NotNull(columns);

    /// <summary>Gets the name of the target column.</summary>
    public string Target { get; } = Require.NotNull(target);

    /// <summary>Gets the names of the classes, in the order of their indices.</summary>
    public IReadOnlyList<string> Classes { get; } = Require.NotNull(classes);

    /// <summary>Gets the total number of inputs that the columns are encoded as.</summary>
    public int Inputs { get; } = columns.Sum(column => column.Width);

    internal IReadOnlyList<string> InputNames => [.. Columns.SelectMany(column => column.InputNames)];

    /// <summary>Computes the means, standard deviations and categories of a table.</summary>
    /// <param name="training">The training rows only. Statistics of other rows would leak information into the test.</param>
    /// <returns>The fitted preprocessing.</returns>
    public static Preprocessing Fit(CsvDataset training)
    {
        ArgumentNullException.ThrowIfNull(training);
        var encoders = new List<ColumnEncoder>();
        foreach (Column column in training.Columns)
        {
            encoders.Add(column is NumericColumn numeric
                ? StandardScaler.Fit(numeric, training.Rows)
                : OneHotEncoder.Fit((CategoricalColumn)column, training.Rows));
        }

        return new Preprocessing(encoders, training.Target, training.Classes);
    }

    /// <summary>
    /// Encodes a table. A category that no training row has is encoded as zeros; see <see cref="UnknownCategories"/>.
    /// </summary>
    /// <param name="data">A part of the same file, or another file with the same columns in any order.</param>
    /// <returns>The inputs and class indices.</returns>
    /// <exception cref="DataFormatException">
    /// A column is missing or of another type, a class is unknown, or a number is too large to be scaled.
    /// </exception>
    public Dataset Apply(CsvDataset data)
    {
        ArgumentNullException.ThrowIfNull(data);
        Column[] matching = Match(data);
        int[] classIndex = [.. data.Classes.Select(name => IndexOfClass(name) ?? throw new DataFormatException(
            $"{data.Path}: '{DataFormatException.Truncate(name)}' in the target '{data.Target}' is not a class of the training rows; " +
            $"the classes are {string.Join(", ", Classes.Select(DataFormatException.Truncate))}."))];
        if ((long)data.Count * Inputs > Array.MaxLength)
        {
            ColumnEncoder widest = Columns.MaxBy(column => column.Width)!;
            throw new DataFormatException(
                $"{data.Path}: {data.Count} rows of {Inputs} inputs are too many for one table. Column '{widest.Name}' alone has " +
                $"{widest.Width} categories; remove it if it holds names or row numbers.");
        }

        var inputs = new Tensor(new Shape(data.Count, Inputs), "x");
        var indices = new int[data.Count];
        for (int row = 0; row < data.Count; row++)
        {
            Span<float> rest = inputs.Row(row);
            for (int c = 0; c < Columns.Count; c++)
            {
                Span<float> own = rest[..Columns[c].Width];
                Columns[c].Encode(matching[c], data.Rows[row], own);
                if (!float.IsFinite(own[0]))
                {
                    throw new DataFormatException(
                        $"{data.Path}, row {data.Rows[row] + 1}, column '{Columns[c].Name}': " +
                        "the number is too large to be scaled in float32; remove the row.");
                }

                rest = rest[Columns[c].Width..];
            }

            indices[row] = classIndex[data.ClassOf(row)];
        }

        return new Dataset(inputs, new Targets(indices), Classes);
    }

    /// <summary>Finds the categories that <see cref="Apply"/> encodes as zeros because no training row has them.</summary>
    /// <param name="data">A part of the same file, or another file with the same columns.</param>
    /// <returns>The column, the category and its number of rows, for each unknown category.</returns>
    public IReadOnlyList<(string Column, string Category, int Rows)> UnknownCategories(CsvDataset data)
    {
        ArgumentNullException.ThrowIfNull(data);
        var unknown = new List<(string, string, int)>();
        Column[] matching = Match(data);
        for (int c = 0; c < Columns.Count; c++)
        {
            if (Columns[c] is OneHotEncoder encoder)
            {
                var column = (CategoricalColumn)matching[c];
                var counts = new int[column.Categories.Count];
                foreach (int row in data.Rows)
                {
                    counts[column.Codes[row]]++;
                }

                unknown.AddRange(column.Categories.Select((category, i) => (column.Name, category, counts[i]))
                    .Where(entry => entry.Item3 > 0 && !encoder.Contains(entry.category)));
            }
        }

        return unknown;
    }

    internal int? IndexOfClass(string name)
    {
        for (int i = 0; i < Classes.Count; i++)
        {
            if (Classes[i] == name)
            {
                return i;
            }
        }

        return null;
    }

    /// <summary>Gets the columns of a table in the order of the encoders.</summary>
    private Column[] Match(CsvDataset data) => [.. Columns.Select(encoder =>
    {
        Column column = data.Columns.FirstOrDefault(column => column.Name == encoder.Name)
            ?? throw new DataFormatException(
                $"{data.Path}: there is no column '{encoder.Name}'; " +
                $"the columns are {string.Join(", ", data.Columns.Select(column => column.Name))}.");
        return column is NumericColumn == encoder is StandardScaler
            ? column
            : throw new DataFormatException(
                $"{data.Path}: column '{column.Name}' holds " +
                $"{(column is NumericColumn ? "numbers, but held words" : "words, but held numbers")} in training.");
    })];
}
