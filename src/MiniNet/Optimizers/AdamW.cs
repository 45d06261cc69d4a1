using MiniNet.Graphs;
using MiniNet.Kernels;
using MiniNet.Tensors;

namespace MiniNet.Optimizers;

/// <summary>
/// Represents <see cref="Adam"/> with decoupled weight decay: it is not part of the gradient, so that the division by √v̂ does not cancel
/// it.
/// <code>
/// w −= ηλw
/// w −= η · m̂ / (√v̂ + ε)       m̂ and v̂ from g alone
/// </code>
/// </summary>
/// <remarks>
/// Loshchilov and Hutter, "Decoupled Weight Decay Regularization", ICLR 2019, algorithm 2, in the form of PyTorch's <c>AdamW</c>, where η
/// scales the decay too.
/// </remarks>
/// <param name="parameters">The parameters to update, usually <c>graph.Parameters</c>.</param>
/// <param name="learningRate">η, at least 0.</param>
/// <param name="beta1">β₁, the share of m that each step keeps: from 0 up to but not including 1.</param>
/// <param name="beta2">β₂, the share of v that each step keeps: from 0 up to but not including 1.</param>
/// <param name="epsilon">ε, above 0.</param>
/// <param name="weightDecay">λ, at least 0.</param>
/// <exception cref="ArgumentOutOfRangeException">A value is out of range.</exception>
public sealed class AdamW(
    IReadOnlyList<Parameter> parameters,
    float learningRate = 1e-3f,
    double beta1 = 0.9,
    double beta2 = 0.999,
    float epsilon = 1e-8f,
    float weightDecay = 0.01f)
    : Adam(parameters, learningRate, beta1, beta2, epsilon)
{
    private readonly float weightDecay = Require.NonNegative(weightDecay);

    /// <inheritdoc/>
    public override Equations Equations => weightDecay == 0
        ? base.Equations
        : base.Equations with
        {
            Description = "decays the weight, then takes an Adam step",
            Value = "w −= ηλw;  " + base.Equations.Value,
            Constants = new List<EquationConstant>(base.Equations.Constants) { new("λ", weightDecay) },
        };

    /// <inheritdoc/>
    protected override void Update(int index, Tensor w, Tensor g)
    {
        Kernel.Scale(w.Span, 1 - (LearningRate * weightDecay));         // w −= ηλw
        base.Update(index, w, g);                                       // w −= η · m̂ / (√v̂ + ε)
    }
}
