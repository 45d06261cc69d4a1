using MiniNet.Tensors;

namespace MiniNet.Data;

/// <summary>Deals rows out into parts so that every part has the classes in the proportion of the whole.</summary>
internal static class StratifiedSplit
{
    /// <summary>Each class is shuffled and cut by the shares. What rounding gives one class too much, the next gets less: the parts' sizes come out right too.</summary>
    public static List<int>[] Deal(CsvDataset data, ReadOnlySpan<double> shares, ulong seed)
    {
        double sum = 0;
        foreach (double share in shares)
        {
            sum += share > 0 && double.IsFinite(share) ? share : throw new ArgumentOutOfRangeException(nameof(shares), share, "A share must be above 0.");
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
                    $"{data.Path}: class '{DataFormatException.Short(data.Classes[c])}' of '{data.Target}' has {rows.Length} row(s); it needs at least {shares.Length}, " +
                    "one each to train, to validate and to test. Add rows, or remove the class.");
            }

            random.Shuffle<int>(rows);
            int next = 0;
            for (int p = shares.Length - 1; p > 0; p--)
            {
                owed[p] += rows.Length * shares[p] / sum;
                int left = rows.Length - next - p; // every part yet to be served keeps one row
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
