using System.Diagnostics;
using MiniNet.Files;

namespace MiniNet.Tests.Files;

/// <summary>Compares with <c>realpath --canonicalize-missing</c> if the operating system has it.</summary>
public sealed class LinksTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public LinksTests()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need a privilege on Windows.");
        File.WriteAllText(folder["a.txt"], "a");
        Directory.CreateDirectory(folder["sub"]);
        Directory.CreateDirectory(Path.Combine(folder["deep"], "inner"));
        Link("b.txt", "a.txt");
        Link("sub/up.txt", "../a.txt");
        Link("chain1", "chain2");
        Link("chain2", "sub/up.txt");
        Link("dangling", "sub/none.txt");
        Link("folderlink", "deep/inner");
        Link("deep/inner/sideways", "../x.txt"); // relative to the real folder, not to the link that leads to it
        Link("absolute", folder["a.txt"]);
        Link("self", "self");
        Link("loop1", "loop2");
        Link("loop2", "loop1");
    }

    public static TheoryData<string> Paths => [
        "a.txt", "none", "b.txt", "sub/up.txt", "chain1", "dangling", "folderlink/sideways", "folderlink/new", "folderlink/../y",
        "absolute", "./sub/../b.txt", "sub/", "none/../b.txt",
    ];

    public void Dispose() => folder.Dispose();

    [Theory]
    [MemberData(nameof(Paths))]
    public void Follow_AnyPath_AgreesWithRealpath(string path)
    {
        var start = new ProcessStartInfo("realpath", ["--canonicalize-missing", folder[path]])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        using Process process = Process.Start(start)!;
        string expected = process.StandardOutput.ReadToEnd().TrimEnd('\n');
        process.WaitForExit();
        Assert.SkipUnless(process.ExitCode == 0, "There is no realpath with this option.");
        Assert.Equal(expected, Links.Follow(folder[path]));
    }

    [Theory]
    [InlineData("self")]
    [InlineData("loop1")]
    public void Follow_Loop_Throws(string name)
    {
        string message = Assert.Throws<IOException>(() => Links.Follow(folder[name])).Message;
        Assert.Equal($"{folder[name]}: its symbolic links form a loop; remove them, or choose another path.", message);
    }

    [Fact]
    public void FollowFolder_KeepsTheLastLink()
    {
        string resolved = Links.Follow(folder.Path); // the temporary folder of macOS is behind a link
        Assert.Equal(Path.Combine(resolved, "b.txt"), Links.FollowFolder(folder["b.txt"]));
        Assert.Equal(
            Path.Combine(resolved, "deep", "inner", "sideways"), Links.FollowFolder(Path.Combine(folder["folderlink"], "sideways")));
    }

    private void Link(string name, string target) => File.CreateSymbolicLink(folder[name], target);
}
