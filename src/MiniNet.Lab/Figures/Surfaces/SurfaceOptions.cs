using MiniNet.Calculus;
using MiniNet.Pages;

namespace MiniNet.Figures;

/// <summary>Specifies how the levels of a figure are chosen.</summary>
public enum LevelSpacing
{
    /// <summary>
    /// <see cref="Logarithmic"/> if half of the values lie in the lowest or the highest seventh of their range; otherwise,
    /// <see cref="Linear"/>. In such a range, equally spaced levels would leave the valley, usually the interesting part, without a line.
    /// </summary>
    Automatic,

    /// <summary>Round values at equal distances.</summary>
    Linear,

    /// <summary>
    /// Round values at equal ratios, measured upwards from the minimum, or downwards from the maximum if most values lie near the maximum.
    /// </summary>
    Logarithmic,
}

/// <summary>Contains the options of <see cref="ContourPlot"/>, <see cref="SurfacePlot"/> and <see cref="SurfacePage"/>.</summary>
public sealed record SurfaceOptions
{
    internal const int MaxLevelsLimit = 1000;

    /// <summary>Gets the title, or null (the default) for a title made of the variables' names.</summary>
    public string? Title { get; init; }

    /// <summary>
    /// Gets the levels, finite and in any order, or null (the default) to choose round ones. Levels outside the range of values are not
    /// drawn.
    /// </summary>
    public IReadOnlyList<double>? Levels { get; init; }

    /// <summary>Gets how levels are chosen if <see cref="Levels"/> is null. The colours of all three figures follow the levels.</summary>
    public LevelSpacing Spacing { get; init; }

    /// <summary>
    /// Gets the maximum number of levels to choose, at least 1. At most 1000 are chosen, because no figure can show more.
    /// </summary>
    public int MaxLevels { get; init; } = 15;

    /// <summary>
    /// Gets the gradients drawn as arrows on the contours. They are perpendicular to the level curves as drawn; see
    /// <see cref="ContourPlot"/>.
    /// </summary>
    public IReadOnlyList<PlottedArrow> Arrows { get; init; } = [];

    /// <summary>Gets the paths to draw.</summary>
    public IReadOnlyList<PlottedPath> Paths { get; init; } = [];

    /// <summary>Gets the points to mark.</summary>
    public IReadOnlyList<PlottedPoint> Points { get; init; } = [];

    /// <summary>
    /// Gets the tangent plane to draw, or null (the default) for none. Only <see cref="SurfacePlot"/> uses it; in the page, the reader
    /// chooses the point.
    /// </summary>
    public TangentPlane? Tangent { get; init; }

    /// <summary>
    /// Gets the initial viewing direction in degrees. 0 looks along y with x to the right; larger values move the camera to the right.
    /// </summary>
    public double Azimuth { get; init; } = 30;

    /// <summary>Gets the elevation of the camera in degrees, from 0 (level with the surface) to 90 (from above).</summary>
    public double Elevation { get; init; } = 32;
}
