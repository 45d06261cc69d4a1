using MiniNet.Calculus;

namespace MiniNet.Figures;

/// <summary>
/// Projects a surface in its box to the screen. The projection is orthographic: parallel lines stay parallel, and equal lengths along an
/// axis stay equal. The longer of x and y is 1 wide, and the box is <see cref="BoxHeight"/> high. The box is rotated about the vertical
/// axis and then tilted.
/// </summary>
internal sealed class Projection
{
    /// <summary>The height of the box.</summary>
    public const double BoxHeight = 0.62;

    private readonly SurfaceGrid grid;
    private readonly double low, high, wide, deep, cosA, sinA, cosE, sinE;

    public Projection(SurfaceGrid grid, LevelScale scale, double azimuth, double elevation)
    {
        this.grid = grid;
        double middle = scale.IsConstant ? double.IsNaN(scale.Low) ? 0 : scale.Low : 0, half = Math.Max(0.5, Math.Abs(middle) * 0.1);
        (low, high) = scale.IsConstant ? (middle - half, middle + half) : (scale.Low, scale.High);
        double x = grid.X[^1] - grid.X[0], y = grid.Y[^1] - grid.Y[0];
        (wide, deep) = Math.Max(x, y) > PlotFrame.MaxAspectRatio * Math.Min(x, y) ? (1, 1) : (x / Math.Max(x, y), y / Math.Max(x, y));
        (sinA, cosA) = Math.SinCos(azimuth * Math.PI / 180);
        (sinE, cosE) = Math.SinCos(elevation * Math.PI / 180);
    }

    public (double Low, double High) Z => (low, high);

    /// <summary>Gets the width of the box along x and its depth along y.</summary>
    public (double Wide, double Deep) Size => (wide, deep);

    /// <summary>
    /// Gets values indicating whether the side with the maximum x is closer to the camera than the side with the minimum x, and likewise
    /// for y.
    /// </summary>
    public (bool X, bool Y) IsFarEndNear => (sinA > 0, cosA < 0);

    /// <summary>Projects a point: its position to the right and upwards, in box widths, and its depth.</summary>
    public (double Right, double Up, double Depth) Project(double x, double y, double z)
    {
        (double u, double v, double w) = Inside(x, y, z);
        double away = (v * cosA) - (u * sinA);
        return ((u * cosA) + (v * sinA), (w * cosE) + (away * sinE), (away * cosE) - (w * sinE));
    }

    /// <summary>Returns the bounds of the projected box, in box widths.</summary>
    public (double Left, double Right, double Below, double Above) Extent()
    {
        double across = (wide * Math.Abs(cosA)) + (deep * Math.Abs(sinA)),
            up = (BoxHeight * cosE) + (((wide * Math.Abs(sinA)) + (deep * Math.Abs(cosA))) * sinE);
        return (-across / 2, across / 2, -up / 2, up / 2);
    }

    /// <summary>
    /// Returns the light on a piece of the surface with the given slopes, from 0 to 1. The light comes from the left, from behind the
    /// camera.
    /// </summary>
    public double Light(double dx, double dy)
    {
        (double u, double v) = (dx * Steepness(grid.X, wide), dy * Steepness(grid.Y, deep));
        (double lightU, double lightV) = ((-0.5 * cosA) + (0.4 * sinA), (-0.5 * sinA) - (0.4 * cosA));
        return Math.Clamp((0.77 - (u * lightU) - (v * lightV)) / Math.Sqrt(1 + (u * u) + (v * v)), 0, 1);
    }

    /// <summary>Determines whether the surface hides a point from the camera.</summary>
    public bool IsHidden(double x, double y, double z)
    {
        (double u, double v, double w) = Inside(x, y, z);
        double step = 0.5 / Math.Max(grid.X.Count, grid.Y.Count);
        for (double way = 2 * step; ; way += step)
        {
            (double nearU, double nearV, double sight) = (u + (way * sinA), v - (way * cosA), w + (way * sinE / cosE));
            if (Math.Abs(nearU) > wide / 2 || Math.Abs(nearV) > deep / 2 || !(sight <= BoxHeight / 2))
            {
                return false;
            }

            double surface = grid.At(
                grid.X[0] + (((nearU / wide) + 0.5) * (grid.X[^1] - grid.X[0])),
                grid.Y[0] + (((nearV / deep) + 0.5) * (grid.Y[^1] - grid.Y[0])));
            if ((((surface - low) / (high - low)) - 0.5) * BoxHeight > sight + 0.006)
            {
                return true;
            }
        }
    }

    private double Steepness(IReadOnlyList<double> coordinates, double size) =>
        BoxHeight / (high - low) * (coordinates[^1] - coordinates[0]) / size;

    private (double U, double V, double W) Inside(double x, double y, double z) => (
        (((x - grid.X[0]) / (grid.X[^1] - grid.X[0])) - 0.5) * wide,
        (((y - grid.Y[0]) / (grid.Y[^1] - grid.Y[0])) - 0.5) * deep,
        (((z - low) / (high - low)) - 0.5) * BoxHeight);
}
