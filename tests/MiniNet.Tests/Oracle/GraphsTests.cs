namespace MiniNet.Tests.Oracle;

/// <summary>
/// Compares random graphs with PyTorch in float64: prediction, loss, every gradient, every running statistic. The graphs are the recorded
/// ones, or those in the file that MININET_ORACLE_GRAPHS names; tests/oracle/oracle.sh creates new ones. tests/oracle/graphs.py defines
/// which graphs are suitable.
/// </summary>
public class GraphsTests(WorstErrors worst) : IClassFixture<WorstErrors>
{
    // Up to thirty nodes, each of which may add the error of a layer. The generator omits graphs on which PyTorch's float32 is off by a
    // tenth of this.
    private const double Tolerance = 2e-5;

    public static TheoryData<string> Names => [.. Recordings.Graphs.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void Graph_Results_EqualPyTorch(string name) =>
        Comparison.AssertClose(name, MiniNetRunner.Run(Recordings.Graphs[name]), Recordings.Graphs[name].Expected, Tolerance, worst);
}
