using System.CommandLine;
using MiniNet.Files;
using MiniNet.Models;

namespace MiniNet.Cli;

/// <summary>
/// <c>mininet predict MODEL DATA</c>: copies a CSV file and appends the predicted class and the probability of each class.
/// </summary>
internal static class PredictCommand
{
    private static readonly Argument<string> Model = Options.Required("MODEL", "The model file that train wrote.");
    private static readonly Argument<string> Data = Options.Required(
        "DATA", "The CSV file to predict. It needs no target column, and its columns may be in any order.");

    private static readonly OutputOption Output = new("--output", "The CSV file to write. Default: standard output.");

    public static Command Create()
    {
        var command = new Command("predict", "Copy a CSV file and append the predicted class and the probability of each class.")
        {
            Model, Data, Output,
        };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        (string model, string path) = (parsed.GetRequiredValue(Model), parsed.GetRequiredValue(Data));
        var output = new OutputFile("--output", parsed.GetValue(Output));
        OutputFile.Check([model, path], output);
        Classifier classifier = ModelFile.Load(model);
        (long Rows, IReadOnlyList<string> Ignored) done = (0, []);
        using var interruption = new CancellationSignal();
        if (output.Path is not null)
        {
            output.Write(stream => done = CsvPredictions.Write(classifier, path, stream, interruption.Token));
            Console.Out.WriteLine($"{output.Path}: {done.Rows} rows predicted.");
        }
        else
        {
            using Stream stream = Console.OpenStandardOutput();
            done = CsvPredictions.Write(classifier, path, stream, interruption.Token);
        }

        Warnings.IgnoredColumns(path, done.Ignored);
        return 0;
    }
}
