namespace MiniNet.Tests;

public class ReadmeTests
{
    private static readonly string Readme = File.ReadAllText(Path.Combine(Repository.Root, "README.md")).ReplaceLineEndings("\n");

    [Theory]
    [InlineData("08-classify-csv")]
    [InlineData("07-iris-by-hand")]
    public void Sample_IsTheExampleThatTheSolutionBuilds(string example)
    {
        string program = File.ReadAllText(Path.Combine(Repository.Root, "examples", example, "Program.cs")).ReplaceLineEndings("\n");
        Assert.Contains($"```csharp\n{program}```\n", Readme, StringComparison.Ordinal);
    }

    [Fact]
    public void NetworkOfImages_IsTheExamples()
    {
        string program = File.ReadAllText(Path.Combine(Repository.Root, "examples", "09-digits-as-images", "Program.cs")).ReplaceLineEndings("\n");
        int start = program.IndexOf("    var model", StringComparison.Ordinal), end = program.IndexOf("    if (seed", StringComparison.Ordinal);
        Assert.Contains($"```csharp\n{program[start..end]}```\n", Readme, StringComparison.Ordinal);
    }

    [Fact]
    public void Table_NamesTheFloorsInTheirOrder()
    {
        IEnumerable<string> rows = Readme.Split('\n').Where(line => line.StartsWith("| `", StringComparison.Ordinal)).Select(line => line.Split('`')[1]);
        Assert.Equal(House.FloorsTests.Floors[1..], rows.Where(name => !name.Contains('.')));
    }

    [Fact]
    public void LearnersBackward_IsTheOneOfLinear()
    {
        string linear = File.ReadAllText(Path.Combine(Repository.Root, "src", "MiniNet", "Layers", "Linear.cs"));
        foreach (string line in (string[])["dW += xᵀ·dY", "db += Σᵢ dYᵢ", "dX += dY·Wᵀ"])
        {
            string inReadme = Readme.Split('\n').First(text => text.EndsWith("// " + line, StringComparison.Ordinal)).Trim();
            Assert.Contains(inReadme, linear, StringComparison.Ordinal);
        }
    }
}
