namespace MiniNet.Data;

/// <summary>Encodes the rows of an open file, whose columns may stand in any order, as a <see cref="Preprocessing"/> says.</summary>
public sealed class RowEncoder
{
    private readonly Preprocessing preprocessing;
    private readonly CsvRows rows;
    private readonly int[] places;

    /// <summary>Finds the columns by name.</summary>
    /// <param name="preprocessing">Which columns are needed.</param>
    /// <param name="rows">The open file.</param>
    /// <exception cref="DataFormatException">A column is missing.</exception>
    public RowEncoder(Preprocessing preprocessing, CsvRows rows)
    {
        (this.preprocessing, this.rows) = (preprocessing, rows);
        string[] names = [.. preprocessing.Columns.Select(column => column.Name)];
        places = [.. names.Select(name => rows.IndexOf(name, "input", names))];
        Ignored = [.. rows.Header.Where((name, i) => !places.Contains(i) && name != preprocessing.Target)];
    }

    /// <summary>The columns that neither the network nor the comparison with the target needs.</summary>
    public IReadOnlyList<string> Ignored { get; }

    /// <summary>Encodes the current row.</summary>
    /// <param name="inputs">Where the inputs go.</param>
    /// <exception cref="DataFormatException">A cell is empty, no number, or of an unknown category; the message names it.</exception>
    public void Encode(Span<float> inputs)
    {
        for (int c = 0; c < places.Length; c++)
        {
            ColumnEncoder column = preprocessing.Columns[c];
            if (column.Encode(rows[places[c]], inputs[..column.Width]) is { } problem)
            {
                throw rows.Error(places[c], problem);
            }

            inputs = inputs[column.Width..];
        }
    }

    /// <summary>The class of the current row.</summary>
    /// <param name="target">The place of the target column in the file.</param>
    /// <returns>An index into the classes.</returns>
    /// <exception cref="DataFormatException">The cell is empty or names no class of the model.</exception>
    public int ClassOf(int target)
    {
        string name = rows[target];
        return preprocessing.IndexOfClass(name)
            ?? throw rows.Error(target, $"'{DataFormatException.Short(name)}' is no class of the model; it knows {string.Join(", ", preprocessing.Classes.Select(DataFormatException.Short))}");
    }
}
