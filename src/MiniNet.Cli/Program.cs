using System.CommandLine;
using MiniNet;
using MiniNet.Cli;

// 0: done. 1: something is wrong with the data, a model or the machine. 2: the command line itself. 130: stopped by Ctrl-C.
var root = new RootCommand("Trains a small classifier on a CSV file, and predicts, evaluates and plots with it.")
{
    HelpName = "mininet",
};
root.Add(TrainCommand.Create());
root.Add(PredictCommand.Create());
root.Add(EvaluateCommand.Create());
root.Add(PlotCommand.Create());

ParseResult parsed = root.Parse(args);
if (parsed.Errors.Count > 0)
{
    return Fail(2, parsed.Errors[0].Message);
}

try
{
    return parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
}
catch (UsageException e)
{
    return Fail(2, e.Message);
}
catch (Exception e) when (e is MiniNetException or IOException or UnauthorizedAccessException)
{
    return Fail(1, e.Message);
}
catch (TypeInitializationException e) when (e.InnerException is InvalidOperationException setting)
{
    return Fail(2, setting.Message);
}
catch (OutOfMemoryException)
{
    return Fail(1, "There is not enough memory for this; try a smaller --hidden or fewer rows.");
}

static int Fail(int exitCode, string message)
{
    Console.Error.WriteLine("mininet: " + message.ReplaceLineEndings(" "));
    return exitCode;
}
