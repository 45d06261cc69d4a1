using MiniNet.Graphs;
using MiniNet.Kernels;
using MiniNet.Tensors;

namespace MiniNet.Optimizers;

/// <summary>
/// Resilient backpropagation: only the signs of the gradients count. Each coordinate has a step s of its own, which starts at η, grows while the
/// gradient keeps its sign and shrinks when it turns. With g the gradient of a parameter w, and p the one before:
/// <code>
/// s = min(η₊s, greatest)                  where gp is above 0
/// s = max(η₋s, least),  g = 0             where gp is below 0: the step went too far, and the next turn is forgiven
/// w −= s · sign(g)
/// p = g
/// </code>
/// </summary>
/// <remarks>
/// Riedmiller and Braun, "A Direct Adaptive Method for Faster Backpropagation Learning: The RPROP Algorithm", 1993, without taking the last
/// step back, as PyTorch's <c>Rprop</c>. For full batches: the noise of small ones turns signs. η matters at the start alone; a schedule changes
/// nothing. As in PyTorch, a gradient that is NaN has no sign and moves nothing.
/// </remarks>
public sealed class RProp : Optimizer
{
    private readonly RPropFactors factors;
    private readonly Tensor[] steps, previous;

    /// <summary>Creates the optimizer.</summary>
    /// <param name="parameters">What to change, usually <c>graph.Parameters</c>.</param>
    /// <param name="learningRate">η, at least 0: the first step of every coordinate.</param>
    /// <param name="etaMinus">η₋, above 0 and below 1.</param>
    /// <param name="etaPlus">η₊, above 1.</param>
    /// <param name="minStep">The least step, at least 0.</param>
    /// <param name="maxStep">The greatest, at least that.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    public RProp(
        IReadOnlyList<Parameter> parameters, float learningRate = 0.01f, float etaMinus = 0.5f, float etaPlus = 1.2f, float minStep = 1e-6f, float maxStep = 50)
        : base(parameters, learningRate)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(Require.Above0(etaMinus), 1, nameof(etaMinus));
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(Require.Above0(etaPlus), 1, nameof(etaPlus));
        ArgumentOutOfRangeException.ThrowIfLessThan(Require.Above0(maxStep), Require.AtLeast0(minStep), nameof(maxStep));
        factors = new RPropFactors(etaMinus, etaPlus, minStep, maxStep);
        steps = [.. parameters.Select(parameter => Filled(parameter.Value.Shape, learningRate, $"step of {parameter.Name}"))];
        previous = ZerosLike(parameters, "previous gradient");
        State = [.. steps, .. previous];
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Tensor> State { get; }

    /// <inheritdoc/>
    public override Rule Rule => new(
        "steps by the gradient's sign alone, longer while it is that of the one before, p, shorter when it turns; and then not at all",
        "s = min(η₊s, greatest) where gp > 0, max(η₋s, least) where gp < 0, else s;  p = 0 where gp < 0, else g;  w −= s · sign(p)");

    /// <inheritdoc/>
    protected override void Update(int index, Tensor w, Tensor g)
    {
        Tensor s = steps[index], p = previous[index];
        Kernel.RPropStep(w.Span, g.Span, s.Span, p.Span, factors);      // s, p = g or 0, then w −= s · sign(p)
    }
}
