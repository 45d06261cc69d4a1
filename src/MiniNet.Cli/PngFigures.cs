using MiniNet.Metrics;
using MiniNet.ScottPlot;
using MiniNet.Training;

namespace MiniNet.Cli;

/// <summary>The PNG files. A class of its own, so that no other command loads the drawing libraries.</summary>
internal static class PngFigures
{
    private const double Scale = 2; // pixels for each unit of the figure, for today's screens

    public static byte[] Loss((string Name, TrainingHistory History)[] runs, bool logarithmic, string lossName) =>
        Png(() => runs.ToPlot(logarithmic, lossName), 860, 480);

    public static byte[] Confusion(ConfusionMatrix matrix, string name)
    {
        int size = Math.Clamp(matrix.Classes.Count * 40, 420, 1600); // of the cells; the rest is for the names
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
        catch (Exception e) when (e is DllNotFoundException || e.InnerException is DllNotFoundException || e.InnerException?.InnerException is DllNotFoundException)
        {
            throw new IOException(
                $"the drawing libraries for {System.Runtime.InteropServices.RuntimeInformation.RuntimeIdentifier} are missing: this program was built on another platform. " +
                "Build it here, or with -p:AllPlatforms=true; SVG pictures need no libraries.",
                e);
        }
    }
}
