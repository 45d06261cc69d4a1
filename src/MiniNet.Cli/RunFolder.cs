using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using MiniNet.Files;
using MiniNet.Kernels;
using MiniNet.Plots;
using MiniNet.Training;

namespace MiniNet.Cli;

/// <summary>
/// The folder a run leaves: model.safetensors, history.csv, loss.svg, run.json. It is made before training, so that a folder that cannot be
/// written is known before the work is done, and removed again if the run ends without a result.
/// </summary>
internal sealed class RunFolder : IDisposable
{
    private readonly bool isNew;
    private readonly string stage;
    private bool written;

    private RunFolder(string path, bool isNew)
    {
        (Path, this.isNew) = (path, isNew);
        stage = System.IO.Path.Combine(path, $".{Environment.ProcessId}.tmp");
    }

    public string Path { get; }

    public static string ModelPath(string folder) => System.IO.Path.Combine(folder, "model.safetensors");

    public static RunFolder Create(string? wanted, string dataPath)
    {
        string path = wanted ?? FreeDefault(System.IO.Path.GetFileNameWithoutExtension(dataPath));
        try
        {
            bool missing = !Directory.Exists(path);
            if (!missing && Directory.EnumerateFileSystemEntries(path).Any(entry => !IsStage(entry)) && !(File.Exists(ModelPath(path)) && File.Exists(System.IO.Path.Combine(path, "run.json"))))
            {
                throw new IOException("it exists, is not empty, and is no earlier run that could be replaced.");
            }

            Directory.CreateDirectory(path);
            var folder = new RunFolder(path, isNew: missing);
            Directory.CreateDirectory(folder.stage);
            return folder;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new IOException($"{path}: the run folder cannot be written to: {e.Message} Choose another with --output.", e);
        }
    }

    /// <summary>All files are written to a folder aside first, so that the four of a run appear together or not at all.</summary>
    public void Write(TrainResult result, IEnumerable<string> arguments)
    {
        TrainingHistory history = result.Run.History;
        string name = System.IO.Path.GetFileName(System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(Path)));
        ModelFile.Save(ModelPath(stage), result.Run.Classifier);
        history.Save(System.IO.Path.Combine(stage, "history.csv"));
        AtomicFile.Write(System.IO.Path.Combine(stage, "loss.svg"), LossCurves.Draw([(name, history)]));
        AtomicFile.Write(
            System.IO.Path.Combine(stage, "run.json"),
            Describe(result, arguments).ToJsonString(new JsonSerializerOptions { WriteIndented = true, NewLine = "\n" }) + "\n");
        foreach (string file in Directory.GetFiles(stage))
        {
            File.Move(file, System.IO.Path.Combine(Path, System.IO.Path.GetFileName(file)), overwrite: true);
        }

        written = true;
    }

    public void Dispose()
    {
        string left = isNew && !written ? Path : stage;
        if (Directory.Exists(left))
        {
            Directory.Delete(left, recursive: true);
        }
    }

    private static JsonObject Describe(TrainResult result, IEnumerable<string> arguments)
    {
        ClassifierSettings settings = result.Run.Settings;
        return new JsonObject
        {
            ["arguments"] = new JsonArray([.. arguments.Select(argument => (JsonNode)argument)]),
            ["settings"] = new JsonObject
            {
                ["target"] = result.Data.Target,
                ["epochs"] = settings.Epochs,
                ["batchSize"] = settings.BatchSize,
                ["learningRate"] = settings.LearningRate,
                ["optimizer"] = settings.Optimizer.ToString(),
                ["hidden"] = new JsonArray([.. settings.Hidden.Select(width => (JsonNode)width)]),
                ["activation"] = settings.Activation.ToString(),
                ["split"] = new JsonArray(settings.Split.Training, settings.Split.Validation, settings.Split.Test),
                ["patience"] = settings.Patience,
            },
            ["seed"] = settings.Seed,
            ["versions"] = new JsonObject
            {
                ["mininet"] = typeof(ModelFile).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion,
                ["dotnet"] = Environment.Version.ToString(),
                ["system"] = $"{RuntimeInformation.OSDescription} {RuntimeInformation.ProcessArchitecture}",
            },
            ["kernels"] = new JsonObject
            {
                ["side"] = Kernel.Side.ToString().ToLowerInvariant(),
                ["vectorBits"] = Kernel.VectorBits,
                ["threads"] = Kernel.MaxThreads,
            },
            ["data"] = new JsonObject
            {
                ["path"] = result.Data.Path,
                ["sha256"] = result.DataHash,
                ["rows"] = new JsonObject
                {
                    ["training"] = result.Run.Split.Training.Count,
                    ["validation"] = result.Run.Split.Validation.Count,
                    ["test"] = result.Run.Split.Test.Count,
                },
            },
            ["results"] = Results(result),
            ["seconds"] = Math.Round(result.Seconds, 3),
        };
    }

    private static JsonObject Results(TrainResult result) => new()
    {
        ["epochs"] = result.Run.History.Epochs.Count,
        ["bestEpoch"] = result.Run.History.BestEpoch,
        ["stopped"] = result.Cancelled,
        ["test"] = TrainResult.Figures(result.Test),
        ["baseline"] = TrainResult.Baseline(result.Test),
        ["perClass"] = TrainResult.PerClass(result.Test),
    };

    // One that a killed run left behind is no reason to refuse the folder.
    private static bool IsStage(string entry) => System.IO.Path.GetFileName(entry) is ['.', .., '.', 't', 'm', 'p'];

    private static string FreeDefault(string name)
    {
        string stamp = DateTime.Now.ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture);
        string path = System.IO.Path.Combine("runs", $"{name}-{stamp}");
        for (int n = 2; Directory.Exists(path); n++)
        {
            path = System.IO.Path.Combine("runs", $"{name}-{stamp}-{n}");
        }

        return path;
    }
}
