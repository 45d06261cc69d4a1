namespace MiniNet.Data;

/// <summary>Data that cannot be used as it stands. The message names the file and, where there is one, the row, column and cell.</summary>
/// <param name="message">One line: the place, what is wrong, what to do.</param>
/// <param name="inner">What brought it to light, if anything.</param>
public sealed class DataFormatException(string message, Exception? inner = null) : MiniNetException(message, inner);
