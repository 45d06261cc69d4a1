using MiniNet.Calculus;
using static MiniNet.Figures.SvgParts;

namespace MiniNet.Figures;

/// <summary>Represents the levels of a surface, and maps each value to its position among them, which determines its colour.</summary>
/// <remarks>
/// Rosenbrock's function ranges from 0 to 2509 on its usual square, and half of that square lies below 150, so equally spaced levels leave
/// the valley without a line. Levels at equal ranks (quantiles) would show it, but they are not round numbers and their spacing says
/// nothing about steepness. Levels at equal ratios above the minimum show the valley, are round (1, 10, 100), and rise by the same factor
/// from line to line. They are used if the median lies in the lowest seventh of the range, and mirrored if it lies in the highest.
/// </remarks>
internal sealed class LevelScale
{
    private const double CrowdedFraction = 1 / 7.0;

    private LevelScale(double low, double high, double[] levels, string words) =>
        (Low, High, Levels, Description) = (low, high, levels, words);

    /// <summary>Gets the minimum finite value, or NaN if there is none.</summary>
    public double Low { get; }

    /// <summary>Gets the maximum finite value, or NaN if there is none.</summary>
    public double High { get; }

    /// <summary>Gets the levels in increasing order, all between the minimum and the maximum.</summary>
    public IReadOnlyList<double> Levels { get; }

    /// <summary>Gets a note for the reader on how the levels were chosen; empty if they are equally spaced.</summary>
    public string Description { get; }

    /// <summary>Gets a value indicating whether all finite values are the same, up to rounding.</summary>
    public bool IsConstant => !(High - Low > 1e-9 * Math.Max(Math.Abs(Low), Math.Abs(High)));

    /// <summary>Gets the number of bands between the levels.</summary>
    public int Bands => Levels.Count + 1;

    public static LevelScale Of(SurfaceGrid grid, SurfaceOptions options)
    {
        int most = Math.Min(Require.AtLeast1(options.MaxLevels), SurfaceOptions.MaxLevelsLimit);
        double[] values = [.. grid.Z.Cast<double>().Where(double.IsFinite).Order()];
        if (values.Length == 0)
        {
            return new LevelScale(double.NaN, double.NaN, [], "");
        }

        (double low, double high, double median) = (values[0], values[^1], values[values.Length / 2]);
        var scale = new LevelScale(low, high, [], "");
        if (scale.IsConstant || !double.IsFinite(high - low))
        {
            return scale;
        }

        if (options.Levels is { } given)
        {
            return new LevelScale(
                low,
                high,
                [
                    .. given.Select(level => Require.Finite(level, nameof(options.Levels)))
                        .Where(level => level > low && level < high).Distinct().Order(),
                ],
                "");
        }

        double share = (median - low) / (high - low);
        bool logarithmic = options.Spacing == LevelSpacing.Logarithmic
            || (options.Spacing == LevelSpacing.Automatic && share is < CrowdedFraction or > 1 - CrowdedFraction);
        if (!logarithmic)
        {
            return new LevelScale(low, high, RoundLevels(low, high, most), "");
        }

        double[] above = [.. values.Where(value => value > low)], below = [.. values.Where(value => value < high)];
        double[] levels = share <= 0.5
            ? LogarithmicLevels(low, high, above[above.Length / 50], most)
            : [.. LogarithmicLevels(-high, -low, -below[^(1 + (below.Length / 50))], most).Select(level => -level).Reverse()];
        return new LevelScale(
            low, high, levels, share <= 0.5 ? "levels at equal ratios above the minimum" : "levels at equal ratios below the maximum");
    }

    /// <summary>Formats a level, or the minimum or maximum, with enough digits to distinguish it from the nearest level.</summary>
    public string Label(double value) =>
        FormatNumber(
            value, Levels.Select(level => Math.Abs(level - value)).Where(distance => distance > 0).DefaultIfEmpty(High - Low).Min());

    /// <summary>Returns the position of a value among the levels, from 0 to 1, with linear interpolation between two levels.</summary>
    public double Fraction(double z)
    {
        int below = Levels.Count(level => level <= z);
        double from = below == 0 ? Low : Levels[below - 1], to = below == Levels.Count ? High : Levels[below];
        return IsConstant ? 0.5 : Math.Clamp((below + Math.Clamp((z - from) / (to - from), 0, 1)) / Bands, 0, 1);
    }

    /// <summary>Returns the position on the colour scale, from 0 to 1, for a whole band; bands are counted from 0.</summary>
    public double BandFraction(int band) => Bands == 1 ? 0.5 : band / (double)(Bands - 1);

    // The axis treats the number of ticks as a hint, so fewer are requested until the result is within the limit.
    private static double[] RoundLevels(double low, double high, int maxCount)
    {
        var axis = new Axis(low, high, 0, 1);
        return Enumerable.Range(0, maxCount + 1)
            .Select(less => axis.Ticks(maxCount + 1 - less).Where(level => level > low && level < high).ToArray())
            .FirstOrDefault(levels => levels.Length <= maxCount) ?? [];
    }

    // About 2 % of the values above the minimum lie below the first level. The levels are measured from a round number at or just below the
    // minimum.
    private static double[] LogarithmicLevels(double low, double high, double first, int maxCount)
    {
        double decades = Math.Log10((high - low) / Math.Max(first - low, (high - low) * 1e-12));
        double[] mantissas = decades * 3 <= maxCount ? [1, 2, 5] : decades * 2 <= maxCount ? [1, 3] : [1];
        int power = (int)Math.Floor(Math.Log10(high - low) - decades);
        double unit = Math.Pow(10, power), ground = Math.Floor(low / unit) * unit;
        List<double> levels = [];
        for (int i = 0; i < 100; i++)
        {
            double level = ground + (mantissas[i % mantissas.Length] * Math.Pow(10, power + (i / mantissas.Length)));
            if (level >= high)
            {
                break;
            }

            if (level > low && level >= first)
            {
                levels.Add(level);
            }
        }

        int every = (levels.Count + maxCount - 1) / maxCount;
        return [.. levels.Where((_, i) => i % every == every / 2)];
    }
}
