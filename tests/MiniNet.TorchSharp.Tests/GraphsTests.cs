using MiniNet.Tests.Oracle;

namespace MiniNet.Tests.Torch;

/// <summary>Compares random graphs with TorchSharp in float64: prediction, loss, all gradients and all running statistics.</summary>
public class GraphsTests(WorstErrors worst) : IClassFixture<WorstErrors>
{
    private const double Tolerance = 2e-5; // as for the recorded cases, where it is derived

    public static TheoryData<string> Names => [.. Recordings.Graphs.Names];

    [TorchSharpTheory]
    [MemberData(nameof(Names))]
    public void Graph_MatchesTorchSharp(string name)
    {
        GraphCase of = Recordings.Graphs[name];
        Comparison.AssertClose(name, MiniNetRunner.Run(of), TorchRunner.Run(of), Tolerance, worst);
    }
}
