using MiniNet.Data;
using MiniNet.Graphs;
using MiniNet.Tensors;

namespace MiniNet.Benchmarks;

/// <summary>The rows the workloads learn from, and how they are cut.</summary>
internal static class WorkloadData
{
    public static string PathTo(string folder, string file) => Path.Combine(folder, file) is var path && File.Exists(path)
        ? path
        : throw new UsageException($"{path}: there is no such file; start in the clone's root, or give workload the folder of {file} with --data; tests/MiniNet.Benchmarks/README.md says where the files come from.");

    /// <summary>All 150 rows, standardised with their own means and deviations.</summary>
    public static Dataset Iris(string folder)
    {
        var table = CsvDataset.Load(PathTo(folder, "iris.csv"), target: "species");
        return Preprocessing.Fit(table).Apply(table);
    }

    /// <summary>Pixels from 0 to 1; every fifth row is for the test.</summary>
    public static (Dataset Training, Dataset Test) Digits(string folder)
    {
        var table = CsvDataset.Load(PathTo(folder, "digits.csv"), target: "digit");
        StandardScaler[] sixteenths = [.. table.Columns.Select(column => new StandardScaler(column.Name, mean: 0, standardDeviation: 16))];
        Dataset all = new Preprocessing(sixteenths, table.Target, table.Classes).Apply(table);
        return (Take(all, row => row % 5 != 0), Take(all, row => row % 5 == 0));
    }

    /// <summary>Uniform inputs and classes drawn at random.</summary>
    public static Dataset Synthetic(int rows, int inputs, int classes)
    {
        var random = new RandomStream(1, "synthetic rows");
        var x = new Tensor(new Shape(rows, inputs), "x");
        foreach (ref float value in x.Span)
        {
            value = random.NextSingle();
        }

        return new Dataset(x, new Targets([.. Enumerable.Range(0, rows).Select(_ => random.NextInt32(classes))]));
    }

    /// <summary>The full batches, in the order of the rows, each with memory of its own.</summary>
    /// <param name="data">The rows.</param>
    /// <param name="size">Rows in a batch.</param>
    /// <param name="row">The dimensions of one row.</param>
    public static (Tensor Inputs, Targets Targets)[] Slice(Dataset data, int size, params int[] row) =>
        [.. Enumerable.Range(0, data.Count / size).Select(i =>
        {
            var x = new Tensor(new Shape([size, .. row]), "x");
            data.Inputs.Span.Slice(i * x.Span.Length, x.Span.Length).CopyTo(x.Span);
            return (x, new Targets(data.Targets.Classes.Slice(i * size, size).ToArray()));
        })];

    private static Dataset Take(Dataset all, Predicate<int> isTaken)
    {
        var rows = new List<int>();
        for (int row = 0; row < all.Count; row++)
        {
            if (isTaken(row))
            {
                rows.Add(row);
            }
        }

        var x = new Tensor(new Shape(rows.Count, all.Inputs.Shape.Columns), "x");
        var classes = new int[rows.Count];
        for (int i = 0; i < rows.Count; i++)
        {
            all.Inputs.Row(rows[i]).CopyTo(x.Row(i));
            classes[i] = all.Targets.Classes[rows[i]];
        }

        return new Dataset(x, new Targets(classes), all.Classes);
    }
}
