using MiniNet.Calculus;

namespace MiniNet.Figures;

/// <summary>What a marked point is; each kind has a shape and a colour of its own.</summary>
public enum PlottedPointKind
{
    /// <summary>A minimum: a triangle that points down.</summary>
    Minimum,

    /// <summary>A maximum: a triangle that points up.</summary>
    Maximum,

    /// <summary>A saddle: a cross.</summary>
    Saddle,

    /// <summary>A critical point that the second derivatives do not decide: a square.</summary>
    Degenerate,

    /// <summary>Any other point: a diamond.</summary>
    Other,
}

/// <summary>A point to mark in a figure.</summary>
/// <param name="X">Its x.</param>
/// <param name="Y">Its y. A point that is not finite, or outside of the figure, is left out.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Name">What is written beside it; null for nothing.</param>
public sealed record PlottedPoint(double X, double Y, PlottedPointKind Kind, string? Name = null)
{
    /// <summary>A critical point over two variables.</summary>
    /// <param name="point">The point.</param>
    /// <returns>The same with the sign of its kind.</returns>
    /// <exception cref="ArgumentException">It is not over two variables.</exception>
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
