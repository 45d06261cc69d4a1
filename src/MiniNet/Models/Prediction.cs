using System.Globalization;

namespace MiniNet.Models;

/// <summary>Represents the prediction of a classifier for one row.</summary>
/// <param name="Class">The name of the most probable class.</param>
/// <param name="Probabilities">
/// The name and the probability of each class, in the order of the classes. The probabilities add up to 1.
/// </param>
public sealed record Prediction(string Class, IReadOnlyList<(string Class, float Probability)> Probabilities)
{
    /// <summary>Formats the prediction, such as <c>virginica (setosa 0.000, versicolor 0.081, virginica 0.919)</c>.</summary>
    /// <returns>The predicted class, and the probability of each class.</returns>
    public override string ToString()
    {
        IEnumerable<string> each = Probabilities.Select(p => string.Create(CultureInfo.InvariantCulture, $"{p.Class} {p.Probability:F3}"));
        return $"{Class} ({string.Join(", ", each)})";
    }
}
