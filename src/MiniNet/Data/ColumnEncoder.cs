namespace MiniNet.Data;

/// <summary>How one column becomes inputs of a network, with figures taken from the training rows.</summary>
/// <param name="name">The column.</param>
public abstract class ColumnEncoder(string name)
{
    /// <summary>The column's name.</summary>
    public string Name { get; } = name;

    /// <summary>How many inputs the column becomes.</summary>
    public abstract int Width { get; }

    /// <summary>Encodes a row of a table. A category that no training row had becomes zeros.</summary>
    /// <param name="column">The column of this encoder's name and kind.</param>
    /// <param name="row">The row of the file, from 0.</param>
    /// <param name="inputs">Where the inputs go; <see cref="Width"/> of them.</param>
    internal abstract void Encode(Column column, int row, Span<float> inputs);

    /// <summary>Encodes a cell as it stands in a file.</summary>
    /// <param name="cell">Its text, trimmed and not empty.</param>
    /// <param name="inputs">Where the inputs go.</param>
    /// <returns>What is wrong with the cell; null where nothing is.</returns>
    internal abstract string? Encode(string cell, Span<float> inputs);
}
