using System.Diagnostics;
using System.Text.RegularExpressions;
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

    // A letter, and a d before it where it is a gradient; indices and ᵀ are no letters of this kind, and Σ is a sign.
    [GeneratedRegex(@"(?<![\p{Lu}\p{Ll}])d?[\p{Lu}\p{Ll}-[Σ∂]](?![\p{Lu}\p{Ll}])", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Letter();
}
