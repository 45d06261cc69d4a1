using MiniNet.Tests.Oracle;

namespace MiniNet.Tests.Torch;

/// <summary>Random graphs against TorchSharp in float64, live: prediction, loss, every gradient, every running figure.</summary>
public class GraphsTests(WorstErrors worst) : IClassFixture<WorstErrors>
{
    private const double Tolerance = 2e-5; // that of the recorded cases, argued there

    public static TheoryData<string> Names => [.. Recordings.Graphs.Names];

    [TorchSharpTheory]
    [MemberData(nameof(Names))]
    public void Graph_DoesAsTorchSharpDoes(string name)
    {
        GraphCase of = Recordings.Graphs[name];
        Comparison.AssertClose(name, Ours.Run(of), Theirs.Run(of), Tolerance, worst);
    }
}
