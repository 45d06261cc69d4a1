namespace MiniNet.Tests;

/// <summary>
/// The collection of tests that do not run in parallel with others: they change <c>Kernel.MaxThreads</c>, which is shared by the process,
/// keep the worker threads busy, or measure the allocations of the whole process.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public class SerialTests
{
    public const string Name = "serial";
}
