using System.CommandLine;
using MiniNet.Files;
using MiniNet.Models;

namespace MiniNet.Cli;

/// <summary><c>mininet predict MODEL DATA</c>: copies a CSV file with the predicted class and every class's probability appended.</summary>
internal static class PredictCommand
{
    private static readonly Argument<string> Model = Options.Required("MODEL", "The model file that train wrote.");
    private static readonly Argument<string> Data = Options.Required("DATA", "The CSV file to predict; its columns may stand in any order.");
    private static readonly Option<string?> Output = Options.Path("--output", "Where the copy goes. Default: standard output.");

    public static Command Create()
    {
        var command = new Command("predict", "Append the predicted class and its probabilities to the rows of a CSV file.") { Model, Data, Output };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        Classifier classifier = ModelFile.Load(parsed.GetRequiredValue(Model));
        string path = parsed.GetRequiredValue(Data);
        (long Rows, IReadOnlyList<string> Ignored) done = (0, []);
        using var interruption = new Interruption();
        if (parsed.GetValue(Output) is { } output)
        {
            Outputs.RequireOther("--output", output, path, parsed.GetRequiredValue(Model));
            AtomicFile.Write(output, stream => done = CsvPredictions.Write(classifier, path, stream, interruption.Token));
            Console.Out.WriteLine($"{output}: {done.Rows} rows predicted.");
        }
        else
        {
            using Stream stream = Console.OpenStandardOutput();
            done = CsvPredictions.Write(classifier, path, stream, interruption.Token);
        }

        Words.Ignored(path, done.Ignored);
        return 0;
    }
}
