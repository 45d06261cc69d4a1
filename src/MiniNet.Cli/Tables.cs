using Spectre.Console;

namespace MiniNet.Cli;

/// <summary>Creates the console that tables are drawn on.</summary>
internal static class Tables
{
    public static IAnsiConsole Console()
    {
        bool toFile = System.Console.IsOutputRedirected;
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = toFile ? AnsiSupport.No : AnsiSupport.Detect });
        if (toFile)
        {
            console.Profile.Width = 10_000; // lines in a file must not be wrapped
        }

        return console;
    }
}
