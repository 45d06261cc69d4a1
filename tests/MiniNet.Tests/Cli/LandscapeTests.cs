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
    public void Landscape_OfARun_DrawsItsWay_AndSaysHowSharpItIs()
    {
        Train("--epochs", "12", "--seed", "3");
        Mininet.Outcome outcome = Mininet.Run("landscape", folder["run"], "--points", "9");
        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Errors));
        string[] lines = outcome.Output.ReplaceLineEndings("\n").TrimEnd().Split('\n');
        Assert.Matches(@"^training loss 0\.\d+ before the first epoch, 0\.\d+ at its least, 0\.\d+ after epoch 12$", lines[0].Replace(" 1.", " 0.", StringComparison.Ordinal));
        Assert.Matches(@"^plane: the two principal components of the path, which explain \d+\.\d % and \d+\.\d % of its variance$", lines[1]);
        Match sharpness = Regex.Match(lines[2], @"^sharpness: the largest eigenvalue of the Hessian is (?<of>[\d.]+) \(residual [\dE.-]+, \d+ products\)$", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1));
        Match limit = Regex.Match(lines[3], @"would grow from (?<of>[\d.]+) on \(2/λ\); the run used Adam with 0\.001$", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1));
        Assert.Equal(2, double.Parse(sharpness.Groups["of"].Value, CultureInfo.InvariantCulture) * double.Parse(limit.Groups["of"].Value, CultureInfo.InvariantCulture), 2e-3);
        Assert.Equal([Path.Combine(folder["run"], "landscape.svg"), Path.Combine(folder["run"], "landscape.html")], lines[4..]);
        Assert.Equal("svg", XDocument.Load(lines[4]).Root!.Name.LocalName);
        Assert.Contains("kept, epoch ", File.ReadAllText(lines[4]), StringComparison.Ordinal);

        // What the first line says is the loss of the weights at the start and at the end, so it is that of the first epochs in the history or near it.
        double before = double.Parse(lines[0].Split(' ')[2], CultureInfo.InvariantCulture);
        TrainingHistory history = TrainingHistory.Load(Path.Combine(folder["run"], "history.csv"));
        Assert.InRange(before, history.Epochs[0].TrainingLoss, 1.2 * history.Epochs[0].TrainingLoss); // the mean over the first epoch, in which it falls
    }

    [Fact]
    public void Landscape_RandomDirections_WarnsThatThePathIsHardlySeen_AndWritesWhereItIsTold()
    {
        Train("--epochs", "3");
        Mininet.Outcome outcome = Mininet.Run("landscape", folder["run"], "--points", "3", "--directions", "random", "--svg", folder["a.svg"], "--html", folder["a.html"]);
        Assert.Equal(0, outcome.ExitCode);
        Assert.Equal("warning: Random directions are all but at right angles to the path: what it does is hardly seen in this plane.", outcome.Errors.Trim());
        Assert.Equal(["a.html", "a.svg", "run"], folder.Names().Order(StringComparer.Ordinal));
        Assert.False(File.Exists(Path.Combine(folder["run"], "landscape.svg")));
    }

    [Fact]
    public void Landscape_OfWhatIsNoRun_IsOneClearLine()
    {
        Assert.EndsWith("name a folder that train wrote.", Mininet.Run("landscape", folder["nowhere"]).Error(), StringComparison.Ordinal);
        Train("--epochs", "2");
        Assert.EndsWith("must be a number from 2 to 401, not '1'.", Mininet.Run("landscape", folder["run"], "--points", "1").Error(), StringComparison.Ordinal);
        Mininet.Outcome diverged = Mininet.Run("train", Repository.Dataset("iris.csv"), "--target", "species", "--quiet", "--learning-rate", "100", "--optimizer", "sgd", "--batch-size", "4", "--output", folder["diverged"]);
        Assert.Equal(1, diverged.ExitCode);
        Mininet.Outcome outcome = Mininet.Run("landscape", folder["diverged"]);
        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains("this run diverged in epoch ", outcome.Error(), StringComparison.Ordinal);
    }

    private void Train(params string[] options)
    {
        Mininet.Outcome outcome = Mininet.Run(["train", Repository.Dataset("iris.csv"), "--target", "species", "--quiet", "--output", folder["run"], .. options]);
        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Errors));
    }
}
