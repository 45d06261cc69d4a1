using System.CommandLine;
using System.Globalization;
using MiniNet.Data;
using MiniNet.Explanations;
using MiniNet.Files;
using MiniNet.Models;
using Spectre.Console;

namespace MiniNet.Cli;

/// <summary><c>mininet sensitivity MODEL DATA</c>: shows which columns the probabilities depend on, for a file or for one row.</summary>
internal static class SensitivityCommand
{
    private static readonly Argument<string> Model = Options.Required("MODEL", "The model file that train wrote.");
    private static readonly Argument<string> Data = Options.Required(
        "DATA", "A CSV file. It needs no target column, and its columns may be in any order.");

    private static readonly Option<int?> Row = Options.Parsed<int?>(
        "--row",
        "Use one row instead of the mean over all: its number, not counting the header, from 1 to 2147483647.",
        null,
        text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int row) && row >= 1
            ? (row, null)
            : (null, "must be a number from 1 to 2147483647"),
        _ => "all rows");

    private static readonly Option<bool> Json = Options.Flag("--json", "Print the result as one JSON object and nothing else.");
    private static readonly OutputOption Bars = new(
        "--bars", "Write a bar chart of the strongest effects on each class to this SVG file.", ".svg");

    private static readonly OutputOption HeatMap = new(
        "--heatmap", "Write a heat map of all effects, classes by columns, to this SVG file.", ".svg");

    public static Command Create()
    {
        var command = new Command(
            "sensitivity",
            "Show how the probability of each class depends on each column. " +
            "This is a local slope of the model, not a causal effect.")
        {
            Model, Data, Row, Json, Bars, HeatMap,
        };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        (string model, string path) = (parsed.GetRequiredValue(Model), parsed.GetRequiredValue(Data));
        var bars = new OutputFile("--bars", parsed.GetValue(Bars));
        var map = new OutputFile("--heatmap", parsed.GetValue(HeatMap));
        OutputFile.Check([model, path], bars, map);
        Classifier classifier = ModelFile.Load(model);
        int? row = parsed.Value(Row, null);
        (SensitivityReport report, IReadOnlyList<string> ignored) =
            Compute(Open(classifier, model), path, row, parsed.GetValue(Json));
        string title = $"{Path.GetFileName(path)}, {(row is { } n ? $"row {n}" : report.Rows == 1 ? "1 row" : $"{report.Rows} rows")}";
        string?[] pictures = [bars.Path, map.Path];
        if (bars.Path is not null)
        {
            bars.Write(SensitivityView.Bars(report, title));
        }

        if (map.Path is not null)
        {
            map.Write(SensitivityView.HeatMap(report, title));
        }

        Warnings.IgnoredColumns(path, ignored);
        if (parsed.GetValue(Json))
        {
            Console.Out.WriteLine(SensitivityView.ToJson(report, classifier.Preprocessing.Target, row).ToJsonString());
        }
        else
        {
            SensitivityView.Print(report, title, classifier.Preprocessing.Target);
            foreach (string picture in pictures.OfType<string>())
            {
                Console.Out.WriteLine(picture);
            }
        }

        return 0;
    }

    private static Sensitivity Open(Classifier classifier, string model)
    {
        try
        {
            return new Sensitivity(classifier);
        }
        catch (DataFormatException e)
        {
            throw new DataFormatException($"{model}: {e.Message}", e);
        }
    }

    private static (SensitivityReport Report, IReadOnlyList<string> Ignored) Compute(
        Sensitivity sensitivity, string path, int? row, bool quiet)
    {
        if (row is { } n)
        {
            return sensitivity.AtRow(path, n);
        }

        using var interruption = new CancellationSignal();
        return quiet || Console.IsOutputRedirected
            ? sensitivity.Of(path, cancellation: interruption.Token)
            : AnsiConsole.Status().Start("0 rows", context => sensitivity.Of(path, new StatusProgress(context), interruption.Token));
    }

    private sealed class StatusProgress(StatusContext context) : IProgress<long>
    {
        public void Report(long value) => context.Status = $"{value} rows";
    }
}
