using System.Diagnostics;
using MiniNet.Graphs;
using MiniNet.Tensors;

namespace MiniNet.Layers;

/// <summary>
/// Subtracts two tensors element by element:
/// <code>
/// y = a − b                    a, b and y of the same shape, any
/// ∂y/∂a = 1,  ∂y/∂b = −1
/// dA += dY,  dB += −dY
/// </code>
/// </summary>
/// <remarks>Strang, "Calculus", 1991, section 2.2.</remarks>
public sealed class Subtract : BinaryLayer
{
    /// <inheritdoc/>
    [DebuggerStepThrough]
    public override Shape OutputShape(Shape a, Shape b) => SameShape(a, b);

    /// <inheritdoc/>
    public override Equations Equations => new(
        "subtracts the second tensor from the first",
        "y = a − b", "∂y/∂a = 1,  ∂y/∂b = −1", "dA += dY", "dB += −dY")
    { IsElementwise = true };

    /// <inheritdoc/>
    public override void Forward(Tensor a, Tensor b, Tensor y, NodeContext context)
    {
        for (int i = 0; i < y.Span.Length; i++)
        {
            y.Span[i] = a.Span[i] - b.Span[i];    // y = a − b
        }
    }

    /// <inheritdoc/>
    public override void Backward(Tensor a, Tensor b, Tensor y, Tensor dY, Tensor? dA, Tensor? dB, NodeContext context)
    {
        dA?.Add(dY);    // dA += dY
        for (int i = 0; dB is not null && i < y.Span.Length; i++)
        {
            dB.Span[i] -= dY.Span[i];    // dB += −dY
        }
    }
}
