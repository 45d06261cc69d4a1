using System.Collections.Concurrent;
using System.Globalization;

namespace MiniNet.Tests.Oracle;

/// <summary>
/// Compares results with PyTorch by the relative error ‖ours − theirs‖ / max(‖theirs‖, 10⁻⁶·√n), for n numbers. Below 10⁻⁶ an element is
/// negligible in float32, because it is computed from values near 1.
/// </summary>
internal static class Comparison
{
    public static double RelativeError(Numbers ours, Numbers theirs)
    {
        double difference = 0, norm = 0;
        for (int i = 0; i < theirs.Data.Length; i++)
        {
            difference += (ours.Data[i] - theirs.Data[i]) * (ours.Data[i] - theirs.Data[i]);
            norm += theirs.Data[i] * theirs.Data[i];
        }

        return Math.Sqrt(difference) / Math.Max(Math.Sqrt(norm), 1e-6 * Math.Sqrt(Math.Max(theirs.Data.Length, 1)));
    }

    /// <summary>Fails if a result is missing, unexpected, has another shape, or is off by more than the tolerance.</summary>
    /// <param name="of">The name of the case, for the message.</param>
    /// <param name="ours">MiniNet's results by name.</param>
    /// <param name="theirs">PyTorch's results by name.</param>
    /// <param name="tolerance">The maximum relative error of a result.</param>
    /// <param name="worst">Collects the errors, or null.</param>
    public static void AssertClose(
        string of, Dictionary<string, Numbers> ours, Dictionary<string, Numbers> theirs, double tolerance, WorstErrors? worst = null)
    {
        Assert.NotEmpty(theirs);
        Assert.Equal(theirs.Keys.Order(StringComparer.Ordinal), ours.Keys.Order(StringComparer.Ordinal), StringComparer.Ordinal);
        List<(double Error, string Name)> off = [];
        foreach ((string name, Numbers expected) in theirs)
        {
            Assert.Equal(expected.Shape, ours[name].Shape);
            Assert.Equal(expected.Data.Length, ours[name].Data.Length);
            double error = RelativeError(ours[name], expected);
            worst?.Note(of, name, error);
            if (!(error <= tolerance)) // so that NaN fails
            {
                off.Add((error, name));
            }
        }

        Assert.True(off.Count == 0, string.Create(
            CultureInfo.InvariantCulture,
            $"{of}: {string.Join(", ", off.OrderDescending().Take(3).Select(result => $"{result.Name} is off by {result.Error:0.0E0}"))} " +
            $"({off.Count} of {theirs.Count} results; allowed is {tolerance:0E0})"));
    }
}

/// <summary>
/// Collects the maximum errors in the tests of one class, for each kind of case. If the environment variable MININET_ORACLE_SUMMARY names a
/// file, they are appended to it after the last test of the class.
/// </summary>
public sealed class WorstErrors : IDisposable
{
    private static readonly Lock File = new();
    private readonly ConcurrentDictionary<string, (double Error, string Where)> worst = new(StringComparer.Ordinal);

    public void Dispose()
    {
        if (Environment.GetEnvironmentVariable("MININET_ORACLE_SUMMARY") is { Length: > 0 } path)
        {
            lock (File)
            {
                System.IO.File.AppendAllLines(path, worst.OrderBy(entry => entry.Key, StringComparer.Ordinal)
                    .Select(entry => string.Create(
                        CultureInfo.InvariantCulture, $"{entry.Value.Error:0.0E0}  {entry.Key,-28}  {entry.Value.Where}")));
            }
        }
    }

    internal void Note(string of, string result, double error)
    {
        string kind = of.Split(' ', ',')[0]; // the name of a case starts with its kind
        worst.AddOrUpdate(kind, (error, $"{of}: {result}"), (_, before) => error > before.Error ? (error, $"{of}: {result}") : before);
    }
}
