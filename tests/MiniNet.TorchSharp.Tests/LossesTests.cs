using MiniNet.Tests.Oracle;

namespace MiniNet.Tests.Torch;

/// <summary>Every loss against TorchSharp in float64, live: the loss and its gradient, also where scores are huge or sure.</summary>
public class LossesTests(WorstErrors worst) : IClassFixture<WorstErrors>
{
    private const double Tolerance = 2e-6; // that of the recorded cases, argued there

    public static TheoryData<string> Names => [.. Recordings.Losses.Names];

    [TorchSharpTheory]
    [MemberData(nameof(Names))]
    public void Loss_IsTorchSharps(string name)
    {
        GraphCase of = Recordings.Losses[name];
        Comparison.AssertClose(name, Ours.Run(of), Theirs.Run(of), Tolerance, worst);
    }
}
