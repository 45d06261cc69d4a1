using System.Text.Json.Nodes;
using MiniNet.Data;
using MiniNet.Metrics;
using MiniNet.Training;

namespace MiniNet.Cli;

/// <summary>What a run came to.</summary>
internal sealed record TrainResult(ClassifierRun Run, CsvDataset Data, Evaluation Test, string Folder, double Seconds, bool Cancelled)
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

    public static JsonObject Baseline(Evaluation evaluation) => new() { ["accuracy"] = evaluation.Confusion.BaselineAccuracy };
}
