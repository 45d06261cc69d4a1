using System.Diagnostics;
using System.Text.RegularExpressions;
using MiniNet.Graphs;
using MiniNet.Tensors;

namespace MiniNet.Stepping;

/// <summary>Equations, and tensors put into them.</summary>
[DebuggerStepThrough]
internal static partial class Letters
{
    /// <summary>The equation, then itself with shapes for letters where it has no other letters; else with the shape of its left side alone.</summary>
    /// <param name="equation">Such as <c>dW += xᵀ·dY</c>.</param>
    /// <param name="tensors">What the letters mean: each tensor's name is one.</param>
    /// <returns><c>dW += xᵀ·dY   [4x16] = [8x4]ᵀ·[8x16]</c></returns>
    public static string WithShapes(string equation, IReadOnlyList<Tensor> tensors)
    {
        string left = Letter().Match(equation).Value;
        bool known = true;
        string shapes = Letter().Replace(equation.Replace("+=", "=", StringComparison.Ordinal), match =>
        {
            Tensor? tensor = tensors.LastOrDefault(tensor => tensor.Name == match.Value);
            known &= tensor is not null;
            return tensor is null ? match.Value : Describe(tensor.Shape);
        });
        if (!known || equation.Contains('∂', StringComparison.Ordinal))
        {
            shapes = tensors.LastOrDefault(tensor => tensor.Name == left) is { } of ? Describe(of.Shape) : "";
        }

        return $"{equation}   {shapes}".TrimEnd();
    }

    /// <summary>A shape as it stands in an equation: <c>[4x16]</c>.</summary>
    /// <param name="shape">The shape.</param>
    /// <returns>The text.</returns>
    public static string Describe(Shape shape) => shape.Display;

    /// <summary>The letter on an equation's left side: <c>dW</c>.</summary>
    /// <param name="equation">The equation.</param>
    /// <returns>The letter.</returns>
    public static string LeftSide(string equation) => Letter().Match(equation).Value;

    /// <summary>Whether a name is a gradient's: <c>dX</c>, but not <c>d</c> or <c>distance</c>.</summary>
    /// <param name="name">The name.</param>
    /// <returns>Whether it is.</returns>
    public static bool IsGradient(string name) => name is ['d', not '\u0302', ..] && LeftSide(name) == name;

    /// <summary>The equation that has a letter on its left side.</summary>
    /// <param name="rule">What to look in.</param>
    /// <param name="letter">The letter: <c>dX</c>.</param>
    /// <returns>The equation; with nothing on its right side where the rule has none.</returns>
    public static string EquationOf(Rule rule, string letter)
    {
        for (int i = 0; i < rule.Gradients.Count; i++)
        {
            if (LeftSide(rule.Gradients[i]) == letter)
            {
                return rule.Gradients[i];
            }
        }

        return $"{letter} += …";
    }

    /// <summary>What a node's rule calls the value of one of its sources. The rule's last equations are the sources', in their order.</summary>
    /// <param name="node">The node.</param>
    /// <param name="source">Which of its sources it is.</param>
    /// <returns>The letter.</returns>
    public static string OfSource(Node node, int source)
    {
        IReadOnlyList<string> gradients = node.Rule!.Gradients;
        int at = node.Operation is Layer { HasInputGradient: false } ? -1 : gradients.Count - node.Sources.Count + source;
        return at >= 0 ? LeftSide(gradients[at])[1..].ToLowerInvariant() : source == 0 ? "x" : "x" + source;
    }

    /// <summary>What a node's rule calls its value.</summary>
    /// <param name="node">The node.</param>
    /// <returns>The letter.</returns>
    public static string OfValue(Node node) => node.Operation is Loss ? "L" : "y";

    // A letter, its hat, and a d before it where it is a gradient; indices and ᵀ are no letters of this kind, and Σ is a sign.
    [GeneratedRegex(@"(?<![\p{Lu}\p{Ll}])d?[\p{Lu}\p{Ll}-[Σ∂]]\u0302?(?![\p{Lu}\p{Ll}])", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Letter();
}
