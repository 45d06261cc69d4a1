using System.Xml.Linq;

namespace MiniNet.Tests.Cli;

public sealed class SurfaceTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Surface_Concave_DrawsMaximumAndAscentPaths()
    {
        Mininet.Outcome outcome = Mininet.Run(
            "surface", "4*x+3*y-x^2-x*y-y^2", "--x", "-2..4", "--y", "-2..4", "--ascend", "--descend", "adam,sgd:0.05,steepest",
            "--start=-1,0", "--points", "21", "--svg", folder["r.svg"], "--html", folder["r.html"]);
        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Errors));
        string[] lines = outcome.Output.ReplaceLineEndings("\n").TrimEnd().Split('\n');
        Assert.Equal("1 critical point in x from -2 to 4, y from -2 to 4, from 1024 starting points:", lines[0]);
        Assert.StartsWith("  maximum at x = 1.66667, y = 0.666667: f = 4.33333, ", lines[1], StringComparison.Ordinal); // (5/3, 2/3), 13/3
        Assert.StartsWith("adam 0.1: 100 steps from x = -1, y = 0 (f = -5) to ", lines[2], StringComparison.Ordinal);
        Assert.StartsWith("sgd 0.05: 100 steps from x = -1, y = 0 (f = -5) to x = 1.66", lines[3], StringComparison.Ordinal);
        Assert.StartsWith("steepest: ", lines[4], StringComparison.Ordinal);
        Assert.Equal([folder["r.svg"], folder["r.html"]], lines[5..]);
        Assert.Equal("svg", XDocument.Load(folder["r.svg"]).Root!.Name.LocalName);
        Assert.Contains("z = 4*x+3*y-x^2-x*y-y^2", File.ReadAllText(folder["r.html"]), StringComparison.Ordinal);
    }

    [Fact]
    public void Surface_HtmlOnly_WritesOnlyThePage()
    {
        // The formula begins with a sign.
        Mininet.Outcome outcome = Mininet.Run("surface", "-x^2+y", "--points", "5", "--html", folder["out.html"]);
        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Errors));
        Assert.StartsWith("No critical point in x from -2 to 2, y from -2 to 2: ", outcome.Output, StringComparison.Ordinal);
        Assert.Equal(["out.html"], folder.Names());
    }

    [Theory]
    [InlineData(2, "'z' is not a variable; the variables are x, y, at character 5 of the formula:", "x + z")]
    [InlineData(2, "--x must be a range of two numbers, the smaller first, such as -2..4, not '4..2'.", "x", "--x", "4..2")]
    [InlineData(2, "--x must be a range of two numbers, the smaller first, such as -2..4, not '-2...2'.", "x", "--x", "-2...2")]
    [InlineData(2, "--start must be two numbers separated by a comma, such as -1,2, not '1'.", "x", "--start", "1")]
    [InlineData(
        2,
        "--descend: there is no optimizer 'foo'; choose one of sgd, momentum, adam, rmsprop, adagrad, nadam and steepest.",
        "x", "--descend", "foo")]
    [InlineData(2, "--descend: steepest takes no learning rate, because it uses a line search.", "x", "--descend", "steepest:0.1")]
    [InlineData(2, "--start and --steps have no effect without a descent; add --descend or --ascend.", "x", "--start", "1,1")]
    [InlineData(
        2, "--start and --steps have no effect without a descent; add --descend or --ascend.", "x", "--steps", "5", "--descend", ",")]
    [InlineData(
        2,
        "--x must be a range whose ends differ in the first seven digits, the precision of float32, not '1..1.00000001'.",
        "x^2", "--x", "1..1.00000001")]
    [InlineData(2, "--descend: '-1' is not a learning rate; it must be a number above 0, as in adam:0.1.", "x", "--descend", "adam:-1")]
    [InlineData(2, "the formula has no finite value anywhere in these ranges; choose others with --x and --y.", "ln(-1-x^2)")]
    [InlineData(
        1,
        "The function has no finite value (Infinity) at the start of the path, x = 0, y = 1: ",
        "1/x", "--descend", "sgd", "--start", "0,1")]
    public void Surface_BadInput_PrintsOneLine_AndWritesNoFile(int exitCode, string error, params string[] arguments)
    {
        Mininet.Outcome outcome = Mininet.Run(["surface", .. arguments, "--html", folder["out.html"]]);
        Assert.Equal((exitCode, ""), (outcome.ExitCode, outcome.Output));
        Assert.StartsWith($"mininet: {error}", outcome.Errors, StringComparison.Ordinal);
        // Two more lines show the place in the formula.
        Assert.Equal(error.Contains("formula:", StringComparison.Ordinal) ? 3 : 1, outcome.Errors.TrimEnd().Split('\n').Length);
        Assert.Empty(folder.Names());
    }

    [Fact]
    public void Surface_OptimizerNames_IgnoreCase() =>
        Assert.Contains(
            "STEEPEST: 1 step from x = 1, y = 1 ",
            Mininet.Run(
                "surface", "x^2+y^2", "--descend", "STEEPEST,ADAM", "--start", "1,1", "--points", "5", "--html", folder["a.html"]).Output,
            StringComparison.Ordinal);

    [Fact]
    public void Surface_InvalidOutput_PrintsOneLine_AndWritesNothing()
    {
        string svg = folder["a.svg"], nowhere = Path.Combine(folder["nowhere"], "b.html");
        Mininet.Outcome outcome = Mininet.Run("surface", "x^2", "--svg", svg, "--html", nowhere);
        Assert.Equal((1, ""), (outcome.ExitCode, outcome.Output));
        Assert.StartsWith($"{nowhere}: cannot be written: ", outcome.Error(), StringComparison.Ordinal);
        outcome = Mininet.Run("surface", "x^2", "--svg", svg, "--html", folder.Path);
        Assert.Equal((1, $"{folder.Path}: cannot be written: it is a folder."), (outcome.ExitCode, outcome.Error()));
        outcome = Mininet.Run("surface", "x^2", "--svg", folder["a"], "--html", Path.Combine(folder.Path, ".", "a"));
        Assert.Equal((2, $"--svg and --html are the same file, {folder["a"]}; choose two files."), (outcome.ExitCode, outcome.Error()));
        Assert.Empty(folder.Names());
    }

    [Fact]
    public void Surface_BadFormula_ShowsACaretUnderTheError() =>
        Assert.Equal(["x + z", "    ^"], Mininet.Run("surface", "x + z").Errors.ReplaceLineEndings("\n").TrimEnd().Split('\n')[1..]);
}
