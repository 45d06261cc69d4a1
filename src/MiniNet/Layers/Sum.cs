using System.Diagnostics;
using MiniNet.Graphs;
using MiniNet.Tensors;

namespace MiniNet.Layers;

/// <summary>
/// Computes the sum of all elements, including all rows:
/// <code>
/// y = Σᵢ xᵢ                   x of any shape, y a single number
/// ∂y/∂xᵢ = 1
/// dX += dY
/// </code>
/// </summary>
/// <remarks>PyTorch's <c>torch.sum</c>. The sum is accumulated in double precision.</remarks>
public sealed class Sum : Layer
{
    /// <inheritdoc/>
    [DebuggerStepThrough]
    public override Shape OutputShape(Shape input) => default;

    /// <inheritdoc/>
    public override Equations Equations => new("adds up all elements", "y = Σᵢ xᵢ", "∂y/∂xᵢ = 1", "dX += dY");

    /// <inheritdoc/>
    public override ElementDependencies DependenciesFor(Shape input, Shape output, NodeContext context) => ElementDependencies.Sum;

    /// <inheritdoc/>
    public override void Forward(Tensor x, Tensor y, NodeContext context)
    {
        double sum = 0;
        for (int i = 0; i < x.Span.Length; i++)
        {
            sum += x.Span[i];
        }

        y.Span[0] = (float)sum;    // y = Σ x
    }

    /// <inheritdoc/>
    public override void Backward(Tensor x, Tensor y, Tensor dY, Tensor? dX, NodeContext context)
    {
        for (int i = 0; dX is not null && i < x.Span.Length; i++)
        {
            dX.Span[i] += dY.Span[0];    // dX += dY
        }
    }
}
