namespace MiniNet.Calculus;

/// <summary>A formula that cannot be read. The message says what is wrong; <see cref="Text"/> and <see cref="Position"/> say where.</summary>
/// <param name="message">One line.</param>
/// <param name="text">The formula.</param>
/// <param name="position">The place in it, from 0; its length where something is missing at the end.</param>
public sealed class ExpressionException(string message, string text, int position) : MiniNetException($"{message}, at character {position + 1} of the formula")
{
    /// <summary>The formula as it was given.</summary>
    public string Text { get; } = text;

    /// <summary>The place in it, from 0.</summary>
    public int Position { get; } = position;

    /// <summary>The formula with a caret under the place, on two lines.</summary>
    public string Caret => $"{OnOneLine(Text)}\n{new string(' ', OnOneLine(Text[..Position]).Length)}^";

    private static string OnOneLine(string text) => text.ReplaceLineEndings(" ").Replace('\t', ' ');
}
