using System.CommandLine;
using MiniNet.Kernels;
using MiniNet.Stepping;
using MiniNet.Training;

namespace MiniNet.Cli;

/// <summary><c>mininet replay RUN --epoch 3 --batch 7</c>: trains once more from the seed, up to a batch, and goes through that batch step by step.</summary>
internal static class ReplayCommand
{
    private const string KernelsVariable = "MININET_KERNELS";
    private static readonly Argument<string> Folder = Options.Required("RUN", "The run folder that train wrote.");
    private static readonly Option<int> Epoch = Options.Number("--epoch", "The epoch to go to.", 1, 1, 1_000_000);
    private static readonly Option<int> Batch = Options.Number("--batch", "The batch of that epoch.", 1, 1, int.MaxValue);
    private static readonly Option<bool> FirstNaN = Options.Flag("--first-nan", "Go to the first batch, and in it to the step, that left a number that is NaN or infinite.");
    private static readonly Option<string?> Data = Options.InputPath("--data", "The data file. Default: where train read it.");

    public static Command Create()
    {
        var command = new Command("replay", "Go back to a batch of a run, to the bit, and step through it.") { Folder, Epoch, Batch, FirstNaN, Data };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        bool firstNaN = parsed.GetValue(FirstNaN);
        if (firstNaN && (parsed.GetResult(Epoch) is not null || parsed.GetResult(Batch) is not null))
        {
            throw new UsageException("--first-nan finds epoch and batch by itself; leave out --epoch and --batch.");
        }

        RunRecord record = RunRecord.Load(parsed.GetRequiredValue(Folder));
        ChooseKernels(record.Side);
        ClassifierRun run = record.Reopen(parsed.GetValue(Data));
        ReplayedBatch? place;
        using (var interruption = new Interruption()) // and not while one looks: there, Ctrl-C is to end it at once
        {
            place = firstNaN ? run.GoToFirstNotFinite(interruption.Token) : run.GoTo(parsed.Value(Epoch, 1), parsed.Value(Batch, 1), interruption.Token);
        }

        if (place is null)
        {
            Console.Out.WriteLine($"All numbers of the run are finite, in each of its {record.LastEpoch} epoch(s): values, gradients and weights.");
        }
        else
        {
            BackpropStepper stepper = place.CreateStepper();
            if (firstNaN)
            {
                stepper.RunUntil(step => step.NotFinite is not null);
            }

            if (Walk.Terminal is { } console)
            {
                ReplayView.Walk(console, record, place, stepper);
            }
            else
            {
                ReplayView.Print(Console.Out, record, place, stepper);
            }
        }

        return 0;
    }

    // Nothing has been computed yet, so the side is still open; one that the user asks for is left as it is, and the run refuses it if it is another.
    public static void ChooseKernels(KernelSide side)
    {
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable(KernelsVariable)))
        {
            Environment.SetEnvironmentVariable(KernelsVariable, side.ToString().ToLowerInvariant());
        }
    }
}
