using System.Globalization;
using MiniNet.Stepping;
using Spectre.Console;

namespace MiniNet.Cli;

/// <summary>Shows a stepper on the terminal and moves it with keys.</summary>
internal static class StepperConsole
{
    private const string TheEnd = "(the end)";

    /// <summary>
    /// Gets the terminal, or null if keys cannot be read or the screen cannot be cleared. In that case all steps are printed.
    /// </summary>
    public static IAnsiConsole? Terminal =>
        !Console.IsOutputRedirected && !Console.IsInputRedirected && AnsiConsole.Profile.Capabilities is { Interactive: true, Ansi: true }
            ? AnsiConsole.Console
            : null;

    /// <summary>Moves the stepper by keys until the user quits.</summary>
    /// <param name="console">The terminal to draw on and read keys from.</param>
    /// <param name="stepper">The stepper, at any position.</param>
    /// <param name="title">The first words of the title line.</param>
    /// <param name="message">The message shown on the first screen, or null.</param>
    public static void Run(IAnsiConsole console, BackpropStepper stepper, string title, string? message = null)
    {
        while (true)
        {
            Show(console, stepper, title, message);
            message = null;
            switch (console.Input.ReadKey(intercept: true)?.Key)
            {
                case ConsoleKey.RightArrow or ConsoleKey.N or ConsoleKey.Enter or ConsoleKey.Spacebar:
                    message = stepper.Next() is null ? "That was the last step." : null;
                    break;
                case ConsoleKey.LeftArrow or ConsoleKey.B or ConsoleKey.Backspace:
                    message = stepper.Current is null ? "This is the beginning." : null;
                    stepper.Back();
                    break;
                case ConsoleKey.R:
                    message = RunTo(console, stepper);
                    break;
                case ConsoleKey.Q or ConsoleKey.Escape or null:
                    return;
                default:
                    break;
            }
        }
    }

    private static void Show(IAnsiConsole console, BackpropStepper stepper, string title, string? message)
    {
        Clear(console);
        (int position, int count) = (stepper.Position, stepper.StepCount);
        console.MarkupLineInterpolated(
            CultureInfo.InvariantCulture,
            $"{title}, [bold]step {position} of {count}[/]   [grey]→ or n: next   ← or b: back   r: run to …   q: quit[/]");
        console.WriteLine();
        console.WriteLine(stepper.Current is { } step
            ? StepText.Describe(step, console.Profile.Width, console.Profile.Height - 6)
            : "Before the first step. Press → to compute the value of the first node.");
        if (message is not null)
        {
            console.MarkupLineInterpolated($"[yellow]{message}[/]");
        }
    }

    // Clears the screen only: console.Clear would also clear the scrollback buffer.
    private static void Clear(IAnsiConsole console) => console.Write(new ControlCode("\u001b[2J\u001b[H"));

    private static string? RunTo(IAnsiConsole console, BackpropStepper stepper)
    {
        string[] choices = [.. stepper.Names, TheEnd];
        int chosen = Choose(console, choices);
        if (chosen == choices.Length - 1)
        {
            stepper.RunUntil(_ => false);
            return null;
        }

        Step? stoodAt = stepper.Current;
        if (chosen < 0 || stepper.RunTo(choices[chosen]) is not null)
        {
            return null;
        }

        while (stepper.Current != stoodAt)
        {
            stepper.Back();
        }

        return $"There is no step at {choices[chosen]} after this one.";
    }

    // Returns the index of the choice, or -1 if the user cancels.
    private static int Choose(IAnsiConsole console, string[] choices)
    {
        for (int at = 0, rows = Math.Max(console.Profile.Height - 3, 1); ;)
        {
            Clear(console);
            console.MarkupLine("Run to the next step at   [grey]↑ ↓: choose   Enter: go   Esc: cancel[/]");
            for (int i = at / rows * rows; i < Math.Min(choices.Length, ((at / rows) + 1) * rows); i++)
            {
                console.WriteLine((i == at ? "> " : "  ") + choices[i]);
            }

            switch (console.Input.ReadKey(intercept: true)?.Key)
            {
                case ConsoleKey.UpArrow:
                    at = (at + choices.Length - 1) % choices.Length;
                    break;
                case ConsoleKey.DownArrow:
                    at = (at + 1) % choices.Length;
                    break;
                case ConsoleKey.Enter or ConsoleKey.Spacebar or ConsoleKey.RightArrow:
                    return at;
                case ConsoleKey.Escape or ConsoleKey.LeftArrow or ConsoleKey.Q or null:
                    return -1;
                default:
                    break;
            }
        }
    }
}
