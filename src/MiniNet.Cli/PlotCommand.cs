using System.CommandLine;
using MiniNet.Figures;
using MiniNet.Metrics;
using MiniNet.Training;

namespace MiniNet.Cli;

/// <summary>
/// Represents the command <c>mininet plot RUN [RUN2 ...]</c>, which draws the loss curves of runs from history.csv, or the confusion
/// matrix of one run from run.json.
/// </summary>
internal static class PlotCommand
{
    /// <summary>The axis label for the loss that the train command minimizes.</summary>
    internal const string LossName = "cross-entropy loss";

    private static readonly Argument<string[]> Runs =
        new("RUN") { Description = "A run folder, or several to draw in one chart.", Arity = ArgumentArity.OneOrMore };

    private static readonly OutputOption Output = new(
        "--output", "The picture, an SVG file. Default: loss.svg in the run folder; in the current folder for several runs.", ".svg");

    private static readonly OutputOption Png = new(
        "--png", "The picture as a PNG file, instead of the SVG file; with --output, both are written.", ".png");

    private static readonly Option<bool> Log = Options.Flag("--log", "Make the loss axis logarithmic.");
    private static readonly Option<bool> Confusion = Options.Flag(
        "--confusion",
        "Draw the confusion matrix of the run's test rows instead, as the PNG file of --png. Default: confusion.png in the run folder.");

    public static Command Create()
    {
        var command = new Command("plot", "Draw the loss curves of one or more runs, or the confusion matrix of one.")
        {
            Runs, Output, Png, Log, Confusion,
        };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        string[] folders = parsed.GetRequiredValue(Runs);
        string? output = parsed.GetValue(Output), png = parsed.GetValue(Png);
        bool log = parsed.GetValue(Log);
        string[] inputs = [.. folders.SelectMany(folder => new[]
        {
            RunFolder.HistoryPath(folder), RunFolder.RecordPath(folder), RunFolder.ModelPath(folder),
        })];
        if (parsed.GetValue(Confusion))
        {
            if (folders.Length > 1 || output is not null || log)
            {
                throw new UsageException("--confusion draws one run as a PNG file; leave out --output and --log, and name one run folder.");
            }

            ConfusionMatrix matrix = TrainResult.ReadConfusion(folders[0]);
            var confusion = new OutputFile("--png", png, byDefault: Path.Combine(folders[0], "confusion.png"));
            OutputFile.Check(inputs, confusion);
            confusion.Write(stream => stream.Write(PngFigures.Confusion(matrix, RunFolder.NameOf(folders[0]))));
            Console.Out.WriteLine(confusion.Path);
            return 0;
        }

        (string, TrainingHistory)[] runs =
            [.. folders.Select(folder => (RunFolder.NameOf(folder), TrainingHistory.Load(RunFolder.HistoryPath(folder))))];
        string? svgByDefault = png is not null ? null : RunFolder.LossPath(folders.Length == 1 ? folders[0] : "");
        OutputFile svgFile = new("--output", output, svgByDefault), pngFile = new("--png", png);
        OutputFile.Check(inputs, svgFile, pngFile);
        // A history without run.json may come from any loss.
        string loss = folders.All(folder => File.Exists(RunFolder.RecordPath(folder))) ? LossName : "loss";
        if (svgFile.Path is not null)
        {
            svgFile.Write(LossCurves.Draw(runs, log, loss));
            Console.Out.WriteLine(svgFile.Path);
        }

        if (pngFile.Path is not null)
        {
            byte[] picture = PngFigures.Loss(runs, log, loss);
            pngFile.Write(stream => stream.Write(picture));
            Console.Out.WriteLine(pngFile.Path);
        }

        return 0;
    }
}
