using MiniNet.Cli;
using MiniNet.Data;
using MiniNet.Graphs;
using MiniNet.Layers;
using MiniNet.Losses;
using MiniNet.Optimizers;
using MiniNet.Stepping;
using MiniNet.Tensors;
using MiniNet.Training;
using static System.ConsoleKey;

namespace MiniNet.Tests.Cli;

/// <summary>Tests of the keys and screens with which explain and replay step through a network.</summary>
public class StepperConsoleTests
{
    [Fact]
    public void Keys_StepForwardAndBack_AndReportTheEnds()
    {
        (BackpropStepper stepper, int count) = Stepper();
        ScriptedConsole console = RunWithKeys(
            stepper, [LeftArrow, RightArrow, N, Enter, B, Backspace, LeftArrow, Spacebar, F1, Q, RightArrow]);
        Assert.Equal([0, 0, 1, 2, 3, 2, 1, 0, 1, 1], console.Screens.Select(At));
        Assert.Equal(1, console.KeysLeft);
        Assert.Contains("Before the first step", console.Screens[0], StringComparison.Ordinal);
        Assert.Contains("This is the beginning.", console.Screens[1], StringComparison.Ordinal);
        Assert.Contains("relu · ReLU · y = max(x, 0)", console.Screens[3], StringComparison.Ordinal);

        console = RunWithKeys(stepper, [.. Enumerable.Repeat(RightArrow, count), Escape]);
        Assert.Equal(count, At(console.Screens[^1]));
        Assert.Contains("That was the last step.", console.Screens[^1], StringComparison.Ordinal);
        Assert.DoesNotContain("That was the last step.", console.Screens[^2], StringComparison.Ordinal);
        Assert.Single(RunWithKeys(stepper, []).Screens); // the input is closed

        int At(string screen)
        {
            string[] words = screen.Split('\n')[0].Split(' ');
            Assert.Equal(["title,", "step", "of", $"{count}"], (string[])[words[0], words[1], words[3], words[4]]);
            return int.Parse(words[2], System.Globalization.CultureInfo.InvariantCulture);
        }
    }

    [Theory]
    [InlineData(80, 24)]
    [InlineData(60, 20)]
    [InlineData(200, 60)]
    public void EveryScreen_FitsTheTerminal(int width, int height)
    {
        var graph = new Sequential(seed: 1, new Linear(64, 40), new ReLU(), new Linear(40, 10));
        graph.AddLoss(new SoftmaxCrossEntropy());
        var stepper = new BackpropStepper(
            graph, Samples.Tensor(new Shape(16, 64)), Samples.Classes(16, 10, new(1, "classes")), new Adam(graph.Parameters, 0.1f));
        var console = new ScriptedConsole([.. Enumerable.Repeat(RightArrow, stepper.StepCount + 1)]);
        (console.Profile.Width, console.Profile.Height) = (width, height);
        StepperConsole.Run(console, stepper, "title");
        Assert.All(console.Screens, screen =>
        {
            string[] lines = screen.TrimEnd().Split('\n');
            Assert.StartsWith("title, step ", lines[0], StringComparison.Ordinal);
            Assert.InRange(lines.Length, 1, height - 1);

            // These are the rows of numbers. The console wraps other lines.
            Assert.All(
                lines.Where(line => line.StartsWith("    ", StringComparison.Ordinal)), line => Assert.InRange(line.Length, 1, width));
        });
        Assert.Contains("…", console.Screens[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void RunTo_EnterGoesToTheChoice_EscCancels()
    {
        (BackpropStepper stepper, _) = Stepper();
        ScriptedConsole console = RunWithKeys(stepper, [R, DownArrow, DownArrow, Enter, Q]);
        Assert.Equal(
            ["hidden", "relu", "scores", "loss", "hidden.weight", "hidden.bias", "scores.weight", "scores.bias", "(the end)"],
            Choices(console.Screens[1]));
        Assert.Contains("> scores\n", console.Screens[3], StringComparison.Ordinal);
        Assert.Equal(("scores", StepKind.Forward), (stepper.Current!.Name, stepper.Current.Kind));

        console = RunWithKeys(stepper, [R, DownArrow, Escape, RightArrow, Escape, Q]); // the first Esc closes the menu
        Assert.Equal(("loss", 1), (stepper.Current!.Name, console.KeysLeft));
        RunWithKeys(stepper, [R, UpArrow, Enter, Q]);
        Assert.Equal((stepper.StepCount, "scores.bias"), (stepper.Position, stepper.Current!.Name));

        static string[] Choices(string screen) => [.. screen.TrimEnd().Split('\n')[1..].Select(line => line[2..].Trim())];
    }

    [Fact]
    public void RunTo_EarlierStep_StaysAtThePosition()
    {
        (BackpropStepper stepper, _) = Stepper();
        stepper.RunTo("hidden");
        Step stoodAt = stepper.RunTo("hidden")!;
        int position = stepper.Position;
        float[] gradient = stepper.Current!.Node!.Operation!.Parameters[0].Gradient.Span.ToArray();
        ScriptedConsole console = RunWithKeys(stepper, [R, Enter, Q]);
        Assert.Contains("There is no step at hidden after this one.", console.Screens[^1], StringComparison.Ordinal);
        Assert.Equal((stoodAt, position), (stepper.Current, stepper.Position));
        Assert.Equal(gradient, stepper.Current!.Node!.Operation!.Parameters[0].Gradient.Span.ToArray());
        Assert.Equal("hidden.weight", stepper.Next()!.Name);
    }

    [Fact]
    public void RunTo_MoreNamesThanLines_ScrollsTheMenu()
    {
        var stepper = new BackpropStepper(
            new Sequential(seed: 1, [.. Enumerable.Range(0, 50).Select(_ => (Layer)new Linear(2, 2))]), new Tensor(new Shape(1, 2)));
        ScriptedConsole console = RunWithKeys(stepper, [R, .. Enumerable.Repeat(DownArrow, 30), Enter, Q]);
        Assert.All(console.Screens[1..^1], screen => Assert.InRange(screen.Split('\n').Length, 2, 24));
        Assert.Equal("30", stepper.Current!.Name);
    }

    [Fact]
    public void StepText_ShowsOperandsOfTheEquation_AndTheRangeOfAllNumbers()
    {
        var graph = new Sequential(seed: 1, new Linear(4, 20), new Tanh(), new Linear(20, 3));
        graph.AddLoss(new SoftmaxCrossEntropy());
        graph.Parameters[0].Value[3, 19] = float.NaN; // not among the first 8 by 8
        var stepper = new BackpropStepper(graph, Samples.Tensor(new Shape(2, 4)), new Targets([0, 2]));
        string linear = StepText.Describe(stepper.Next()!);
        string loss = StepText.Describe(stepper.RunTo("loss")!), back = StepText.Describe(stepper.RunTo("loss")!);
        Assert.Matches(@"  W \[4, 20\] 1 NaN or infinite -0\.\d+\.\.0\.\d+\n", linear);
        foreach (string text in (string[])[loss, back])
        {
            Assert.Contains("  t, the targets [2, 1] 0..2\n", text, StringComparison.Ordinal);
            Assert.Contains("  p, cached in the forward pass [2, 3]", text, StringComparison.Ordinal);
        }

        Assert.Contains("  y, the value [2, 20]", StepText.Describe(stepper.RunTo("1")!), StringComparison.Ordinal); // ∂y/∂x = 1 − y²
        Assert.DoesNotContain("  y, the value", StepText.Describe(stepper.RunTo("0")!), StringComparison.Ordinal);
    }

    [Fact]
    public void Replay_FirstScreen_ShowsWhatWasFound()
    {
        var settings = new ClassifierSettings { Optimizer = OptimizerKind.SGD, LearningRate = 100, Hidden = [64, 64, 64], BatchSize = 4 };
        var run = new ClassifierRun(CsvDataset.Load(Repository.Dataset("iris.csv"), "species"), settings);
        DivergedException diverged = Assert.Throws<DivergedException>(() => run.Train(cancellation: TestContext.Current.CancellationToken));
        RunRecord record = RunRecord.Create(run, "", diverged);
        ReplayedBatch replayed = run.GoToFirstNotFinite(TestContext.Current.CancellationToken)!;
        BackpropStepper stepper = replayed.CreateStepper();
        (string? found, int position) = (stepper.RunUntil(step => step.NotFinite is not null)!.NotFinite, stepper.Position);
        var console = new ScriptedConsole(LeftArrow, Q);
        ReplayView.ShowInteractively(console, record, replayed, stepper);
        Assert.Contains(
            $"Epoch {replayed.Epoch} of {diverged.Epoch}, batch {replayed.Batch.Number} of {replayed.Batches}: " +
            "4 rows, learning rate 100, loss ",
            console.Screens[0],
            StringComparison.Ordinal);
        Assert.Contains($"The run diverged in {diverged.Message}", console.Screens[0], StringComparison.Ordinal);
        Assert.Contains($"The first value that is not finite: {found}.", console.Screens[0], StringComparison.Ordinal);
        Assert.Contains($"step {position} of ", console.Screens[0], StringComparison.Ordinal);
        Assert.Contains($"step {position - 1} of ", console.Screens[1], StringComparison.Ordinal);
        Assert.DoesNotContain("learning rate", console.Screens[1], StringComparison.Ordinal);
    }

    private static ScriptedConsole RunWithKeys(BackpropStepper stepper, ConsoleKey[] keys)
    {
        var console = new ScriptedConsole(keys);
        StepperConsole.Run(console, stepper, "title");
        return console;
    }

    private static (BackpropStepper Stepper, int Count) Stepper()
    {
        var graph = new Graph(seed: 1);
        Node hidden = graph.Add("hidden", new Linear(4, 3), graph.Input("x", Shape.Batch(4)));
        graph.Add("scores", new Linear(3, 2), graph.Add("relu", new ReLU(), hidden));
        graph.AddLoss(new SoftmaxCrossEntropy());
        var stepper = new BackpropStepper(graph, Samples.Tensor(new Shape(2, 4)), new Targets([0, 1]), new SGD(graph.Parameters, 0.1f));
        return (stepper, stepper.StepCount);
    }
}
