using System.Diagnostics;
using System.Text;
using MiniNet.Tensors;

namespace MiniNet.Graphs;

/// <summary>Represents an equation as it stands in the source code, such as <c>dW += xᵀ·dY</c>, and finds its symbols.</summary>
/// <remarks>
/// A symbol is one letter, with its hat and, for a gradient, a d before it: x, W, x̂, dY. The local derivative ∂y/∂x is one symbol, too.
/// A letter next to other letters is part of a word. Indices, ᵀ and the sign Σ do not count as letters.
/// </remarks>
/// <param name="Text">The text.</param>
[DebuggerDisplay("{Text,nq}")]
[DebuggerStepThrough]
public sealed record Equation(string Text)
{
    private const char Hat = '\u0302';
    private const string LocalDerivative = "∂y/∂x";

    /// <summary>Gets the first symbol, such as <c>dW</c>; an empty string if there is none.</summary>
    public string Left => Parts is [_, var left, ..] ? left : "";

    /// <summary>Gets all symbols, each once, in order.</summary>
    public IReadOnlyList<string> Symbols => [.. Parts.Where((_, i) => i % 2 == 1).Distinct(StringComparer.Ordinal)];

    /// <summary>Gets the first <c>=</c>, <c>+=</c> or <c>−=</c>; <c>=</c> if there is none.</summary>
    internal string Sign => SignAt() is >= 0 and var at ? Text[at..(Text.IndexOf('=', at) + 1)] : "=";

    /// <summary>Gets what is on the right of <see cref="Sign"/>; the whole equation if there is none.</summary>
    internal Equation Right => SignAt() is >= 0 and var at ? Text[(Text.IndexOf('=', at) + 2)..] : this;

    /// <summary>
    /// Gets the text split at its symbols: text (possibly empty) at even indices, symbols at odd indices.
    /// </summary>
    internal IReadOnlyList<string> Parts => field ??= Split(Text);

    /// <summary>Converts a text to an equation.</summary>
    /// <param name="text">The text.</param>
    public static implicit operator Equation(string text) => new(text);

    /// <summary>Determines whether two equations have the same text.</summary>
    /// <param name="other">The other equation.</param>
    /// <returns>true if they have; otherwise, false.</returns>
    public bool Equals(Equation? other) => Text == other?.Text;

    /// <inheritdoc/>
    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(Text);

    /// <summary>Returns the text.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => Text;

    /// <summary>Determines whether a name is the symbol of a gradient: <c>dX</c>, but not <c>d</c> or <c>distance</c>.</summary>
    internal static bool IsGradient(string name) => name is ['d', not Hat, ..] && SymbolLength(name, 0) == name.Length;

    /// <summary>
    /// Determines whether the equation contains a constant, such as ε or N. Unlike a tensor, a constant may be next to other symbols, as in
    /// ηλw, but a Latin letter in a word is no constant.
    /// </summary>
    internal bool Mentions(string constant)
    {
        for (int at = -1; (at = Text.IndexOf(constant, at + 1, StringComparison.Ordinal)) >= 0;)
        {
            int end = at + constant.Length;
            bool isInWord = (at > 0 && char.IsAsciiLetter(Text[at - 1]) && char.IsAsciiLetter(constant[0]))
                || (end < Text.Length && char.IsAsciiLetter(Text[end]) && char.IsAsciiLetter(constant[^1]));
            if (!isInWord)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// Formats the equation, followed by the equation with shapes in place of symbols if all symbols are known; otherwise, followed by the
    /// shape of its left side.
    /// </summary>
    /// <param name="tensors">The tensors, each named by its symbol. Of tensors with the same name, the last counts.</param>
    /// <returns>The text, such as <c>dW += xᵀ·dY   [4x16] = [8x4]ᵀ·[8x16]</c>.</returns>
    internal string WithShapes(IReadOnlyList<Tensor> tensors)
    {
        bool areKnown = true;
        var shapes = new StringBuilder();
        for (int i = 0; i < Parts.Count; i++)
        {
            Tensor? tensor = i % 2 == 1 ? Last(tensors, Parts[i]) : null;
            areKnown &= i % 2 == 0 || (tensor is not null && Parts[i] != LocalDerivative);
            shapes.Append(tensor?.Shape.Display ?? Parts[i].Replace("+=", "=", StringComparison.Ordinal));
        }

        string shown = areKnown ? shapes.ToString() : Last(tensors, Left)?.Shape.Display ?? "";
        return $"{Text}   {shown}".TrimEnd();
    }

    private int SignAt()
    {
        for (int i = 1; i + 1 < Text.Length; i++)
        {
            if (Text[i] == '=' && Text[i + 1] == ' ' && (Text[i - 1] == ' ' || (i > 1 && Text[i - 2] == ' ' && Text[i - 1] is '+' or '−')))
            {
                return Text[i - 1] == ' ' ? i : i - 1;
            }
        }

        return -1;
    }

    private static Tensor? Last(IReadOnlyList<Tensor> tensors, string name)
    {
        for (int i = tensors.Count - 1; i >= 0; i--)
        {
            if (tensors[i].Name == name)
            {
                return tensors[i];
            }
        }

        return null;
    }

    private static List<string> Split(string text)
    {
        List<string> parts = [];
        int start = 0;
        for (int i = 0; i < text.Length;)
        {
            int length = SymbolLength(text, i);
            if (length > 0)
            {
                parts.Add(text[start..i]);
                parts.Add(text.Substring(i, length));
                start = i + length;
            }

            i += Math.Max(length, 1);
        }

        parts.Add(text[start..]);
        return parts;
    }

    // Gets the length of the symbol that starts at an index, or 0 if there is none.
    private static int SymbolLength(string text, int start)
    {
        if (start > 0 && (IsLetter(text, start - 1) || text[start - 1] == '∂'))
        {
            return 0;
        }

        if (string.CompareOrdinal(text, start, LocalDerivative, 0, LocalDerivative.Length) == 0)
        {
            int end = start + LocalDerivative.Length;
            return IsLetter(text, end) || (end < text.Length && text[end] == Hat) ? 0 : LocalDerivative.Length;
        }

        return text[start] == 'd' && LetterLength(text, start + 1) is > 0 and int length ? 1 + length : LetterLength(text, start);
    }

    private static int LetterLength(string text, int start)
    {
        if (!IsLetter(text, start) || text[start] is 'Σ')
        {
            return 0;
        }

        bool hasHat = start + 1 < text.Length && text[start + 1] == Hat && !IsLetter(text, start + 2);
        return hasHat ? 2 : IsLetter(text, start + 1) ? 0 : 1;
    }

    private static bool IsLetter(string text, int at) => at < text.Length && (char.IsUpper(text[at]) || char.IsLower(text[at]));
}
