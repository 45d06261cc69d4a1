using System.Diagnostics;
using MiniNet.Graphs;
using MiniNet.Kernels;
using MiniNet.Tensors;

namespace MiniNet.Optimizers;

/// <summary>
/// Represents <see cref="Adam"/> with Nesterov momentum: the momentum of the next step is already applied in this one. With d, m, v and v̂
/// as in Adam, at step t:
/// <code>
/// μₜ = β₁(1 − ½ · 0.96^(tψ))               grows from β₁/2 to β₁
/// Pₜ = μ₁μ₂…μₜ                              corrects the bias of m, as 1 − β₁ᵗ does if all μ are β₁
/// m̂ = μₜ₊₁ · m / (1 − Pₜ₊₁) + (1 − μₜ) · d / (1 − Pₜ)
/// w −= η · m̂ / (√v̂ + ε)
/// </code>
/// </summary>
/// <remarks>
/// Dozat, "Incorporating Nesterov Momentum into Adam", ICLR 2016 workshop, as PyTorch documents its <c>NAdam</c>. (Before release 2.0,
/// PyTorch's code had one factor μₜ too many in Pₜ₊₁, unless <c>foreach=True</c>.)
/// </remarks>
public sealed class NAdam : Optimizer
{
    private readonly double beta1, beta2;
    private readonly float epsilon, weightDecay, momentumDecay;
    private readonly Tensor[] means, squares, products;

    /// <summary>Initializes a new instance of the <see cref="NAdam"/> class.</summary>
    /// <param name="parameters">The parameters to update, usually <c>graph.Parameters</c>.</param>
    /// <param name="learningRate">η, at least 0.</param>
    /// <param name="beta1">β₁, the share of m that each step keeps: from 0 up to but not including 1.</param>
    /// <param name="beta2">β₂, the share of v that each step keeps: from 0 up to but not including 1.</param>
    /// <param name="epsilon">ε, above 0.</param>
    /// <param name="weightDecay">λ, at least 0.</param>
    /// <param name="momentumDecay">ψ, at least 0. Larger values make μ approach β₁ sooner.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of range.</exception>
    public NAdam(
        IReadOnlyList<Parameter> parameters,
        float learningRate = 2e-3f,
        double beta1 = 0.9,
        double beta2 = 0.999,
        float epsilon = 1e-8f,
        float weightDecay = 0,
        float momentumDecay = 4e-3f)
        : base(parameters, learningRate)
    {
        (this.beta1, this.beta2) = (Require.Fraction(beta1), Require.Fraction(beta2));
        (this.epsilon, this.weightDecay, this.momentumDecay) =
            (Require.Positive(epsilon), Require.NonNegative(weightDecay), Require.NonNegative(momentumDecay));
        means = ZerosLike(parameters, "mean");
        squares = ZerosLike(parameters, "square");
        products = [.. parameters.Select(parameter => Filled(new Shape(1), 1, $"momentum product of {parameter.Name}"))];
        State = [.. means, .. squares, .. products];
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Tensor> State { get; }

    /// <inheritdoc/>
    public override Equations Equations => CreateEquations(
        "takes an Adam step with Nesterov momentum",
        weightDecay,
        "m = β₁m + (1 − β₁)d;  v = β₂v + (1 − β₂)d²;  m̂ = μₜ₊₁ · m/(1 − Pₜ₊₁) + (1 − μₜ) · d/(1 − Pₜ);  " +
        "v̂ = v/(1 − β₂ᵗ);  w −= η · m̂/(√v̂ + ε)",
        new("η", LearningRate),
        new("β₁", (float)beta1),
        new("β₂", (float)beta2),
        new("μₜ", (float)MomentumAt(StepCount)),
        new("μₜ₊₁", (float)MomentumAt(StepCount + 1)),
        new("Pₜ", products[0].Span[0]),
        new("Pₜ₊₁", (float)(products[0].Span[0] * MomentumAt(StepCount + 1))),
        new("1 − β₂ᵗ", (float)(1 - Math.Pow(beta2, StepCount))),
        new("ε", epsilon));

    /// <inheritdoc/>
    public override IReadOnlyList<(string Symbol, Tensor Value)> StateOf(int index) => [("m", means[index]), ("v", squares[index])];

    /// <inheritdoc/>
    protected override void Update(int index, Tensor w, Tensor g)
    {
        Tensor m = means[index], v = squares[index];
        ref float product = ref products[index].Span[0];
        double momentum = MomentumAt(StepCount), next = MomentumAt(StepCount + 1);
        product *= (float)momentum;
        float gradientRate = (float)(LearningRate * (1 - momentum) / (1 - (double)product));
        float meanRate = (float)(LearningRate * next / (1 - (product * next)));
        float correction2 = (float)(1 - Math.Pow(beta2, StepCount));
        var factors = new NAdamFactors(gradientRate, meanRate, beta1, beta2, epsilon, correction2, weightDecay);
        Kernel.NAdamStep(w.Span, g.Span, m.Span, v.Span, factors);      // m, v, then w −= η · m̂ / (√v̂ + ε)
    }

    [DebuggerStepThrough]
    private double MomentumAt(int step) => beta1 * (1 - (0.5 * Math.Pow(0.96, step * (double)momentumDecay)));
}
