using MiniNet.Tests.Oracle;

namespace MiniNet.Tests.Torch;

/// <summary>Every layer against TorchSharp in float64, live: output, dX, the gradient of every parameter, and the state after.</summary>
public class LayersTests(WorstErrors worst) : IClassFixture<WorstErrors>
{
    private const double Tolerance = 2e-6; // that of the recorded cases, argued there

    public static TheoryData<string> Names => [.. Recordings.Layers.Names];

    [TorchSharpTheory]
    [MemberData(nameof(Names))]
    public void Layer_DoesAsTorchSharpDoes(string name)
    {
        GraphCase of = Recordings.Layers[name];
        Comparison.AssertClose(name, Ours.Run(of), Theirs.Run(of), Tolerance, worst);
    }
}
