using MiniNet.Calculus;

namespace MiniNet.Figures;

/// <summary>Specifies the kind of a marked point. Each kind has its own shape and colour.</summary>
public enum PlottedPointKind
{
    /// <summary>A minimum: a triangle that points down.</summary>
    Minimum,

    /// <summary>A maximum: a triangle that points up.</summary>
    Maximum,

    /// <summary>A saddle: a cross.</summary>
    Saddle,

    /// <summary>A critical point that the second-derivative test does not classify: a square.</summary>
    Degenerate,

    /// <summary>Any other point: a diamond.</summary>
    Other,
}

/// <summary>Represents a point to mark in a figure.</summary>
/// <param name="X">The x coordinate.</param>
/// <param name="Y">The y coordinate. Points that are not finite, or outside the figure, are not drawn.</param>
/// <param name="Kind">The kind of the point.</param>
/// <param name="Name">The label beside the point, or null for none.</param>
public sealed record PlottedPoint(double X, double Y, PlottedPointKind Kind, string? Name = null)
{
    /// <summary>Creates a marked point from a critical point over two variables.</summary>
    /// <param name="point">The critical point.</param>
    /// <exception cref="ArgumentException">The critical point is not over two variables.</exception>
    public static PlottedPoint Of(CriticalPoint point)
    {
        Require.TwoVariables(point.Point.Count, "point", nameof(point));
        return new(point.Point[0], point.Point[1], point.Kind switch
        {
            CriticalPointKind.Minimum => PlottedPointKind.Minimum,
            CriticalPointKind.Maximum => PlottedPointKind.Maximum,
            CriticalPointKind.Saddle => PlottedPointKind.Saddle,
            _ => PlottedPointKind.Degenerate,
        });
    }
}
