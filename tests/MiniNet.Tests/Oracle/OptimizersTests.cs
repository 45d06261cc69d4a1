namespace MiniNet.Tests.Oracle;

/// <summary>
/// Compares ten steps of every optimizer, with every option and recorded gradients, with PyTorch in float64; and both kinds of clipping.
/// </summary>
public class OptimizersTests(WorstErrors worst) : IClassFixture<WorstErrors>
{
    // A step rounds the parameter once or twice, and its update about ten times. In ten steps that is at most 10 · 2 roundings of 6·10⁻⁸,
    // and less at random.
    private const double Tolerance = 2e-6;

    public static TheoryData<string> Names => [.. Recordings.Optimizers.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void Optimizer_TenSteps_EqualPyTorch(string name) =>
        Comparison.AssertClose(
            name, MiniNetRunner.Run(Recordings.Optimizers[name]), Recordings.Optimizers[name].Expected, Tolerance, worst);
}
