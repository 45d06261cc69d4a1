namespace MiniNet.Data;

/// <summary>Data that cannot be used as it stands. The message names the file and, where there is one, the row, column and cell.</summary>
/// <param name="message">One line: the place, what is wrong, what to do.</param>
/// <param name="inner">What brought it to light, if anything.</param>
public sealed class DataFormatException(string message, Exception? inner = null) : MiniNetException(message, inner)
{
    private const int Quoted = 60;

    /// <summary>As much of a cell as a message quotes: a cell may be as long as the file, and a message is one line.</summary>
    internal static string Short(string cell) =>
        cell.Length <= Quoted ? cell : string.Concat(cell.AsSpan(0, char.IsHighSurrogate(cell[Quoted - 1]) ? Quoted - 1 : Quoted), "…");
}
