using System.Diagnostics;
using MiniNet.Graphs;
using MiniNet.Kernels;
using MiniNet.Tensors;

namespace MiniNet.Layers;

/// <summary>
/// In training, sets each element to 0 with probability p and scales up the others, so that the expected value does not change. At
/// inference, y = x.
/// <code>
/// y = m ⊙ x                    x, y and m of the same shape, any
/// mᵢ = 0 with probability p, else 1 / (1 − p);   E[m] = 1
/// ∂y/∂x = m
/// dX += dY ⊙ m                 the m of the forward pass; at inference dX += dY
/// </code>
/// Each forward pass draws a new mask m from the random numbers of the node. With p = 1, every m is 0.
/// </summary>
/// <remarks>
/// Srivastava, Hinton, Krizhevsky, Sutskever and Salakhutdinov, "Dropout: A Simple Way to Prevent Neural Networks from Overfitting", JMLR
/// 15, 2014; scaling in training instead of at prediction is the variant of its section 10 and of PyTorch, where the parameter is called
/// <c>p</c>.
/// </remarks>
/// <param name="probability">p, from 0 to 1.</param>
/// <exception cref="ArgumentOutOfRangeException">p is not from 0 to 1.</exception>
public sealed class Dropout(float probability = 0.5f) : Layer
{
    /// <summary>Gets p, the probability that an element is dropped.</summary>
    public float Probability { get; } = Require.InUnitInterval(probability);

    /// <inheritdoc/>
    [DebuggerStepThrough]
    public override Shape OutputShape(Shape input) => input;

    /// <inheritdoc/>
    public override Equations Equations => new(
        "sets random elements to 0 and scales up the others", "y = m ⊙ x", "∂y/∂x = m", "dX += dY ⊙ m")
    { IsElementwise = true };

    /// <inheritdoc/>
    [DebuggerStepThrough]
    public override Equations EquationsFor(NodeContext context) => context.Phase == Phase.Training
        ? Equations
        : new("copies its input, because dropout is active only in training", "y = x", "∂y/∂x = 1", "dX += dY") { IsElementwise = true };

    /// <inheritdoc/>
    public override void Forward(Tensor x, Tensor y, NodeContext context)
    {
        if (context.Phase == Phase.Inference)
        {
            y.CopyFrom(x);                                                              // y = x
            return;
        }

        Span<float> m = context.Cache("m", x.Shape).Span;
        for (int i = 0; i < m.Length; i++)
        {
            m[i] = context.Random.NextSingle() < Probability ? 0 : 1 / (1 - Probability);  // E[m] = 1
        }

        Kernel.Multiply(x.Span, m, y.Span);                                             // y = m ⊙ x
    }

    /// <inheritdoc/>
    public override void Backward(Tensor x, Tensor y, Tensor dY, Tensor? dX, NodeContext context)
    {
        if (context.Phase == Phase.Inference)
        {
            dX?.Add(dY);                                                                // dX += dY
        }
        else if (dX is not null)
        {
            Kernel.MultiplyBackward(context.Cache("m", x.Shape).Span, dY.Span, dX.Span);    // dX += dY ⊙ m
        }
    }

    /// <inheritdoc/>
    [DebuggerStepThrough]
    public override string ToString() => FormattableString.Invariant($"Dropout {Probability}");
}
