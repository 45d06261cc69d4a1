using System.Diagnostics;
using MiniNet.Graphs;
using MiniNet.Tensors;

namespace MiniNet.Layers;

/// <summary>
/// Divides two tensors element by element:
/// <code>
/// y = a / b                    a, b and y of the same shape, any
/// ∂y/∂a = 1/b,  ∂y/∂b = −a/b² = −y/b
/// dA += dY / b,  dB += −dY · y / b
/// </code>
/// </summary>
/// <remarks>
/// Strang, "Calculus", 1991, section 2.5. As in PyTorch, y is infinite where only b is 0, and NaN where both a and b are 0.
/// </remarks>
public sealed class Divide : BinaryLayer
{
    /// <inheritdoc/>
    [DebuggerStepThrough]
    public override Shape OutputShape(Shape a, Shape b) => SameShape(a, b);

    /// <inheritdoc/>
    public override Equations Equations => new(
        "divides the first tensor by the second, element by element",
        "y = a / b", "∂y/∂a = 1/b,  ∂y/∂b = −y/b", "dA += dY / b", "dB += −dY ⊙ y / b")
    { IsElementwise = true };

    /// <inheritdoc/>
    public override void Forward(Tensor a, Tensor b, Tensor y, NodeContext context)
    {
        for (int i = 0; i < y.Span.Length; i++)
        {
            y.Span[i] = a.Span[i] / b.Span[i];    // y = a / b
        }
    }

    /// <inheritdoc/>
    public override void Backward(Tensor a, Tensor b, Tensor y, Tensor dY, Tensor? dA, Tensor? dB, NodeContext context)
    {
        for (int i = 0; dA is not null && i < y.Span.Length; i++)
        {
            dA.Span[i] += dY.Span[i] / b.Span[i];    // dA += dY / b
        }

        for (int i = 0; dB is not null && i < y.Span.Length; i++)
        {
            dB.Span[i] -= dY.Span[i] * y.Span[i] / b.Span[i];    // dB += −dY · y / b
        }
    }
}
