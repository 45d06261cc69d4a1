using System.Text.Json;
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

    /// <summary>Reads the confusion matrix of a run from run.json, where <see cref="PerClass"/> wrote it.</summary>
    /// <param name="folder">The run folder.</param>
    /// <exception cref="DataFormatException">There is none, or it is invalid.</exception>
    public static ConfusionMatrix ReadConfusion(string folder)
    {
        string path = RunFolder.RecordPath(folder);
        if (!File.Exists(path))
        {
            throw new DataFormatException($"{folder}: not a run folder, because it has no run.json; name a folder that train wrote.");
        }

        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            return document.RootElement.GetProperty("results").TryGetProperty("perClass", out JsonElement perClass)
                ? ReadPerClass([.. perClass.EnumerateArray()])
                : throw new DataFormatException(
                    $"{path}: there are no test results, so there is no confusion matrix to draw; the run diverged.");
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException
            or ArgumentException or OverflowException)
        {
            throw new DataFormatException($"{path}: cannot be read as the record of a run: {e.Message}", e);
        }
    }

    private static ConfusionMatrix ReadPerClass(JsonElement[] classes)
    {
        var matrix = new ConfusionMatrix([.. classes.Select(each => each.GetProperty("name").GetString() ?? "")]);
        for (int truth = 0; truth < classes.Length; truth++)
        {
            JsonElement[] counts = [.. classes[truth].GetProperty("predicted").EnumerateArray()];
            if (counts.Length != classes.Length)
            {
                throw new FormatException(
                    $"class '{matrix.Classes[truth]}' has {counts.Length} counts, but there are {classes.Length} classes.");
            }

            for (int predicted = 0; predicted < counts.Length; predicted++)
            {
                matrix.Add(truth, predicted, counts[predicted].GetInt32());
            }
        }

        return matrix;
    }

    public static JsonObject Baseline(Evaluation evaluation) => new() { ["accuracy"] = evaluation.Confusion.BaselineAccuracy };
}
