using PublicApiGenerator;

namespace MiniNet.Tests.House;

/// <summary>
/// Compares the public API of the library with the approved one. A change shows in review; to approve it, copy PublicApi.received.txt over
/// PublicApi.approved.txt.
/// </summary>
public class PublicApiTests
{
    [Fact]
    public void PublicApi_MatchesApprovedFile()
    {
        string folder = Path.Combine(Repository.Root, "tests", "MiniNet.Tests", "House");
        string approved = Path.Combine(folder, "PublicApi.approved.txt"), received = Path.Combine(folder, "PublicApi.received.txt");
        string api = typeof(MiniNet.Graphs.Graph).Assembly
            .GeneratePublicApi(new ApiGeneratorOptions { IncludeAssemblyAttributes = false }).ReplaceLineEndings("\n") + "\n";
        if (!File.Exists(approved) || File.ReadAllText(approved).ReplaceLineEndings("\n") != api)
        {
            File.WriteAllText(received, api);
            Assert.Fail($"The public API has changed. Compare {received} with {approved}, and copy it over if the change is meant.");
        }

        File.Delete(received);
    }
}
