using MiniNet.Kernels;
using MiniNet.Tensors;

namespace MiniNet.Optimizers;

/// <summary>
/// Stochastic gradient descent with momentum. With g the gradient of a parameter w, and v a velocity that starts at 0:
/// <code>
/// v = μv + g
/// w −= ηv
/// </code>
/// With μ = 0 that is plain descent, w −= ηg.
/// </summary>
/// <remarks>
/// Polyak, "Some methods of speeding up the convergence of iteration methods", 1964, in the form of PyTorch's <c>SGD</c>,
/// where η scales the velocity as it is applied.
/// </remarks>
public sealed class SGD : Optimizer
{
    private readonly Tensor[] velocity;

    /// <summary>Creates the optimizer.</summary>
    /// <param name="parameters">What to change, usually <c>graph.Parameters</c>.</param>
    /// <param name="learningRate">η, above 0.</param>
    /// <param name="momentum">μ, from 0 up to but not including 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    public SGD(IReadOnlyList<Parameter> parameters, float learningRate, float momentum = 0)
        : base(parameters, learningRate)
    {
        Momentum = RequireFraction(momentum, nameof(momentum));
        velocity = ZerosLike(parameters, "velocity");
    }

    /// <summary>μ.</summary>
    public float Momentum { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<Tensor> State => velocity;

    /// <inheritdoc/>
    protected override void Update(int index, Tensor w, Tensor g)
    {
        Tensor v = velocity[index];
        Kernel.MomentumStep(w.Span, g.Span, v.Span, LearningRate, Momentum);    // v = μv + g;  w −= ηv
    }
}
