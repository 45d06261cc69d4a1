using MiniNet.Optimizers;
using MiniNet.Tests.Oracle;

namespace MiniNet.Tests.Torch;

/// <summary>
/// Compares ten steps of every optimizer, with every option and recorded gradients, with TorchSharp in float64; also both kinds of gradient
/// clipping.
/// </summary>
public class OptimizersTests(WorstErrors worst) : IClassFixture<WorstErrors>
{
    private const double Tolerance = 2e-6; // as for the recorded cases, where it is derived

    public static TheoryData<string> Optimizers =>
        [.. Recordings.Optimizers.Cases.Where(of => !IsClipping(of)).Select(of => of.Name)];

    public static TheoryData<string> Clippings => [.. Recordings.Optimizers.Cases.Where(IsClipping).Select(of => of.Name)];

    [TorchSharpTheory]
    [MemberData(nameof(Optimizers))]
    public void TenSteps_MatchTorchSharp(string name)
    {
        OptimizerCase of = Recordings.Optimizers[name];
        Comparison.AssertClose(name, MiniNetRunner.Run(of), TorchRunner.Run(of), Tolerance, worst);
    }

    [TorchSharpTheory]
    [MemberData(nameof(Clippings))]
    public void Clipping_MatchesTorchSharp(string name)
    {
        OptimizerCase of = Recordings.Optimizers[name];
        Comparison.AssertClose(name, MiniNetRunner.Run(of), TorchRunner.Clip(of), Tolerance, worst);
    }

    private static bool IsClipping(OptimizerCase of) =>
        typeof(GradientClipping).GetMethod(of.Optimizer["kind"]!.GetValue<string>()) is not null;
}
