using System.CommandLine;
using MiniNet;
using MiniNet.Calculus;
using MiniNet.Cli;

// Exit codes: 0: success. 1: an error in the data, a model file or the machine. 2: an error in the command line. 130: interrupted.
RootCommand root = Commands.Create();
ParseResult parsed = root.Parse(args);
if (parsed.Errors.Count > 0)
{
    bool noCommand = parsed.CommandResult.Command == root;
    string given = noCommand && args.Length > 0 ? $"there is no command '{args[0]}'" : "a command is missing";
    return Fail(
        2,
        noCommand
            ? $"{given}. The commands are {string.Join(", ", root.Subcommands.Select(command => command.Name))}. See mininet --help."
            : parsed.Errors[0].Message);
}

try
{
    return parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
}
catch (OperationCanceledException)
{
    return Fail(CancellationSignal.ExitCode, "interrupted; nothing was written.");
}
catch (UsageException e)
{
    return Fail(2, e.Message);
}
catch (ExpressionException e)
{
    int exitCode = Fail(2, e.Message + ":");
    Console.Error.WriteLine(e.Caret);
    return exitCode;
}
catch (TypeInitializationException e) when (e.InnerException is InvalidOperationException setting)
{
    return Fail(2, setting.Message);
}
catch (Exception e) when (e is OutOfMemoryException or OverflowException)
{
    return Fail(1, "there is not enough memory; try fewer rows, or train with a smaller --hidden.");
}
catch (Exception e) when (e is MiniNetException or IOException or UnauthorizedAccessException)
{
    return Fail(1, e.Message);
}
catch (Exception e)
{
    return Fail(1, $"unexpected error, please report it: {e.GetType().Name}: {e.Message}");
}

static int Fail(int exitCode, string message)
{
    try
    {
        Console.Error.WriteLine("mininet: " + message.ReplaceLineEndings(" "));
    }
    catch (IOException)
    {
        // Standard error is closed. The exit code still reports the failure.
    }

    return exitCode;
}
