using MiniNet.Graphs;
using MiniNet.Optimizers;
using MiniNet.Tensors;

namespace MiniNet.Tests.Snippets;

/// <summary>
/// Steps against the sign of a running mean of the gradient (Bernstein et al., "signSGD: Compressed Optimisation for Non-Convex Problems",
/// 2018): m = βm + (1 − β)g;  w −= η sign(m)
/// </summary>
public sealed class Signum(IReadOnlyList<Parameter> parameters, float learningRate, float beta = 0.9f)
    : Optimizer(parameters, learningRate)
{
    private readonly Tensor[] means = [.. parameters.Select(parameter => new Tensor(parameter.Value.Shape, "m"))];

    public override IReadOnlyList<Tensor> State => means;                   // restored when the stepper or a run goes back

    public override IReadOnlyList<(string Symbol, Tensor Value)> StateOf(int index) => [("m", means[index])];

    public override Equations Equations => new("steps against the sign of a running mean", "m = βm + (1 − β)g;  w −= η sign(m)");

    protected override void Update(int index, Tensor w, Tensor g)
    {
        Span<float> m = means[index].Span;
        for (int i = 0; i < m.Length; i++)
        {
            m[i] = (beta * m[i]) + ((1 - beta) * g.Span[i]);
            w.Span[i] -= LearningRate * MathF.Sign(m[i]);
        }
    }
}
