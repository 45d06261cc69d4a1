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

    /// <summary>Skips the test where Ctrl-C cannot be sent, or would never arrive: background jobs of a shell, and their children, ignore it.</summary>
    public static void SkipWithoutInterrupts()
    {
        const string Status = "/proc/self/status";
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Signals are sent with kill.");
        string? ignored = File.Exists(Status) ? File.ReadLines(Status).FirstOrDefault(line => line.StartsWith("SigIgn:", StringComparison.Ordinal)) : null;
        Assert.SkipWhen(ignored is not null && (Convert.ToUInt64(ignored["SigIgn:".Length..].Trim(), 16) & 2) != 0, "SIGINT is ignored here.");
    }

    /// <summary>Sends Ctrl-C and waits for the end, but not for ever.</summary>
    public static Outcome Interrupt(Process process)
    {
        using (Process kill = Process.Start("kill", ["-INT", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]))
        {
            kill.WaitForExit();
        }

        Task<string> output = process.StandardOutput.ReadToEndAsync(), errors = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(TimeSpan.FromSeconds(60)))
        {
            process.Kill();
            Assert.Fail("Ctrl-C did not end it within a minute.");
        }

        return new Outcome(process.ExitCode, output.Result, errors.Result);
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
