using System.Diagnostics;
using MiniNet.Cli;

namespace MiniNet.Tests.Cli;

public sealed class RunFolderTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Dispose_WithoutResult_RemovesTheEmptyFolderItCreated()
    {
        RunFolder.Create(folder["run"], "data.csv").Dispose();
        Assert.Empty(folder.Names());
    }

    [Fact]
    public void Dispose_WithoutResult_RemovesTheFoldersAboveItThatItCreated()
    {
        RunFolder.Create(Path.Combine(folder["runs"], "a", "run") + Path.DirectorySeparatorChar, "data.csv").Dispose();
        Assert.Empty(folder.Names());
        Directory.CreateDirectory(folder["runs"]);
        RunFolder.Create(Path.Combine(folder["runs"], "run"), "data.csv").Dispose();
        Assert.Equal(["runs"], folder.Names());
    }

    [Fact]
    public void Dispose_WithoutResult_KeepsAnExistingFolder()
    {
        Directory.CreateDirectory(folder["run"]);
        RunFolder.Create(folder["run"], "data.csv").Dispose();
        Assert.Equal(["run"], folder.Names());
        Assert.Empty(Directory.GetFileSystemEntries(folder["run"]));
    }

    [Theory]
    [InlineData("notes.txt")]
    [InlineData("run.json")]
    [InlineData(".hidden")]
    public void Dispose_WithoutResult_KeepsFilesSavedDuringTheRun(string name)
    {
        using (RunFolder.Create(folder["shared"], "data.csv"))
        {
            File.WriteAllText(Path.Combine(folder["shared"], name), "precious");
        }

        string kept = Assert.Single(Directory.GetFileSystemEntries(folder["shared"]));
        Assert.Equal((name, "precious"), (Path.GetFileName(kept), File.ReadAllText(kept)));
    }

    [Fact]
    public void Dispose_TwoRunsInOneFolder_KeepsTheOther()
    {
        using RunFolder second = RunFolder.Create(folder["shared"], "data.csv");
        RunFolder.Create(folder["shared"], "data.csv").Dispose();
        Assert.Single(Directory.GetDirectories(folder["shared"])); // the staging folder of the second
    }

    [Fact]
    public void Create_FolderOfTheDataFile_Throws()
    {
        foreach (string name in (string[])["run.json", "model.safetensors", "history.csv", "loss.svg"])
        {
            folder.Write(name, "precious");
        }

        string message = Assert.Throws<IOException>(() => RunFolder.Create(folder.Path, folder["history.csv"])).Message;
        Assert.Contains($"the run would overwrite its own data file, {folder["history.csv"]}.", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Create_DataFileInAnotherCase_IsTheSameFileWhereCaseIsIgnored()
    {
        void Create() => RunFolder.Create(folder["new"], Path.Combine(folder["new"], "HISTORY.csv")).Dispose();
        if (OperatingSystem.IsWindows() || OperatingSystem.IsMacOS())
        {
            Assert.Throws<IOException>(Create);
        }
        else
        {
            Create();
        }
    }

    [Theory]
    [InlineData("run")]
    [InlineData("run/")]
    [InlineData("run/.")]
    public void PrepareToWrite_FolderChanged_GoesToAFolderBesideIt(string name)
    {
        Directory.CreateDirectory(folder["run-2"]);
        using RunFolder run = RunFolder.Create(folder[name], "data.csv");
        File.WriteAllText(Path.Combine(folder["run"], "run.json"), "of another run");
        run.PrepareToWrite();
        Assert.Equal(folder["run-3"], run.Path);
    }

    [Fact]
    public void Train_StoppedInFirstEpoch_KeepsFilesSavedDuringTheRun()
    {
        Mininet.SkipWithout("TERM", 15);
        string shared = folder["shared"], notes = Path.Combine(shared, "notes.txt");
        using Process process = Mininet.Start( // an epoch of this takes a minute
            new Dictionary<string, string>(StringComparer.Ordinal),
            "train", Repository.Dataset("digits.csv"), "--target", "digit", "--hidden", "2048,2048", "--batch-size", "1",
            "--output", shared);
        Mininet.Outcome outcome;
        try
        {
            Assert.True(SpinWait.SpinUntil(
                () => Directory.Exists(shared) && Directory.GetDirectories(shared).Length > 0, TimeSpan.FromSeconds(60)));
            File.WriteAllText(notes, "precious");
            outcome = Mininet.Interrupt(process, "TERM");
        }
        finally
        {
            process.Kill(entireProcessTree: true);
        }

        Assert.Equal((130, "stopped before the end of the first epoch; nothing was written."), (outcome.ExitCode, outcome.Error()));
        Assert.Equal([notes], Directory.GetFileSystemEntries(shared));
    }
}
