using MiniNet.Graphs;
using MiniNet.Kernels;
using MiniNet.Tensors;

namespace MiniNet.Optimizers;

/// <summary>
/// Represents the Adagrad optimizer. Each element's step is divided by the root of the sum of its squared gradients, so that rare features
/// keep large steps. With g the gradient of a parameter w at step t, and s a sum that starts at 0:
/// <code>
/// d = g + λw                           weight decay: the gradient of L + ½λw²
/// s += d²
/// w −= η / (1 + (t − 1)κ) · d / (√s + ε)
/// </code>
/// </summary>
/// <remarks>
/// Duchi, Hazan and Singer, "Adaptive Subgradient Methods for Online Learning and Stochastic Optimization", JMLR 2011. The decay κ of the
/// learning rate and the defaults are those of PyTorch's <c>Adagrad</c>.
/// </remarks>
public sealed class Adagrad : Optimizer
{
    private readonly float learningRateDecay, weightDecay, epsilon;
    private readonly Tensor[] sums;

    /// <summary>Initializes a new instance of the <see cref="Adagrad"/> class.</summary>
    /// <param name="parameters">The parameters to update, usually <c>graph.Parameters</c>.</param>
    /// <param name="learningRate">η, at least 0.</param>
    /// <param name="learningRateDecay">κ, at least 0.</param>
    /// <param name="weightDecay">λ, at least 0.</param>
    /// <param name="epsilon">ε, above 0: keeps the division finite.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of range.</exception>
    public Adagrad(
        IReadOnlyList<Parameter> parameters,
        float learningRate = 0.01f,
        float learningRateDecay = 0,
        float weightDecay = 0,
        float epsilon = 1e-10f)
        : base(parameters, learningRate)
    {
        (this.learningRateDecay, this.weightDecay) = (Require.NonNegative(learningRateDecay), Require.NonNegative(weightDecay));
        this.epsilon = Require.Positive(epsilon);
        sums = ZerosLike(parameters, "sum of squares");
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Tensor> State => sums;

    /// <inheritdoc/>
    public override Equations Equations => CreateEquations(
        "takes a gradient step, divided by the root of the sum of all squared gradients",
        weightDecay,
        $"s += d²;  w −= η{(learningRateDecay == 0 ? "" : "/(1 + (t − 1)κ)")} · d/(√s + ε)",
        [
            new("η", LearningRate), new("ε", epsilon),
            .. learningRateDecay == 0 ? Array.Empty<EquationConstant>() : [new("t", StepCount), new("κ", learningRateDecay)],
        ]);

    /// <inheritdoc/>
    public override IReadOnlyList<(string Symbol, Tensor Value)> StateOf(int index) => [("s", sums[index])];

    /// <inheritdoc/>
    protected override void Update(int index, Tensor w, Tensor g)
    {
        Tensor s = sums[index];
        float rate = (float)(LearningRate / (1 + ((StepCount - 1) * (double)learningRateDecay)));
        Kernel.AdagradStep(w.Span, g.Span, s.Span, rate, epsilon, weightDecay);     // s += d²;  w −= rate · d / (√s + ε)
    }
}
