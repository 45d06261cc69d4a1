using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using MiniNet.Data;
using MiniNet.Files;
using MiniNet.Kernels;
using MiniNet.Metrics;
using MiniNet.Training;

namespace MiniNet.Cli;

/// <summary><c>mininet train DATA --target COLUMN</c>: trains a classifier on a CSV file and writes it to a run folder.</summary>
internal static class TrainCommand
{
    private static readonly ClassifierSettings Defaults = new();
    private static readonly Argument<string> Data = Options.Required("DATA", "The CSV file. Its first line names the columns.");
    private static readonly Option<string> Target = new("--target")
    {
        Description = "The column to predict.",
        HelpName = "COLUMN",
        Required = true,
    };

    private static readonly Option<ulong> Seed = Options.Number<ulong>(
        "--seed", "The seed of all random numbers.", Defaults.Seed, 0, ulong.MaxValue);

    private static readonly Option<int> Epochs = Options.Number(
        "--epochs", "The maximum number of passes over the training rows.", Defaults.Epochs, 1, 1_000_000);

    private static readonly Option<int> BatchSize = Options.Number(
        "--batch-size", "The number of rows per update of the weights.", Defaults.BatchSize, 1, 1_000_000);

    private static readonly Option<float> LearningRate = Options.Number(
        "--learning-rate", "The learning rate of the optimizer.", Defaults.LearningRate, 1e-8f, 100f);

    private static readonly Option<OptimizerKind> Optimizer = Options.Choice(
        "--optimizer", "The algorithm that updates the weights.", Defaults.Optimizer);

    private static readonly Option<ScheduleKind> Schedule = Options.Choice(
        "--schedule", "How the learning rate changes over all epochs.", Defaults.Schedule);

    private static readonly Option<float?> WeightDecay = Options.OptionalNumber(
        "--weight-decay", "The weight decay of the optimizer.", 0, 1, "that of the optimizer, 0.01 for adamw and 0 for the others");

    private static readonly Option<float?> MaxGradientNorm = Options.OptionalNumber(
        "--max-gradient-norm", "The norm that the gradients are clipped to.", 1e-6f, 1e6f, "no clipping");

    private static readonly Option<IReadOnlyList<int>> Hidden = Options.Parsed(
        "--hidden",
        "The widths of the hidden layers, separated by commas, each from 1 to 65536; or none.",
        Defaults.Hidden,
        ParseHidden,
        widths => string.Join(',', widths));

    private static readonly Option<Activation> ActivationOption = Options.Choice(
        "--activation", "The activation function after each hidden layer.", Defaults.Activation);

    private static readonly Option<float> Dropout = Options.Number(
        "--dropout", "The probability with which dropout sets an element to 0 after each hidden layer.", Defaults.Dropout, 0, 0.99f);

    private static readonly Option<(double Training, double Validation, double Test)> Split = Options.Parsed(
        "--split",
        "The percentages of rows for training/validation/test: three numbers above 0 that add up to 100.",
        Defaults.Split,
        ParseSplit,
        s => $"{s.Training}/{s.Validation}/{s.Test}");

    private static readonly Option<int> Patience = Options.Number(
        "--patience", "Stop after this many epochs without a lower validation loss.", Defaults.Patience, 1, 1_000_000);

    private static readonly Option<int> Threads = Options.Number(
        "--threads", "The maximum number of threads. It does not change the results.", Environment.ProcessorCount, 1, 1024);

    private static readonly OutputOption Output = new(
        "--output", "The run folder to write. Default: runs/NAME-TIMESTAMP, where NAME is the name of the file.")
    {
        HelpName = "FOLDER",
    };

    private static readonly Option<bool> Json = Options.Flag("--json", "Print the result as one JSON object and nothing else.");
    private static readonly Option<bool> Quiet = Options.Flag("--quiet", "Print only the result.");

    public static Command Create()
    {
        var command = new Command("train", "Train a classifier on a CSV file.")
        {
            Data, Target, Seed, Epochs, BatchSize, LearningRate, Optimizer, Schedule, WeightDecay, MaxGradientNorm, Hidden,
            ActivationOption, Dropout, Split, Patience, Threads, Output, Json, Quiet,
        };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        var watch = Stopwatch.StartNew();
        string path = parsed.GetRequiredValue(Data);
        bool json = parsed.GetValue(Json), quiet = json || parsed.GetValue(Quiet);
        Kernel.MaxThreads = parsed.Value(Threads, Environment.ProcessorCount);
        ClassifierSettings settings = ReadSettings(parsed);
        var data = CsvDataset.Load(path, parsed.GetRequiredValue(Target));
        string hash = RunRecord.ComputeHash(path); // before training, during which the file may change
        if (!quiet)
        {
            DataSummary.Print(data);
        }

        var run = new ClassifierRun(data, settings);
        ModelFile.ThrowIfNotSupported(run.Classifier.Network);
        Warn(run, data);
        using var interruption = new CancellationSignal(); // created before the folder, so that an early Ctrl-C leaves none behind
        using var folder = RunFolder.Create(parsed.GetValue(Output), path);
        try
        {
            TrainingProgress.Show(run, quiet, interruption.Token);
        }
        catch (DivergedException e)
        {
            return Diverged(folder, run, hash, e, watch.Elapsed.TotalSeconds, parsed.Tokens.Select(token => token.Value));
        }

        bool cancelled = interruption.Token.IsCancellationRequested;
        if (run.History.Epochs.Count == 0)
        {
            Console.Error.WriteLine("mininet: stopped before the end of the first epoch; nothing was written.");
            return CancellationSignal.ExitCode;
        }

        Evaluation test = run.Test();
        folder.PrepareToWrite();
        var result = new TrainResult(run, data, hash, test, folder.Path, watch.Elapsed.TotalSeconds, cancelled);
        folder.Write(result, parsed.Tokens.Select(token => token.Value));
        Print(result, json, quiet);
        return cancelled ? CancellationSignal.ExitCode : 0;
    }

    private static ClassifierSettings ReadSettings(ParseResult parsed)
    {
        var settings = new ClassifierSettings
        {
            Seed = parsed.Value(Seed, Defaults.Seed),
            Epochs = parsed.Value(Epochs, Defaults.Epochs),
            BatchSize = parsed.Value(BatchSize, Defaults.BatchSize),
            LearningRate = parsed.Value(LearningRate, Defaults.LearningRate),
            Optimizer = parsed.Value(Optimizer, Defaults.Optimizer),
            Schedule = parsed.Value(Schedule, Defaults.Schedule),
            WeightDecay = parsed.GetValue(WeightDecay),
            MaxGradientNorm = parsed.GetValue(MaxGradientNorm),
            Hidden = parsed.Value(Hidden, Defaults.Hidden),
            Activation = parsed.Value(ActivationOption, Defaults.Activation),
            Dropout = parsed.Value(Dropout, Defaults.Dropout),
            Split = parsed.Value(Split, Defaults.Split),
            Patience = parsed.Value(Patience, Defaults.Patience),
        };

        if (settings is { Optimizer: OptimizerKind.RProp, WeightDecay: > 0 })
        {
            throw new UsageException("--weight-decay: rprop has no weight decay; choose another --optimizer.");
        }

        return settings;
    }

    /// <summary>Records a diverged run if possible. Prints the error and how to step through the run.</summary>
    private static int Diverged(
        RunFolder folder, ClassifierRun run, string hash, DivergedException diverged, double seconds, IEnumerable<string> arguments)
    {
        bool recorded;
        try
        {
            recorded = folder.WriteDiverged(run, hash, diverged, seconds, arguments);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            recorded = false; // the divergence is the error to report
        }

        string hint = recorded ? $" To step through it: mininet replay {folder.Path} --first-nan" : "";
        Console.Error.WriteLine($"mininet: {diverged.Message}{hint}");
        return 1;
    }

    private static void Warn(ClassifierRun run, CsvDataset data)
    {
        foreach (string warning in data.Warnings)
        {
            Console.Error.WriteLine("mininet: " + warning);
        }

        foreach (DataPart part in new DataPart[] { new("validation", run.Split.Validation), new("test", run.Split.Test) })
        {
            foreach (IGrouping<string, (string Column, string Category, int Rows)> column in
                     run.Classifier.Preprocessing.UnknownCategories(part.Rows).GroupBy(entry => entry.Column, StringComparer.Ordinal))
            {
                Console.Error.WriteLine(
                    $"mininet: column '{column.Key}': {column.Sum(entry => entry.Rows)} {part.Name} row(s) have a category that no " +
                    $"training row has, such as '{column.First().Category}'; it is encoded as zeros. " +
                    "If the column holds names or row numbers, remove it.");
            }
        }
    }

    private static void Print(TrainResult result, bool json, bool quiet)
    {
        if (json)
        {
            Console.Out.WriteLine(result.ToJson().ToJsonString());
            return;
        }

        TrainingHistory history = result.Run.History;
        if (!quiet)
        {
            string why = result.Cancelled ? "interrupted"
                : history.Epochs.Count < result.Run.Settings.Epochs ? $"no improvement for {result.Run.Settings.Patience} epochs"
                : "maximum reached";
            string epochs = history.Epochs.Count == 1 ? "epoch" : "epochs";
            Console.Out.WriteLine($"{history.Epochs.Count} {epochs} ({why}); kept the weights of epoch {history.BestEpoch}.");
            Console.Out.WriteLine();
        }

        EvaluationReport.Print("Test", result.Test, quiet);
        Console.Out.WriteLine(quiet ? $"Run folder: {result.Folder}" : $"""
            Run folder: {result.Folder}
              model.safetensors   mininet predict {RunFolder.ModelPath(result.Folder)} NEW.csv
              loss.svg            the loss curves; also history.csv, run.json
            """);
    }

    private static (IReadOnlyList<int> Value, string? Problem) ParseHidden(string text)
    {
        const string Problem = "must be widths from 1 to 65536, such as 64,32, or none";
        if (text == "none")
        {
            return ([], null);
        }

        var widths = new List<int>();
        foreach (string part in text.Split(','))
        {
            if (!int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int width) || width is < 1 or > 65536)
            {
                return ([], Problem);
            }

            widths.Add(width);
        }

        return (widths, null);
    }

    private static ((double Training, double Validation, double Test) Value, string? Problem) ParseSplit(string text)
    {
        double[] shares = [.. text.Split('/').Select(part =>
            double.TryParse(part, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double share) ? share : 0)];
        return shares.Length == 3 && shares.All(share => share > 0) && Math.Abs(shares.Sum() - 100) < 1e-6
            ? ((shares[0], shares[1], shares[2]), null)
            : (default, "must be three numbers above 0 that add up to 100, such as 70/15/15");
    }

    private sealed record DataPart(string Name, CsvDataset Rows);
}
