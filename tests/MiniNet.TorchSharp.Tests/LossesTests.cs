using MiniNet.Tests.Oracle;

namespace MiniNet.Tests.Torch;

/// <summary>Compares every loss and its gradient with TorchSharp in float64, also for very large or confident scores.</summary>
public class LossesTests(WorstErrors worst) : IClassFixture<WorstErrors>
{
    private const double Tolerance = 2e-6; // as for the recorded cases, where it is derived

    public static TheoryData<string> Names => [.. Recordings.Losses.Names];

    [TorchSharpTheory]
    [MemberData(nameof(Names))]
    public void Loss_MatchesTorchSharp(string name)
    {
        GraphCase of = Recordings.Losses[name];
        Comparison.AssertClose(name, MiniNetRunner.Run(of), TorchRunner.Run(of), Tolerance, worst);
    }
}
