using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCollectionOrderer(typeof(MiniNet.Tests.LongestFirst))]

namespace MiniNet.Tests;

/// <summary>Starts the longest classes first. Otherwise, one of them may run last, while the other processors have nothing to do.</summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    private static readonly string[] Longest =
    [
        nameof(Kernels.VectorWidth256Tests), nameof(Kernels.VectorWidth128Tests), nameof(Calculus.CriticalPointsTests),
        nameof(Calculus.LagrangeMultiplierTests), nameof(Cli.TrainTests), nameof(Cli.ReplayTests), nameof(Cli.LandscapeTests),
        nameof(Cli.BadInputTests), nameof(Kernels.MemoryBoundsTests),
    ];

    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection =>
        [.. testCollections.OrderBy(collection => Rank(collection)).ThenBy(collection => collection.UniqueID, StringComparer.Ordinal)];

    private static int Rank(ITestCollection collection)
    {
        int rank = Array.FindIndex(Longest, name => collection.TestCollectionDisplayName.Contains($".{name} ", StringComparison.Ordinal)
            || collection.TestCollectionDisplayName.EndsWith($".{name}", StringComparison.Ordinal));
        return rank < 0 ? Longest.Length : rank;
    }
}
