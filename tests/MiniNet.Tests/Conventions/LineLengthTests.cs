namespace MiniNet.Tests.Conventions;

/// <summary>Checks that no line of code or prose is longer than 140 columns. Tables and code blocks of READMEs may be.</summary>
public class LineLengthTests
{
    private const int MaxColumns = 140;

    private static readonly string[] Extensions =
        [".cs", ".js", ".css", ".html", ".py", ".sh", ".props", ".targets", ".csproj", ".yml", ".md"];

    [Fact]
    public void Lines_AreAtMost140Columns()
    {
        string[] files =
        [
            Path.Combine(Repository.Root, ".ci", "run"),
            .. Directory.GetFiles(Repository.Root),
            .. new[] { "src", "tests", "examples", "datasets", ".github" }.SelectMany(folder =>
                Directory.GetFiles(Path.Combine(Repository.Root, folder), "*", SearchOption.AllDirectories)),
        ];
        string[] checkedFiles = [.. files.Where(file => Extensions.Contains(Path.GetExtension(file)) || Path.GetFileName(file) == "run")
            .Where(file => !file.Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj" or "runs"))];
        Assert.True(checkedFiles.Length > 500, $"only {checkedFiles.Length} files found");
        Assert.Empty(checkedFiles.SelectMany(file => LongLines(file, File.ReadAllLines(file))));
    }

    [Fact]
    public void LongLines_OfReadme_AreNotInTablesOrCode() => Assert.Equal(
        ["a.md:1", "a.md:6"], LongLines(Path.Combine(Repository.Root, "a.md"), [Long, "| " + Long, "```", Long, "```", Long]));

    private static string Long => new('x', MaxColumns + 1);

    private static IEnumerable<string> LongLines(string file, string[] lines)
    {
        bool isReadme = file.EndsWith(".md", StringComparison.Ordinal), isCode = false;
        for (int i = 0; i < lines.Length; i++)
        {
            isCode ^= isReadme && lines[i].StartsWith("```", StringComparison.Ordinal);
            if (lines[i].Length > MaxColumns && !isCode && !(isReadme && lines[i].StartsWith('|')))
            {
                yield return $"{Path.GetRelativePath(Repository.Root, file)}:{i + 1}";
            }
        }
    }
}
