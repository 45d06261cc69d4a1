using System.Text.RegularExpressions;
using MiniNet.Tests.Cli;

namespace MiniNet.Tests;

/// <summary>
/// Checks that the READMEs are correct: code blocks equal compiled files, sample output is what the commands print, and links have a
/// target. Also checks that no README is too long.
/// </summary>
/// <remarks>
/// A code block names its source after the language: <c>```csharp file=PATH</c> is the whole file, <c>```csharp excerpt=PATH</c>
/// consecutive lines of it. A <c>```text</c> block whose first line is <c>$ COMMAND</c> is the output of that command, where a line
/// <c>…</c> represents omitted lines.
/// </remarks>
public partial class ReadmeTests
{
    private static readonly string[] Readmes =
    [
        .. Directory.GetFiles(Repository.Root, "README.md", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Repository.Root, path).Replace('\\', '/'))
            .Where(path => !path.Split('/').Any(folder => folder is "bin" or "obj" or "artifacts" or "runs" || folder.StartsWith('.')))
            .Order(StringComparer.Ordinal),
    ];

    public static TheoryData<string> All => [.. Readmes];

    public static TheoryData<string> WithCommands => [.. Readmes.Where(readme => Blocks(readme).Any(block => block.Command is not null))];

    [Fact]
    public void Readmes_AreWhereTheyAreExpected() => Assert.Superset(
        new HashSet<string>
        {
            "README.md", "datasets/README.md", "examples/README.md", "examples/exercises/README.md", "src/README.md",
            "src/MiniNet/README.md", "src/MiniNet.Cli/README.md", "src/MiniNet.Lab/README.md", "src/MiniNet.ScottPlot/README.md",
            "tests/README.md", "tests/MiniNet.Benchmarks/README.md",
        },
        Readmes.ToHashSet());

    [Theory]
    [MemberData(nameof(All))]
    public void Readme_IsShort(string readme)
    {
        string[] lines = Lines(readme);
        Assert.InRange(lines.Length, 1, readme == "README.md" ? 150 : 200);
        Assert.InRange(
            lines.Sum(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length),
            1,
            readme == "README.md" ? 1500 : int.MaxValue);
        Block[] output = [.. Blocks(readme).Where(block => block.Language == "text")];
        AssertNone(lines.Select((line, i) => (Line: line, Number: i + 1))
            .Where(each => each.Line.Length > 140 && !each.Line.StartsWith('|') // rows of a table and output cannot be wrapped
                && !Array.Exists(output, block => each.Number > block.Line && each.Number <= block.Line + block.Lines.Length))
            .Select(each => $"{readme}:{each.Number} has {each.Line.Length} characters; the limit is 140"));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void CodeBlocks_EqualTheirSources(string readme) =>
        AssertNone(Blocks(readme).Where(block => block.Language == "csharp").Select(Difference).OfType<string>());

    [Fact]
    public void CodeBlocks_AreFound() =>
        Assert.InRange(Readmes.Sum(readme => Blocks(readme).Count(block => block.Language == "csharp")), 10, 100);

    [Theory]
    [InlineData("README.md", "examples/08-classify-csv/Program.cs")]
    [InlineData("examples/README.md", "examples/07-iris-by-hand/Program.cs")]
    public void Readme_HasTheWholeExample(string readme, string example) =>
        Assert.Contains(Blocks(readme), block => block.Source == "file=" + example);

    [Fact]
    public void FolderTable_HasTheOrderOfTheLayers()
    {
        Assert.Equal(
            Conventions.LayeringTests.CoreFolders, FoldersIn("src/README.md").Intersect(Conventions.LayeringTests.CoreFolders));
        Assert.Equal(
            Conventions.LayeringTests.LabFolders, FoldersIn("src/MiniNet.Lab/README.md").Intersect(Conventions.LayeringTests.LabFolders));

        static IEnumerable<string> FoldersIn(string readme) =>
            Lines(readme).Where(line => line.StartsWith("| `", StringComparison.Ordinal)).Select(line => line.Split('`')[1]);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Links_LeadToFilesAndHeadings(string readme)
    {
        string folder = Path.GetDirectoryName(Path.Combine(Repository.Root, readme))!;
        var problems = new List<string>();
        foreach ((int number, string line) in Prose(readme))
        {
            foreach (string target in Link().Matches(InlineCode().Replace(line, "")).Select(match => match.Groups["target"].Value))
            {
                if (!target.Contains("://", StringComparison.Ordinal) && ProblemOf(folder, readme, target) is { } problem)
                {
                    problems.Add($"{readme}:{number}: the link to {target} is broken: {problem}");
                }
            }

            problems.AddRange(InlineCode().Matches(line).Select(match => match.Value.Trim('`')).Where(IsRepositoryPath)
                .Where(path => !Path.Exists(Path.Combine(Repository.Root, path)))
                .Select(path => $"{readme}:{number}: there is no {path}"));
        }

        AssertNone(problems);
    }

    [Theory]
    [MemberData(nameof(WithCommands))]
    public void SampleOutput_IsWhatTheCommandPrints(string readme)
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["datasets"]);
        foreach (string file in Directory.GetFiles(Path.Combine(Repository.Root, "datasets"), "*.csv"))
        {
            File.Copy(file, Path.Combine(folder["datasets"], Path.GetFileName(file)));
        }

        string run = "";
        foreach (Block block in Blocks(readme).Where(block => block.Command is not null))
        {
            string command = RunFolder().Replace(block.Command!, run); // the name of the run folder contains the time of training
            int after = command.IndexOf(" -- ", StringComparison.Ordinal); // dotnet run ... -- ARGUMENTS
            Mininet.Outcome outcome = Mininet.RunIn(
                folder.Path, Arguments(after < 0 ? command["mininet ".Length..] : command[(after + 4)..]));
            string output = (outcome.Output + outcome.Errors).Replace('\\', '/'); // the README shows paths as on Unix
            run = RunFolder().Match(output) is { Success: true } match ? match.Value : run;
            string[] raw = [.. output.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0)];
            string[] printed = [.. raw.Select(WithoutNumbers)];
            int at = 0;
            bool gap = false;
            for (int i = 1; i < block.Lines.Length; i++)
            {
                string line = WithoutNumbers(block.Lines[i]);
                if (line is "" or "…")
                {
                    gap |= line == "…";
                    continue;
                }

                int found = Array.IndexOf(printed, line, Math.Min(at, printed.Length));
                Assert.True(
                    found == at || (gap && found > at),
                    $"{readme}:{block.Line + i}: {command}\n  does not print: {block.Lines[i].Trim()}\n  "
                    + $"{(at < printed.Length ? $"but prints: {raw[at]}" : "it prints nothing more")}");
                (at, gap) = (found + 1, false);
            }

            Assert.True(gap || at == printed.Length, $"{readme}:{block.Line}: {command} prints more than is shown; a line … says so.");
        }
    }

    /// <summary>Returns the lines of the output block that starts with a text.</summary>
    internal static string[] TextBlock(string readme, string start) =>
        Assert.Single(
            Blocks(readme), block => block.Language == "text" && block.Lines[0].StartsWith(start, StringComparison.Ordinal)).Lines;

    /// <summary>Returns a line without its numbers, for comparisons: they may differ between kernels and machines.</summary>
    internal static string WithoutNumbers(string line) => Blanks().Replace(Number().Replace(line.Trim(), "#"), " ");

    // Assert.Empty would truncate the messages.
    private static void AssertNone(IEnumerable<string> problems)
    {
        string[] all = [.. problems];
        Assert.True(all.Length == 0, string.Join('\n', all));
    }

    /// <summary>Describes how a code block differs from its source. Returns null if it does not.</summary>
    private static string? Difference(Block block)
    {
        string place = $"{block.Readme}:{block.Line}: the code block";
        if (block.Source.Split('=') is not [("file" or "excerpt") and var kind, var path])
        {
            return $"{place} names no source; write ```csharp file=PATH or ```csharp excerpt=PATH after the language.";
        }

        if (!File.Exists(Path.Combine(Repository.Root, path)))
        {
            return $"{place} is of {path}, which does not exist.";
        }

        string[] source = Lines(path);
        (int start, int equal) = kind == "file" ? (0, EqualLines(block.Lines, source, 0)) : BestStart(block.Lines, source);
        if (equal == block.Lines.Length && (kind == "excerpt" || equal == source.Length))
        {
            return null;
        }

        string shown = equal < block.Lines.Length ? block.Lines[equal].Trim() : "(the end of the block)";
        string actual = start + equal < source.Length ? source[start + equal].Trim() : "(the end of the file)";
        return $"{block.Readme}:{block.Line + 1 + equal} differs from {path}:{start + equal + 1}\n  README: {shown}\n  source: {actual}";
    }

    /// <summary>Finds the line of the source at which most lines of a block match, and their number.</summary>
    private static (int Start, int Equal) BestStart(string[] block, string[] source)
    {
        (int Start, int Equal) best = (0, 0);
        for (int start = 0; start < source.Length; start++)
        {
            int equal = EqualLines(block, source, start);
            best = equal > best.Equal ? (start, equal) : best;
        }

        return best;
    }

    // The README shows an excerpt without the indentation of its first line.
    private static int EqualLines(string[] block, string[] source, int start)
    {
        int indent = source.Length == 0
            ? 0
            : source[start].Length - source[start].TrimStart().Length - (block[0].Length - block[0].TrimStart().Length);
        int equal = 0;
        while (equal < block.Length && start + equal < source.Length && Dedented(source[start + equal], indent) == block[equal])
        {
            equal++;
        }

        return equal;
    }

    private static string Dedented(string line, int indent) =>
        line.Length == 0 ? line : indent > 0 && line.Length > indent ? line[indent..] : line;

    private static string? ProblemOf(string folder, string readme, string target)
    {
        string[] parts = target.Split('#');
        string path = parts[0].Length == 0 ? Path.Combine(Repository.Root, readme) : Path.GetFullPath(Path.Combine(folder, parts[0]));
        if (!Path.Exists(path))
        {
            return "there is no such file or folder";
        }

        return parts.Length < 2 || Prose(Path.GetRelativePath(Repository.Root, path)).Any(
            line => line.Text.StartsWith('#') && Anchor(line.Text) == parts[1])
            ? null
            : "there is no such heading";
    }

    // As on GitHub: in lower case, without punctuation, and with hyphens instead of spaces.
    private static string Anchor(string heading) =>
        string.Concat(
            heading.TrimStart('#').Trim().ToLowerInvariant().Where(
                c => char.IsLetterOrDigit(c) || c is ' ' or '-' or '_')).Replace(' ', '-');

    private static bool IsRepositoryPath(string code) => RepositoryPath().IsMatch(code);

    private static string[] Arguments(string command) => [.. Argument().Matches(command).Select(match => match.Value.Trim('"'))];

    private static string[] Lines(string path) =>
        File.ReadAllText(Path.Combine(Repository.Root, path)).ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');

    private static IEnumerable<(int Number, string Text)> Prose(string readme)
    {
        bool isCode = false;
        string[] lines = Lines(readme);
        for (int i = 0; i < lines.Length; i++)
        {
            bool isFence = lines[i].StartsWith("```", StringComparison.Ordinal);
            isCode ^= isFence;
            if (!isCode && !isFence && !lines[i].StartsWith("    ", StringComparison.Ordinal))
            {
                yield return (i + 1, lines[i]);
            }
        }
    }

    private static List<Block> Blocks(string readme)
    {
        var blocks = new List<Block>();
        string[] lines = Lines(readme);
        for (int i = 0; i < lines.Length; i++)
        {
            if (!lines[i].StartsWith("```", StringComparison.Ordinal))
            {
                continue;
            }

            int end = Array.IndexOf(lines, "```", i + 1);
            Assert.True(end > i + 1, $"{readme}:{i + 1}: the code block is empty or has no end.");
            string[] words = lines[i][3..].Split(' ', 2);
            blocks.Add(new Block(readme, i + 1, words[0], words.Length > 1 ? words[1] : "", lines[(i + 1)..end]));
            i = end;
        }

        return blocks;
    }

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Link();

    [GeneratedRegex("`[^`]+`", RegexOptions.None, 1000)]
    private static partial Regex InlineCode();

    [GeneratedRegex(@"^(src|tests|examples|datasets|\.ci|\.vscode|\.github)/[\w./-]+$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex RepositoryPath();

    [GeneratedRegex(@"runs/\w+-\d{8}-\d{6}", RegexOptions.None, 1000)]
    private static partial Regex RunFolder();

    [GeneratedRegex("\"[^\"]*\"|[^ ]+", RegexOptions.None, 1000)]
    private static partial Regex Argument();

    [GeneratedRegex(@"-?\d+(\.\d+)?(E[+-]?\d+)?", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Number();

    [GeneratedRegex(@"\s+", RegexOptions.None, 1000)]
    private static partial Regex Blanks();

    /// <summary>Represents a fenced block of a README.</summary>
    /// <param name="Readme">The file.</param>
    /// <param name="Line">The line of the opening fence, from 1.</param>
    /// <param name="Language">The first word after the fence.</param>
    /// <param name="Source">The rest of the opening fence.</param>
    /// <param name="Lines">The lines between the fences.</param>
    private sealed record Block(string Readme, int Line, string Language, string Source, string[] Lines)
    {
        public string? Command => Language == "text" && Lines[0].StartsWith("$ ", StringComparison.Ordinal) ? Lines[0][2..] : null;
    }
}
