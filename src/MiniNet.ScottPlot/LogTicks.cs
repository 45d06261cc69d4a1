using System.Globalization;
using global::ScottPlot;
using MiniNet.Figures;

namespace MiniNet.ScottPlot;

/// <summary>
/// Generates ticks for an axis that shows log10 of its values, which is how ScottPlot 5 draws logarithmic axes. The labels are 1, 2 and 5
/// times powers of ten. If these are too many, only the powers are used. If the axis range is too small for them, round numbers at equal
/// distances are used.
/// </summary>
internal sealed class LogTicks : ITickGenerator
{
    private const int MinLabels = 3;
    private const int MaxDecades = 2000; // more than the range of double

    // Ensures that a limit that is itself a round number gets a tick.
    private const double Rounding = 1 + 1e-9;

    public Tick[] Ticks { get; private set; } = [];

    public int MaxTickCount { get; set; } = 12;

    public void Regenerate(CoordinateRange range, Edge edge, PixelLength size, Paint paint, LabelStyle labelStyle)
    {
        int most = Math.Clamp((int)(size.Length / (labelStyle.FontSize * 2.2)), MinLabels, MaxTickCount);
        Ticks = For(range.Min, range.Max, most);
    }

    /// <summary>Gets the ticks between 10 to the power of <paramref name="low"/> and 10 to the power of <paramref name="high"/>.</summary>
    internal static Tick[] For(double low, double high, int maxCount)
    {
        if (!(high > low) || high - low > MaxDecades)
        {
            return [];
        }

        double[] labelled = Labelled(low, high, maxCount);
        IEnumerable<double> minor = high - low > 8 ? [] : Multiples(low, high, [1, 2, 3, 4, 5, 6, 7, 8, 9], 1).Except(labelled);
        return
        [
            .. labelled.Select(value => Tick.Major(Math.Log10(value), Axis.Label(value))),
            .. minor.Select(value => Tick.Minor(Math.Log10(value))),
        ];
    }

    private static double[] Labelled(double low, double high, int maxCount)
    {
        double[] fine = [.. Multiples(low, high, [1, 2, 5], 1)];
        if (fine.Length >= MinLabels)
        {
            for (int step = 1; fine.Length > maxCount; step = step == 1 ? 2 : step + 2)
            {
                fine = [.. Multiples(low, high, [1], step)];
            }

            return fine;
        }

        double first = Math.Pow(10, low), last = Math.Pow(10, high);
        double rough = (last - first) / Math.Min(maxCount, 6), power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        double steps = rough / power / Rounding, distance = power * (steps <= 1 ? 1 : steps <= 2 ? 2 : steps <= 5 ? 5 : 10);
        List<double> even = [];
        for (double n = Math.Ceiling(first / distance / Rounding); n * distance <= last * Rounding && even.Count <= maxCount; n++)
        {
            even.Add(n * distance);
        }

        return [.. even];
    }

    private static IEnumerable<double> Multiples(double low, double high, int[] factors, int step)
    {
        for (int power = (int)(Math.Floor(low / step) * step); power <= high; power += step)
        {
            foreach (int factor in factors)
            {
                // Parsed, because Math.Pow(10, -3) is not exactly the number 0.001.
                double value = double.Parse($"{factor}e{power}", CultureInfo.InvariantCulture);
                if (value > 0 && Math.Log10(value) >= low && Math.Log10(value) <= high)
                {
                    yield return value;
                }
            }
        }
    }
}
