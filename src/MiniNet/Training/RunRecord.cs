using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using MiniNet.Data;
using MiniNet.Graphs;
using MiniNet.Kernels;

namespace MiniNet.Training;

/// <summary>
/// Represents the contents of <c>run.json</c> in a run folder: everything needed to repeat a <see cref="ClassifierRun"/> bit for bit, and
/// how it ended. Loading a record does not use the kernels, so a program can still select the kernels that the record names.
/// </summary>
public sealed record RunRecord
{
    private const string FileName = "run.json";

    /// <summary>Gets the settings for training, including the seed.</summary>
    public required ClassifierSettings Settings { get; init; }

    /// <summary>Gets a value indicating whether the network was created by a function instead of the settings.</summary>
    public bool HasCustomNetwork { get; init; }

    /// <summary>Gets the name of the target column.</summary>
    public required string Target { get; init; }

    /// <summary>Gets the path of the data file when the run was trained.</summary>
    public required string DataPath { get; init; }

    /// <summary>Gets the SHA-256 of the data file, in hexadecimal digits.</summary>
    public required string DataHash { get; init; }

    /// <summary>Gets the version of the library, for messages.</summary>
    public required string Version { get; init; }

    /// <summary>Gets the identifier of the library's build. Another build of the same version may compute different results.</summary>
    public required string Build { get; init; }

    /// <summary>Gets the version of .NET. Its mathematical functions and compiled code affect rounding.</summary>
    public required string DotNet { get; init; }

    /// <summary>Gets the operating system and the processor architecture.</summary>
    public required string System { get; init; }

    /// <summary>Gets the kernels that computed the run: plain or SIMD.</summary>
    public required KernelBackend Backend { get; init; }

    /// <summary>Gets the vector width in bits. See <see cref="Kernel.VectorBits"/>.</summary>
    public required int VectorBits { get; init; }

    /// <summary>Gets the completed epochs. After <see cref="Load"/>, their losses equal the original ones bit for bit.</summary>
    public required TrainingHistory History { get; init; }

    /// <summary>Gets where the run diverged and with which message, or null if it did not diverge.</summary>
    public RunDivergence? Diverged { get; init; }

    /// <summary>
    /// Gets the number of the last epoch whose batches can be replayed: the last one completed, or the one in which the run diverged.
    /// </summary>
    public int LastEpoch => Diverged?.Epoch ?? History.Epochs.Count;

    private static string ThisVersion =>
        typeof(RunRecord).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    // Set by the compiler. It is the same for the same sources, options and folder.
    private static string ThisBuild => typeof(RunRecord).Module.ModuleVersionId.ToString();

    private static string ThisDotNet => Environment.Version.ToString();

    private static string ThisSystem => $"{RuntimeInformation.OSDescription} {RuntimeInformation.ProcessArchitecture}";

    /// <summary>Creates the record of a run of this process.</summary>
    /// <param name="run">The completed run.</param>
    /// <param name="dataHash">The hash of its data file, computed when the file was read.</param>
    /// <param name="diverged">The exception that ended the run if it diverged; otherwise, null.</param>
    /// <returns>The record.</returns>
    public static RunRecord Create(ClassifierRun run, string dataHash, DivergedException? diverged = null) => new()
    {
        Settings = run.Settings,
        HasCustomNetwork = run.HasCustomNetwork,
        Target = run.Data.Target,
        DataPath = run.Data.Path,
        DataHash = dataHash,
        Version = ThisVersion,
        Build = ThisBuild,
        DotNet = ThisDotNet,
        System = ThisSystem,
        Backend = Kernel.Backend,
        VectorBits = Kernel.VectorBits,
        History = run.History,
        Diverged = diverged is null ? null : new RunDivergence(diverged.Epoch, diverged.Batch, diverged.IsValidation, diverged.Message),
    };

    /// <summary>Computes the SHA-256 of a file.</summary>
    /// <param name="path">The path of the file.</param>
    /// <returns>Hexadecimal digits in lower case.</returns>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static string ComputeHash(string path)
    {
        using FileStream file = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }

    /// <summary>Reads the record in a run folder, and the losses in its <c>history.csv</c>.</summary>
    /// <param name="folder">The folder that <c>mininet train</c> wrote.</param>
    /// <returns>The record.</returns>
    /// <exception cref="ReplayException">The folder has no run, or its record cannot be read.</exception>
    /// <exception cref="DataFormatException">The history cannot be read.</exception>
    public static RunRecord Load(string folder)
    {
        string path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
        {
            throw new ReplayException($"{folder}: not a run folder, because it has no {FileName}; name a folder that train wrote.");
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
            (RunRecord record, int epochs) = Read(document.RootElement);
            var history = epochs == 0 ? new TrainingHistory() : TrainingHistory.Load(Path.Combine(folder, "history.csv"));
            return history.Epochs.Count == epochs
                ? record with { History = history }
                : throw new ReplayException(
                    $"{folder}: {FileName} records {epochs} epochs, but history.csv has {history.Epochs.Count}, " +
                    "so they are not from the same run. Train again.");
        }
        catch (Exception e)
            when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or ArgumentException)
        {
            throw new ReplayException($"{path}: this is not the record of a run that can be replayed: {e.Message}", e);
        }
    }

    /// <summary>
    /// Lists what differs between the recorded run and this process and can change the results in their last digits: the build of MiniNet,
    /// .NET, the operating system, the kernels and the vector width.
    /// </summary>
    /// <returns>Phrases such as <c>on .NET 9.0.1, not 10.0.1</c>, to follow "the run was trained"; empty if nothing differs.</returns>
    public IReadOnlyList<string> FindDifferences()
    {
        List<string> differences = [];
        AddIf(
            Build != ThisBuild,
            Version == ThisVersion ? $"with another build of MiniNet {Version}" : $"with MiniNet {Version}, not {ThisVersion}");
        AddIf(DotNet != ThisDotNet, $"on .NET {DotNet}, not {ThisDotNet}");
        AddIf(System != ThisSystem, $"on {System}, not {ThisSystem}");
        AddIf(Backend != Kernel.Backend, $"with the {FormatBackend(Backend)} kernels, not the {FormatBackend(Kernel.Backend)} ones");
        AddIf(VectorBits != Kernel.VectorBits, $"with vectors of {VectorBits} bits, not {Kernel.VectorBits}");
        return differences;

        void AddIf(bool differs, string difference)
        {
            if (differs)
            {
                differences.Add(difference);
            }
        }
    }

    /// <summary>
    /// Creates the run again, untrained, after checking that the data is the same. What else differs is in
    /// <see cref="ClassifierRun.Differences"/>.
    /// </summary>
    /// <param name="dataPath">The path of the data file. By default, <see cref="DataPath"/>.</param>
    /// <param name="createNetwork">The function that created the network of the run; null if it is the network of the settings.</param>
    /// <returns>The run. Call <see cref="ClassifierRun.GoTo"/> to replay it up to a batch.</returns>
    /// <exception cref="ReplayException">
    /// The data file does not exist, or differs from the one that the run was trained on; or the run has a custom network and no function
    /// is given, or the other way round.
    /// </exception>
    public ClassifierRun Reopen(string? dataPath = null, Func<int, int, Graph>? createNetwork = null)
    {
        string path = dataPath ?? DataPath;
        Require(
            createNetwork is not null || !HasCustomNetwork,
            "the run has a custom network: open it in a program with ClassifierRun.Open and the same createNetwork.");
        Require(
            createNetwork is null || HasCustomNetwork,
            "the run has the network of its settings: open it without createNetwork.");
        Require(
            File.Exists(path),
            $"{path}: the data file of the run does not exist; specify its path (on the command line with --data FILE).");
        Require(
            ComputeHash(path) == DataHash,
            $"{path}: this is not the data that the run was trained on (the SHA-256 differs); restore the original file, or train again.");
        try
        {
            return new ClassifierRun(CsvDataset.Load(path, Target), Settings, this, createNetwork);
        }
        catch (ArgumentException e)
        {
            throw new ReplayException($"{FileName}: a setting is out of range: {e.Message}", e);
        }
    }

    /// <summary>Creates the JSON that <see cref="Load"/> reads, with further information about the run for the reader.</summary>
    /// <returns>A new object, which the caller may extend.</returns>
    public JsonObject ToJson() => new()
    {
        ["settings"] = new JsonObject
        {
            ["target"] = Target,
            ["epochs"] = Settings.Epochs,
            ["batchSize"] = Settings.BatchSize,
            ["learningRate"] = Settings.LearningRate,
            ["optimizer"] = Settings.Optimizer.ToString(),
            ["schedule"] = Settings.Schedule.ToString(),
            ["weightDecay"] = Settings.WeightDecay,
            ["maxGradientNorm"] = Settings.MaxGradientNorm,
            ["customNetwork"] = HasCustomNetwork,
            ["hidden"] = new JsonArray([.. Settings.Hidden.Select(width => (JsonNode)width)]),
            ["activation"] = Settings.Activation.ToString(),
            ["dropout"] = Settings.Dropout,
            ["split"] = new JsonArray(Settings.Split.Training, Settings.Split.Validation, Settings.Split.Test),
            ["patience"] = Settings.Patience,
        },
        ["seed"] = Settings.Seed,
        ["versions"] = new JsonObject
        {
            ["mininet"] = Version,
            ["build"] = Build,
            ["dotnet"] = DotNet,
            ["system"] = System,
        },
        ["kernels"] = new JsonObject { ["side"] = FormatBackend(Backend), ["vectorBits"] = VectorBits, ["threads"] = Kernel.MaxThreads },
        ["data"] = new JsonObject { ["path"] = DataPath, ["sha256"] = DataHash },
        ["results"] = new JsonObject
        {
            ["epochs"] = History.Epochs.Count,
            ["bestEpoch"] = History.BestEpoch,
            ["diverged"] = Diverged is not { } at ? null : new JsonObject
            {
                ["epoch"] = at.Epoch,
                ["batch"] = at.Batch,
                ["validation"] = at.IsValidation,
                ["message"] = at.Message,
            },
        },
    };

    private static (RunRecord Record, int Epochs) Read(JsonElement run)
    {
        JsonElement versions = run.GetProperty("versions"), settings = run.GetProperty("settings"), data = run.GetProperty("data"),
            kernels = run.GetProperty("kernels"), results = run.GetProperty("results");
        double[] split = [.. settings.GetProperty("split").EnumerateArray().Select(share => share.GetDouble())];
        var record = new RunRecord
        {
            Settings = new ClassifierSettings
            {
                Seed = run.GetProperty("seed").GetUInt64(),
                Epochs = settings.GetProperty("epochs").GetInt32(),
                BatchSize = settings.GetProperty("batchSize").GetInt32(),
                LearningRate = settings.GetProperty("learningRate").GetSingle(),
                Optimizer = ParseEnum<OptimizerKind>(settings.GetProperty("optimizer")),
                Schedule = Find("schedule") is { } schedule ? ParseEnum<ScheduleKind>(schedule) : ScheduleKind.Constant,
                WeightDecay = Find("weightDecay")?.GetSingle(),
                MaxGradientNorm = Find("maxGradientNorm")?.GetSingle(),
                Hidden = [.. settings.GetProperty("hidden").EnumerateArray().Select(width => width.GetInt32())],
                Activation = ParseEnum<Activation>(settings.GetProperty("activation")),
                Dropout = Find("dropout")?.GetSingle() ?? 0,
                Split = split is [var training, var validation, var test]
                    ? (training, validation, test)
                    : throw new FormatException("a split must have three shares."),
                Patience = settings.GetProperty("patience").GetInt32(),
            },
            HasCustomNetwork = Find("customNetwork")?.GetBoolean() ?? false,
            Target = Text(settings.GetProperty("target")),
            DataPath = Text(data.GetProperty("path")),
            DataHash = Text(data.GetProperty("sha256")),
            Version = Text(versions.GetProperty("mininet")),
            Build = Text(versions.GetProperty("build")),
            DotNet = Text(versions.GetProperty("dotnet")),
            System = Text(versions.GetProperty("system")),
            Backend = ParseEnum<KernelBackend>(kernels.GetProperty("side")),
            VectorBits = kernels.GetProperty("vectorBits").GetInt32(),
            History = new TrainingHistory(),
            Diverged = results.TryGetProperty("diverged", out JsonElement at) && at.ValueKind != JsonValueKind.Null
                ? new RunDivergence(
                    at.GetProperty("epoch").GetInt32(),
                    at.GetProperty("batch").GetInt32(),
                    at.GetProperty("validation").GetBoolean(),
                    Text(at.GetProperty("message")))
                : null,
        };
        return (record, results.GetProperty("epochs").GetInt32());

        // Records of earlier versions do not have all settings.
        JsonElement? Find(string setting) =>
            settings.TryGetProperty(setting, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? value : null;
    }

    private static string Text(JsonElement text) => text.GetString() ?? throw new FormatException("a text is missing.");

    private static T ParseEnum<T>(JsonElement word)
        where T : struct, Enum => Enum.GetNames<T>().Contains(Text(word), StringComparer.OrdinalIgnoreCase)
            ? Enum.Parse<T>(Text(word), ignoreCase: true) // alone it would accept numbers too
            : throw new FormatException($"'{Text(word)}' is not one of {string.Join(", ", Enum.GetNames<T>())}.");

    private static string FormatBackend(KernelBackend backend) => backend.ToString().ToLower(CultureInfo.InvariantCulture);

    private static void Require(bool condition, string message)
    {
        if (!condition)
        {
            throw new ReplayException(message);
        }
    }
}

/// <summary>Represents the batch at which a run diverged.</summary>
/// <param name="Epoch">The epoch, from 1.</param>
/// <param name="Batch">The batch in the epoch, from 1.</param>
/// <param name="IsValidation">true if it is a batch of the validation rows, after all of the epoch's steps; otherwise, false.</param>
/// <param name="Message">The message of the <see cref="DivergedException"/>.</param>
public sealed record RunDivergence(int Epoch, int Batch, bool IsValidation, string Message);
