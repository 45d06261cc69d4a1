using System.CommandLine;
using MiniNet.Figures;
using MiniNet.Files;
using MiniNet.Training;

namespace MiniNet.Cli;

/// <summary><c>mininet plot RUN [RUN2 ...]</c>: redraws the loss curves from history.csv; several runs in one picture.</summary>
internal static class PlotCommand
{
    private static readonly Argument<string[]> Runs = new("RUN") { Description = "A run folder, or several to lay over one another.", Arity = ArgumentArity.OneOrMore };
    private static readonly Option<string?> Output = Options.OutputPath("--output", "The picture, an SVG file. Default: loss.svg in the run folder; in this folder for several runs.");
    private static readonly Option<bool> Log = Options.Flag("--log", "Make the loss axis logarithmic.");

    public static Command Create()
    {
        var command = new Command("plot", "Draw the loss curves of one or more runs.") { Runs, Output, Log };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        string[] folders = parsed.GetRequiredValue(Runs);
        (string, TrainingHistory)[] runs = [.. folders.Select(folder => (Name(folder), TrainingHistory.Load(Path.Combine(folder, "history.csv"))))];
        var output = new OutputFile("--output", parsed.GetValue(Output), byDefault: folders.Length == 1 ? Path.Combine(folders[0], "loss.svg") : "loss.svg");
        OutputFile.Check([.. folders.SelectMany(RunFolder.Files).Where(file => !file.EndsWith("loss.svg", StringComparison.Ordinal))], output);
        output.Write(LossCurves.Draw(runs, parsed.GetValue(Log)));
        Console.Out.WriteLine(output.Path);
        return 0;
    }

    private static string Name(string folder) => Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)));
}
