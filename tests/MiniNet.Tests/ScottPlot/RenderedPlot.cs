using global::ScottPlot;

namespace MiniNet.Tests.ScottPlot;

/// <summary>Represents the pixels of a figure, and maps the coordinates of its data to them.</summary>
internal sealed class RenderedPlot
{
    private readonly byte[,,] pixels;
    private readonly PixelRect data;
    private readonly AxisLimits limits;

    private RenderedPlot(byte[,,] pixels, PixelRect data, AxisLimits limits) =>
        (this.pixels, this.data, this.limits) = (pixels, data, limits);

    public static RenderedPlot Draw(Plot plot, int width = 600, int height = 420)
    {
        using Image image = plot.GetImage(width, height);
        return new RenderedPlot(image.GetArrayRGB(), plot.RenderManager.LastRender.DataRect, plot.Axes.GetLimits());
    }

    /// <summary>Returns whether a colour is near a data point, or a number of pixels below it.</summary>
    public bool Has(Color colour, double x, double y, int radius = 1, int below = 0)
    {
        (int column, int line) = Place(x, y);
        line += below;
        for (int i = line - radius; i <= line + radius; i++)
        {
            for (int j = column - radius; j <= column + radius; j++)
            {
                if (Shows(i, j, colour))
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>Returns the minimum brightness, from 0 to 255, near a data point. A line of one pixel may be spread over two.</summary>
    public int Darkest(double x, double y, int radius = 1)
    {
        (int column, int line) = Place(x, y);
        int darkest = 255;
        for (int i = line - radius; i <= line + radius; i++)
        {
            for (int j = column - radius; j <= column + radius; j++)
            {
                darkest = Math.Min(darkest, (pixels[i, j, 0] + pixels[i, j, 1] + pixels[i, j, 2]) / 3);
            }
        }

        return darkest;
    }

    /// <summary>Returns the colour of the pixel at a data point.</summary>
    public Color At(double x, double y)
    {
        (int column, int line) = Place(x, y);
        return new Color(pixels[line, column, 0], pixels[line, column, 1], pixels[line, column, 2]);
    }

    public int Count(Color colour)
    {
        int count = 0;
        for (int i = 0; i < pixels.GetLength(0); i++)
        {
            for (int j = 0; j < pixels.GetLength(1); j++)
            {
                count += Shows(i, j, colour) ? 1 : 0;
            }
        }

        return count;
    }

    /// <summary>
    /// Checks that each text of a figure is visible, by drawing it in a unique colour. Without glyphs ScottPlot draws no text and reports
    /// no error.
    /// </summary>
    public static void AssertEveryTextIsDrawn(Plot plot)
    {
        List<(string Name, LabelStyle Style)> texts = [("title", plot.Axes.Title.Label)];
        foreach (IAxis axis in new IAxis[] { plot.Axes.Bottom, plot.Axes.Left })
        {
            texts.Add(($"ticks at the {axis.Edge}", axis.TickLabelStyle));
            if (axis.Label.Text.Length > 0)
            {
                texts.Add(($"label at the {axis.Edge}", axis.Label));
            }
        }

        foreach (global::ScottPlot.Panels.ColorBar bar in plot.Axes.GetPanels().OfType<global::ScottPlot.Panels.ColorBar>())
        {
            texts.AddRange([("label of the colour bar", bar.LabelStyle), ("ticks of the colour bar", bar.Axis.TickLabelStyle)]);
        }

        texts.AddRange(plot.GetPlottables<global::ScottPlot.Plottables.Text>().Take(1).Select(text => ("text", text.LabelStyle)));
        foreach ((string name, LabelStyle style) in texts)
        {
            Color before = style.ForeColor;
            style.ForeColor = Colors.Magenta;
            Assert.True(Draw(plot).Count(Colors.Magenta) >= 6, $"{name} is not drawn");
            style.ForeColor = before;
        }

        Color? legend = plot.Legend.FontColor;
        plot.Legend.FontColor = Colors.Magenta;
        bool hasLegend = plot.Legend.GetItems().Length > 0;
        Assert.True(!hasLegend || Draw(plot).Count(Colors.Magenta) >= 6, "the legend is not drawn");
        plot.Legend.FontColor = legend;
        Assert.Equal(0, Draw(plot).Count(Colors.Magenta)); // nothing but the text has this colour
    }

    private (int Column, int Line) Place(double x, double y) => (
        (int)Math.Round(data.Left + ((x - limits.Left) / (limits.Right - limits.Left) * data.Width)),
        (int)Math.Round(data.Bottom - ((y - limits.Bottom) / (limits.Top - limits.Bottom) * data.Height)));

    // A pixel at the edge of a line is the colour mixed with the white background, so it is near the line from white to the colour. Another
    // colour is not, even one as near as blue and green are.
    private bool Shows(int line, int column, Color colour)
    {
        double[] full = [255 - colour.R, 255 - colour.G, 255 - colour.B];
        double[] pixel = [.. Enumerable.Range(0, 3).Select(channel => 255.0 - pixels[line, column, channel])];
        double share = full.Zip(pixel, (a, b) => a * b).Sum() / full.Sum(a => a * a);
        return share > 0.5 && full.Zip(pixel, (a, b) => Math.Pow(b - (share * a), 2)).Sum() < 30 * 30;
    }
}
