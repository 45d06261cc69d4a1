using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using MiniNet.Figures;
using MiniNet.Files;
using MiniNet.Training;

namespace MiniNet.Cli;

/// <summary>
/// Represents the folder that a run leaves: model.safetensors, history.csv, loss.svg and run.json. A diverged run leaves history.csv and
/// run.json. The folder is created before training, so that an error is reported before the work. If the run ends without a result, the
/// folder and the folders created for it are removed again, but only if they are empty: another run or the user may have saved files in
/// them in the meantime.
/// </summary>
internal sealed class RunFolder : IDisposable
{
    private const string HistoryName = "history.csv", RecordName = "run.json";

    private readonly string contentsAtStart;
    private string[] created; // the folders that this run created, from the innermost to the outermost
    private bool written;
    private string stagingFolder;

    private RunFolder(string path, string[] created)
    {
        (Path, this.created, contentsAtStart) = (path, created, Contents(path));
        stagingFolder = System.IO.Path.Combine(path, $".{Guid.NewGuid().ToString("N")[..8]}.tmp");
    }

    /// <summary>Gets the path of the folder. <see cref="PrepareToWrite"/> may change it.</summary>
    public string Path { get; private set; }

    /// <summary>Gets the paths of the files that a run leaves in a folder.</summary>
    public static string[] Files(string folder) => [ModelPath(folder), HistoryPath(folder), LossPath(folder), RecordPath(folder)];

    public static string ModelPath(string folder) => System.IO.Path.Combine(folder, "model.safetensors");

    public static string HistoryPath(string folder) => System.IO.Path.Combine(folder, HistoryName);

    public static string LossPath(string folder) => System.IO.Path.Combine(folder, "loss.svg");

    public static string RecordPath(string folder) => System.IO.Path.Combine(folder, RecordName);

    /// <summary>Gets the name of the run in a folder, for titles: the name of the folder, even if it is given as <c>.</c>.</summary>
    public static string NameOf(string folder) => System.IO.Path.GetFileName(FullPath(folder));

    public static RunFolder Create(string? requested, string dataPath)
    {
        string path = requested ?? Free(System.IO.Path.Combine(
            "runs",
            System.IO.Path.GetFileNameWithoutExtension(dataPath)
            + DateTime.Now.ToString("'-'yyyyMMdd-HHmmss", CultureInfo.InvariantCulture)));
        try
        {
            string[] missing = [.. MissingFolders(path)];
            if (missing.Length == 0 && Directory.EnumerateFileSystemEntries(path).Any(entry => !IsStage(entry)) && !IsEarlierRun(path))
            {
                throw new IOException("it is not empty and does not hold an earlier run.");
            }

            if (Files(path).Any(file => OutputFile.AreSame(Links.FollowFolder(file), Links.Follow(dataPath))))
            {
                throw new IOException($"the run would overwrite its own data file, {dataPath}.");
            }

            Directory.CreateDirectory(path);
            var folder = new RunFolder(path, missing);
            Directory.CreateDirectory(folder.stagingFolder);
            return folder;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new IOException($"{path}: cannot be used as the run folder: {e.Message} Choose another with --output.", e);
        }
    }

    /// <summary>
    /// Prepares the folder for the result. If another run or the user saved one of a run's files in it during the training, this run goes
    /// to a new folder beside it, so that nothing is overwritten. A folder that was deleted or renamed is created again.
    /// </summary>
    public void PrepareToWrite()
    {
        if (Contents(Path) != contentsAtStart && Directory.Exists(Path))
        {
            string changed = Path;
            DeleteStage();
            Path = Free(FullPath(Path));
            created = [Path];
            stagingFolder = System.IO.Path.Combine(Path, System.IO.Path.GetFileName(stagingFolder));
            Console.Error.WriteLine($"mininet: the files in {changed} were changed during the training, so this run is saved in {Path}.");
        }

        Directory.CreateDirectory(stagingFolder);
    }

    /// <summary>Writes the result of a run; <see cref="PrepareToWrite"/> comes first.</summary>
    /// <remarks>
    /// All files are written to a staging folder first, so that a full disk or a killed process leaves an earlier run unchanged. Only the
    /// moves at the end are made one by one. A move replaces a link and does not follow it.
    /// </remarks>
    public void Write(TrainResult result, IEnumerable<string> arguments)
    {
        TrainingHistory history = result.Run.History;
        JsonObject json = Describe(result.Run, RunRecord.Create(result.Run, result.DataHash), result.Seconds, arguments);
        JsonNode results = json["results"]!;
        results["stopped"] = result.Cancelled;
        results["test"] = TrainResult.Figures(result.Test);
        results["baseline"] = TrainResult.Baseline(result.Test);
        results["perClass"] = TrainResult.PerClass(result.Test);
        ModelFile.Save(ModelPath(stagingFolder), result.Run.Classifier);
        AtomicFile.Write(
            LossPath(stagingFolder), LossCurves.Draw([(NameOf(Path), history)], lossName: PlotCommand.LossName));
        Publish(history, json);
    }

    /// <summary>
    /// Writes the files that are needed to replay a diverged run, which has no model. Writes nothing if the folder holds the model of an
    /// earlier run.
    /// </summary>
    /// <returns>true if the files were written; otherwise, false.</returns>
    public bool WriteDiverged(ClassifierRun run, string dataHash, DivergedException diverged, double seconds, IEnumerable<string> arguments)
    {
        PrepareToWrite();
        if (File.Exists(ModelPath(Path)))
        {
            return false;
        }

        Publish(run.History, Describe(run, RunRecord.Create(run, dataHash, diverged), seconds, arguments));
        return true;
    }

    private void Publish(TrainingHistory history, JsonObject json)
    {
        history.Save(HistoryPath(stagingFolder));
        AtomicFile.Write(
            RecordPath(stagingFolder),
            json.ToJsonString(new JsonSerializerOptions { WriteIndented = true, NewLine = "\n" }) + "\n");
        foreach (string file in Directory.GetFiles(stagingFolder))
        {
            File.Move(file, System.IO.Path.Combine(Path, System.IO.Path.GetFileName(file)), overwrite: true);
        }

        written = true;
    }

    /// <summary>Deletes the staging folder. If nothing was written, also deletes the empty folders that this run created.</summary>
    public void Dispose()
    {
        DeleteStage();
        try
        {
            Array.ForEach(written ? [] : created, folder => Directory.Delete(folder, recursive: false));
        }
        catch (IOException)
        {
            // It is not empty: the files in it belong to the user or to another run.
        }
    }

    private void DeleteStage()
    {
        if (Directory.Exists(stagingFolder))
        {
            Directory.Delete(stagingFolder, recursive: true);
        }
    }

    // Length and time tell whether a file was replaced; a folder or a dangling link in its place counts as a change, too.
    private static string Contents(string folder) =>
        string.Join('\n', Files(folder).Select(path => new FileInfo(path) is { Exists: true } file
        ? string.Create(CultureInfo.InvariantCulture, $"{file.Length} {file.LastWriteTimeUtc.Ticks}")
        : Directory.Exists(path) ? "folder" : new FileInfo(path).LinkTarget ?? ""));

    // The full path without a separator at its end, so that the name at its end is that of the folder.
    private static string FullPath(string path) =>
        System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(path));

    // The path, or the first of path-2, path-3 and so on, that does not exist.
    private static string Free(string path)
    {
        string free = path;
        for (int n = 2; System.IO.Path.Exists(free); n++)
        {
            free = $"{path}-{n}";
        }

        return free;
    }

    private static IEnumerable<string> MissingFolders(string path)
    {
        string? folder = FullPath(path);
        for (; folder is not null && !Directory.Exists(folder); folder = System.IO.Path.GetDirectoryName(folder))
        {
            yield return folder;
        }
    }

    private static JsonObject Describe(ClassifierRun run, RunRecord record, double seconds, IEnumerable<string> arguments)
    {
        JsonObject json = record.ToJson();
        json.Insert(0, "arguments", new JsonArray([.. arguments.Select(argument => (JsonNode)argument)]));
        json["data"]!["rows"] = new JsonObject
        {
            ["training"] = run.Split.Training.Count,
            ["validation"] = run.Split.Validation.Count,
            ["test"] = run.Split.Test.Count,
        };
        json["versions"]!["command"] = // the version with the commit
            typeof(RunFolder).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion;
        json["seconds"] = Math.Round(seconds, 3);
        return json;
    }

    private static bool IsEarlierRun(string path) =>
        File.Exists(RecordPath(path))
        && (File.Exists(ModelPath(path)) || (IsDiverged(path) && Directory.GetFileSystemEntries(path).All(IsDivergedRunFile)));

    private static bool IsDivergedRunFile(string entry) =>
        System.IO.Path.GetFileName(entry) is RecordName or HistoryName || IsStage(entry);

    private static bool IsDiverged(string path)
    {
        try
        {
            return RunRecord.Load(path).Diverged is not null;
        }
        catch (MiniNetException)
        {
            return false;
        }
    }

    // A killed run may have left a staging folder behind. The run folder can be used all the same.
    private static bool IsStage(string entry) => System.IO.Path.GetFileName(entry) is ['.', .., '.', 't', 'm', 'p'];
}
