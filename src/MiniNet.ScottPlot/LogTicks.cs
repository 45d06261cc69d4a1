using global::ScottPlot;
using MiniNet.Figures;

namespace MiniNet.ScottPlot;

/// <summary>Generates ticks for an axis that shows log10 of its values, which is how ScottPlot 5 draws logarithmic axes.</summary>
internal sealed class LogTicks : ITickGenerator
{
    private const int MaxDecades = 2000; // more than the range of double

    public Tick[] Ticks { get; private set; } = [];

    public int MaxTickCount { get; set; } = 12;

    public void Regenerate(CoordinateRange range, Edge edge, PixelLength size, Paint paint, LabelStyle labelStyle)
    {
        int most = Math.Clamp((int)(size.Length / (labelStyle.FontSize * 2.2)), 3, MaxTickCount);
        Ticks = For(range.Min, range.Max, most);
    }

    /// <summary>Gets the ticks between 10 to the power of <paramref name="low"/> and 10 to the power of <paramref name="high"/>.</summary>
    internal static Tick[] For(double low, double high, int maxCount)
    {
        if (!(high > low) || high - low > MaxDecades)
        {
            return [];
        }

        double[] labelled = [.. Axis.LogarithmicTicks(low, high, maxCount)];
        IEnumerable<double> minor = high - low > 8 ? [] : Axis.Multiples(low, high, [1, 2, 3, 4, 5, 6, 7, 8, 9]).Except(labelled);
        return
        [
            .. labelled.Select(value => Tick.Major(Math.Log10(value), Axis.Label(value))),
            .. minor.Select(value => Tick.Minor(Math.Log10(value))),
        ];
    }
}
