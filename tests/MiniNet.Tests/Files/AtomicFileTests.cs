using System.ComponentModel;
using System.Diagnostics;
using MiniNet.Files;

namespace MiniNet.Tests.Files;

public sealed class AtomicFileTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void AtomicWrite_ToExistingFile_ReplacesAllOfIt()
    {
        AtomicFile.Write(folder["f"], "a much longer text than the next");
        AtomicFile.Write(folder["f"], "grün");
        Assert.Equal("gr\u00C3\u00BCn"u8.Length - 2, new FileInfo(folder["f"]).Length); // ü is two bytes, and there is no byte order mark
        Assert.Equal("grün", File.ReadAllText(folder["f"]));
        Assert.Equal(["f"], folder.Names());
    }

    [Fact]
    public void AtomicWrite_WriterThrows_KeepsTheOldFile()
    {
        AtomicFile.Write(folder["f"], "old");
        Assert.Throws<InvalidOperationException>(() => AtomicFile.Write(folder["f"], stream =>
        {
            stream.Write("new"u8);
            stream.Flush();
            Assert.Equal("old", File.ReadAllText(folder["f"]));
            throw new InvalidOperationException();
        }));
        Assert.Equal("old", File.ReadAllText(folder["f"]));
        Assert.Equal(["f"], folder.Names());
    }

    [Fact]
    public void AtomicWrite_MissingFolder_ReportsTheFile()
    {
        string path = Path.Combine(folder["none"], "f");
        string message = Assert.Throws<IOException>(() => AtomicFile.Write(path, "text")).Message;
        Assert.StartsWith($"{path}: cannot be written: ", message, StringComparison.Ordinal);
        Assert.DoesNotContain(".tmp", message, StringComparison.Ordinal);
        Assert.Equal(2, message.Split(path).Length - 1); // once at the start, and once in the message of the system
    }

    [Fact]
    public void AtomicWrite_ToLink_WritesToTheTarget()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need a privilege on Windows.");
        Directory.CreateDirectory(folder["elsewhere"]);
        string target = Path.Combine(folder["elsewhere"], "target");
        File.WriteAllText(target, "old");
        File.CreateSymbolicLink(folder["middle"], target);
        File.CreateSymbolicLink(folder["f"], folder["middle"]);
        AtomicFile.Write(folder["f"], "new");
        Assert.Equal((folder["middle"], target), (new FileInfo(folder["f"]).LinkTarget, new FileInfo(folder["middle"]).LinkTarget));
        Assert.Null(new FileInfo(target).LinkTarget);
        Assert.Equal("new", File.ReadAllText(target));
        Assert.Equal(["elsewhere", "f", "middle"], folder.Names());
        Assert.Equal([target], Directory.GetFileSystemEntries(folder["elsewhere"]));
    }

    [Fact]
    public void AtomicWrite_ToDanglingLink_CreatesTheTarget()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need a privilege on Windows.");
        File.CreateSymbolicLink(folder["f"], "target"); // relative to the folder of the link, not to the current one
        AtomicFile.Write(folder["f"], "new");
        Assert.Equal("target", new FileInfo(folder["f"]).LinkTarget);
        Assert.Equal("new", File.ReadAllText(folder["target"]));
        Assert.Equal(["f", "target"], folder.Names());
    }

    [Fact]
    public void AtomicWrite_WithoutFollowing_ReplacesTheLink()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need a privilege on Windows.");
        File.WriteAllText(folder["victim"], "precious");
        File.CreateSymbolicLink(folder["f"], folder["victim"]);
        AtomicFile.Write(folder["f"], "new", followLink: false);
        Assert.Equal("precious", File.ReadAllText(folder["victim"]));
        Assert.Null(new FileInfo(folder["f"]).LinkTarget);
        Assert.Equal("new", File.ReadAllText(folder["f"]));
        Assert.Equal(["f", "victim"], folder.Names());
    }

    [Fact]
    public void AtomicWrite_WithoutFollowing_ReplacesALinkToADevice()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need a privilege on Windows.");
        File.CreateSymbolicLink(folder["f"], "/dev/null");
        AtomicFile.Write(folder["f"], "new", followLink: false);
        Assert.Equal("new", File.ReadAllText(folder["f"]));
    }

    [Theory]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.UserWrite)]
    [InlineData(
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherExecute)]
    public void AtomicWrite_ToExistingFile_KeepsItsPermissions(UnixFileMode mode)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no Unix permissions.");
        if (!OperatingSystem.IsWindows()) // the analyzer does not understand the line above
        {
            AtomicFile.Write(folder["f"], "old");
            File.SetUnixFileMode(folder["f"], mode);
            AtomicFile.Write(folder["f"], "new");
            Assert.Equal(mode, File.GetUnixFileMode(folder["f"]));
            Assert.Equal("new", File.ReadAllText(folder["f"]));
        }
    }

    [Fact]
    public async Task AtomicWrite_ToNamedPipe_WritesWithoutReplacingIt()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There is no mkfifo.");
        string pipe = folder["pipe"];
        using (Process? mkfifo = Start("mkfifo", pipe))
        {
            Assert.SkipWhen(mkfifo is null, "There is no mkfifo.");
            await mkfifo.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.SkipUnless(mkfifo.ExitCode == 0, "Named pipes cannot be created here.");
        }

        // A separate process reads the pipe. If the pipe were replaced, it could be killed; a thread that waits for a pipe cannot.
        using Process reader = Start("cat", pipe)!;
        try
        {
            Task<string> read = reader.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            Task write = Task.Run(() => AtomicFile.Write(pipe, "through"), TestContext.Current.CancellationToken);
            await write.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
            Assert.Equal("through", await read.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
            Assert.Equal(["pipe"], folder.Names());
            using Process isPipe = Start("test", "-p", pipe)!;
            await isPipe.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.Equal(0, isPipe.ExitCode);
        }
        finally
        {
            reader.Kill();
        }
    }

    [Fact]
    public void AtomicWrite_ToFolder_ThrowsAndLeavesNoFile()
    {
        Directory.CreateDirectory(folder["f"]);
        Assert.Throws<IOException>(() => AtomicFile.Write(folder["f"], "text"));
        Assert.Equal(["f"], folder.Names());
    }

    [Fact]
    public void AtomicWrite_ToReadOnlyFile_ThrowsAndKeepsIt()
    {
        File.WriteAllText(folder["f"], "old");
        File.SetAttributes(folder["f"], FileAttributes.ReadOnly);
        Assert.SkipWhen(CanBeOpened(folder["f"]), "root may write to any file.");
        string message = Assert.Throws<IOException>(() => AtomicFile.Write(folder["f"], "new")).Message;
        Assert.StartsWith($"{folder["f"]}: cannot be written: ", message, StringComparison.Ordinal);
        File.SetAttributes(folder["f"], FileAttributes.Normal);
        Assert.Equal("old", File.ReadAllText(folder["f"]));
        Assert.Equal(["f"], folder.Names());
    }

    [Fact]
    public void AtomicWrite_ToFileInDevShm_ReplacesAllOfIt()
    {
        Assert.SkipUnless(Directory.Exists("/dev/shm"), "There is no /dev/shm.");
        string file = $"/dev/shm/mininet-test-{Guid.NewGuid():N}";
        try
        {
            AtomicFile.Write(file, "a much longer text than the next");
            AtomicFile.Write(file, "new");
            Assert.Equal("new", File.ReadAllText(file));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void AtomicWrite_DanglingLinkToMissingFolder_NamesTheTarget()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need a privilege on Windows.");
        File.CreateSymbolicLink(folder["f"], "none/target");
        string message = Assert.Throws<IOException>(() => AtomicFile.Write(folder["f"], "text")).Message;
        Assert.StartsWith($"{folder["f"]}: cannot be written: ", message, StringComparison.Ordinal);
        Assert.Contains(Path.Combine("none", "target"), message, StringComparison.Ordinal);
    }

    [Fact]
    public void AtomicWrite_NestedWrites_BothSucceed()
    {
        AtomicFile.Write(folder["f"], stream =>
        {
            AtomicFile.Write(folder["f"], "inner");
            Assert.Equal("inner", File.ReadAllText(folder["f"]));
            stream.Write("outer"u8);
        });
        Assert.Equal("outer", File.ReadAllText(folder["f"]));
        Assert.Equal(["f"], folder.Names());
    }

    private static bool CanBeOpened(string path)
    {
        try
        {
            File.OpenWrite(path).Dispose();
            return true;
        }
        catch (UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static Process? Start(string program, params string[] arguments)
    {
        try
        {
            return Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, UseShellExecute = false });
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
