using Spectre.Console;

namespace MiniNet.Cli;

/// <summary>Where tables are drawn.</summary>
internal static class Tables
{
    public static IAnsiConsole Console()
    {
        bool toFile = System.Console.IsOutputRedirected;
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = toFile ? AnsiSupport.No : AnsiSupport.Detect });
        if (toFile)
        {
            console.Profile.Width = 10_000; // a file has no edge to wrap at
        }

        return console;
    }
}
