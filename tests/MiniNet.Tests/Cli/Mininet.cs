using System.Diagnostics;
using System.Globalization;

namespace MiniNet.Tests.Cli;

/// <summary>Runs the command as a separate process, as a user does.</summary>
internal static class Mininet
{
    private static readonly string Program = Path.Combine(
        Repository.Root, "src", "MiniNet.Cli", "bin", Configuration(), "net10.0", "MiniNet.Cli.dll");

    // Far more than any run takes on a slow machine: a process that still runs after this time hangs.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    public static Outcome Run(params string[] arguments) => Run(new Dictionary<string, string>(StringComparer.Ordinal), arguments);

    public static Outcome Run(IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        using Process process = Start(environment, arguments);
        return Finish(process);
    }

    /// <summary>Runs the command in a folder other than the repository.</summary>
    public static Outcome RunIn(string folder, params string[] arguments)
    {
        using Process process = Start(
            new Dictionary<string, string>(StringComparer.Ordinal), folder, line => (line[0], line[1..]), arguments);
        return Finish(process);
    }

    /// <summary>Waits for the end of a process. If it takes too long, kills it and fails the test.</summary>
    public static Outcome Finish(Process process)
    {
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(Patience))
        {
            process.Kill(entireProcessTree: true);
            Task.WaitAll([output, errors], Patience);
            Assert.Fail(
                $"{CommandLine(process)} did not end within {Patience.TotalSeconds} seconds and was killed. Its last output:\n" +
                $"{End(output)}{End(errors)}");
        }

        // The streams end with the process, unless it left a child process behind that holds them.
        Assert.True(Task.WaitAll([output, errors], Patience), $"{CommandLine(process)} ended, but its output did not.");
        return new Outcome(process.ExitCode, output.Result, errors.Result);
    }

    /// <summary>Reads the output up to a line that starts with a text. If there is none, kills the process and fails the test.</summary>
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
            Assert.Fail($"{CommandLine(process)} wrote no line that starts with '{start}' and was killed.");
        }
    }

    public static Process Start(IReadOnlyDictionary<string, string> environment, params string[] arguments) =>
        Start(environment, Repository.Root, line => (line[0], line[1..]), arguments);

    /// <summary>Starts the command through another program, which gets its command line.</summary>
    public static Process Start(
        IReadOnlyDictionary<string, string> environment,
        Func<string[], (string Program, string[] Arguments)> within,
        params string[] arguments) =>
        Start(environment, Repository.Root, within, arguments);

    private static Process Start(
        IReadOnlyDictionary<string, string> environment,
        string folder,
        Func<string[], (string Program, string[] Arguments)> within,
        string[] arguments)
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

    private static string End(Task<string> stream) =>
        stream.IsCompletedSuccessfully ? stream.Result[^Math.Min(stream.Result.Length, 1000)..] : "";

    /// <summary>
    /// Skips the test if a signal cannot be sent or is ignored: background jobs of a shell, and their children, ignore Ctrl-C.
    /// </summary>
    public static void SkipWithout(string signal, int number)
    {
        // On Linux, this file has one bit per ignored signal. On other systems, the signal is assumed to arrive.
        const string Status = "/proc/self/status", Start = "SigIgn:";
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Signals are sent with kill.");
        string? ignored = File.Exists(Status)
            ? File.ReadLines(Status).FirstOrDefault(line => line.StartsWith(Start, StringComparison.Ordinal))
            : null;
        bool isIgnored = ignored is not null
            && (ulong.Parse(ignored[Start.Length..].Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture) >> (number - 1) & 1) != 0;
        Assert.SkipWhen(
            isIgnored,
            $"SIG{signal} is ignored by the test process, as in a background job of a shell, and by every process that it starts.");
    }

    /// <summary>Sends a signal and waits for the end of the process, with a time limit.</summary>
    public static Outcome Interrupt(Process process, string signal = "INT")
    {
        using Process kill = Process.Start("kill", [$"-{signal}", process.Id.ToString(CultureInfo.InvariantCulture)]);
        return Finish(process);
    }

    private static string Configuration() =>
        AppContext.BaseDirectory.Contains($"{Path.DirectorySeparatorChar}Release{Path.DirectorySeparatorChar}", StringComparison.Ordinal)
        ? "Release"
        : "Debug";

    internal sealed record Outcome(int ExitCode, string Output, string Errors)
    {
        /// <summary>Gets the error message, after checking that it is one line from the program.</summary>
        public string Error()
        {
            Assert.StartsWith("mininet: ", Errors, StringComparison.Ordinal);
            Assert.Single(Errors.TrimEnd('\n', '\r').Split('\n'));
            return Errors.Trim()["mininet: ".Length..];
        }
    }
}
