using MiniNet.Calculus;

namespace MiniNet.Plots;

/// <summary>A function of two variables as one page to turn with the hand. One HTML file that needs no network and runs in any browser.</summary>
public static partial class SurfacePage
{
    /// <summary>Draws the page.</summary>
    /// <param name="grid">The function; where it knows its gradient, the page shows it and the plane that touches the surface.</param>
    /// <param name="options">What else is shown; null for the function alone.</param>
    /// <returns>The page, an HTML document.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A level or the azimuth is not finite, the elevation is not from 0 to 90, or <see cref="SurfaceOptions.MostLevels"/> is below 1.</exception>
    public static string Draw(SurfaceGrid grid, SurfaceOptions? options = null) => ContourPlot.Draw(grid, options);
}
