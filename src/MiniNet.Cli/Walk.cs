using System.Globalization;
using MiniNet.Stepping;
using Spectre.Console;

namespace MiniNet.Cli;

/// <summary>A stepper at the terminal: a key for each way to go.</summary>
internal static class Walk
{
    private const string RunToTheEnd = "(the end)";

    public static void Through(BackpropStepper stepper, string title)
    {
        string? remark = null;
        while (true)
        {
            Show(stepper, title, remark);
            remark = null;
            switch (Console.ReadKey(intercept: true).Key)
            {
                case ConsoleKey.RightArrow or ConsoleKey.N or ConsoleKey.Enter or ConsoleKey.Spacebar:
                    remark = stepper.Next() is null ? "That was the last step." : null;
                    break;
                case ConsoleKey.LeftArrow or ConsoleKey.B or ConsoleKey.Backspace:
                    remark = stepper.Current is null ? "This is the beginning." : null;
                    stepper.Back();
                    break;
                case ConsoleKey.R:
                    remark = RunTo(stepper);
                    break;
                case ConsoleKey.Q or ConsoleKey.Escape:
                    return;
                default:
                    break;
            }
        }
    }

    private static void Show(BackpropStepper stepper, string title, string? remark)
    {
        AnsiConsole.Clear();
        AnsiConsole.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"{title}, [bold]step {stepper.Position} of {stepper.Count}[/]   [grey]→ or n: next   ← or b: back   r: run to …   q: quit[/]");
        AnsiConsole.WriteLine();
        AnsiConsole.WriteLine(stepper.Current is { } step ? StepText.Describe(step) : "Before the first step: press → to compute the first node's value.");
        if (remark is not null)
        {
            AnsiConsole.MarkupLineInterpolated($"[yellow]{remark}[/]");
        }
    }

    private static string? RunTo(BackpropStepper stepper)
    {
        string name = AnsiConsole.Prompt(new SelectionPrompt<string>()
            .Title("Run to the next step at")
            .UseConverter(Markup.Escape)
            .AddChoices([.. stepper.Names, RunToTheEnd]));
        if (name == RunToTheEnd)
        {
            stepper.RunUntil(_ => false);
            return null;
        }

        return stepper.RunTo(name) is null ? $"No step at {name} is left; this is the end." : null;
    }
}
