using MiniNet.Graphs;
using MiniNet.Kernels;
using MiniNet.Tensors;

namespace MiniNet.Optimizers;

/// <summary>
/// Represents the Adam optimizer. The step in each element is about η, independent of the size of its gradients. With g the gradient of a
/// parameter w at step t, and m, v running means of d and d² that start at 0:
/// <code>
/// d = g + λw                   weight decay: the gradient of L + ½λw²
/// m = β₁m + (1 − β₁)d
/// v = β₂v + (1 − β₂)d²
/// m̂ = m / (1 − β₁ᵗ)            corrects the bias of means that start at 0
/// v̂ = v / (1 − β₂ᵗ)
/// w −= η · m̂ / (√v̂ + ε)
/// </code>
/// </summary>
/// <remarks>
/// Kingma and Ba, "Adam: A Method for Stochastic Optimization", ICLR 2015, algorithm 1. The defaults are theirs and PyTorch's.
/// </remarks>
public class Adam : Optimizer
{
    private readonly double beta1, beta2;
    private readonly float epsilon, weightDecay;
    private readonly Tensor[] means, squares;
    private float correction1, correction2; // cached, because they are the same for all parameters of a step
    private int correctedAt = -1;

    /// <summary>Initializes a new instance of the <see cref="Adam"/> class.</summary>
    /// <param name="parameters">The parameters to update, usually <c>graph.Parameters</c>.</param>
    /// <param name="learningRate">η, at least 0.</param>
    /// <param name="beta1">β₁, the share of m that each step keeps: from 0 up to but not including 1.</param>
    /// <param name="beta2">β₂, the share of v that each step keeps: from 0 up to but not including 1.</param>
    /// <param name="epsilon">ε, above 0: keeps the division finite.</param>
    /// <param name="weightDecay">λ, at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of range.</exception>
    public Adam(
        IReadOnlyList<Parameter> parameters,
        float learningRate = 1e-3f,
        double beta1 = 0.9,
        double beta2 = 0.999,
        float epsilon = 1e-8f,
        float weightDecay = 0)
        : base(parameters, learningRate)
    {
        (this.beta1, this.beta2) = (Require.Fraction(beta1), Require.Fraction(beta2));
        (this.epsilon, this.weightDecay) = (Require.Positive(epsilon), Require.NonNegative(weightDecay));
        means = ZerosLike(parameters, "mean");
        squares = ZerosLike(parameters, "square");
        State = [.. means, .. squares];
    }

    /// <inheritdoc/>
    public sealed override IReadOnlyList<Tensor> State { get; }

    /// <inheritdoc/>
    public override Equations Equations => CreateEquations(
        "steps against the running mean of the gradient, divided by the root of the running mean of its square",
        weightDecay,
        "m = β₁m + (1 − β₁)d;  v = β₂v + (1 − β₂)d²;  m̂ = m/(1 − β₁ᵗ);  v̂ = v/(1 − β₂ᵗ);  w −= η · m̂/(√v̂ + ε)",
        new("η", LearningRate), new("β₁", (float)beta1), new("β₂", (float)beta2),
        new("1 − β₁ᵗ", correction1), new("1 − β₂ᵗ", correction2), new("ε", epsilon));

    /// <inheritdoc/>
    public override IReadOnlyList<(string Symbol, Tensor Value)> StateOf(int index) => [("m", means[index]), ("v", squares[index])];

    /// <inheritdoc/>
    protected override void Update(int index, Tensor w, Tensor g)
    {
        Tensor m = means[index], v = squares[index];
        if (correctedAt != StepCount)
        {
            (correction1, correction2, correctedAt) =
                ((float)(1 - Math.Pow(beta1, StepCount)), (float)(1 - Math.Pow(beta2, StepCount)), StepCount);
        }

        var factors = new AdamFactors(LearningRate, beta1, beta2, epsilon, correction1, correction2, weightDecay);
        Kernel.AdamStep(w.Span, g.Span, m.Span, v.Span, factors);       // m, v, then w −= η · m̂ / (√v̂ + ε)
    }
}
