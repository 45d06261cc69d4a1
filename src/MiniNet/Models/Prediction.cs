using System.Globalization;

namespace MiniNet.Models;

/// <summary>What a classifier makes of one row.</summary>
/// <param name="Class">The name of the most probable class.</param>
/// <param name="Probabilities">Every class by name with its probability, in the order of the classes; they add up to 1.</param>
public sealed record Prediction(string Class, IReadOnlyList<(string Class, float Probability)> Probabilities)
{
    /// <summary>The class, and every probability by name: <c>virginica (setosa 0.000, versicolor 0.081, virginica 0.919)</c>.</summary>
    /// <returns>The text.</returns>
    public override string ToString() =>
        $"{Class} ({string.Join(", ", Probabilities.Select(p => string.Create(CultureInfo.InvariantCulture, $"{p.Class} {p.Probability:F3}")))})";
}
