using System.Diagnostics;
using System.Globalization;
using MiniNet.Tensors;

namespace MiniNet.Debugging;

/// <summary>
/// What a debugger shows of a tensor in place of its fields: its rows, each a line of numbers, which opens to the numbers one by one. It copies what
/// it shows and changes nothing: a tensor that is only marked as cleared stays so.
/// </summary>
[DebuggerStepThrough]
internal sealed class TensorProxy(Tensor tensor)
{
    private const int MostRows = 100;

    /// <summary>The rows; of more than a hundred the first hundred, and a line that says how many there are.</summary>
    [DebuggerBrowsable(DebuggerBrowsableState.RootHidden)]
    public TensorRow[] Rows
    {
        get
        {
            int count = tensor.Shape.Length == 0 ? 0 : tensor.Shape.Rows, shown = Math.Min(count, MostRows);
            var rows = new TensorRow[count > shown ? shown + 1 : shown];
            for (int i = 0; i < shown; i++)
            {
                rows[i] = new TensorRow(tensor, i);
            }

            if (count > shown)
            {
                rows[shown] = new TensorRow(string.Create(CultureInfo.InvariantCulture, $"... {count} rows in all"));
            }

            return rows;
        }
    }
}

/// <summary>One row of a tensor, copied.</summary>
[DebuggerDisplay("{Text,nq}")]
[DebuggerStepThrough]
internal sealed class TensorRow
{
    private const int MostNumbers = 1000, MostInText = 16;

    public TensorRow(string text) => (Text, Numbers) = (text, []);

    public TensorRow(Tensor tensor, int row)
    {
        int columns = tensor.Shape.Columns;
        Numbers = new float[Math.Min(columns, MostNumbers)];
        for (int j = 0; j < Numbers.Length; j++)
        {
            Numbers[j] = tensor.Peek((row * columns) + j);
        }

        var texts = new string[Math.Min(columns, MostInText)];
        for (int j = 0; j < texts.Length; j++)
        {
            texts[j] = Numbers[j].ToString("G4", CultureInfo.InvariantCulture);
        }

        Text = string.Join("  ", texts) + (columns > texts.Length ? string.Create(CultureInfo.InvariantCulture, $"  ... {columns} numbers") : "");
    }

    /// <summary>The first numbers, four digits each.</summary>
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    public string Text { get; }

    /// <summary>The numbers, at most a thousand.</summary>
    [DebuggerBrowsable(DebuggerBrowsableState.RootHidden)]
    public float[] Numbers { get; }

    /// <inheritdoc/>
    public override string ToString() => Text;
}
