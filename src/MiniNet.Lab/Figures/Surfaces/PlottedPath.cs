using MiniNet.Calculus;

namespace MiniNet.Figures;

/// <summary>Represents a path over a surface, such as the descent of an optimizer.</summary>
/// <param name="Name">The name in the legend.</param>
/// <param name="Steps">The points in order, starting with the initial point; at least one. Non-finite points are not drawn, and the legend
/// notes this.</param>
public sealed record PlottedPath(string Name, IReadOnlyList<PlottedStep> Steps)
{
    /// <summary>Gets the points in order, at least one.</summary>
    /// <exception cref="ArgumentException">There are no points.</exception>
    public IReadOnlyList<PlottedStep> Steps { get; } = Steps.Count > 0
        ? [.. Steps]
        : throw new ArgumentException($"The path '{Name}' has no points; pass at least one.", nameof(Steps));

    /// <summary>Creates a path from a descent over two variables.</summary>
    /// <param name="name">The name in the legend.</param>
    /// <param name="path">The descent.</param>
    /// <exception cref="ArgumentException">The descent is not over two variables.</exception>
    public static PlottedPath Of(string name, DescentPath path)
    {
        Require.TwoVariables(path.Variables.Count, "path", nameof(path));
        return new(name, [.. path.Steps.Select(step => new PlottedStep(step.Point[0], step.Point[1], step.Value, step.GradientNorm))]);
    }
}

/// <summary>Represents one point of a <see cref="PlottedPath"/>.</summary>
/// <param name="X">The x coordinate.</param>
/// <param name="Y">The y coordinate.</param>
/// <param name="Value">The function value at the point, or NaN if unknown; an unknown value is not shown.</param>
/// <param name="GradientNorm">The norm of the gradient at the point, or NaN if unknown.</param>
public sealed record PlottedStep(double X, double Y, double Value = double.NaN, double GradientNorm = double.NaN);
