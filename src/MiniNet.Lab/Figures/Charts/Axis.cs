using System.Globalization;

namespace MiniNet.Figures;

/// <summary>Maps values to positions along one side of a figure and chooses round numbers for its ticks.</summary>
internal sealed class Axis
{
    private const double Rounding = 1e-9; // so that an end that is itself a round number gets a tick

    private readonly double low, high, from, to;
    private readonly bool logarithmic;

    /// <param name="low">The minimum value to show; must be positive on a logarithmic axis.</param>
    /// <param name="high">The maximum value to show.</param>
    /// <param name="from">The position of the minimum, in the figure's units.</param>
    /// <param name="to">The position of the maximum, in the figure's units.</param>
    /// <param name="logarithmic">true to place equal ratios, instead of equal differences, at equal distances.</param>
    public Axis(double low, double high, double from, double to, bool logarithmic = false)
    {
        (this.from, this.to, this.logarithmic) = (from, to, logarithmic);
        (low, high) = (Scale(low), Scale(high));
        double margin = high > low ? 0 : logarithmic ? 0.5 : Math.Max(Math.Abs(high) * 0.1, 0.5); // a flat curve still needs some height
        (this.low, this.high) = (low - margin, high + margin);
    }

    public double Map(double value) => from + ((Scale(value) - low) / (high - low) * (to - from));

    /// <summary>Returns the values to mark: multiples of 1, 2 or 5 times a power of ten.</summary>
    public IEnumerable<double> Ticks(int maxCount) =>
        logarithmic ? LogarithmicTicks(low, high, maxCount) : EvenTicks(low, high, maxCount);

    /// <summary>
    /// Returns the values to mark between 10 to the power of <paramref name="low"/> and 10 to the power of <paramref name="high"/>: 1, 2
    /// and 5 times powers of ten; if these are too many, only powers; if they are fewer than three, round values at equal distances.
    /// </summary>
    public static IEnumerable<double> LogarithmicTicks(double low, double high, int maxCount)
    {
        double[] ticks = [.. Multiples(low, high, [1, 2, 5])];
        if (ticks.Length < 3)
        {
            return EvenTicks(Math.Pow(10, low), Math.Pow(10, high), Math.Min(maxCount, 6));
        }

        for (int step = 1; ticks.Length > maxCount; step = step == 1 ? 2 : step + 2)
        {
            ticks = [.. Multiples(low, high, [1], step)];
        }

        return ticks;
    }

    /// <summary>Returns each factor times each power of ten, or times every n-th power, from 10^low to 10^high.</summary>
    public static IEnumerable<double> Multiples(double low, double high, int[] factors, int step = 1)
    {
        for (int power = (int)(Math.Floor(low / step) * step); power <= high; power += step)
        {
            foreach (int factor in factors)
            {
                // Parsed, because Math.Pow(10, -3) is not exactly the number 0.001.
                double value = double.Parse($"{factor}e{power}", CultureInfo.InvariantCulture);
                if (value > 0 && Math.Log10(value) >= low - Rounding && Math.Log10(value) <= high + Rounding)
                {
                    yield return value;
                }
            }
        }
    }

    public static string Label(double tick) => tick != 0 && Math.Abs(tick) is < 1e-4 or >= 1e6
        ? tick.ToString("0.####e0", CultureInfo.InvariantCulture)
        : Math.Round(tick, 10).ToString(CultureInfo.InvariantCulture);

    private double Scale(double value) => logarithmic ? Math.Log10(value) : value;

    private static IEnumerable<double> EvenTicks(double low, double high, int maxCount)
    {
        double rough = (high - low) / maxCount, power = Math.Pow(10, Math.Floor(Math.Log10(rough))), steps = (rough / power) - Rounding;
        double distance = power * (steps <= 1 ? 1 : steps <= 2 ? 2 : steps <= 5 ? 5 : 10),
            first = Math.Ceiling((low / distance) - Rounding);
        int count = (int)(Math.Floor((high / distance) + Rounding) - first) + 1;
        return Enumerable.Range(0, Math.Max(count, 0))
            .Select(i => ((first + i) * distance) + 0.0); // turns -0 into 0, so that the label has no minus sign
    }
}
