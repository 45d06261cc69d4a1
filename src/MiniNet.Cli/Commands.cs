using System.CommandLine;

namespace MiniNet.Cli;

/// <summary>Lists the commands.</summary>
internal static class Commands
{
    public static RootCommand Create() => new("Trains a small classifier on a CSV file, predicts, evaluates and plots with it, and replays how it was trained.")
    {
        HelpName = "mininet",
        Subcommands =
        {
            TrainCommand.Create(),
            PredictCommand.Create(),
            EvaluateCommand.Create(),
            PlotCommand.Create(),
            GraphCommand.Create(),
            ExplainCommand.Create(),
            SensitivityCommand.Create(),
            ReplayCommand.Create(),
            LandscapeCommand.Create(),
            SurfaceCommand.Create(),
        },
    };
}
