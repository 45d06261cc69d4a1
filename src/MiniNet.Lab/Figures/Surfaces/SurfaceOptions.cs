using MiniNet.Calculus;
using MiniNet.Pages;

namespace MiniNet.Figures;

/// <summary>How the levels of a figure are chosen.</summary>
public enum LevelSpacing
{
    /// <summary>
    /// <see cref="Linear"/> where the values are spread over their range, and <see cref="Logarithmic"/> where half of them lie in the lowest or the highest
    /// seventh of it: there equal distances would leave the valley, which is what one looks for, without a line.
    /// </summary>
    Automatic,

    /// <summary>Round values at equal distances.</summary>
    Linear,

    /// <summary>Round values at equal ratios, measured from the least value upwards, or where the values crowd at the top from the greatest downwards.</summary>
    Logarithmic,
}

/// <summary>What <see cref="ContourPlot"/>, <see cref="SurfacePlot"/> and <see cref="SurfacePage"/> show besides the function.</summary>
public sealed record SurfaceOptions
{
    internal const int MostLevelsOfAll = 1000;

    /// <summary>What stands above; null for the names of the variables.</summary>
    public string? Title { get; init; }

    /// <summary>The levels, in any order, each finite; null for round ones that are chosen. Those outside of the values are left out.</summary>
    public IReadOnlyList<double>? Levels { get; init; }

    /// <summary>How levels are chosen where <see cref="Levels"/> is null. Colours follow the levels, in all three figures.</summary>
    public LevelSpacing Spacing { get; init; }

    /// <summary>The most levels to choose, at least 1; more than 1000, which no figure can show, are never chosen.</summary>
    public int MostLevels { get; init; } = 15;

    /// <summary>
    /// Gradients to draw as arrows on the contours. They stand at right angles to the level curves as those are drawn: see <see cref="ContourPlot"/>.
    /// </summary>
    public IReadOnlyList<PlottedArrow> Arrows { get; init; } = [];

    /// <summary>Paths to draw.</summary>
    public IReadOnlyList<PlottedPath> Paths { get; init; } = [];

    /// <summary>Points to mark.</summary>
    public IReadOnlyList<PlottedPoint> Points { get; init; } = [];

    /// <summary>Where a plane touches the surface; null for none. <see cref="SurfacePlot"/> alone asks: in the page one chooses the point.</summary>
    public TangentPlane? Tangent { get; init; }

    /// <summary>From which side the surface is seen first, in degrees: at 0 along y, with x to the right, and the greater the more from the right.</summary>
    public double Azimuth { get; init; } = 30;

    /// <summary>How high the eye stands, in degrees, from 0 (level with the surface) to 90 (above it).</summary>
    public double Elevation { get; init; } = 32;
}
