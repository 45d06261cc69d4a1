using MiniNet.Calculus;
using MiniNet.Data;
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
