using System.Globalization;
using global::ScottPlot;
using MiniNet.Figures;

namespace MiniNet.ScottPlot;

/// <summary>Provides what all figures share: font, colours, title and legend.</summary>
internal static class Figure
{
    public static readonly Color Ink = Color.FromHex(SvgParts.Ink);

    // The first seven are those of the SVG figures, which colour-blind readers can distinguish.
    private static readonly Color[] Colours =
        [.. SvgParts.Colours.Concat([
            "#8C6D31", "#7F7F7F", "#5B2A86", "#999933", "#88CCEE", "#117733", "#882255", "#44AA99", "#AA4499", "#DDCC77", "#661100",
            "#6699CC", "#BBBBBB"]).Select(Color.FromHex)];

    public static Color Colour(int index) => Colours[index % Colours.Length];

    public static Plot Create(string title)
    {
        FigureFonts.Register();
        var plot = new Plot();
        plot.Title(title, size: 17);
        plot.Axes.Title.Label.ForeColor = Ink;
        plot.Grid.MajorLineColor = Color.FromHex(SvgParts.Grid);
        foreach (IAxis axis in plot.Axes.GetAxes())
        {
            axis.Label.FontSize = 14;
            axis.Label.Bold = false;
            axis.Label.ForeColor = Ink;
            axis.TickLabelStyle.FontSize = 12;
            axis.TickLabelStyle.ForeColor = Ink;
        }

        return plot;
    }

    /// <summary>Shows the legend beside the figure, or in its upper right corner, where it usually leaves the data visible.</summary>
    public static void ShowLegend(Plot plot, bool beside)
    {
        if (beside)
        {
            plot.ShowLegend(Edge.Right).Alignment = Alignment.UpperCenter;
        }
        else
        {
            plot.ShowLegend(Alignment.UpperRight);
        }

        plot.Legend.FontSize = 12;
        plot.Legend.FontColor = Ink;
        plot.Legend.ShadowColor = Colors.Transparent;
        plot.Legend.OutlineColor = Color.FromHex("#CCCCCC");
        plot.Legend.BackgroundColor = Colors.White.WithAlpha(0.85);
    }

    public static string Number(double value, string format = "G3") => value.ToString(format, CultureInfo.InvariantCulture);

    public static string Share(double value) => Number(value, "F3");
}
