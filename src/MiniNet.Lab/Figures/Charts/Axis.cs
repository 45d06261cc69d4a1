using System.Globalization;

namespace MiniNet.Figures;

/// <summary>Maps values to positions along one side of a figure and chooses round numbers for its ticks.</summary>
internal sealed class Axis
{
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

    /// <summary>
    /// Returns the values to mark: multiples of 1, 2 or 5 times a power of ten. A logarithmic axis repeats them for each power.
    /// </summary>
    public IEnumerable<double> Ticks(int maxCount)
    {
        if (logarithmic && high - low >= 1)
        {
            double[] mantissas = high - low < 4 ? [1, 2, 5] : [1];
            int step = Math.Max(1, (int)Math.Ceiling((high - low) / maxCount));
            for (double power = Math.Floor(low); power <= high; power += step)
            {
                foreach (double tick in mantissas.Select(mantissa => mantissa * Math.Pow(10, power)).Where(Contains))
                {
                    yield return tick;
                }
            }

            yield break;
        }

        (double first, double last) = logarithmic ? (Math.Pow(10, low), Math.Pow(10, high)) : (low, high);
        double rough = (last - first) / maxCount, power10 = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        double distance = power10 * (rough / power10 <= 1 ? 1 : rough / power10 <= 2 ? 2 : rough / power10 <= 5 ? 5 : 10);
        for (double n = Math.Ceiling((first / distance) - 1e-9); n * distance <= last + (distance * 1e-9); n++)
        {
            yield return (n * distance) + 0.0; // turns -0 into 0, so that the label has no minus sign
        }
    }

    public static string Label(double tick) => tick != 0 && Math.Abs(tick) is < 1e-4 or >= 1e6
        ? tick.ToString("0.####e0", CultureInfo.InvariantCulture)
        : Math.Round(tick, 10).ToString(CultureInfo.InvariantCulture);

    private double Scale(double value) => logarithmic ? Math.Log10(value) : value;

    private bool Contains(double value) => Scale(value) >= low - 1e-9 && Scale(value) <= high + 1e-9;
}
