using System.CommandLine;
using System.Text.Json;
using MiniNet.Data;
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

    private static readonly Option<string?> Output = Options.OutputPath(
        "--output", "The picture, an SVG file. Default: loss.svg in the run folder; in the current folder for several runs.");

    private static readonly Option<string?> Png = Options.OutputPath(
        "--png", "The picture as a PNG file, instead of the SVG file; with --output, both are written.");

    private static readonly Option<bool> Log = Options.Flag("--log", "Make the loss axis logarithmic.");
    private static readonly Option<bool> Confusion = Options.Flag(
        "--confusion",
        "Draw the confusion matrix of the run's test rows instead, as a PNG file. Default: confusion.png in the run folder.");

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
        string[] inputs = [.. folders.SelectMany(folder => new[] { History(folder), RunJson(folder), RunFolder.ModelPath(folder) })];
        if (parsed.GetValue(Confusion))
        {
            if (folders.Length > 1 || output is not null || log)
            {
                throw new UsageException("--confusion draws one run as a PNG file; leave out --output and --log, and name one run folder.");
            }

            ConfusionMatrix matrix = ReadConfusion(folders[0]);
            var confusion = new OutputFile("--png", png, byDefault: Path.Combine(folders[0], "confusion.png"));
            OutputFile.Check(inputs, confusion);
            confusion.Write(stream => stream.Write(PngFigures.Confusion(matrix, Name(folders[0]))));
            Console.Out.WriteLine(confusion.Path);
            return 0;
        }

        (string, TrainingHistory)[] runs = [.. folders.Select(folder => (Name(folder), TrainingHistory.Load(History(folder))))];
        string? svgByDefault = png is not null ? null : folders.Length == 1 ? Path.Combine(folders[0], "loss.svg") : "loss.svg";
        OutputFile svgFile = new("--output", output, svgByDefault), pngFile = new("--png", png);
        OutputFile.Check(inputs, svgFile, pngFile);
        // A history without run.json may come from any loss.
        string loss = folders.All(folder => File.Exists(RunJson(folder))) ? LossName : "loss";
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

    /// <summary>Reads the confusion matrix of the test rows from run.json, which stores it row by row, one per class.</summary>
    private static ConfusionMatrix ReadConfusion(string folder)
    {
        string path = RunJson(folder);
        if (!File.Exists(path))
        {
            throw new DataFormatException($"{folder}: not a run folder, because it has no run.json; name a folder that train wrote.");
        }

        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            JsonElement results = document.RootElement.GetProperty("results");
            if (!results.TryGetProperty("perClass", out JsonElement perClass))
            {
                throw new DataFormatException(
                    $"{path}: there are no test results, so there is no confusion matrix to draw; the run diverged.");
            }

            JsonElement[] classes = [.. perClass.EnumerateArray()];
            var matrix = new ConfusionMatrix([.. classes.Select(each => each.GetProperty("name").GetString() ?? "")]);
            for (int truth = 0; truth < classes.Length; truth++)
            {
                int[] counts = [.. classes[truth].GetProperty("predicted").EnumerateArray().Select(count => count.GetInt32())];
                for (int predicted = 0; predicted < counts.Length; predicted++)
                {
                    for (int row = 0; row < counts[predicted]; row++)
                    {
                        matrix.Add(truth, predicted);
                    }
                }
            }

            return matrix;
        }
        catch (Exception e)
            when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or IndexOutOfRangeException)
        {
            throw new DataFormatException($"{path}: cannot be read as the record of a run: {e.Message}", e);
        }
    }

    private static string History(string folder) => Path.Combine(folder, "history.csv");

    private static string RunJson(string folder) => Path.Combine(folder, "run.json");

    private static string Name(string folder) => Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)));
}
