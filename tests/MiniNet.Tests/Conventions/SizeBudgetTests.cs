using System.Globalization;
using System.Text.RegularExpressions;

namespace MiniNet.Tests.Conventions;

/// <summary>
/// Compares the size of each folder with the table in src/size-budget.md. A change that makes a folder larger must edit the table and so
/// gives a reason for the growth. The table may not lag behind when a folder shrinks.
/// </summary>
public partial class SizeBudgetTests
{
    private static readonly string Table = Path.Combine(Repository.Root, "src", "size-budget.md");

    [Fact]
    public void Folders_FitTheirBudget()
    {
        Dictionary<string, (int Statements, int Types)> budget = File.ReadLines(Table)
            .Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries))
            .ToDictionary(cells => cells[1].Trim('`'), cells => (Number(cells[2]), Number(cells[3])), StringComparer.Ordinal);
        (string Folder, int Statements, int Types)[] actual = [.. Measure()];
        Assert.True(actual.Length > 20, "the test does not find the folders");
        string[] wrong =
        [
            .. actual.Where(of => !budget.TryGetValue(of.Folder, out (int Statements, int Types) allowed)
                || of.Statements > allowed.Statements || of.Statements < (allowed.Statements * 0.95) - 5 || of.Types != allowed.Types)
                .Select(of => $"| `{of.Folder}` | {of.Statements} | {of.Types} |"),
            .. budget.Keys.Except(actual.Select(of => of.Folder)).Select(folder => $"`{folder}` does not exist"),
        ];
        Assert.True(wrong.Length == 0, $"Change these rows in {Table} and say why in the commit:\n{string.Join('\n', wrong)}");

        static int Number(string cell) => int.Parse(cell, CultureInfo.InvariantCulture);
    }

    [Fact]
    public void CountStatements_OfAWrappedStatement_IsOne() => Assert.Equal(3, CountStatements(
    [
        "// comment", "namespace N;", "", "int Sum(", "    int a,   // the first", "    int b)", "{", "    int sum = a", "        + b;",
        "    return sum;", "}",
    ]));

    // Counts statements and declarations, however many lines they take. Braces, comments, usings and debugger attributes do not count.
    private static int CountStatements(IEnumerable<string> lines)
    {
        int statements = 0;
        bool isContinued = false;
        foreach (string line in lines.Select(line => line.Trim()))
        {
            string code = line.Split(" //")[0].TrimEnd();
            if (code.StartsWith("//", StringComparison.Ordinal) || code.StartsWith("using ", StringComparison.Ordinal)
                || code.StartsWith("namespace ", StringComparison.Ordinal) || code.StartsWith("[Debugger", StringComparison.Ordinal))
            {
                continue;
            }

            bool isBraces = code.All(c => "{}[]();,".Contains(c));
            statements += isContinued || isBraces ? 0 : 1;
            isContinued = isBraces
                ? isContinued && code is not ("{" or "}" or "};" or "});")
                : code[^1] is not (';' or '{' or '}' or ':' or ']');
        }

        return statements;
    }

    private static IEnumerable<(string Folder, int Statements, int Types)> Measure()
    {
        string root = Path.Combine(Repository.Root, "src");
        ILookup<string, string> files = Directory.GetFiles(root, "*.cs", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(root, file).Replace('\\', '/'))
            .Where(file => !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal))
            .ToLookup(file => file[..file.LastIndexOf('/')]);
        foreach (IGrouping<string, string> folder in files.OrderBy(folder => folder.Key, StringComparer.Ordinal))
        {
            string[][] lines = [.. folder.Select(file => File.ReadAllLines(Path.Combine(root, file)))];
            yield return (
                folder.Key,
                lines.Sum(CountStatements),
                lines.SelectMany(file => file).Select(line => PublicType().Match(line).Groups["name"].Value)
                    .Where(name => name.Length > 0).Distinct(StringComparer.Ordinal).Count());
        }
    }

    // Namespaces are file-scoped, so a line that declares a type that is not nested has no indentation. Parts of one type count once.
    [GeneratedRegex(
        @"^public .*?\b(record struct|record|class|struct|interface|enum|delegate \S+) (?<name>\w+)",
        RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex PublicType();
}
