using MiniNet.Calculus;
using static MiniNet.Figures.SvgParts;

namespace MiniNet.Figures;

/// <summary>
/// The levels of a surface, and how high a value stands among them: what its colour is chosen by.
/// </summary>
/// <remarks>
/// Rosenbrock's function goes from 0 to 2509 on its usual square, and half of that square lies below 150: with levels at equal distances the valley is one
/// patch without a line. Levels at equal ranks (of the sorted values) would show it, but their numbers are no round ones and their distances tell nothing of
/// steepness. Levels at equal ratios above the least value show it, are round (1, 10, 100), and each line is so many times higher than the one before. So
/// these are taken where the median lies in the lowest seventh of the range, and mirrored where it lies in the highest.
/// </remarks>
internal sealed class LevelScale
{
    private const double Crowded = 1 / 7.0;

    private LevelScale(double low, double high, double[] levels, string words) => (Low, High, Levels, Words) = (low, high, levels, words);

    /// <summary>The least finite value; NaN where there is none.</summary>
    public double Low { get; }

    /// <summary>The greatest.</summary>
    public double High { get; }

    /// <summary>The levels, increasing, all between the least and the greatest.</summary>
    public IReadOnlyList<double> Levels { get; }

    /// <summary>How they were chosen, where a reader must know: empty where they are at equal distances.</summary>
    public string Words { get; }

    /// <summary>Whether there is but one value, as far as can be told.</summary>
    public bool IsConstant => !(High - Low > 1e-9 * Math.Max(Math.Abs(Low), Math.Abs(High)));

    /// <summary>How many bands the levels cut the values into.</summary>
    public int Bands => Levels.Count + 1;

    public static LevelScale Of(SurfaceGrid grid, SurfaceOptions options)
    {
        int most = Math.Min(Require.AtLeast1(options.MostLevels), SurfaceOptions.MostLevelsOfAll);
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
            return new LevelScale(low, high, [.. given.Select(level => Require.Finite(level, nameof(options.Levels))).Where(level => level > low && level < high).Distinct().Order()], "");
        }

        double share = (median - low) / (high - low);
        bool logarithmic = options.Spacing == LevelSpacing.Logarithmic || (options.Spacing == LevelSpacing.Automatic && share is < Crowded or > 1 - Crowded);
        if (!logarithmic)
        {
            return new LevelScale(low, high, Round(low, high, most), "");
        }

        double[] above = [.. values.Where(value => value > low)], below = [.. values.Where(value => value < high)];
        double[] levels = share <= 0.5
            ? Ratios(low, high, above[above.Length / 50], most)
            : [.. Ratios(-high, -low, -below[^(1 + (below.Length / 50))], most).Select(level => -level).Reverse()];
        return new LevelScale(low, high, levels, share <= 0.5 ? "levels at equal ratios above the least value" : "levels at equal ratios below the greatest value");
    }

    /// <summary>A level, or the least or greatest value, with the digits that tell it from the nearest level.</summary>
    public string Label(double value) => Short(value, Levels.Select(level => Math.Abs(level - value)).Where(distance => distance > 0).DefaultIfEmpty(High - Low).Min());

    /// <summary>From 0 to 1: how many of the levels lie below a value, and in between in proportion.</summary>
    public double Fraction(double z)
    {
        int below = Levels.Count(level => level <= z);
        double from = below == 0 ? Low : Levels[below - 1], to = below == Levels.Count ? High : Levels[below];
        return IsConstant ? 0.5 : Math.Clamp((below + Math.Clamp((z - from) / (to - from), 0, 1)) / Bands, 0, 1);
    }

    /// <summary>The colour's place of a whole band, from 0.</summary>
    public double OfBand(int band) => Bands == 1 ? 0.5 : band / (double)(Bands - 1);

    // As many as allowed: the axis counts its ticks about right.
    private static double[] Round(double low, double high, int most)
    {
        var axis = new Axis(low, high, 0, 1);
        return Enumerable.Range(0, most + 1).Select(less => axis.Ticks(most + 1 - less).Where(level => level > low && level < high).ToArray()).FirstOrDefault(levels => levels.Length <= most) ?? [];
    }

    // The first level leaves about a fiftieth of the values (of those that are not the least) below it. All are counted from a round number at or just below the least value.
    private static double[] Ratios(double low, double high, double first, int most)
    {
        double decades = Math.Log10((high - low) / Math.Max(first - low, (high - low) * 1e-12));
        double[] mantissas = decades * 3 <= most ? [1, 2, 5] : decades * 2 <= most ? [1, 3] : [1];
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

        int every = (levels.Count + most - 1) / most;
        return [.. levels.Where((_, i) => i % every == every / 2)];
    }
}
