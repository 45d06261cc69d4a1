using System.Text.Json.Nodes;
using MiniNet.Data;
using MiniNet.Metrics;
using MiniNet.Training;

namespace MiniNet.Cli;

/// <summary>What a run came to.</summary>
internal sealed record TrainResult(ClassifierRun Run, CsvDataset Data, string DataHash, Evaluation Test, string Folder, double Seconds, bool Cancelled)
{
    /// <summary>What <c>--json</c> prints. <c>rows</c> and <c>columns</c> are counts; <c>classes</c> the names.</summary>
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

    /// <summary>For each class its figures, and how often its rows were taken for each class: a row of the confusion matrix.</summary>
    public static JsonArray PerClass(Evaluation evaluation)
    {
        ConfusionMatrix confusion = evaluation.Confusion;
        return new JsonArray([.. confusion.Classes.Select((name, c) => (JsonNode)new JsonObject
        {
            ["name"] = name,
            ["precision"] = confusion.Precision(c),
            ["recall"] = confusion.Recall(c),
            ["f1"] = confusion.F1(c),
            ["predicted"] = new JsonArray([.. Enumerable.Range(0, confusion.Classes.Count).Select(predicted => (JsonNode)confusion[c, predicted])]),
        })]);
    }

    public static JsonObject Baseline(Evaluation evaluation) => new() { ["accuracy"] = evaluation.Confusion.BaselineAccuracy };
}
