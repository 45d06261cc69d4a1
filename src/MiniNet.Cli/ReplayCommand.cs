using System.CommandLine;
using MiniNet.Kernels;
using MiniNet.Stepping;
using MiniNet.Training;

namespace MiniNet.Cli;

/// <summary>
/// <c>mininet replay RUN --epoch 3 --batch 7</c>: repeats the training from the seed up to a batch, and steps through that batch.
/// </summary>
internal static class ReplayCommand
{
    private const string KernelsVariable = "MININET_KERNELS";
    private static readonly Argument<string> Folder = Options.Required("RUN", "The run folder that train wrote.");
    private static readonly Option<int> Epoch = Options.Number("--epoch", "The epoch of the batch to step through.", 1, 1, 1_000_000);
    private static readonly Option<int> Batch = Options.Number("--batch", "The number of the batch in that epoch.", 1, 1, int.MaxValue);
    private static readonly Option<bool> FirstNaN = Options.Flag(
        "--first-nan", "Stop at the first batch and step that produced NaN or an infinite number.");

    private static readonly Option<string?> Data = Options.InputPath("--data", "The data file. Default: the path that was given to train.");

    public static Command Create()
    {
        var command = new Command("replay", "Repeat the training of a run exactly, up to a batch, and step through that batch.")
        {
            Folder, Epoch, Batch, FirstNaN, Data,
        };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        bool firstNaN = parsed.GetValue(FirstNaN);
        if (firstNaN && (parsed.GetResult(Epoch) is not null || parsed.GetResult(Batch) is not null))
        {
            throw new UsageException("--first-nan finds the epoch and the batch itself; leave out --epoch and --batch.");
        }

        RunRecord record = RunRecord.Load(parsed.GetRequiredValue(Folder));
        ChooseBackend(record.Backend);
        ClassifierRun run = record.Reopen(parsed.GetValue(Data));
        Warn(run);
        ReplayedBatch? replayed;
        using (var interruption = new CancellationSignal()) // only here: while steps are shown, Ctrl-C ends the process at once
        {
            replayed = firstNaN
                ? run.GoToFirstNotFinite(interruption.Token)
                : run.GoTo(parsed.Value(Epoch, 1), parsed.Value(Batch, 1), interruption.Token);
        }

        if (replayed is null)
        {
            Console.Out.WriteLine($"All values, gradients and weights are finite in all {record.LastEpoch} epoch(s) of the run.");
        }
        else
        {
            BackpropStepper stepper = replayed.CreateStepper();
            if (firstNaN)
            {
                stepper.RunUntil(step => step.NotFinite is not null);
            }

            if (StepperConsole.Terminal is { } console)
            {
                ReplayView.ShowInteractively(console, record, replayed, stepper);
            }
            else
            {
                ReplayView.Print(Console.Out, record, replayed, stepper);
            }
        }

        return 0;
    }

    /// <summary>Prints what differs from the recorded run.</summary>
    public static void Warn(ClassifierRun run)
    {
        if (run.Differences.Count > 0)
        {
            Console.Error.WriteLine(
                $"mininet: the run was trained {string.Join(", ", run.Differences)}; the results can differ in the last digits.");
        }
    }

    // Selects the kernels of the recorded run. This must happen before the first computation. If the user has set the variable, it is kept.
    public static void ChooseBackend(KernelBackend backend)
    {
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable(KernelsVariable)))
        {
            Environment.SetEnvironmentVariable(KernelsVariable, backend.ToString().ToLowerInvariant());
        }
    }
}
