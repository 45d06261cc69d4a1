namespace MiniNet.Data;

/// <summary>
/// The exception that is thrown for invalid data. The message names the file and, if applicable, the row, the column and the cell.
/// </summary>
/// <param name="message">The message, in one line: where, what is wrong, and what to do.</param>
/// <param name="inner">The exception that caused this one, or null.</param>
public sealed class DataFormatException(string message, Exception? inner = null) : MiniNetException(message, inner)
{
    private const int MaxQuotedLength = 60;

    /// <summary>Shortens a cell for a message, because a cell may be very long.</summary>
    internal static string Truncate(string cell) =>
        cell.Length <= MaxQuotedLength
            ? cell
            : string.Concat(cell.AsSpan(0, char.IsHighSurrogate(cell[MaxQuotedLength - 1]) ? MaxQuotedLength - 1 : MaxQuotedLength), "…");
}
