using System.Diagnostics;
using System.Globalization;

namespace MiniNet.Tests.Cli;

/// <summary>Runs the command as a process of its own, as a user does.</summary>
internal static class Mininet
{
    private static readonly string Program = Path.Combine(
        Repository.Root, "src", "MiniNet.Cli", "bin", Configuration(), "net10.0", "MiniNet.Cli.dll");

    // Far more than any run takes on a slow machine: what is still there then hangs.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    public static Outcome Run(params string[] arguments) => Run(new Dictionary<string, string>(StringComparer.Ordinal), arguments);

    public static Outcome Run(IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        using Process process = Start(environment, arguments);
        return Finish(process);
    }

    /// <summary>Runs the command in another folder than the repository's.</summary>
    public static Outcome RunIn(string folder, params string[] arguments)
    {
        using Process process = Start(new Dictionary<string, string>(StringComparer.Ordinal), folder, line => (line[0], line[1..]), arguments);
        return Finish(process);
    }

    /// <summary>Waits for the end of a process; one that takes too long is killed, and the test fails.</summary>
    public static Outcome Finish(Process process)
    {
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(Patience))
        {
            process.Kill(entireProcessTree: true);
            Task.WaitAll([output, errors], Patience);
            Assert.Fail($"{CommandLine(process)} had not ended after {Patience.TotalSeconds} seconds, and was killed. The last it wrote:\n{End(output)}{End(errors)}");
        }

        // The streams end with the process, unless it left a child behind that holds them.
        Assert.True(Task.WaitAll([output, errors], Patience), $"{CommandLine(process)} ended, but not its output.");
        return new Outcome(process.ExitCode, output.Result, errors.Result);
    }

    /// <summary>Reads the output up to a line that starts with a text; where none comes, the process is killed, and the test fails.</summary>
    public static void ReadUpTo(Process process, string start)
    {
        Task<bool> found = Task.Run(() =>
        {
            while (process.StandardOutput.ReadLine() is { } line)
            {
                if (line.StartsWith(start, StringComparison.Ordinal))
                {
                    return true;
                }
            }

            return false;
        });
        if (!found.Wait(Patience) || !found.Result)
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"{CommandLine(process)} wrote no line that starts with '{start}', and was killed.");
        }
    }

    public static Process Start(IReadOnlyDictionary<string, string> environment, params string[] arguments) =>
        Start(environment, Repository.Root, line => (line[0], line[1..]), arguments);

    /// <summary>Starts the command by way of another program, which gets its command line.</summary>
    public static Process Start(IReadOnlyDictionary<string, string> environment, Func<string[], (string Program, string[] Arguments)> within, params string[] arguments) =>
        Start(environment, Repository.Root, within, arguments);

    private static Process Start(
        IReadOnlyDictionary<string, string> environment, string folder, Func<string[], (string Program, string[] Arguments)> within, string[] arguments)
    {
        (string program, string[] all) = within(["dotnet", Program, .. arguments]);
        var start = new ProcessStartInfo(program, all)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
        };
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }

    private static string CommandLine(Process process) => $"mininet {string.Join(' ', process.StartInfo.ArgumentList.Skip(1))}";

    private static string End(Task<string> stream) => stream.IsCompletedSuccessfully ? stream.Result[^Math.Min(stream.Result.Length, 1000)..] : "";

    /// <summary>Skips the test where a signal cannot be sent, or would never arrive: background jobs of a shell, and their children, ignore Ctrl-C.</summary>
    public static void SkipWithout(string signal, int number)
    {
        const string Status = "/proc/self/status", Start = "SigIgn:"; // Linux tells, one bit a signal; elsewhere it is taken to arrive
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Signals are sent with kill.");
        string? ignored = File.Exists(Status) ? File.ReadLines(Status).FirstOrDefault(line => line.StartsWith(Start, StringComparison.Ordinal)) : null;
        bool isIgnored = ignored is not null && (ulong.Parse(ignored[Start.Length..].Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture) >> (number - 1) & 1) != 0;
        Assert.SkipWhen(isIgnored, $"SIG{signal} is ignored where the tests run, as in a shell's background, and so in every process that they start.");
    }

    /// <summary>Sends a signal and waits for the end, but not for ever.</summary>
    public static Outcome Interrupt(Process process, string signal = "INT")
    {
        using Process kill = Process.Start("kill", [$"-{signal}", process.Id.ToString(CultureInfo.InvariantCulture)]);
        return Finish(process);
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
