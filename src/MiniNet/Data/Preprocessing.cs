using MiniNet.Graphs;
using MiniNet.Tensors;

namespace MiniNet.Data;

/// <summary>
/// What lies between the cells of a row and the inputs of a network: numbers are standardised, categories become one-hot. Its figures come
/// from the training rows alone, and it travels in the model file, so that a raw row can be predicted.
/// </summary>
/// <param name="columns">One encoder for each column, in the order of the inputs.</param>
/// <param name="target">The column to predict.</param>
/// <param name="classes">The names of the classes, in the order of their indices.</param>
public sealed class Preprocessing(IReadOnlyList<ColumnEncoder> columns, string target, IReadOnlyList<string> classes)
{
    /// <summary>One encoder for each column, in the order of the inputs.</summary>
    public IReadOnlyList<ColumnEncoder> Columns { get; } = columns;

    /// <summary>The column to predict.</summary>
    public string Target { get; } = target;

    /// <summary>The names of the classes, in the order of their indices.</summary>
    public IReadOnlyList<string> Classes { get; } = classes;

    /// <summary>How many inputs the columns become.</summary>
    public int Inputs { get; } = columns.Sum(column => column.Width);

    /// <summary>Takes means, standard deviations and categories from a table.</summary>
    /// <param name="training">The training rows, and no others: figures from the rest would leak what the test is to find out.</param>
    /// <returns>The preprocessing.</returns>
    public static Preprocessing Fit(CsvDataset training)
    {
        var encoders = new List<ColumnEncoder>();
        foreach (Column column in training.Columns)
        {
            encoders.Add(column is NumericColumn numeric
                ? StandardScaler.Fit(numeric, training.Rows)
                : OneHotEncoder.Fit((CategoricalColumn)column, training.Rows));
        }

        return new Preprocessing(encoders, training.Target, training.Classes);
    }

    /// <summary>Encodes a table. A category that no training row had becomes zeros: see <see cref="UnknownCategories"/>.</summary>
    /// <param name="data">A part of the same file, or another file of the same columns, in any order.</param>
    /// <returns>Inputs and class indices.</returns>
    /// <exception cref="DataFormatException">A column is missing or of another kind, a class is unknown, or a number is too large to be scaled.</exception>
    public Dataset Apply(CsvDataset data)
    {
        Column[] matching = Match(data);
        int[] classIndex = [.. data.Classes.Select(name => IndexOfClass(name) ?? throw new DataFormatException(
            $"{data.Path}: '{DataFormatException.Short(name)}' in the target '{data.Target}' is no class of the training rows; they had {string.Join(", ", Classes.Select(DataFormatException.Short))}."))];
        if ((long)data.Count * Inputs > Array.MaxLength)
        {
            ColumnEncoder widest = Columns.MaxBy(column => column.Width)!;
            throw new DataFormatException(
                $"{data.Path}: {data.Count} rows of {Inputs} inputs are more than one table can hold; column '{widest.Name}' alone has {widest.Width} categories: remove it, if it is a name or a number of the row.");
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
                    throw new DataFormatException($"{data.Path}, row {data.Rows[row] + 1}, column '{Columns[c].Name}': the number is too large to be scaled in float32; remove the row.");
                }

                rest = rest[Columns[c].Width..];
            }

            indices[row] = classIndex[data.ClassOf(row)];
        }

        return new Dataset(inputs, new Targets(indices), Classes);
    }

    /// <summary>Which cells <see cref="Apply"/> cannot tell apart because no training row had their category.</summary>
    /// <param name="data">A part of the same file, or another file of the same columns.</param>
    /// <returns>Column, category and number of rows, for each category that is unknown.</returns>
    public IReadOnlyList<(string Column, string Category, int Rows)> UnknownCategories(CsvDataset data)
    {
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
                    .Where(entry => entry.Item3 > 0 && !encoder.Knows(entry.category)));
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

    /// <summary>The table's columns in the order of the encoders.</summary>
    private Column[] Match(CsvDataset data) => [.. Columns.Select(encoder =>
    {
        Column column = data.Columns.FirstOrDefault(column => column.Name == encoder.Name)
            ?? throw new DataFormatException($"{data.Path}: there is no column '{encoder.Name}'; the columns are {string.Join(", ", data.Columns.Select(column => column.Name))}.");
        return column is NumericColumn == encoder is StandardScaler
            ? column
            : throw new DataFormatException($"{data.Path}: column '{column.Name}' holds {(column is NumericColumn ? "numbers, but had words" : "words, but had numbers")} in training.");
    })];
}
