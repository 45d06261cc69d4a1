namespace MiniNet.Tests.Oracle;

/// <summary>
/// Compares every loss with PyTorch in float64: the loss and its gradient, also for huge scores and probabilities near 1.
/// </summary>
public class LossesTests(WorstErrors worst) : IClassFixture<WorstErrors>
{
    private const double Tolerance = 2e-6; // as for a layer

    public static TheoryData<string> Names => [.. Recordings.Losses.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void Loss_AndGradient_EqualPyTorch(string name) =>
        Comparison.AssertClose(name, MiniNetRunner.Run(Recordings.Losses[name]), Recordings.Losses[name].Expected, Tolerance, worst);
}
