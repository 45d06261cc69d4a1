using MiniNet.Tensors;

namespace MiniNet.Data;

/// <summary>Splits rows into parts so that every part has the classes in the same proportion as the whole.</summary>
internal static class StratifiedSplit
{
    /// <summary>
    /// Shuffles the rows of each class and splits them by the proportions. Rounding errors are carried over to the next class, so that the
    /// sizes of the parts are right too.
    /// </summary>
    public static List<int>[] Split(CsvDataset data, ReadOnlySpan<double> shares, ulong seed)
    {
        double sum = 0;
        foreach (double share in shares)
        {
            sum += share > 0 && double.IsFinite(share)
                ? share
                : throw new ArgumentOutOfRangeException(nameof(shares), share, "A share must be above 0.");
        }

        var random = new RandomStream(seed, "splitting");
        var parts = new List<int>[shares.Length];
        for (int p = 0; p < parts.Length; p++)
        {
            parts[p] = [];
        }

        var owed = new double[shares.Length];
        for (int c = 0; c < data.Classes.Count; c++)
        {
            int[] rows = [.. Enumerable.Range(0, data.Count).Where(row => data.ClassOf(row) == c)];
            if (rows.Length < shares.Length)
            {
                throw new DataFormatException(
                    $"{data.Path}: class '{DataFormatException.Truncate(data.Classes[c])}' of '{data.Target}' has {rows.Length} row(s), " +
                    $"but needs at least {shares.Length}: one each for training, validation and test. Add rows, or remove the class.");
            }

            random.Shuffle<int>(rows);
            int next = 0;
            for (int p = shares.Length - 1; p > 0; p--)
            {
                owed[p] += rows.Length * shares[p] / sum;
                int left = rows.Length - next - p; // leave at least one row for each remaining part
                int take = Math.Clamp((int)Math.Round(owed[p]), 1, left);
                owed[p] -= take;
                parts[p].AddRange(rows[next..(next + take)]);
                next += take;
            }

            parts[0].AddRange(rows[next..]);
        }

        return parts;
    }
}
