using System.CommandLine;

namespace MiniNet.Cli;

/// <summary>Creates the root command and its subcommands.</summary>
internal static class Commands
{
    public static RootCommand Create() => new(
        "Trains a small neural network on a CSV file, predicts and evaluates with it, and explains its training and its predictions.")
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
