using MiniNet.Graphs;
using MiniNet.Kernels;
using MiniNet.Tensors;

namespace MiniNet.Optimizers;

/// <summary>
/// <see cref="Adam"/> with weight decay apart from the gradient, so that m̂ / √v̂ does not even it out:
/// <code>
/// w −= ηλw
/// w −= η · m̂ / (√v̂ + ε)       m̂ and v̂ from g alone
/// </code>
/// </summary>
/// <remarks>
/// Loshchilov and Hutter, "Decoupled Weight Decay Regularization", ICLR 2019, algorithm 2, in the form of PyTorch's <c>AdamW</c>, where η scales the
/// decay too.
/// </remarks>
/// <param name="parameters">What to change, usually <c>graph.Parameters</c>.</param>
/// <param name="learningRate">η, at least 0.</param>
/// <param name="beta1">β₁, from 0 up to but not including 1.</param>
/// <param name="beta2">β₂, likewise.</param>
/// <param name="epsilon">ε, above 0.</param>
/// <param name="weightDecay">λ, at least 0.</param>
/// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
public sealed class AdamW(
    IReadOnlyList<Parameter> parameters, float learningRate = 1e-3f, double beta1 = 0.9, double beta2 = 0.999, float epsilon = 1e-8f, float weightDecay = 0.01f)
    : Adam(parameters, learningRate, beta1, beta2, epsilon)
{
    private readonly float weightDecay = Require.AtLeast0(weightDecay);

    /// <inheritdoc/>
    public override Rule Rule => weightDecay == 0 ? base.Rule : base.Rule with { Words = "shrinks the weight, then steps as Adam does", Value = "w −= ηλw;  " + base.Rule.Value };

    /// <inheritdoc/>
    protected override void Update(int index, Tensor w, Tensor g)
    {
        Kernel.Scale(w.Span, 1 - (LearningRate * weightDecay));         // w −= ηλw
        base.Update(index, w, g);                                       // w −= η · m̂ / (√v̂ + ε)
    }

    /// <inheritdoc/>
    internal override IReadOnlyList<string> Numbers => [.. base.Numbers, Is("λ", weightDecay)];
}
