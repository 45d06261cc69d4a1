using MiniNet.Data;
using MiniNet.Graphs;
using MiniNet.Tensors;

namespace MiniNet.Benchmarks;

/// <summary>Loads the data of the workloads and cuts it into batches.</summary>
internal static class WorkloadData
{
    public static string PathTo(string folder, string file) => Path.Combine(folder, file) is var path && File.Exists(path)
        ? path
        : throw new UsageException(
            $"{path}: there is no such file. Run from the root of the clone, or pass the folder that has {file} with workload --data. "
            + "For the sources of the files, see tests/MiniNet.Benchmarks/README.md.");

    /// <summary>Loads all 150 rows, standardized with their own means and standard deviations.</summary>
    public static Dataset Iris(string folder)
    {
        var table = CsvDataset.Load(PathTo(folder, "iris.csv"), target: "species");
        return Preprocessing.Fit(table).Apply(table);
    }

    /// <summary>Loads the digits with pixels scaled to 0 to 1; every fifth row is a test row.</summary>
    public static (Dataset Training, Dataset Test) Digits(string folder)
    {
        var table = CsvDataset.Load(PathTo(folder, "digits.csv"), target: "digit");
        StandardScaler[] sixteenths = [.. table.Columns.Select(column => new StandardScaler(column.Name, mean: 0, standardDeviation: 16))];
        Dataset all = new Preprocessing(sixteenths, table.Target, table.Classes).Apply(table);
        return (Take(all, row => row % 5 != 0), Take(all, row => row % 5 == 0));
    }

    /// <summary>Creates random data: uniform inputs and uniform classes.</summary>
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

    /// <summary>Cuts the rows into full batches, in order, and copies each into separate memory.</summary>
    /// <param name="data">The rows.</param>
    /// <param name="size">The number of rows in a batch.</param>
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
