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
    /// <param name="data">A part of the same file.</param>
    /// <returns>Inputs and class indices.</returns>
    public Dataset Apply(CsvDataset data)
    {
        var inputs = new Tensor(new Shape(data.Count, Inputs), "x");
        var indices = new int[data.Count];
        for (int row = 0; row < data.Count; row++)
        {
            Span<float> rest = inputs.Row(row);
            for (int c = 0; c < Columns.Count; c++)
            {
                Columns[c].Encode(data.Columns[c], data.Rows[row], rest[..Columns[c].Width]);
                rest = rest[Columns[c].Width..];
            }

            indices[row] = data.ClassOf(row);
        }

        return new Dataset(inputs, new Targets(indices), Classes);
    }

    /// <summary>Which cells <see cref="Apply"/> cannot tell apart because no training row had their category.</summary>
    /// <param name="data">A part of the same file.</param>
    /// <returns>Column, category and number of rows, for each category that is unknown.</returns>
    public IReadOnlyList<(string Column, string Category, int Rows)> UnknownCategories(CsvDataset data)
    {
        var unknown = new List<(string, string, int)>();
        for (int c = 0; c < Columns.Count; c++)
        {
            if (Columns[c] is OneHotEncoder encoder && data.Columns[c] is CategoricalColumn column)
            {
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
}
