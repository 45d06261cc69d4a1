using MiniNet.Calculus;
using MiniNet.Stepping;

namespace MiniNet.Figures;

/// <summary>A path over a surface to draw, such as the descent of an optimizer.</summary>
/// <param name="Name">What the legend calls it.</param>
/// <param name="Steps">Its points in their order, the first where it starts; at least one. Points that are not finite are not drawn, and the legend says so.</param>
public sealed record PlottedPath(string Name, IReadOnlyList<PlottedStep> Steps)
{
    /// <summary>The points in their order, at least one.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public IReadOnlyList<PlottedStep> Steps { get; } = Steps.Count > 0 ? [.. Steps] : throw new ArgumentException($"The path '{Name}' has no points.", nameof(Steps));

    /// <summary>The way of a descent over two variables.</summary>
    /// <param name="name">What the legend calls it.</param>
    /// <param name="path">The way.</param>
    /// <returns>The path.</returns>
    /// <exception cref="ArgumentException">It is not over two variables.</exception>
    public static PlottedPath Of(string name, DescentPath path)
    {
        Require.TwoVariables(path.Variables.Count, "path", nameof(path));
        return new(name, [.. path.Steps.Select(step => new PlottedStep(step.Point[0], step.Point[1], step.Value, step.GradientNorm))]);
    }
}

/// <summary>One point of a <see cref="PlottedPath"/>.</summary>
/// <param name="X">Its x.</param>
/// <param name="Y">Its y.</param>
/// <param name="Value">The function's value there; NaN where it is not known: it is then not named.</param>
/// <param name="GradientLength">The length of the gradient there; NaN where it is not known.</param>
public sealed record PlottedStep(double X, double Y, double Value = double.NaN, double GradientLength = double.NaN);
