using System.Diagnostics;
using System.Globalization;
using MiniNet.Tensors;

namespace MiniNet.Debugging;

/// <summary>
/// Defines what the debugger shows for a tensor instead of its fields: its rows, each as a line of numbers that expands to the single
/// numbers. It shows copies and changes nothing: a tensor that is only marked as cleared stays marked.
/// </summary>
[DebuggerStepThrough]
internal sealed class TensorProxy(Tensor tensor)
{
    private const int MaxRows = 100;

    /// <summary>Gets the rows, at most the first 100. If there are more, the last line says how many.</summary>
    [DebuggerBrowsable(DebuggerBrowsableState.RootHidden)]
    public TensorRow[] Rows
    {
        get
        {
            int count = tensor.Shape.Length == 0 ? 0 : tensor.Shape.Rows, shown = Math.Min(count, MaxRows);
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

/// <summary>Represents a copy of one row of a tensor.</summary>
[DebuggerDisplay("{Text,nq}")]
[DebuggerStepThrough]
internal sealed class TensorRow
{
    private const int MaxNumbers = 1000, MaxNumbersInText = 16;

    public TensorRow(string text) => (Text, Numbers) = (text, []);

    public TensorRow(Tensor tensor, int row)
    {
        int columns = tensor.Shape.Columns;
        Numbers = new float[Math.Min(columns, MaxNumbers)];
        for (int j = 0; j < Numbers.Length; j++)
        {
            Numbers[j] = tensor.Peek((row * columns) + j);
        }

        var texts = new string[Math.Min(columns, MaxNumbersInText)];
        for (int j = 0; j < texts.Length; j++)
        {
            texts[j] = Numbers[j].ToString("G4", CultureInfo.InvariantCulture);
        }

        Text = string.Join("  ", texts)
            + (columns > texts.Length ? string.Create(CultureInfo.InvariantCulture, $"  ... {columns} numbers") : "");
    }

    /// <summary>Gets the first numbers as text, with four digits each.</summary>
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    public string Text { get; }

    /// <summary>Gets the numbers, at most 1000.</summary>
    [DebuggerBrowsable(DebuggerBrowsableState.RootHidden)]
    public float[] Numbers { get; }

    /// <inheritdoc/>
    public override string ToString() => Text;
}
