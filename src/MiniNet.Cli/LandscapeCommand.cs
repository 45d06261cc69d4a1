using System.CommandLine;
using System.Globalization;
using MiniNet.Calculus;
using MiniNet.Data;
using MiniNet.Figures;
using MiniNet.Graphs;
using MiniNet.Losses;
using MiniNet.Pages;
using MiniNet.Training;
using Spectre.Console;

namespace MiniNet.Cli;

/// <summary>
/// <c>mininet landscape RUN</c>: draws the loss around the weights of a run with the path of its training, and measures its sharpness.
/// </summary>
internal static class LandscapeCommand
{
    private static readonly Argument<string> Folder = Options.Required("RUN", "The run folder that train wrote.");
    private static readonly Option<PlaneDirections> Directions = Options.Choice(
        "--directions",
        "The plane through the weights: path, along the principal components of the training path; " +
        "or random, along random directions with filter normalization.",
        PlaneDirections.Path);

    private static readonly Option<int> Points = Options.Number("--points", "The number of grid points along each axis.", 41, 2, 401);
    private static readonly Option<ulong> Seed = Options.Number("--seed", "The seed of the random directions.", 1UL, 0UL, ulong.MaxValue);
    private static readonly OutputOption Svg = new(
        "--svg", "Write the contours to this SVG file. Default: landscape.svg in the run folder.", ".svg");

    private static readonly OutputOption Html = new(
        "--html", "Write a surface that can be rotated to this web page. Default: landscape.html in the run folder.", ".html", ".htm");

    private static readonly Option<string?> Data = Options.InputPath("--data", "The data file. Default: the path that was given to train.");

    private enum PlaneDirections
    {
        Path,
        Random,
    }

    public static Command Create()
    {
        var command = new Command("landscape", "Draw the loss around the trained weights of a run, with the path of its training.")
        {
            Folder, Directions, Points, Seed, Svg, Html, Data,
        };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        string folder = parsed.GetRequiredValue(Folder);
        RunRecord record = RunRecord.Load(folder);
        if (record.Diverged is { } end)
        {
            throw new ReplayException(
                $"{folder}: this run diverged in epoch {end.Epoch} and has no trained weights. " +
                $"To see where it diverged: mininet replay {folder} --first-nan");
        }

        var svg = new OutputFile("--svg", parsed.GetValue(Svg), byDefault: Path.Combine(folder, "landscape.svg"));
        var html = new OutputFile("--html", parsed.GetValue(Html), byDefault: Path.Combine(folder, "landscape.html"));
        OutputFile.Check([parsed.GetValue(Data) ?? record.DataPath, .. RunFolder.Files(folder)], svg, html);
        ReplayCommand.ChooseBackend(record.Backend);
        ClassifierRun run = record.Reopen(parsed.GetValue(Data));
        ReplayCommand.Warn(run);
        using var interruption = new CancellationSignal();
        (LossLandscape landscape, Sharpness sharpness, int bestEpoch) = Progress(
            "replaying the run", progress => Compute(run, parsed, progress, interruption.Token));
        IEnumerable<PlottedStep> steps = landscape.Path.Select(step => new PlottedStep(step.A, step.B, step.Loss));
        var options = new SurfaceOptions
        {
            Elevation = 50, // higher than usual, because the path of the training runs down a slope
            Title = $"Training loss around {RunFolder.NameOf(folder)}",
            Paths = [new PlottedPath($"{record.Settings.Optimizer}, epoch by epoch", [.. steps])],
            Points = [new PlottedPoint(0, 0, PlottedPointKind.Other, $"kept, epoch {bestEpoch}")],
        };
        (string picture, string page) = (ContourPlot.Draw(landscape.Grid, options), SurfacePage.Draw(landscape.Grid, options));
        svg.Write(picture);
        html.Write(page);
        Report(record, landscape, sharpness, bestEpoch);
        Console.Out.WriteLine(svg.Path);
        Console.Out.WriteLine(html.Path);
        return 0;
    }

    private static (LossLandscape Landscape, Sharpness Sharpness, int BestEpoch) Compute(
        ClassifierRun run, ParseResult parsed, Action<string, double> progress, CancellationToken cancellation)
    {
        double epochs = run.Settings.Epochs;
        (Graph network, IReadOnlyList<float[]> weights, TrainingHistory history) = run.ReplayWeights(
            new ActionProgress<int>(epoch => progress("replaying the run", epoch / epochs)), cancellation);
        Dataset rows = run.TrainingRows();
        if (!network.HasLoss)
        {
            network.AddLoss(new SoftmaxCrossEntropy());
        }

        Function loss = Function.OfParameters(network, rows.Inputs, rows.Targets);
        LandscapePlane plane = parsed.Value(Directions, PlaneDirections.Path) == PlaneDirections.Random
            ? LandscapePlane.Random(network, parsed.Value(Seed, 1UL))
            : LandscapePlane.PrincipalComponents(weights);
        LossLandscape landscape = LossLandscape.Around(
            loss,
            plane,
            weights,
            parsed.Value(Points, 41),
            progress: new ActionProgress<double>(share => progress("computing the loss on the plane", share)),
            cancellation: cancellation);
        progress("computing the largest eigenvalue of the Hessian", 0.5);
        return (landscape, Sharpness.Of(loss, loss.Point, cancellation: cancellation), history.BestEpoch);
    }

    private static void Report(RunRecord record, LossLandscape landscape, Sharpness sharpness, int bestEpoch)
    {
        CultureInfo point = CultureInfo.InvariantCulture;
        LandscapeStep first = landscape.Path[0], last = landscape.Path[^1];
        Console.Out.WriteLine(string.Create(
            point,
            $"training loss {first.Loss:G4} before the first epoch, {landscape.Path.Min(step => step.Loss):G4} at its lowest, " +
            $"{last.Loss:G4} after epoch {last.Epoch}"));
        string explained = landscape.Plane.ExplainedVariance is { } share
            ? string.Create(point, $", which explain {share.A:P1} and {share.B:P1} of its variance")
            : "";
        Console.Out.WriteLine($"plane: {landscape.Plane.Description}{explained}");
        Console.Out.WriteLine(string.Create(
            point,
            $"sharpness at the kept weights (epoch {bestEpoch}, " +
            $"training loss {landscape.Path[bestEpoch].Loss:G4}): " +
            $"the largest eigenvalue of the Hessian is {sharpness.Eigenvalue:G4} " +
            $"(residual {sharpness.Residual:G2}, {sharpness.Products} Hessian-vector products)"));
        Console.Out.WriteLine(double.IsFinite(sharpness.LearningRateLimit)
            ? string.Create(
                point,
                $"learning rate: full-batch SGD becomes unstable above {sharpness.LearningRateLimit:G4} (2/λ); " +
                $"the run used {record.Settings.Optimizer} with {record.Settings.LearningRate}")
            : "learning rate: the loss does not curve upwards here, so its curvature sets no limit");
        if (landscape.Warning is { } warning)
        {
            Console.Error.WriteLine("mininet: " + warning);
        }
    }

    // Shows a progress bar on a terminal, and nothing if the output is redirected.
    private static T Progress<T>(string first, Func<Action<string, double>, T> work)
    {
        if (Console.IsOutputRedirected)
        {
            return work((_, _) => { });
        }

        return AnsiConsole.Progress()
            .AutoClear(true)
            .Columns(new ProgressBarColumn(), new TaskDescriptionColumn { Alignment = Justify.Left })
            .Start(context =>
            {
                ProgressTask task = context.AddTask(first, maxValue: 1);
                return work((what, share) => (task.Description, task.Value) = (what, share));
            });
    }

    private sealed class ActionProgress<T>(Action<T> report) : IProgress<T>
    {
        public void Report(T value) => report(value);
    }
}
