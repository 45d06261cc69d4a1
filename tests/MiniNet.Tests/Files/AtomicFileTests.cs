using System.ComponentModel;
using System.Diagnostics;
using MiniNet.Files;

namespace MiniNet.Tests.Files;

public sealed class AtomicFileTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Write_ReplacesTheWholeFile()
    {
        AtomicFile.Write(folder["f"], "a much longer text than the next");
        AtomicFile.Write(folder["f"], "grün");
        Assert.Equal("gr\u00C3\u00BCn"u8.Length - 2, new FileInfo(folder["f"]).Length); // ü is two bytes, and there is no byte order mark
        Assert.Equal("grün", File.ReadAllText(folder["f"]));
        Assert.Equal(["f"], folder.Names());
    }

    [Fact]
    public void Write_WriterThatThrows_LeavesTheOldFileAndNoOther()
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
    public void Write_NoSuchFolder_NamesTheFileAndNoOther()
    {
        string path = Path.Combine(folder["none"], "f");
        string message = Assert.Throws<IOException>(() => AtomicFile.Write(path, "text")).Message;
        Assert.StartsWith($"{path}: cannot be written: ", message, StringComparison.Ordinal);
        Assert.DoesNotContain(".tmp", message, StringComparison.Ordinal);
        Assert.Equal(2, message.Split(path).Length - 1); // once at the start, once in the system's own words
    }

    [Fact]
    public void Write_ToALink_WritesWhereItLeads()
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
    public void Write_ToALinkThatLeadsToNoFileYet_MakesIt()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need a privilege on Windows.");
        File.CreateSymbolicLink(folder["f"], "target"); // from the link's folder, not from the current one
        AtomicFile.Write(folder["f"], "new");
        Assert.Equal("target", new FileInfo(folder["f"]).LinkTarget);
        Assert.Equal("new", File.ReadAllText(folder["target"]));
        Assert.Equal(["f", "target"], folder.Names());
    }

    [Fact]
    public void Write_WithoutFollowing_ReplacesTheLink()
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
    public void Write_WithoutFollowing_ReplacesALinkToADevice()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need a privilege on Windows.");
        File.CreateSymbolicLink(folder["f"], "/dev/null");
        AtomicFile.Write(folder["f"], "new", followLink: false);
        Assert.Equal("new", File.ReadAllText(folder["f"]));
    }

    [Theory]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.UserWrite)]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherExecute)]
    public void Write_OverAFile_KeepsItsPermissions(UnixFileMode mode)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Permissions of Unix.");
        if (!OperatingSystem.IsWindows()) // for the analyzer, which does not know the line above
        {
            AtomicFile.Write(folder["f"], "old");
            File.SetUnixFileMode(folder["f"], mode);
            AtomicFile.Write(folder["f"], "new");
            Assert.Equal(mode, File.GetUnixFileMode(folder["f"]));
            Assert.Equal("new", File.ReadAllText(folder["f"]));
        }
    }

    [Fact]
    public async Task Write_ToAPipe_SendsThroughItAndLeavesItThere()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There is no mkfifo.");
        string pipe = folder["pipe"];
        using (Process? mkfifo = Start("mkfifo", pipe))
        {
            Assert.SkipWhen(mkfifo is null, "There is no mkfifo.");
            await mkfifo.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.SkipUnless(mkfifo.ExitCode == 0, "Pipes cannot be made here.");
        }

        // A process of its own reads: were the pipe replaced, it could be ended, and a thread that waits for a pipe cannot.
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
    public void Write_OntoAFolder_ThrowsAndLeavesNothing()
    {
        Directory.CreateDirectory(folder["f"]);
        Assert.ThrowsAny<SystemException>(() => AtomicFile.Write(folder["f"], "text"));
        Assert.Equal(["f"], folder.Names());
    }

    [Fact]
    public void Write_InsideAnother_BothSucceed()
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
