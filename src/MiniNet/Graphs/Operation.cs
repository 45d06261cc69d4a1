using System.Diagnostics;
using MiniNet.Tensors;

namespace MiniNet.Graphs;

/// <summary>What stands at a node: a <see cref="Layer"/> (one input), a <see cref="MergeLayer"/> (two) or a <see cref="Loss"/> (a prediction and its targets).</summary>
/// <remarks>An operation owns its parameters and no activations: the graph owns every value and gradient and hands them in.</remarks>
public abstract class Operation
{
    private protected Operation()
    {
    }

    /// <summary>What training changes, in the order of the equation. Empty by default.</summary>
    public virtual IReadOnlyList<Parameter> Parameters => [];

    /// <summary>Named tensors that are saved and restored with the model but not trained, such as a running mean. Empty by default.</summary>
    public virtual IReadOnlyList<Tensor> State => [];

    /// <summary>What it does, in words and letters. An operation of one's own may leave it as it is: the stepper then names no equation.</summary>
    public virtual Rule Rule => new("does what its Forward says", "y = f(x)", "∂y/∂x as its Backward says");

    /// <summary>The same of one pass, for an operation that does something else at inference, or with other targets.</summary>
    /// <param name="pass">A node's pass, after its forward pass.</param>
    /// <returns>The rule; <see cref="Rule"/> by default.</returns>
    [DebuggerStepThrough]
    public virtual Rule RuleIn(Pass pass) => Rule;

    /// <summary>How many multiplications, each with an addition, its products take in a forward pass: what <see cref="Graph.Summary"/> counts. 0 by default.</summary>
    /// <param name="input">The shape of the first input.</param>
    /// <param name="output">The shape of the output; the rows of both are known.</param>
    /// <returns>The number.</returns>
    public virtual long CountMultiplications(Shape input, Shape output) => 0;

    internal bool IsInitialized { get; set; }

    /// <summary>Gives the parameters their first values. The graph calls it once, when the operation is first added to one.</summary>
    /// <param name="random">The stream of this operation alone.</param>
    protected internal virtual void Initialize(RandomStream random)
    {
    }

    /// <summary>The name of the operation and what sets it apart from others of its kind, such as <c>Linear 4 -> 16</c>.</summary>
    /// <returns>The text.</returns>
    [DebuggerStepThrough]
    public override string ToString() => GetType().Name;
}
