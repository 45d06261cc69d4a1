using PublicApiGenerator;

namespace MiniNet.Tests.Conventions;

/// <summary>
/// Compares the public API of each library with the approved one. A change shows in review; to approve it, copy NAME.received.txt over
/// NAME.approved.txt.
/// </summary>
public class PublicApiTests
{
    [Theory]
    [InlineData(typeof(MiniNet.Graphs.Graph))]
    [InlineData(typeof(MiniNet.Stepping.BackpropStepper))]
    [InlineData(typeof(MiniNet.ScottPlot.HistoryPlots))]
    public void PublicApi_MatchesApprovedFile(Type type)
    {
        string name = Path.Combine(Repository.Root, "tests", "MiniNet.Tests", "Conventions", type.Assembly.GetName().Name!);
        string approved = name + ".approved.txt", received = name + ".received.txt";
        string api = type.Assembly
            .GeneratePublicApi(new ApiGeneratorOptions { IncludeAssemblyAttributes = false }).ReplaceLineEndings("\n") + "\n";
        if (!File.Exists(approved) || File.ReadAllText(approved).ReplaceLineEndings("\n") != api)
        {
            File.WriteAllText(received, api);
            Assert.Fail($"The public API has changed. Compare {received} with {approved}, and copy it over if the change is meant.");
        }

        File.Delete(received);
    }
}
