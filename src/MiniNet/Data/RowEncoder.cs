using MiniNet.Tensors;

namespace MiniNet.Data;

/// <summary>Encodes the rows of an open file with a <see cref="Preprocessing"/>. The columns of the file may be in any order.</summary>
internal sealed class RowEncoder
{
    private readonly Preprocessing preprocessing;
    private readonly CsvRows rows;
    private readonly int[] indices;

    /// <summary>Initializes a new instance of the <see cref="RowEncoder"/> class. It finds the columns by name.</summary>
    /// <param name="preprocessing">The encoders of the needed columns.</param>
    /// <param name="rows">The open file.</param>
    /// <exception cref="DataFormatException">A column is missing.</exception>
    public RowEncoder(Preprocessing preprocessing, CsvRows rows)
    {
        (this.preprocessing, this.rows) = (preprocessing, rows);
        string[] names = [.. preprocessing.Columns.Select(column => column.Name)];
        indices = [.. names.Select(name => rows.IndexOf(name, "input", names))];
        Ignored = [.. rows.Header.Where((name, i) => !indices.Contains(i) && name != preprocessing.Target)];
    }

    /// <summary>Gets the names of the columns that are neither inputs nor the target.</summary>
    public IReadOnlyList<string> Ignored { get; }

    /// <summary>Reads and encodes the next rows.</summary>
    /// <param name="batch">The destination, [rows, inputs]. Rows beyond the end of the file are left as they are.</param>
    /// <param name="afterRow">Called after each row, to read its other cells.</param>
    /// <returns>The number of rows that were read; 0 at the end of the file.</returns>
    /// <exception cref="DataFormatException">A row or a cell cannot be read; the message names it.</exception>
    public int ReadBatch(Tensor batch, Action? afterRow = null)
    {
        int count = 0;
        for (; count < batch.Shape.Rows && rows.Read(); count++)
        {
            Encode(batch.Row(count));
            afterRow?.Invoke();
        }

        return count;
    }

    /// <summary>Reads forward to one row and encodes it.</summary>
    /// <param name="row">The number of the row, from 1.</param>
    /// <returns>The inputs, [1, inputs].</returns>
    /// <exception cref="DataFormatException">There is no such row, or a cell cannot be read; the message names it.</exception>
    public Tensor ReadRow(long row)
    {
        rows.ReadTo(row);
        var x = new Tensor(new Shape(1, preprocessing.Inputs), "x");
        Encode(x.Row(0));
        return x;
    }

    /// <summary>Encodes the current row.</summary>
    /// <param name="inputs">The destination.</param>
    /// <exception cref="DataFormatException">A cell is empty, not a number, or of an unknown category; the message names it.</exception>
    public void Encode(Span<float> inputs)
    {
        for (int c = 0; c < indices.Length; c++)
        {
            ColumnEncoder column = preprocessing.Columns[c];
            if (column.Encode(rows[indices[c]], inputs[..column.Width]) is { } problem)
            {
                throw rows.Error(indices[c], problem);
            }

            inputs = inputs[column.Width..];
        }
    }

    /// <summary>Gets the class of the current row.</summary>
    /// <param name="target">The index of the target column in the file.</param>
    /// <returns>The index of the class.</returns>
    /// <exception cref="DataFormatException">The cell is empty or not a class of the model.</exception>
    public int ClassOf(int target)
    {
        string name = rows[target];
        return preprocessing.IndexOfClass(name)
            ?? throw rows.Error(
                target,
                $"'{DataFormatException.Truncate(name)}' is not a class of the model; " +
                $"the classes are {string.Join(", ", preprocessing.Classes.Select(DataFormatException.Truncate))}");
    }
}
