using System.CommandLine;
using System.Diagnostics;
using MiniNet.Cli;
using Mono.Cecil;

namespace MiniNet.Tests.Cli;

/// <summary>Tests that no command overwrites a file that it reads, or a file that a link with a default name leads to.</summary>
public sealed class OutputFileTests(OutputFileTests.Trained trained) : IClassFixture<OutputFileTests.Trained>, IDisposable
{
    private readonly TemporaryFolder folder = new();

    // All commands that write a file: arguments (M: a model, D: its data, R: its run), option for the output, and the files that it reads.
    private static readonly (string Command, string Arguments, string Option, string[] Inputs)[] Writers =
    [
        ("predict", "M D", "--output", ["M", "D"]),
        ("plot", "R", "--output", ["R/history.csv", "R/run.json", "M"]),
        ("plot", "R", "--png", ["R/history.csv", "R/run.json", "M"]),
        ("plot", "R --confusion", "--png", ["R/history.csv", "R/run.json", "M"]),
        ("graph", "M", "--output", ["M"]),
        ("explain", "M D", "--html", ["M", "D"]),
        ("sensitivity", "M D", "--bars", ["M", "D"]),
        ("sensitivity", "M D", "--heatmap", ["M", "D"]),
        ("landscape", "R", "--svg", ["M", "D", "R/history.csv", "R/run.json"]),
        ("landscape", "R", "--html", ["M", "D", "R/history.csv", "R/run.json"]),
        ("surface", "x^2+y^2", "--svg", []),
        ("surface", "x^2+y^2", "--html", []),
        ("train", "", "--output", []), // a folder: see RunFolderTests
    ];

    public static TheoryData<string, string, string> Pairs =>
        [.. Writers.SelectMany(writer => writer.Inputs.Select(input => (writer.Command + " " + writer.Arguments, writer.Option, input)))];

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Writers_CoverAllOutputOptions() => Assert.Equal(
        Writers.Select(writer => $"{writer.Command} {writer.Option}").Distinct().Order(StringComparer.Ordinal),
        Commands.Create().Subcommands
            .SelectMany(command => command.Options
                .OfType<OutputOption>()
                .Select(option => $"{command.Name} {option.Name}"))
            .Order(StringComparer.Ordinal));

    [Fact]
    public void Commands_WriteFilesOnlyThroughCheckedClasses()
    {
        using var library = ModuleDefinition.ReadModule(typeof(OutputFile).Assembly.Location);
        string[] writers = [.. library.GetTypes()
            .Where(type => type.Methods.Any(method => method.HasBody
                && method.Body.Instructions.Any(instruction => instruction.Operand is MethodReference call && Writes(call))))
            .Select(type => (type.DeclaringType ?? type).Name).Distinct().Order(StringComparer.Ordinal)];
        Assert.Equal(["OutputFile", "RunFolder"], writers);
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Output_OntoAnInput_IsAUsageError(string command, string option, string input)
    {
        string file = Replace(input);
        byte[] before = File.ReadAllBytes(file);
        Mininet.Outcome outcome = Mininet.Run([.. command.Split(' ').Select(Replace), option, file]);
        Assert.Equal((2, $"{option} is {file}, which this command reads; choose another file."), (outcome.ExitCode, outcome.Error()));
        Assert.Equal(before, File.ReadAllBytes(file));
    }

    [Fact]
    public void Link_AtDefaultNameIsReplaced_AtGivenNameIsFollowed()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need a privilege on Windows.");
        string victim = folder.Write("victim", "precious"), link = folder["loss.svg"];
        File.Copy(Replace("R/history.csv"), folder["history.csv"]);
        File.CreateSymbolicLink(link, "victim");
        Assert.Equal(0, Mininet.Run("plot", folder.Path).ExitCode);
        Assert.Equal("precious", File.ReadAllText(victim));
        Assert.Null(new FileInfo(link).LinkTarget);

        File.Copy(Replace("R/run.json"), folder["run.json"]);
        File.CreateSymbolicLink(folder["confusion.png"], "victim");
        Assert.Equal(0, Mininet.Run("plot", folder.Path, "--confusion").ExitCode);
        Assert.Equal("precious", File.ReadAllText(victim));
        Assert.Null(new FileInfo(folder["confusion.png"]).LinkTarget);

        string chosen = folder["chosen.svg"];
        File.CreateSymbolicLink(chosen, "victim");
        Assert.Equal(0, Mininet.Run("plot", folder.Path, "--output", chosen).ExitCode);
        Assert.StartsWith("<svg", File.ReadAllText(victim), StringComparison.Ordinal);
        Assert.Equal("victim", new FileInfo(chosen).LinkTarget);
    }

    [Fact]
    public void Link_RelativeTarget_IsResolvedFromTheFolderOfTheLink()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need a privilege on Windows.");
        File.CreateSymbolicLink(folder["b.txt"], "a.txt");
        Mininet.Outcome outcome = Mininet.RunIn(folder.Path, "graph", Replace("M"), "--output", "b.txt");
        Assert.Equal((0, "b.txt"), (outcome.ExitCode, outcome.Output.Trim()));
        Assert.StartsWith("flowchart", File.ReadAllText(folder["a.txt"]), StringComparison.Ordinal);
        Assert.Equal("a.txt", new FileInfo(folder["b.txt"]).LinkTarget);
    }

    [Fact]
    public void Write_BeforeCheck_Throws() =>
        Assert.Throws<InvalidOperationException>(() => new OutputFile("--output", folder["f"]).Write("text"));

    [Fact]
    public void StandardOutput_AsAFile_HoldsOnlyTheOutput()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "/dev/stdout is a name on Unix.");
        string expected = Mininet.Run("predict", Replace("M"), Replace("D")).Output;
        string file = folder.Write("out.csv", "before\n");
        using Process process = Mininet.Start(
            new Dictionary<string, string>(StringComparer.Ordinal),
            line => ("sh", ["-c", "exec \"$@\" >> \"$0\"", file, .. line]),
            "predict", Replace("M"), Replace("D"), "--output", "/dev/stdout");
        Mininet.Outcome outcome = Mininet.Finish(process);
        Assert.Equal((0, "/dev/stdout: 150 rows predicted."), (outcome.ExitCode, outcome.Errors.Trim()));
        Assert.Equal("before\n" + expected, File.ReadAllText(file));
    }

    [Theory]
    [InlineData("folder/", 2, "--png is {0}, which names a folder; give the name of a file.")]
    [InlineData("missing/a.png", 1, "{0}: cannot be written: ")]
    public void Output_NotAWritableFile_PrintsOneLine(string name, int exitCode, string message)
    {
        Mininet.Outcome outcome = Mininet.Run("plot", Replace("R"), "--png", folder[name]);
        Assert.Equal(exitCode, outcome.ExitCode);
        Assert.StartsWith(
            string.Format(System.Globalization.CultureInfo.InvariantCulture, message, folder[name]),
            outcome.Error(),
            StringComparison.Ordinal);
        Assert.Empty(folder.Names());
    }

    [Fact]
    public void Output_ReadOnlyFile_IsReportedBeforeTheWork()
    {
        bool isRoot = !OperatingSystem.IsWindows() && Environment.IsPrivilegedProcess;
        Assert.SkipWhen(isRoot && !File.Exists("/usr/bin/setpriv"), "root may write to any file, and there is no setpriv to prevent it.");
        string file = folder.Write("f.svg", "old");
        File.SetAttributes(file, FileAttributes.ReadOnly);
        using Process process = Mininet.Start(
            new Dictionary<string, string>(StringComparer.Ordinal),
            line => isRoot ? ("setpriv", ["--bounding-set=-dac_override", .. line]) : (line[0], line[1..]),
            "graph", folder["missing"], "--output", file); // the missing model would be the error of the work
        Mininet.Outcome outcome = Mininet.Finish(process);
        File.SetAttributes(file, FileAttributes.Normal);
        Assert.Equal(1, outcome.ExitCode);
        Assert.StartsWith($"{file}: cannot be written: ", outcome.Error(), StringComparison.Ordinal);
        Assert.Equal("old", File.ReadAllText(file));
    }

    [Theory]
    [InlineData("plot R --png a.svg", "--png is a.svg, but it does not write .svg files; choose a name that ends in .png.")]
    [InlineData("plot R --output a.PNG", "--output is a.PNG, but it does not write .png files; choose a name that ends in .svg.")]
    [InlineData(
        "surface x --html a.svg", "--html is a.svg, but it does not write .svg files; choose a name that ends in .html or .htm.")]
    [InlineData(
        "graph M --output a.png",
        "--output is a.png, but it does not write .png files; choose a name that ends in .svg or .dot or .gv or .mmd.")]
    public void Output_ExtensionOfAnotherFormat_IsAUsageError(string command, string message)
    {
        Mininet.Outcome outcome = Mininet.RunIn(folder.Path, [.. command.Split(' ').Select(Replace)]);
        Assert.Equal((2, message), (outcome.ExitCode, outcome.Error()));
        Assert.Empty(folder.Names());
    }

    [Fact]
    public void DevNull_MayBeGivenTwice()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "/dev/null is a name on Unix.");
        Assert.Equal(0, Mininet.Run("surface", "x^2+y^2", "--points", "5", "--svg", "/dev/null", "--html", "/dev/null").ExitCode);
    }

    private string Replace(string word) => word switch
    {
        "M" => Path.Combine(trained.Run, "model.safetensors"),
        "D" => trained.Data,
        "R" => trained.Run,
        ['R', '/', .. var name] => Path.Combine(trained.Run, name),
        _ => word,
    };

    private static bool Writes(MethodReference call) => (call.DeclaringType.FullName, call.Name) is
        ("MiniNet.Files.AtomicFile", _) or ("System.IO.FileStream", ".ctor") or ("System.IO.StreamWriter", ".ctor")
        || call.Name.StartsWith("Save", StringComparison.Ordinal) // of a model, a history, a ScottPlot figure or an image
        || (call.DeclaringType.FullName is "System.IO.File" or "System.IO.FileInfo"
            && (call.Name.StartsWith("Write", StringComparison.Ordinal) || call.Name.StartsWith("Append", StringComparison.Ordinal)
            || call.Name is "Create" or "CreateText" or "Open" or "OpenWrite" or "OpenHandle" or "Replace"
                or "Move" or "MoveTo" or "Copy" or "CopyTo"));

    /// <summary>A model trained once on a copy of iris.</summary>
    public sealed class Trained : IDisposable
    {
        private readonly TemporaryFolder folder = new();

        public Trained()
        {
            folder.Write("iris.csv", File.ReadAllBytes(Repository.Dataset("iris.csv")));
            Assert.Equal(0, Mininet.Run("train", Data, "--target", "species", "--epochs", "2", "--output", Run).ExitCode);
        }

        internal string Run => folder["run"];

        internal string Data => folder["iris.csv"];

        public void Dispose() => folder.Dispose();
    }
}
