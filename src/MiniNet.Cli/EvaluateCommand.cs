using System.CommandLine;
using System.Text.Json.Nodes;
using MiniNet.Files;
using MiniNet.Metrics;
using MiniNet.Models;

namespace MiniNet.Cli;

/// <summary><c>mininet evaluate MODEL DATA</c>: evaluates a model on the rows of a CSV file that has the target column.</summary>
internal static class EvaluateCommand
{
    private static readonly Argument<string> Model = Options.Required("MODEL", "The model file that train wrote.");
    private static readonly Argument<string> Data = Options.Required("DATA", "A CSV file with the target column.");
    private static readonly Option<bool> Json = Options.Flag("--json", "Print the result as one JSON object and nothing else.");

    public static Command Create()
    {
        var command = new Command("evaluate", "Evaluate a model on a CSV file that has the target column.") { Model, Data, Json };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        Classifier classifier = ModelFile.Load(parsed.GetRequiredValue(Model));
        string path = parsed.GetRequiredValue(Data);
        (Evaluation evaluation, IReadOnlyList<string> ignored) = classifier.Evaluate(path);
        Warnings.IgnoredColumns(path, ignored);
        if (parsed.GetValue(Json))
        {
            Console.Out.WriteLine(new JsonObject
            {
                ["rows"] = evaluation.Confusion.Rows,
                ["classes"] = new JsonArray([.. evaluation.Confusion.Classes.Select(name => (JsonNode)name)]),
                ["target"] = classifier.Preprocessing.Target,
                ["test"] = TrainResult.Figures(evaluation),
                ["baseline"] = TrainResult.Baseline(evaluation),
                ["perClass"] = TrainResult.PerClass(evaluation),
            }.ToJsonString());
        }
        else
        {
            EvaluationReport.Print(Path.GetFileName(path), evaluation, quiet: false);
        }

        return 0;
    }
}
