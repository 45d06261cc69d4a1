namespace MiniNet.Tests.Oracle;

/// <summary>Ten steps of every optimizer, with every option, from recorded gradients, against PyTorch in float64; and both ways of clipping.</summary>
public class OptimizersTests(WorstErrors worst) : IClassFixture<WorstErrors>
{
    // A step rounds the parameter once or twice and what it moves by some ten times: in ten steps, 10 · 2 roundings of 6·10⁻⁸ at most, and fewer at random.
    private const double Tolerance = 2e-6;

    public static TheoryData<string> Names => [.. Recordings.Optimizers.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void TenSteps_ArePyTorchs(string name) =>
        Comparison.AssertClose(name, Ours.Run(Recordings.Optimizers[name]), Recordings.Optimizers[name].Expected, Tolerance, worst);
}
