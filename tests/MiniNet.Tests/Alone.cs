namespace MiniNet.Tests;

/// <summary>
/// Tests that run while no other test does: they change <c>Kernel.MaxThreads</c>, which belongs to the process, keep the worker
/// threads busy, or count what the whole process allocates.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public class Alone
{
    public const string Name = "alone";
}
