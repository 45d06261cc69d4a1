using System.Text.Json;

namespace MiniNet.Tests.Conventions;

/// <summary>
/// Checks that the examples form a course: numbered in reading order, listed in the README, and started with F5.
/// </summary>
public class ExamplesTests
{
    private static readonly string Examples = Path.Combine(Repository.Root, "examples");

    private static readonly string[] Folders = [.. Directory.GetDirectories(Examples)
        .Select(folder => Path.GetFileName(folder)!).Where(name => name is not ("exercises" or "calculus")).Order(StringComparer.Ordinal)];

    public static TheoryData<string> All => [.. Folders];

    [Fact]
    public void Folders_AreNumberedConsecutively() =>
        Assert.Equal(Enumerable.Range(1, Folders.Length).Select(number => $"{number:D2}-"), Folders.Select(name => name[..3]));

    [Fact]
    public void Projects_OfLessons_AreInTheirSolution()
    {
        string solution = File.ReadAllText(Path.Combine(Examples, "Lessons.sln")).Replace('\\', '/');
        string[] projects = [.. Directory.GetFiles(Examples, "*.csproj", SearchOption.AllDirectories)
            .Select(project => Path.GetRelativePath(Examples, project).Replace('\\', '/'))];
        Assert.Equal([], projects.Where(project => !solution.Contains($"\"{project}\"", StringComparison.Ordinal)));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Example_IsListedInReadme(string name) =>
        Assert.Contains($"({name}/Program.cs)", File.ReadAllText(Path.Combine(Examples, "README.md")), StringComparison.Ordinal);

    [Fact]
    public void CalculusTour_IsNumberedConsecutivelyAndListedInReadme()
    {
        string[] lessons = [.. Directory.GetDirectories(Path.Combine(Examples, "calculus"), "0*").Order(StringComparer.Ordinal)];
        Assert.Equal(Enumerable.Range(1, 9).Select(number => $"{number:D2}-"), lessons.Select(folder => Path.GetFileName(folder)[..3]));
        string readme = File.ReadAllText(Path.Combine(Examples, "README.md"));
        foreach (string folder in lessons)
        {
            Assert.Contains($"(calculus/{Path.GetFileName(folder)}/Program.cs)", readme, StringComparison.Ordinal);
        }
    }

    // F11 works without preparation: all but the example that trains five networks use the plain kernels.
    [Fact]
    public void Projects_SelectPlainKernels()
    {
        Assert.Contains(
            """<RuntimeHostConfigurationOption Include="MiniNet.Kernels" Value="plain" />""",
            File.ReadAllText(Path.Combine(Examples, "Directory.Build.props")),
            StringComparison.Ordinal);
        IEnumerable<string> projects = Directory.GetFiles(Examples, "*.csproj", SearchOption.AllDirectories);
        string other = Assert.Single(projects, project => File.ReadAllText(project).Contains("MiniNet.Kernels", StringComparison.Ordinal));
        Assert.Equal("DigitsAsImages.csproj", Path.GetFileName(other));
    }

    [Fact]
    public void VisualStudioCode_LaunchConfigurations_StepIntoLibrary()
    {
        using var launch = JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository.Root, ".vscode", "launch.json")));
        using var tasks = JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository.Root, ".vscode", "tasks.json")));
        JsonElement[] starts = [.. launch.RootElement.GetProperty("configurations").EnumerateArray()],
            builds = [.. tasks.RootElement.GetProperty("tasks").EnumerateArray()];
        foreach (string project in Directory.GetFiles(Examples, "*.csproj", SearchOption.AllDirectories))
        {
            // The program has its own path, because F5 must start it again after F11 has opened a file of the library.
            string folder = "${workspaceFolder}/"
                + Path.GetRelativePath(Repository.Root, Path.GetDirectoryName(project)!).Replace('\\', '/');
            JsonElement start = Assert.Single(starts, each =>
                each.GetProperty("program").GetString() == $"{folder}/bin/Debug/net10.0/{Path.GetFileNameWithoutExtension(project)}.dll");
            Assert.Equal(folder, start.GetProperty("cwd").GetString());
            Assert.False(start.GetProperty("justMyCode").GetBoolean());
            Assert.True(start.GetProperty("suppressJITOptimizations").GetBoolean());
            JsonElement build = Assert.Single(
                builds, each => each.GetProperty("label").GetString() == start.GetProperty("preLaunchTask").GetString());
            Assert.Equal(folder, build.GetProperty("args")[3].GetString());
        }
    }
}
