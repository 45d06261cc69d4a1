using System.Text.Json.Nodes;
using MiniNet.Data;
using MiniNet.Metrics;
using MiniNet.Training;

namespace MiniNet.Cli;

/// <summary>Represents the result of a training run.</summary>
internal sealed record TrainResult(
    ClassifierRun Run, CsvDataset Data, string DataHash, Evaluation Test, string Folder, double Seconds, bool Cancelled)
{
    /// <summary>
    /// Creates the object that <c>--json</c> prints. <c>rows</c> and <c>columns</c> are counts; <c>classes</c> are names.
    /// </summary>
    public JsonObject ToJson() => new()
    {
        ["rows"] = Data.Count,
        ["columns"] = Data.Columns.Count + 1,
        ["classes"] = new JsonArray([.. Data.Classes.Select(name => (JsonNode)name)]),
        ["target"] = Data.Target,
        ["seed"] = Run.Settings.Seed,
        ["epochs"] = Run.History.Epochs.Count,
        ["bestEpoch"] = Run.History.BestEpoch,
        ["test"] = Figures(Test),
        ["baseline"] = Baseline(Test),
        ["runFolder"] = Folder,
        ["model"] = RunFolder.ModelPath(Folder),
        ["seconds"] = Math.Round(Seconds, 3),
    };

    public static JsonObject Figures(Evaluation evaluation) => new()
    {
        ["accuracy"] = evaluation.Confusion.Accuracy,
        ["loss"] = evaluation.Loss,
        ["macroF1"] = evaluation.Confusion.MacroF1,
    };

    /// <summary>Creates one object per class with its metrics and its row of the confusion matrix.</summary>
    public static JsonArray PerClass(Evaluation evaluation)
    {
        ConfusionMatrix confusion = evaluation.Confusion;
        return new JsonArray([.. confusion.Classes.Select((name, c) => (JsonNode)new JsonObject
        {
            ["name"] = name,
            ["precision"] = confusion.Precision(c),
            ["recall"] = confusion.Recall(c),
            ["f1"] = confusion.F1(c),
            ["predicted"] = new JsonArray(
                [.. Enumerable.Range(0, confusion.Classes.Count).Select(predicted => (JsonNode)confusion[c, predicted])]),
        })]);
    }

    public static JsonObject Baseline(Evaluation evaluation) => new() { ["accuracy"] = evaluation.Confusion.BaselineAccuracy };
}
