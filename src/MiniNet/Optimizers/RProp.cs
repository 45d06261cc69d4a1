using MiniNet.Graphs;
using MiniNet.Kernels;
using MiniNet.Tensors;

namespace MiniNet.Optimizers;

/// <summary>
/// Represents the resilient backpropagation optimizer (Rprop), which uses only the signs of the gradients. Each element has its own step
/// size s, which starts at η, grows while the gradient keeps its sign and shrinks when the sign changes. With g the gradient of a
/// parameter w, and p the previous gradient:
/// <code>
/// s = min(η₊s, greatest)                  where gp is above 0
/// s = max(η₋s, least),  g = 0             where gp is below 0: the step went too far, and s stays the same at the next step
/// w −= s · sign(g)
/// p = g
/// </code>
/// </summary>
/// <remarks>
/// Riedmiller and Braun, "A Direct Adaptive Method for Faster Backpropagation Learning: The RPROP Algorithm", 1993, without undoing the
/// last step, like PyTorch's <c>Rprop</c>. Use it with full batches, because the noise of small batches changes the signs. η is only the
/// initial step size, so a learning rate schedule has no effect. As in PyTorch, a gradient that is NaN has no sign and changes nothing.
/// </remarks>
public sealed class RProp : Optimizer
{
    private readonly RPropFactors factors;
    private readonly Tensor[] steps, previous;

    /// <summary>Initializes a new instance of the <see cref="RProp"/> class.</summary>
    /// <param name="parameters">The parameters to update, usually <c>graph.Parameters</c>.</param>
    /// <param name="learningRate">η, at least 0: the initial step size of every element.</param>
    /// <param name="etaMinus">η₋, above 0 and below 1.</param>
    /// <param name="etaPlus">η₊, above 1.</param>
    /// <param name="minStep">The minimum step size, at least 0.</param>
    /// <param name="maxStep">The maximum step size, above 0 and at least <paramref name="minStep"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of range.</exception>
    public RProp(
        IReadOnlyList<Parameter> parameters,
        float learningRate = 0.01f,
        float etaMinus = 0.5f,
        float etaPlus = 1.2f,
        float minStep = 1e-6f,
        float maxStep = 50)
        : base(parameters, learningRate)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(Require.Positive(etaMinus), 1, nameof(etaMinus));
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(Require.Positive(etaPlus), 1, nameof(etaPlus));
        ArgumentOutOfRangeException.ThrowIfLessThan(Require.Positive(maxStep), Require.NonNegative(minStep), nameof(maxStep));
        factors = new RPropFactors(etaMinus, etaPlus, minStep, maxStep);
        steps = [.. parameters.Select(parameter => Filled(parameter.Value.Shape, learningRate, $"step of {parameter.Name}"))];
        previous = ZerosLike(parameters, "previous gradient");
        State = [.. steps, .. previous];
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Tensor> State { get; }

    /// <inheritdoc/>
    public override Equations Equations => new(
        "steps against the sign of the gradient; the step size s grows while the sign equals that of the previous gradient p; " +
        "when the sign changes, s shrinks and the weight stays",
        "s = min(η₊s, greatest) where gp > 0, max(η₋s, least) where gp < 0, else s;  p = 0 where gp < 0, else g;  w −= s · sign(p)")
    {
        Constants =
        [
            new("η₋", factors.EtaMinus), new("η₊", factors.EtaPlus), new("least", factors.MinStep), new("greatest", factors.MaxStep),
        ],
    };

    /// <inheritdoc/>
    public override IReadOnlyList<(string Symbol, Tensor Value)> StateOf(int index) => [("s", steps[index]), ("p", previous[index])];

    /// <inheritdoc/>
    protected override void Update(int index, Tensor w, Tensor g)
    {
        Tensor s = steps[index], p = previous[index];
        Kernel.RPropStep(w.Span, g.Span, s.Span, p.Span, factors);      // s, p = g or 0, then w −= s · sign(p)
    }
}
