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
    public void Write_NoSuchFolder_Throws() =>
        Assert.Throws<DirectoryNotFoundException>(() => AtomicFile.Write(Path.Combine(folder["none"], "f"), "text"));

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
}
