using MiniNet.Tests.Oracle;

namespace MiniNet.Tests.Torch;

/// <summary>Compares every layer with TorchSharp in float64: output, dX, all parameter gradients, and the state afterwards.</summary>
public class LayersTests(WorstErrors worst) : IClassFixture<WorstErrors>
{
    private const double Tolerance = 2e-6; // as for the recorded cases, where it is derived

    public static TheoryData<string> Names => [.. Recordings.Layers.Names];

    [TorchSharpTheory]
    [MemberData(nameof(Names))]
    public void Layer_MatchesTorchSharp(string name)
    {
        GraphCase of = Recordings.Layers[name];
        Comparison.AssertClose(name, MiniNetRunner.Run(of), TorchRunner.Run(of), Tolerance, worst);
    }
}
