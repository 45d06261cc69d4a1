using System.Diagnostics;
using System.Text;
using MiniNet.Graphs;
using MiniNet.Tensors;

namespace MiniNet.Debugging;

/// <summary>Finds the symbols in equations and inserts the shapes of tensors.</summary>
[DebuggerStepThrough]
internal static class EquationText
{
    private const char Hat = '\u0302';

    /// <summary>
    /// Formats an equation, followed by the equation with shapes in place of symbols if all symbols are known; otherwise, followed by the
    /// shape of its left side.
    /// </summary>
    /// <param name="equation">The equation, such as <c>dW += xᵀ·dY</c>.</param>
    /// <param name="tensors">The tensors, each named by its symbol.</param>
    /// <returns>The text, such as <c>dW += xᵀ·dY   [4x16] = [8x4]ᵀ·[8x16]</c></returns>
    public static string WithShapes(string equation, IReadOnlyList<Tensor> tensors)
    {
        string left = LeftSide(equation);
        bool known = true;
        string text = equation.Replace("+=", "=", StringComparison.Ordinal);
        var shapes = new StringBuilder();
        for (int i = 0; i < text.Length;)
        {
            int length = LetterLength(text, i);
            string part = text.Substring(i, Math.Max(length, 1));
            i += part.Length;
            Tensor? tensor = length > 0 ? Last(tensors, part) : null;
            known &= length == 0 || tensor is not null;
            shapes.Append(tensor is null ? part : Describe(tensor.Shape));
        }

        string shown = shapes.ToString();
        if (!known || equation.Contains('∂', StringComparison.Ordinal))
        {
            shown = Last(tensors, left) is { } of ? Describe(of.Shape) : "";
        }

        return $"{equation}   {shown}".TrimEnd();
    }

    /// <summary>Formats a shape as in an equation, such as <c>[4x16]</c>.</summary>
    /// <param name="shape">The shape.</param>
    /// <returns>The text.</returns>
    public static string Describe(Shape shape) => shape.Display;

    /// <summary>Gets the symbol on the left side of an equation, such as <c>dW</c>.</summary>
    /// <param name="equation">The equation.</param>
    /// <returns>The symbol.</returns>
    public static string LeftSide(string equation)
    {
        for (int i = 0; i < equation.Length; i++)
        {
            if (LetterLength(equation, i) is > 0 and int length)
            {
                return equation.Substring(i, length);
            }
        }

        return "";
    }

    /// <summary>Determines whether a name is that of a gradient: <c>dX</c>, but not <c>d</c> or <c>distance</c>.</summary>
    /// <param name="name">The name.</param>
    /// <returns>true if it is; otherwise, false.</returns>
    public static bool IsGradient(string name) => name is ['d', not Hat, ..] && LeftSide(name) == name;

    /// <summary>Gets the equation with the specified symbol on its left side.</summary>
    /// <param name="equations">The equations to search.</param>
    /// <param name="letter">The symbol, such as <c>dX</c>.</param>
    /// <returns>The equation. If there is none, its right side is an ellipsis.</returns>
    public static string EquationOf(Equations equations, string letter)
    {
        for (int i = 0; i < equations.Gradients.Count; i++)
        {
            if (LeftSide(equations.Gradients[i]) == letter)
            {
                return equations.Gradients[i];
            }
        }

        return $"{letter} += …";
    }

    /// <summary>
    /// Gets the symbol in a node's equations for the value of one of its sources. The last gradient equations belong to the sources, in
    /// order.
    /// </summary>
    /// <param name="node">The node.</param>
    /// <param name="source">The index of the source.</param>
    /// <returns>The symbol.</returns>
    public static string OfSource(Node node, int source)
    {
        IReadOnlyList<string> gradients = node.Equations!.Gradients;
        int at = node.Operation is Layer { HasInputGradient: false } ? -1 : gradients.Count - node.Sources.Count + source;
        return at >= 0 ? LeftSide(gradients[at])[1..].ToLowerInvariant() : source == 0 ? "x" : "x" + source;
    }

    /// <summary>Gets the symbol in a node's equations for its value.</summary>
    /// <param name="node">The node.</param>
    /// <returns>The symbol.</returns>
    public static string OfValue(Node node) => node.Operation is Loss ? "L" : "y";

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

    // Gets the length of the symbol that starts at an index, or 0 if there is none. A symbol is one letter, with its hat and, for a
    // gradient, a d before it. A letter next to other letters is part of a word. Indices, ᵀ and the sign Σ do not count as letters.
    private static int LetterLength(string text, int start)
    {
        if (start > 0 && IsUpperOrLower(text, start - 1))
        {
            return 0;
        }

        return text[start] == 'd' && WithHat(text, start + 1) is > 0 and int length ? 1 + length : WithHat(text, start);
    }

    private static int WithHat(string text, int start)
    {
        if (!IsUpperOrLower(text, start) || text[start] is 'Σ')
        {
            return 0;
        }

        bool hasHat = start + 1 < text.Length && text[start + 1] == Hat && !IsUpperOrLower(text, start + 2);
        return hasHat ? 2 : IsUpperOrLower(text, start + 1) ? 0 : 1;
    }

    private static bool IsUpperOrLower(string text, int at) => at < text.Length && (char.IsUpper(text[at]) || char.IsLower(text[at]));
}
