using System.Globalization;
using MiniNet.Kernels;
using MiniNet.Training;

namespace MiniNet.Tests.Cli;

public sealed class ReplayTests : IDisposable
{
    private static readonly string Iris = Repository.Dataset("iris.csv");
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Replay_EpochAndBatch_PrintsLossAndEachStep()
    {
        Train("--hidden", "6", "--epochs", "5");
        Mininet.Outcome outcome = Mininet.Run("replay", folder["run"], "--epoch", "3", "--batch", "4");
        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Errors));
        string[] lines = outcome.Output.TrimEnd('\n').Split('\n');
        Assert.Matches(@"^Epoch 3 of 5, batch 4 of 4: 8 rows, learning rate 0\.001, loss \d\.\d+$", lines[0]);
        Assert.Equal(
            [
                "0 · Linear", "1 · ReLU", "2 · Linear", "loss · SoftmaxCrossEntropy", "gradients · ZeroGradients",
                "loss · SoftmaxCrossEntropy", "2 · Linear", "1 · ReLU", "0 · Linear",
                "0.weight · Adam", "0.bias · Adam", "2.weight · Adam", "2.bias · Adam",
            ],
            lines[1..].Select(line => string.Join(" · ", line.Trim().Split(" · ")[..2])));

        // The mean of the batch losses, weighted by their rows, is the loss that the run recorded for the epoch.
        double sum = 0;
        for (int batch = 1; batch <= 4; batch++)
        {
            string[] words = Mininet.Run("replay", folder["run"], "--epoch", "3", "--batch", $"{batch}").Output.Split('\n')[0].Split(' ');
            sum += float.Parse(words[^1], CultureInfo.InvariantCulture) * int.Parse(words[8], CultureInfo.InvariantCulture);
        }

        Assert.Equal(TrainingHistory.Load(Path.Combine(folder["run"], "history.csv")).Epochs[2].TrainingLoss, (float)(sum / 104));
    }

    [Fact]
    public void Replay_WithoutOptions_ShowsTheFirstBatch()
    {
        Train("--epochs", "2");
        Assert.StartsWith("Epoch 1 of 2, batch 1 of 4: 32 rows, ", Mininet.Run("replay", folder["run"]).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Replay_FirstNaNOfDivergedRun_StopsAtTheNode()
    {
        Mininet.Outcome trained = Diverge();
        Assert.Equal(1, trained.ExitCode);
        Assert.EndsWith($" To step through it: mininet replay {folder["run"]} --first-nan", trained.Error(), StringComparison.Ordinal);
        Assert.Equal(
            ["history.csv", "run.json"],
            Directory.GetFileSystemEntries(folder["run"]).Select(Path.GetFileName).Order(StringComparer.Ordinal));

        Mininet.Outcome outcome = Mininet.Run("replay", folder["run"], "--first-nan");
        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Errors));
        string[] lines = outcome.Output.Split('\n');
        Assert.Matches(@"^Epoch \d+ of \d+, batch \d+ of 26: 4 rows, learning rate 100, loss ", lines[0]);
        string[] place = lines[0].Split([' ', ','], StringSplitOptions.RemoveEmptyEntries);
        Assert.StartsWith($"epoch {place[1]}, batch {place[5]}: the loss is ", trained.Error(), StringComparison.Ordinal);
        Assert.StartsWith($"The run diverged in epoch {place[1]}, batch {place[5]}: the loss is ", lines[1], StringComparison.Ordinal);
        string node = lines[2].TrimEnd('.')["The first value that is not finite: the value of ".Length..];
        Assert.StartsWith($"> {node} · ", Assert.Single(lines, line => line.StartsWith('>')), StringComparison.Ordinal);
        Assert.Contains($"the first node with such a value is {node} (", trained.Error(), StringComparison.Ordinal);
    }

    [Fact]
    public void Train_DivergedRunIsReplaced_AndNeverReplacesARun()
    {
        Diverge();
        Diverge();
        Train("--epochs", "2");
        string[] names = Directory.GetFileSystemEntries(folder["run"]);
        byte[][] before = [.. names.Select(File.ReadAllBytes)];
        Assert.Equal(4, names.Length);
        Assert.DoesNotContain("mininet replay", Diverge().Error(), StringComparison.Ordinal);
        Assert.Equal(names, Directory.GetFileSystemEntries(folder["run"]));
        Assert.Equal(before, names.Select(File.ReadAllBytes));
    }

    [Fact]
    public void Replay_FirstNaNOfFiniteRun_ReportsNone()
    {
        Train("--epochs", "3");
        Mininet.Outcome outcome = Mininet.Run("replay", folder["run"], "--first-nan");
        Assert.Equal(
            (0, "All values, gradients and weights are finite in all 3 epoch(s) of the run.\n", ""),
            (outcome.ExitCode, outcome.Output, outcome.Errors));
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("simd")]
    public void Replay_UsesTheRecordedKernels(string side)
    {
        Mininet.Run(Kernels(side), "train", Iris, "--target", "species", "--epochs", "2", "--output", folder["run"]);
        Mininet.Outcome free = Mininet.Run(Kernels(""), "replay", folder["run"], "--epoch", "2");
        Assert.Equal((0, free.Output), (free.ExitCode, Mininet.Run(Kernels(side), "replay", folder["run"], "--epoch", "2").Output));
        string other = side == "plain" ? "simd" : "plain";
        Mininet.Outcome warned = Mininet.Run(Kernels(other), "replay", folder["run"]);
        Assert.StartsWith(
            $"mininet: the run was trained with the {side} kernels, not the {other} ones", warned.Errors, StringComparison.Ordinal);
        Assert.Equal(0, warned.ExitCode);
    }

    [Fact]
    public void Replay_OtherVectorWidth_Warns()
    {
        Assert.SkipUnless(Kernel.Backend == KernelBackend.Simd && Kernel.VectorBits == 512, "There is no narrower width to choose here.");
        Train("--epochs", "1");
        Mininet.Outcome outcome = Mininet.Run(
            new Dictionary<string, string>(StringComparer.Ordinal) { ["DOTNET_EnableAVX512"] = "0" }, "replay", folder["run"]);
        Assert.Equal(
            (0, "mininet: the run was trained with vectors of 512 bits, not 256; the results can differ in the last digits.\n"),
            (outcome.ExitCode, outcome.Errors));
    }

    [Fact]
    public void Replay_BadInput_PrintsOneLine()
    {
        string data = folder.Write("data.csv", File.ReadAllBytes(Iris)), run = folder["run"];
        Assert.Equal(0, Mininet.Run("train", data, "--target", "species", "--epochs", "2", "--output", run).ExitCode);
        AssertRefused(1, $"{folder["no"]}: not a run folder, because it has no run.json; name a folder that train wrote.", folder["no"]);
        AssertRefused(1, "Epoch 3 does not exist: the run has 2 epoch(s), counted from 1.", run, "--epoch", "3");
        AssertRefused(
            1,
            "Batch 5 of epoch 2 does not exist: each epoch of this run has 4 batch(es). Epochs and batches are counted from 1.",
            run, "--epoch", "2", "--batch", "5");
        AssertRefused(2, "--epoch must be a number from 1 to 1000000, not '0'.", run, "--epoch", "0");
        AssertRefused(
            2, "--first-nan finds the epoch and the batch itself; leave out --epoch and --batch.", run, "--first-nan", "--batch", "1");
        File.AppendAllText(data, "5,3,1.5,0.2,setosa\n");
        AssertRefused(
            1,
            $"{data}: this is not the data that the run was trained on (the SHA-256 differs); restore the original file, or " +
            "train again.",
            run);
        File.Delete(data);
        AssertRefused(1, $"{data}: the data file of the run does not exist; specify its path (on the command line with --data FILE).", run);
        Assert.Equal(0, Mininet.Run("replay", run, "--data", Iris).ExitCode);
    }

    private static Dictionary<string, string> Kernels(string side) => new(StringComparer.Ordinal) { ["MININET_KERNELS"] = side };

    private static void AssertRefused(int exitCode, string message, params string[] arguments)
    {
        Mininet.Outcome outcome = Mininet.Run(["replay", .. arguments]);
        Assert.Equal((exitCode, "", message), (outcome.ExitCode, outcome.Output, outcome.Error()));
    }

    private void Train(params string[] options) =>
        Assert.Equal(0, Mininet.Run(["train", Iris, "--target", "species", "--quiet", "--output", folder["run"], .. options]).ExitCode);

    private Mininet.Outcome Diverge() => Mininet.Run(
        "train", Iris, "--target", "species", "--optimizer", "sgd", "--learning-rate", "100", "--hidden", "64,64,64", "--batch-size", "4",
        "--quiet", "--output", folder["run"]);
}
