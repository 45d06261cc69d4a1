using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using MiniNet.Data;
using MiniNet.Kernels;

namespace MiniNet.Training;

/// <summary>
/// All that is needed to repeat a <see cref="ClassifierRun"/> to the bit, and how far it came: what <c>run.json</c> holds in a run folder. Loading one
/// touches no arithmetic, so that a program may still choose the kernels that the record names.
/// </summary>
public sealed record RunRecord
{
    private const string FileName = "run.json";

    /// <summary>How it trained, the seed included.</summary>
    public required ClassifierSettings Settings { get; init; }

    /// <summary>The column it learnt to predict.</summary>
    public required string Target { get; init; }

    /// <summary>The data file, as it was called then.</summary>
    public required string DataPath { get; init; }

    /// <summary>The SHA-256 of the data file, in hexadecimal digits.</summary>
    public required string DataHash { get; init; }

    /// <summary>The version of the library, to be told; what is compared is <see cref="Build"/>.</summary>
    public required string Version { get; init; }

    /// <summary>Which build of the library: another one may compute otherwise, whatever its version says.</summary>
    public required string Build { get; init; }

    /// <summary>The version of .NET, whose functions and compiled code round.</summary>
    public required string DotNet { get; init; }

    /// <summary>The operating system and the kind of processor.</summary>
    public required string System { get; init; }

    /// <summary>The side of the kernels.</summary>
    public required KernelSide Side { get; init; }

    /// <summary>The width of its vectors, see <see cref="Kernel.VectorBits"/>.</summary>
    public required int VectorBits { get; init; }

    /// <summary>The epochs that were completed; after <see cref="Load"/> each with the losses that it had, to the bit.</summary>
    public required TrainingHistory History { get; init; }

    /// <summary>Where the run diverged, and what it said; null where it did not.</summary>
    public RunDivergence? Diverged { get; init; }

    /// <summary>The number of the last epoch that has batches to go to: the last one completed, or the one in which the run diverged.</summary>
    public int LastEpoch => Diverged?.Epoch ?? History.Epochs.Count;

    private static string ThisVersion => typeof(RunRecord).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    // The compiler's number of what it made: the same for the same sources, options and folder.
    private static string ThisBuild => typeof(RunRecord).Module.ModuleVersionId.ToString();

    private static string ThisDotNet => Environment.Version.ToString();

    private static string ThisSystem => $"{RuntimeInformation.OSDescription} {RuntimeInformation.ProcessArchitecture}";

    /// <summary>The record of a run of this process.</summary>
    /// <param name="run">The run, when it is over.</param>
    /// <param name="dataHash">The hash of its data file, from when it was read.</param>
    /// <param name="diverged">How it ended, if it diverged.</param>
    /// <returns>The record.</returns>
    public static RunRecord Of(ClassifierRun run, string dataHash, DivergedException? diverged = null) => new()
    {
        Settings = run.Settings,
        Target = run.Data.Target,
        DataPath = run.Data.Path,
        DataHash = dataHash,
        Version = ThisVersion,
        Build = ThisBuild,
        DotNet = ThisDotNet,
        System = ThisSystem,
        Side = Kernel.Side,
        VectorBits = Kernel.VectorBits,
        History = run.History,
        Diverged = diverged is null ? null : new RunDivergence(diverged.Epoch, diverged.Batch, diverged.IsValidation, diverged.Message),
    };

    /// <summary>The SHA-256 of a file.</summary>
    /// <param name="path">The file.</param>
    /// <returns>Hexadecimal digits in lower case.</returns>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static string HashOf(string path)
    {
        using FileStream file = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }

    /// <summary>Reads the record in a run folder, and the losses in its <c>history.csv</c>.</summary>
    /// <param name="folder">The folder that <c>mininet train</c> wrote.</param>
    /// <returns>The record.</returns>
    /// <exception cref="ReplayException">There is no run in the folder, or its record cannot be read.</exception>
    /// <exception cref="DataFormatException">The history cannot be read.</exception>
    public static RunRecord Load(string folder)
    {
        string path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
        {
            throw new ReplayException($"{folder}: there is no run here, for there is no {FileName}; name a folder that train wrote.");
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
            (RunRecord record, int epochs) = Read(document.RootElement);
            var history = epochs == 0 ? new TrainingHistory() : TrainingHistory.Load(Path.Combine(folder, "history.csv"));
            return history.Epochs.Count == epochs
                ? record with { History = history }
                : throw new ReplayException($"{folder}: {FileName} tells of {epochs} epochs, history.csv of {history.Epochs.Count}: they are not of one run. Train again.");
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or ArgumentException)
        {
            throw new ReplayException($"{path}: this is not the record of a run that can be replayed: {e.Message}", e);
        }
    }

    /// <summary>The run once more, untrained, after making sure that it would come out the same to the bit.</summary>
    /// <param name="dataPath">Where the data file lies now; where it lay unless given.</param>
    /// <returns>The run, to <see cref="ClassifierRun.GoTo"/> a batch of it.</returns>
    /// <exception cref="ReplayException">Build, .NET, system, kernels, vector width or data differ from the record, or the data file is not there.</exception>
    public ClassifierRun Reopen(string? dataPath = null)
    {
        string path = dataPath ?? DataPath;
        Require(
            Build == ThisBuild,
            $"the run was trained by {(Version == ThisVersion ? $"another build of MiniNet {Version} than this one" : $"MiniNet {Version}, and this is {ThisVersion}")}; replay it with what it was trained with, or train again with this one.");
        Require(DotNet == ThisDotNet, $"the run was trained on .NET {DotNet}, and this is {ThisDotNet}; replay it on that one, or train again here.");
        Require(System == ThisSystem, $"the run was trained on {System}, and this is {ThisSystem}; replay it where it was trained, or train again here.");
        string side = Word(Side), variable = $"MININET_KERNELS={side}";
        Require(Side == Kernel.Side, $"the run was trained on the {side} kernels, and this process uses the {Word(Kernel.Side)} ones; start it with the environment variable {variable}.");
        Require(
            VectorBits == Kernel.VectorBits,
            $"the run was trained with vectors of {VectorBits} bits, and here they have {Kernel.VectorBits}; replay it on a machine like the one it was trained on, or train again here.");
        Require(File.Exists(path), $"{path}: the data file of the run is not there; say where it lies (on the command line with --data FILE).");
        Require(HashOf(path) == DataHash, $"{path}: this is not the data that the run was trained on, the SHA-256 differs; give that file back its content, or train again.");
        try
        {
            return new ClassifierRun(CsvDataset.Load(path, Target), Settings, this);
        }
        catch (ArgumentException e)
        {
            throw new ReplayException($"{FileName}: a setting is out of its range: {e.Message}", e);
        }
    }

    /// <summary>What <see cref="Load"/> reads, and what else a person wants to know of how the run came about.</summary>
    /// <returns>An object of the caller's own, to add to.</returns>
    public JsonObject ToJson() => new()
    {
        ["settings"] = new JsonObject
        {
            ["target"] = Target,
            ["epochs"] = Settings.Epochs,
            ["batchSize"] = Settings.BatchSize,
            ["learningRate"] = Settings.LearningRate,
            ["optimizer"] = Settings.Optimizer.ToString(),
            ["hidden"] = new JsonArray([.. Settings.Hidden.Select(width => (JsonNode)width)]),
            ["activation"] = Settings.Activation.ToString(),
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
        ["kernels"] = new JsonObject { ["side"] = Word(Side), ["vectorBits"] = VectorBits, ["threads"] = Kernel.MaxThreads },
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
        JsonElement versions = run.GetProperty("versions"), settings = run.GetProperty("settings"), data = run.GetProperty("data"), kernels = run.GetProperty("kernels"), results = run.GetProperty("results");
        double[] split = [.. settings.GetProperty("split").EnumerateArray().Select(share => share.GetDouble())];
        var record = new RunRecord
        {
            Settings = new ClassifierSettings
            {
                Seed = run.GetProperty("seed").GetUInt64(),
                Epochs = settings.GetProperty("epochs").GetInt32(),
                BatchSize = settings.GetProperty("batchSize").GetInt32(),
                LearningRate = settings.GetProperty("learningRate").GetSingle(),
                Optimizer = Choice<OptimizerKind>(settings.GetProperty("optimizer")),
                Hidden = [.. settings.GetProperty("hidden").EnumerateArray().Select(width => width.GetInt32())],
                Activation = Choice<Activation>(settings.GetProperty("activation")),
                Split = split is [var training, var validation, var test] ? (training, validation, test) : throw new FormatException("a split has three shares."),
                Patience = settings.GetProperty("patience").GetInt32(),
            },
            Target = Text(settings.GetProperty("target")),
            DataPath = Text(data.GetProperty("path")),
            DataHash = Text(data.GetProperty("sha256")),
            Version = Text(versions.GetProperty("mininet")),
            Build = Text(versions.GetProperty("build")),
            DotNet = Text(versions.GetProperty("dotnet")),
            System = Text(versions.GetProperty("system")),
            Side = Choice<KernelSide>(kernels.GetProperty("side")),
            VectorBits = kernels.GetProperty("vectorBits").GetInt32(),
            History = new TrainingHistory(),
            Diverged = results.TryGetProperty("diverged", out JsonElement at) && at.ValueKind != JsonValueKind.Null
                ? new RunDivergence(at.GetProperty("epoch").GetInt32(), at.GetProperty("batch").GetInt32(), at.GetProperty("validation").GetBoolean(), Text(at.GetProperty("message")))
                : null,
        };
        return (record, results.GetProperty("epochs").GetInt32());
    }

    private static string Text(JsonElement text) => text.GetString() ?? throw new FormatException("a text is missing.");

    private static T Choice<T>(JsonElement word)
        where T : struct, Enum => Enum.GetNames<T>().Contains(Text(word), StringComparer.OrdinalIgnoreCase)
            ? Enum.Parse<T>(Text(word), ignoreCase: true) // which would take numbers too
            : throw new FormatException($"'{Text(word)}' is none of {string.Join(", ", Enum.GetNames<T>())}.");

    private static string Word(KernelSide side) => side.ToString().ToLower(CultureInfo.InvariantCulture);

    private static void Require(bool holds, string message)
    {
        if (!holds)
        {
            throw new ReplayException(message);
        }
    }
}

/// <summary>Where a run diverged.</summary>
/// <param name="Epoch">The epoch, from 1.</param>
/// <param name="Batch">The batch in it, from 1.</param>
/// <param name="IsValidation">Whether it is a batch of the validation rows, after all of the epoch's steps.</param>
/// <param name="Message">What <see cref="DivergedException"/> said.</param>
public sealed record RunDivergence(int Epoch, int Batch, bool IsValidation, string Message);
