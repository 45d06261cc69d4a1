using System.Diagnostics;
using System.Runtime.CompilerServices;
using MiniNet.Data;
using MiniNet.GradientChecking;
using MiniNet.Tensors;

/// <summary>Says whether an exercise is solved: 0 is what a program returns where all is well.</summary>
internal static class Judge
{
    public static int Of(GradientReport report) => Of(report.Passed, report.ToString());

    public static int Of(bool isRight, string found)
    {
        Console.WriteLine(found);
        Console.WriteLine(isRight ? "Right." : "Not yet: mend Exercise.cs, and run it again.");
        return isRight ? 0 : 1;
    }

    // What goes wrong in the exercise comes up deep inside the judge: say first where it was.
    [ModuleInitializer]
    internal static void NameTheLine() => AppDomain.CurrentDomain.UnhandledException += (_, e) =>
    {
        var error = (Exception)e.ExceptionObject;
        if (Array.Find(new StackTrace(error, fNeedFileInfo: true).GetFrames(), frame => Path.GetFileName(frame.GetFileName()) == "Exercise.cs") is { } frame)
        {
            Console.WriteLine($"Not yet: Exercise.cs, line {frame.GetFileLineNumber()}: {error.Message}");
        }
    };

    /// <summary>Numbers of both signs, other ones for every seed.</summary>
    public static Tensor Numbers(int rows, int columns, ulong seed = 1)
    {
        var numbers = new Tensor(new Shape(rows, columns), "x");
        var random = new RandomStream(seed, "exercise");
        foreach (ref float number in numbers.Span)
        {
            number = random.NextNormal();
        }

        return numbers;
    }

    /// <summary>The 150 flowers, scaled.</summary>
    public static Dataset Iris()
    {
        var data = CsvDataset.Load(Path.Combine(AppContext.BaseDirectory, "iris.csv"), target: "species");
        return Preprocessing.Fit(data).Apply(data);
    }
}
