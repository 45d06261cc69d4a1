using MiniNet.Graphs;
using MiniNet.Kernels;
using MiniNet.Tensors;

namespace MiniNet.Optimizers;

/// <summary>
/// Represents stochastic gradient descent with momentum. With g the gradient of a parameter w, learning
/// rate η, momentum μ, weight decay λ, and a velocity v that starts at 0:
/// <code>
/// d = g + λw             weight decay: the gradient of L + ½λw²
/// v = μv + d
/// w −= ηv                or, looking one step ahead as Nesterov does, w −= η(d + μv)
/// </code>
/// With μ = 0 no velocity is stored. If λ = 0 too, this is plain gradient descent, w −= ηg.
/// </summary>
/// <remarks>
/// Polyak, "Some methods of speeding up the convergence of iteration methods", 1964, in the form of PyTorch's <c>SGD</c>,
/// where η scales the velocity when it is applied. Nesterov momentum, in terms of the gradient at the current weights: Sutskever, Martens,
/// Dahl and Hinton, "On the importance of initialization and momentum in deep learning", ICML 2013.
/// </remarks>
public sealed class SGD : Optimizer
{
    private readonly bool nesterov;
    private readonly float weightDecay;
    private readonly Tensor[] velocity;

    /// <summary>Initializes a new instance of the <see cref="SGD"/> class.</summary>
    /// <param name="parameters">The parameters to update, usually <c>graph.Parameters</c>.</param>
    /// <param name="learningRate">η, at least 0.</param>
    /// <param name="momentum">μ, from 0 up to but not including 1.</param>
    /// <param name="nesterov">true to use Nesterov momentum, which requires a momentum above 0; otherwise, false.</param>
    /// <param name="weightDecay">λ, at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of range.</exception>
    /// <exception cref="ArgumentException"><paramref name="nesterov"/> is true, but the momentum is 0.</exception>
    public SGD(IReadOnlyList<Parameter> parameters, float learningRate, float momentum = 0, bool nesterov = false, float weightDecay = 0)
        : base(parameters, learningRate)
    {
        Momentum = Require.Fraction(momentum);
        this.nesterov = !nesterov || momentum > 0
            ? nesterov
            : throw new ArgumentException("Nesterov momentum requires a momentum above 0.", nameof(nesterov));
        this.weightDecay = Require.NonNegative(weightDecay);
        velocity = momentum > 0 ? ZerosLike(parameters, "velocity") : [];
    }

    /// <summary>Gets the momentum μ.</summary>
    public float Momentum { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<Tensor> State => velocity;

    /// <inheritdoc/>
    public override Equations Equations => Momentum == 0
        ? CreateEquations("takes a step against the gradient", weightDecay, "w −= ηd", new EquationConstant("η", LearningRate))
        : CreateEquations(
            nesterov ? "takes a step with Nesterov momentum" : "takes a step with momentum",
            weightDecay,
            "v = μv + d;  w −= " + (nesterov ? "η(d + μv)" : "ηv"),
            new("η", LearningRate), new("μ", Momentum));

    /// <inheritdoc/>
    public override IReadOnlyList<(string Symbol, Tensor Value)> StateOf(int index) => Momentum == 0 ? [] : [("v", velocity[index])];

    /// <inheritdoc/>
    protected override void Update(int index, Tensor w, Tensor g)
    {
        if (Momentum == 0)
        {
            Kernel.DescentStep(w.Span, g.Span, LearningRate, weightDecay);  // d = g + λw;  w −= ηd
            return;
        }

        Tensor v = velocity[index];
        var factors = new MomentumFactors(LearningRate, Momentum, nesterov, weightDecay);
        Kernel.MomentumStep(w.Span, g.Span, v.Span, factors);           // d = g + λw;  v = μv + d;  w −= ηv
    }
}
