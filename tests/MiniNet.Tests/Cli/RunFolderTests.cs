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
    public void PrepareToWrite_CurrentFolderChanged_GoesToASiblingWithItsName()
    {
        string runs = folder["runs"];
        Directory.CreateDirectory(runs);
        Mininet.Outcome outcome;
        using (Process process = Mininet.StartIn(runs, SlowTraining("512", "--epochs", "1", "--output", ".")))
        {
            Assert.True(SpinWait.SpinUntil(() => Directory.GetDirectories(runs).Length > 0, TimeSpan.FromSeconds(60)));
            File.WriteAllText(Path.Combine(runs, "history.csv"), "precious");
            outcome = Mininet.Finish(process);
        }

        Assert.Equal(0, outcome.ExitCode);
        Assert.True(File.Exists(Path.Combine(folder["runs-2"], "model.safetensors")), outcome.Errors);
        Assert.Equal("precious", File.ReadAllText(Path.Combine(runs, "history.csv")));
    }

    [Fact]
    public void Train_StoppedInFirstEpoch_KeepsFilesSavedDuringTheRun()
    {
        Mininet.SkipWithout("TERM", 15);
        string shared = folder["shared"], notes = Path.Combine(shared, "notes.txt");
        using Process process = Mininet.StartIn(Repository.Root, SlowTraining("2048,2048", "--output", shared));
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

    // An epoch takes seconds with two large layers, and long enough to write a file with one small layer.
    private static string[] SlowTraining(string hidden, params string[] arguments) =>
    [
        "train", Repository.Dataset("digits.csv"), "--target", "digit", "--hidden", hidden, "--batch-size", "1", "--quiet", .. arguments,
    ];
}
