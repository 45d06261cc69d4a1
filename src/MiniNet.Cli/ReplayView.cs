using System.Globalization;
using MiniNet.Stepping;
using MiniNet.Training;
using Spectre.Console;

namespace MiniNet.Cli;

/// <summary>
/// Shows the batch that a replay stopped at: what was found, and the steps. A terminal shows them key by key; otherwise, one per line.
/// </summary>
internal static class ReplayView
{
    public static void ShowInteractively(IAnsiConsole console, RunRecord record, ReplayedBatch replayed, BackpropStepper stepper) =>
        StepperConsole.Run(
            console,
            stepper,
            $"Epoch {replayed.Epoch}, batch {replayed.Batch.Number}",
            string.Join('\n', Describe(record, replayed, stepper)));

    public static void Print(TextWriter output, RunRecord record, ReplayedBatch replayed, BackpropStepper stepper)
    {
        Describe(record, replayed, stepper).ForEach(output.WriteLine);
        int stoodAt = stepper.Position;
        GoTo(stepper, 0);
        foreach (Step step in stepper)
        {
            output.WriteLine($"{(stepper.Position == stoodAt && step.NotFinite is not null ? "> " : "  ")}{step}");
        }
    }

    // Describes the batch, its loss and what is wrong with it. To compute the loss, it runs the steps and goes back to the same position.
    private static List<string> Describe(RunRecord record, ReplayedBatch replayed, BackpropStepper stepper)
    {
        string? notFinite = stepper.Current?.NotFinite;
        int stoodAt = stepper.Position;
        GoTo(stepper, 0);
        float loss = stepper.RunUntil(step => step.Kind == StepKind.Loss) is { Output: { } value } ? value.Span[0] : float.NaN;
        GoTo(stepper, stoodAt);
        List<string> lines =
        [
            string.Create(
                CultureInfo.InvariantCulture,
                $"Epoch {replayed.Epoch} of {record.LastEpoch}, batch {replayed.Batch.Number} of {replayed.Batches}: " +
                $"{replayed.Batch.Targets.Rows} rows, learning rate {replayed.Optimizer.LearningRate}, loss {loss:G9}"),
        ];
        if (replayed.Divergence is { } message)
        {
            lines.Add($"The run diverged in {message}");
        }

        if (notFinite is not null)
        {
            lines.Add($"The first value that is not finite: {notFinite}.");
        }

        return lines;
    }

    private static void GoTo(BackpropStepper stepper, int position)
    {
        while (stepper.Position > position)
        {
            stepper.Back();
        }

        while (stepper.Position < position && stepper.Next() is not null)
        {
        }
    }
}
