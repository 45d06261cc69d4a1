namespace MiniNet.Data;

/// <summary>Finds the name that the user probably meant.</summary>
internal static class NearestName
{
    /// <summary>
    /// Returns the candidate with the smallest edit distance (Levenshtein, 1966), ignoring case, or null if more than half of the name
    /// would have to change.
    /// </summary>
    public static string? Find(string name, IEnumerable<string> candidates) =>
        candidates.MinBy(candidate => Distance(name, candidate)) is { } nearest && Distance(name, nearest) * 2 <= name.Length
            ? nearest
            : null;

    private static int Distance(string a, string b)
    {
        int[] row = [.. Enumerable.Range(0, b.Length + 1)];
        for (int i = 0; i < a.Length; i++)
        {
            int diagonal = row[0]++;
            for (int j = 0; j < b.Length; j++)
            {
                int exchange = diagonal + (char.ToLowerInvariant(a[i]) == char.ToLowerInvariant(b[j]) ? 0 : 1);
                diagonal = row[j + 1];
                row[j + 1] = Math.Min(exchange, Math.Min(diagonal, row[j]) + 1);
            }
        }

        return row[^1];
    }
}
