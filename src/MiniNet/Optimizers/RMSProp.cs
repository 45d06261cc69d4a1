using MiniNet.Graphs;
using MiniNet.Kernels;
using MiniNet.Tensors;

namespace MiniNet.Optimizers;

/// <summary>
/// Represents the RMSProp optimizer. Each element's step is divided by the running root mean square of its gradients. With g the gradient
/// of a parameter w, and s, m, v that start at 0:
/// <code>
/// d = g + λw                    weight decay: the gradient of L + ½λw²
/// s = αs + (1 − α)d²
/// m = αm + (1 − α)d             for the centered form, where the variance s − m² replaces s in the next line
/// v = μv + d / (√s + ε)
/// w −= ηv
/// </code>
/// </summary>
/// <remarks>
/// Tieleman and Hinton, "Lecture 6.5 — rmsprop", Coursera, 2012; centered, with momentum: Graves, "Generating Sequences With Recurrent
/// Neural Networks", 2013, equations 38 to 45. In the form of PyTorch's <c>RMSprop</c>, which has ε outside the root. If rounding makes
/// the variance negative, it is set to 0 here; PyTorch gets NaN.
/// </remarks>
public sealed class RMSProp : Optimizer
{
    private readonly double alpha;
    private readonly float epsilon, weightDecay, momentum;
    private readonly bool centered;
    private readonly Tensor[] squares, means, velocity;

    /// <summary>Initializes a new instance of the <see cref="RMSProp"/> class.</summary>
    /// <param name="parameters">The parameters to update, usually <c>graph.Parameters</c>.</param>
    /// <param name="learningRate">η, at least 0.</param>
    /// <param name="alpha">α, from 0 up to but not including 1.</param>
    /// <param name="epsilon">ε, above 0: keeps the division finite.</param>
    /// <param name="weightDecay">λ, at least 0.</param>
    /// <param name="momentum">μ, from 0 up to but not including 1.</param>
    /// <param name="centered">true to divide by the standard deviation; false to divide by the root mean square.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of range.</exception>
    public RMSProp(
        IReadOnlyList<Parameter> parameters,
        float learningRate = 0.01f,
        double alpha = 0.99,
        float epsilon = 1e-8f,
        float weightDecay = 0,
        float momentum = 0,
        bool centered = false)
        : base(parameters, learningRate)
    {
        (this.alpha, this.momentum, this.centered) = (Require.Fraction(alpha), Require.Fraction(momentum), centered);
        (this.epsilon, this.weightDecay) = (Require.Positive(epsilon), Require.NonNegative(weightDecay));
        squares = ZerosLike(parameters, "square");
        means = ZerosLike(parameters, "mean");
        velocity = ZerosLike(parameters, "velocity");
        State = [.. squares, .. means, .. velocity];
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Tensor> State { get; }

    /// <inheritdoc/>
    public override Equations Equations => CreateEquations(
        centered
            ? "takes a gradient step, divided by the running standard deviation of the gradients"
            : "takes a gradient step, divided by the running root mean square of the gradients",
        weightDecay,
        $"s = αs + (1 − α)d²;  {(centered ? "m = αm + (1 − α)d;  " : "")}{(momentum == 0 ? "w −= η · " : "v = μv + ")}" +
        $"d/(√{(centered ? "(s − m²)" : "s")} + ε){(momentum == 0 ? "" : ";  w −= ηv")}",
        [
            new("η", LearningRate), new("α", (float)alpha), new("ε", epsilon),
            .. momentum == 0 ? Array.Empty<EquationConstant>() : [new("μ", momentum)],
        ]);

    /// <inheritdoc/>
    public override IReadOnlyList<(string Symbol, Tensor Value)> StateOf(int index) =>
    [
        ("s", squares[index]),
        .. centered ? [("m", means[index])] : Array.Empty<(string, Tensor)>(),
        .. momentum == 0 ? Array.Empty<(string, Tensor)>() : [("v", velocity[index])],
    ];

    /// <inheritdoc/>
    protected override void Update(int index, Tensor w, Tensor g)
    {
        Tensor s = squares[index], m = means[index], v = velocity[index];
        var factors = new RMSPropFactors(LearningRate, alpha, epsilon, weightDecay, momentum, centered);
        Kernel.RMSPropStep(w.Span, g.Span, s.Span, m.Span, v.Span, factors);        // s, m, v = μv + d / (√s + ε);  w −= ηv
    }
}
