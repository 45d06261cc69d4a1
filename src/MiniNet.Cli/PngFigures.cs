using MiniNet.Metrics;
using MiniNet.ScottPlot;
using MiniNet.Training;

namespace MiniNet.Cli;

/// <summary>Draws figures as PNG files. It is a separate class, so that other commands do not load the drawing libraries.</summary>
internal static class PngFigures
{
    private const double Scale = 2; // pixels per unit of the figure, for high-resolution screens

    public static byte[] Loss((string Name, TrainingHistory History)[] runs, bool logarithmic, string lossName) =>
        Png(() => runs.ToPlot(logarithmic, lossName), 860, 480);

    public static byte[] Confusion(ConfusionMatrix matrix, string name)
    {
        int size = Math.Clamp(matrix.Classes.Count * 40, 420, 1600); // of all cells, without the class names
        return Png(() => matrix.ToPlot(name), size + 260, size + 160);
    }

    private static byte[] Png(Func<global::ScottPlot.Plot> draw, int width, int height)
    {
        try
        {
            using global::ScottPlot.Plot plot = draw();
            plot.ScaleFactor = Scale;
            return plot.GetImageBytes((int)(width * Scale), (int)(height * Scale), global::ScottPlot.ImageFormat.Png);
        }
        catch (Exception e) when (e.GetBaseException() is DllNotFoundException)
        {
            throw new IOException(
                $"the drawing libraries for {System.Runtime.InteropServices.RuntimeInformation.RuntimeIdentifier} are missing: " +
                "this program was built on another platform. " +
                "Build it here, or with -p:AllPlatforms=true; SVG pictures need no libraries.",
                e);
        }
    }
}
