namespace MiniNet.Calculus;

/// <summary>
/// Represents an error in a formula. The message says what is wrong; <see cref="Text"/> and <see cref="Position"/> say where.
/// </summary>
/// <param name="message">What is wrong, in one line.</param>
/// <param name="text">The formula.</param>
/// <param name="position">The zero-based position of the error; the length of the formula if something is missing at the end.</param>
public sealed class ExpressionException(string message, string text, int position)
    : MiniNetException($"{message}, at character {position + 1} of the formula")
{
    /// <summary>Gets the formula.</summary>
    public string Text { get; } = text;

    /// <summary>Gets the zero-based position of the error.</summary>
    public int Position { get; } = position;

    /// <summary>Gets the formula and, on a second line, a caret below the position of the error.</summary>
    public string Caret => $"{OnOneLine(Text)}\n{new string(' ', OnOneLine(Text[..Position]).Length)}^";

    private static string OnOneLine(string text) => text.ReplaceLineEndings(" ").Replace('\t', ' ');
}
