using System.Globalization;
using MiniNet.Training;
using Spectre.Console;

namespace MiniNet.Cli;

/// <summary>Trains and shows the progress: a progress bar on a terminal, or a line every few epochs if the output is redirected.</summary>
internal static class TrainingProgress
{
    private const int LinesEvery = 10;

    public static void Show(ClassifierRun run, bool quiet, CancellationToken cancellation)
    {
        if (quiet)
        {
            run.Train(cancellation: cancellation);
        }
        else if (Console.IsOutputRedirected)
        {
            Lines(run, cancellation);
        }
        else
        {
            Bar(run, cancellation);
        }
    }

    private static void Lines(ClassifierRun run, CancellationToken cancellation)
    {
        EpochResult? unprinted = null;
        run.Train(Print, cancellation: cancellation);
        if (unprinted is not null)
        {
            Console.Out.WriteLine(unprinted);
        }

        void Print(EpochResult epoch)
        {
            bool print = epoch.Epoch == 1 || epoch.Epoch % LinesEvery == 0;
            unprinted = print ? null : epoch;
            if (print)
            {
                Console.Out.WriteLine(epoch);
            }
        }
    }

    private static void Bar(ClassifierRun run, CancellationToken cancellation) => AnsiConsole.Progress()
        .AutoClear(true)
        .Columns(new ProgressBarColumn(), new TaskDescriptionColumn { Alignment = Justify.Left })
        .Start(context =>
        {
            ProgressTask task = context.AddTask("training", maxValue: run.Settings.Epochs);
            float best = float.PositiveInfinity;
            int bestEpoch = 0;
            run.Train(Show, cancellation: cancellation);

            void Show(EpochResult epoch)
            {
                if (epoch.ValidationLoss < best)
                {
                    (best, bestEpoch) = (epoch.ValidationLoss, epoch.Epoch);
                }

                task.Value = epoch.Epoch;
                task.Description = string.Create(
                    CultureInfo.InvariantCulture,
                    $"epoch {epoch.Epoch}/{run.Settings.Epochs}  loss {epoch.TrainingLoss:F4}  " +
                    $"validation {epoch.ValidationLoss:F4}  best {best:F4} at epoch {bestEpoch}");
            }
        });
}
