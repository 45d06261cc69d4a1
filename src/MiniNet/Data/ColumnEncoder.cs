namespace MiniNet.Data;

/// <summary>Encodes one column as inputs of a network, with statistics of the training rows.</summary>
/// <param name="name">The name of the column.</param>
public abstract class ColumnEncoder(string name)
{
    /// <summary>Gets the name of the column.</summary>
    public string Name { get; } = Require.NotNull(name);

    /// <summary>Gets the number of inputs that the column is encoded as.</summary>
    public abstract int Width { get; }

    /// <summary>Gets the names of the inputs, such as <c>petal_length</c> or <c>sex=female</c>.</summary>
    internal virtual IReadOnlyList<string> InputNames => [Name];

    /// <summary>Encodes a row of a table. A category that no training row has is encoded as zeros.</summary>
    /// <param name="column">The column with the name and kind of this encoder.</param>
    /// <param name="row">The row of the file, from 0.</param>
    /// <param name="inputs">The destination; its length is <see cref="Width"/>.</param>
    internal abstract void Encode(Column column, int row, Span<float> inputs);

    /// <summary>Encodes the text of a cell.</summary>
    /// <param name="cell">The text, trimmed and not empty.</param>
    /// <param name="inputs">The destination; its length is <see cref="Width"/>.</param>
    /// <returns>The problem with the cell, or null if it was encoded.</returns>
    internal abstract string? Encode(string cell, Span<float> inputs);
}
