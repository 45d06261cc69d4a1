namespace MiniNet.Tests.Oracle;

/// <summary>
/// Random graphs against PyTorch in float64: prediction, loss, every gradient, every running figure. The recorded ones, or those of the
/// file that MININET_ORACLE_GRAPHS names: tests/oracle/oracle.sh draws fresh ones. Which graphs are fit to be judged, tests/oracle/graphs.py says.
/// </summary>
public class GraphsTests(WorstErrors worst) : IClassFixture<WorstErrors>
{
    // Up to thirty nodes, each of which may add a layer's error: the drawing leaves out graphs on which PyTorch's own float32 errs by a tenth of this.
    private const double Tolerance = 2e-5;

    public static TheoryData<string> Names => [.. Recordings.Graphs.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void Graph_DoesAsPyTorchDoes(string name) =>
        Comparison.AssertClose(name, Ours.Run(Recordings.Graphs[name]), Recordings.Graphs[name].Expected, Tolerance, worst);
}
