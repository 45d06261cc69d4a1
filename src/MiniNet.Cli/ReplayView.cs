using System.Globalization;
using MiniNet.Stepping;
using MiniNet.Training;

namespace MiniNet.Cli;

/// <summary>Shows a batch that a replay has come to: at the terminal key by key, else the place and every step as a line.</summary>
internal static class ReplayView
{
    public static void Show(RunRecord record, ReplayedBatch place)
    {
        if (Console.IsOutputRedirected || Console.IsInputRedirected)
        {
            Lines(record, place, Console.Out);
        }
        else
        {
            Walk.Through(place.Stepper, $"Epoch {place.Epoch}, batch {place.Batch.Number}");
        }
    }

    private static void Lines(RunRecord record, ReplayedBatch place, TextWriter output)
    {
        Step? stoodAt = place.Stepper.Current;
        int position = place.Stepper.Position;
        List<string> lines = [];
        while (place.Stepper.Back() is not null)
        {
        }

        float loss = float.NaN;
        foreach (Step step in place.Stepper)
        {
            loss = step is { Kind: StepKind.Loss, Output: { } value } ? value.Span[0] : loss;
            lines.Add($"{(stoodAt is not null && place.Stepper.Position == position ? "> " : "  ")}{step}");
        }

        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"Epoch {place.Epoch} of {record.LastEpoch}, batch {place.Batch.Number} of {place.Batches}: {place.Batch.Targets.Rows} rows, learning rate {place.Optimizer.LearningRate}, loss {loss:G9}"));
        if (place.Divergence is { } message)
        {
            output.WriteLine($"The run ended in {message}");
        }

        if (stoodAt?.NotFinite is { } where)
        {
            output.WriteLine($"The first number that is not finite: {where}.");
        }

        lines.ForEach(output.WriteLine);
    }
}
