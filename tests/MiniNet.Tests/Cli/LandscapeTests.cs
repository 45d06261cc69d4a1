using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using MiniNet.Training;

namespace MiniNet.Tests.Cli;

public sealed class LandscapeTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Landscape_OfRun_DrawsPathAndReportsSharpness()
    {
        Train("--epochs", "12", "--seed", "3");
        Mininet.Outcome outcome = Mininet.Run("landscape", folder["run"], "--points", "9");
        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Errors));
        string[] lines = outcome.Output.ReplaceLineEndings("\n").TrimEnd().Split('\n');
        Assert.Matches(@"^training loss [01]\.\d+ before the first epoch, [01]\.\d+ at its lowest, [01]\.\d+ after epoch 12$", lines[0]);
        Assert.Matches(
            @"^plane: the two principal components of the path, which explain \d+\.\d % and \d+\.\d % of its variance$", lines[1]);
        Match sharpness = Regex.Match(
            lines[2],
            @"^sharpness at the kept weights \(epoch \d+, training loss 0\.\d+\): " +
            @"the largest eigenvalue of the Hessian is (?<of>[\d.]+) \(residual [\dE.-]+, \d+ Hessian-vector products\)$",
            RegexOptions.ExplicitCapture,
            TimeSpan.FromSeconds(1));
        Match limit = Regex.Match(
            lines[3],
            @"becomes unstable above (?<of>[\d.]+) \(2/λ\); the run used Adam with 0\.001$",
            RegexOptions.ExplicitCapture,
            TimeSpan.FromSeconds(1));
        double eigenvalue = double.Parse(sharpness.Groups["of"].Value, CultureInfo.InvariantCulture);
        Assert.Equal(2, eigenvalue * double.Parse(limit.Groups["of"].Value, CultureInfo.InvariantCulture), 2e-3);
        Assert.Equal([Path.Combine(folder["run"], "landscape.svg"), Path.Combine(folder["run"], "landscape.html")], lines[4..]);
        Assert.Equal("svg", XDocument.Load(lines[4]).Root!.Name.LocalName);

        // The first loss is that of the initial weights. The history has the mean loss over the first epoch, during which it falls.
        double before = double.Parse(lines[0].Split(' ')[2], CultureInfo.InvariantCulture);
        TrainingHistory history = TrainingHistory.Load(Path.Combine(folder["run"], "history.csv"));
        Assert.Contains($"kept, epoch {history.BestEpoch}<", File.ReadAllText(lines[4]), StringComparison.Ordinal);
        Assert.InRange(before, history.Epochs[0].TrainingLoss, 1.2 * history.Epochs[0].TrainingLoss);
    }

    [Fact]
    public void Landscape_RandomDirections_WarnsAndWritesToTheGivenFiles()
    {
        Train("--epochs", "3");
        Mininet.Outcome outcome = Mininet.Run(
            "landscape", folder["run"], "--points", "3", "--directions", "random", "--svg", folder["a.svg"], "--html", folder["a.html"]);
        Assert.Equal(0, outcome.ExitCode);
        Assert.Equal(
            "mininet: Random directions are almost orthogonal to the path: this plane shows little of its movement.",
            outcome.Errors.Trim());
        Assert.Equal(["a.html", "a.svg", "run"], folder.Names().Order(StringComparer.Ordinal));
        Assert.False(File.Exists(Path.Combine(folder["run"], "landscape.svg")));
    }

    [Fact]
    public void Landscape_InvalidRun_PrintsOneLine()
    {
        Assert.EndsWith("name a folder that train wrote.", Mininet.Run("landscape", folder["nowhere"]).Error(), StringComparison.Ordinal);
        Train("--epochs", "2");
        Assert.EndsWith(
            "must be a number from 2 to 401, not '1'.",
            Mininet.Run("landscape", folder["run"], "--points", "1").Error(),
            StringComparison.Ordinal);
        Mininet.Outcome diverged = Mininet.Run(
            "train", Repository.Dataset("iris.csv"), "--target", "species", "--quiet", "--learning-rate", "100",
            "--optimizer", "sgd", "--batch-size", "4", "--output", folder["diverged"]);
        Assert.Equal(1, diverged.ExitCode);
        Mininet.Outcome outcome = Mininet.Run("landscape", folder["diverged"]);
        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains("this run diverged in epoch ", outcome.Error(), StringComparison.Ordinal);
    }

    [Fact]
    public void Landscape_InvalidOutput_FailsBeforeTheWork()
    {
        string data = folder.Write("precious.csv", File.ReadAllBytes(Repository.Dataset("iris.csv")));
        TrainOn(data, "species", "--epochs", "2");
        string[] names = ["history.csv", "loss.svg", "model.safetensors", "run.json"];
        string[] files = [.. names.Select(name => Path.Combine(folder["run"], name))];
        byte[][] before = [.. files.Select(File.ReadAllBytes)];
        foreach (string file in (string[])[files[0], files[2], files[3], data])
        {
            AssertRefused(2, $"--svg is {file}, which this command reads; choose another file.", "--data", data, "--svg", file);
            AssertRefused(2, $"--html is {file}, which this command reads; choose another file.", "--data", data, "--html", file);
        }

        AssertRefused(
            2, $"--svg and --html are the same file, {folder["a"]}; choose two files.", "--svg", folder["a"], "--html", folder["a"]);
        string nowhere = Path.Combine(folder["nowhere"], "a.svg");
        AssertRefused(2, $"--svg is {data}, which this command reads; choose another file.", "--svg", data); // the path that train read

        // The missing data file would be reported when the work begins.
        AssertRefused(1, $"{nowhere}: cannot be written: ", "--svg", nowhere, "--data", folder["gone.csv"]);
        Assert.Equal(before, files.Select(File.ReadAllBytes));
        Assert.Equal(names, Directory.GetFileSystemEntries(folder["run"]).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal(["precious.csv", "run"], folder.Names());

        void AssertRefused(int exitCode, string error, params string[] options)
        {
            Mininet.Outcome outcome = Mininet.Run(["landscape", folder["run"], "--points", "2", .. options]);
            Assert.Equal(exitCode, outcome.ExitCode);
            Assert.StartsWith(error, outcome.Error(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Landscape_Interrupted_WritesNothing()
    {
        Mininet.SkipWithout("INT", 2);
        TrainOn(Repository.Dataset("digits.csv"), "digit", "--epochs", "1");
        using Process process = Mininet.Start(
            new Dictionary<string, string>(StringComparer.Ordinal), "landscape", folder["run"], "--points", "401");
        Mininet.Outcome outcome;
        try
        {
            // The command prints nothing while it works. After this much processor time, it has started.
            Assert.True(SpinWait.SpinUntil(
                () => process.HasExited || process.TotalProcessorTime > TimeSpan.FromSeconds(3), TimeSpan.FromMinutes(1)));
            Assert.False(process.HasExited);
            outcome = Mininet.Interrupt(process);
        }
        finally
        {
            process.Kill(entireProcessTree: true); // does nothing if it has ended
        }

        Assert.Equal((130, "interrupted; nothing was written."), (outcome.ExitCode, outcome.Error()));
        Assert.Equal("", outcome.Output);
        Assert.Equal(4, Directory.GetFileSystemEntries(folder["run"]).Length);
    }

    private void Train(params string[] options) => TrainOn(Repository.Dataset("iris.csv"), "species", options);

    private void TrainOn(string data, string target, params string[] options)
    {
        Mininet.Outcome outcome = Mininet.Run(["train", data, "--target", target, "--quiet", "--output", folder["run"], .. options]);
        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Errors));
    }
}
