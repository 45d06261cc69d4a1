using System.Diagnostics;

namespace MiniNet.Tests.Cli;

/// <summary>Runs the command as a process of its own, as a user does.</summary>
internal static class Mininet
{
    private static readonly string Program = Path.Combine(
        Repository.Root, "src", "MiniNet.Cli", "bin", Configuration(), "net10.0", "MiniNet.Cli.dll");

    public static Outcome Run(params string[] arguments) => Run(new Dictionary<string, string>(StringComparer.Ordinal), arguments);

    public static Outcome Run(IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        using Process process = Start(environment, arguments);
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new Outcome(process.ExitCode, output, errors.Result);
    }

    public static Process Start(IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Program, .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Repository.Root,
        };
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }

    private static string Configuration() => AppContext.BaseDirectory.Contains($"{Path.DirectorySeparatorChar}Release{Path.DirectorySeparatorChar}", StringComparison.Ordinal)
        ? "Release"
        : "Debug";

    internal sealed record Outcome(int ExitCode, string Output, string Errors)
    {
        /// <summary>The error, after checking that it is one line, from the program.</summary>
        public string Error()
        {
            Assert.StartsWith("mininet: ", Errors, StringComparison.Ordinal);
            Assert.Single(Errors.TrimEnd('\n', '\r').Split('\n'));
            return Errors.Trim()["mininet: ".Length..];
        }
    }
}
