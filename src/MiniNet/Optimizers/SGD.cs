using MiniNet.Graphs;
using MiniNet.Kernels;
using MiniNet.Tensors;

namespace MiniNet.Optimizers;

/// <summary>
/// Stochastic gradient descent with momentum. With g the gradient of a parameter w, and v a velocity that starts at 0:
/// <code>
/// d = g + λw             weight decay: the gradient of L + ½λw²
/// v = μv + d
/// w −= ηv                or, looking one step ahead as Nesterov does, w −= η(d + μv)
/// </code>
/// With μ = 0 there is no velocity to keep, and with λ = 0 too that is plain descent, w −= ηg.
/// </summary>
/// <remarks>
/// Polyak, "Some methods of speeding up the convergence of iteration methods", 1964, in the form of PyTorch's <c>SGD</c>,
/// where η scales the velocity as it is applied. Nesterov's, in terms of the gradient where one stands: Sutskever, Martens, Dahl and Hinton,
/// "On the importance of initialization and momentum in deep learning", ICML 2013.
/// </remarks>
public sealed class SGD : Optimizer
{
    private readonly bool nesterov;
    private readonly float weightDecay;
    private readonly Tensor[] velocity;

    /// <summary>Creates the optimizer.</summary>
    /// <param name="parameters">What to change, usually <c>graph.Parameters</c>.</param>
    /// <param name="learningRate">η, at least 0.</param>
    /// <param name="momentum">μ, from 0 up to but not including 1.</param>
    /// <param name="nesterov">Whether the step looks ahead; needs a momentum above 0.</param>
    /// <param name="weightDecay">λ, at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    /// <exception cref="ArgumentException">Nesterov's step is asked for without momentum.</exception>
    public SGD(IReadOnlyList<Parameter> parameters, float learningRate, float momentum = 0, bool nesterov = false, float weightDecay = 0)
        : base(parameters, learningRate)
    {
        Momentum = Require.Fraction(momentum);
        this.nesterov = !nesterov || momentum > 0
            ? nesterov
            : throw new ArgumentException("Nesterov's step looks ahead along the velocity; it needs a momentum above 0.", nameof(nesterov));
        this.weightDecay = Require.AtLeast0(weightDecay);
        velocity = momentum > 0 ? ZerosLike(parameters, "velocity") : [];
    }

    /// <summary>μ.</summary>
    public float Momentum { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<Tensor> State => velocity;

    /// <inheritdoc/>
    public override Rule Rule => Momentum == 0
        ? RuleOf("steps down", weightDecay, "w −= ηd")
        : RuleOf(nesterov ? "steps down along the velocity, looking one step ahead" : "steps down along the velocity", weightDecay, "v = μv + d;  w −= " + (nesterov ? "η(d + μv)" : "ηv"));

    /// <inheritdoc/>
    protected override void Update(int index, Tensor w, Tensor g)
    {
        if (Momentum == 0)
        {
            Kernel.DescentStep(w.Span, g.Span, LearningRate, weightDecay);  // w −= ηd
            return;
        }

        Tensor v = velocity[index];
        var factors = new MomentumFactors(LearningRate, Momentum, nesterov, weightDecay);
        Kernel.MomentumStep(w.Span, g.Span, v.Span, factors);           // v = μv + d;  w −= ηv
    }

    /// <inheritdoc/>
    internal override IReadOnlyList<string> Numbers => [Is("η", LearningRate), Is("μ", Momentum), Is("λ", weightDecay)];
}
