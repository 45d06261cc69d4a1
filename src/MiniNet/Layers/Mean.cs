using System.Diagnostics;
using MiniNet.Graphs;
using MiniNet.Tensors;

namespace MiniNet.Layers;

/// <summary>
/// Computes the mean of all elements, including all rows:
/// <code>
/// y = (1/n) Σᵢ xᵢ              x of any shape with n numbers, y a single number
/// ∂y/∂xᵢ = 1/n
/// dX += dY / n
/// </code>
/// </summary>
/// <remarks>
/// PyTorch's <c>torch.mean</c>. The sum is accumulated in double precision. As in PyTorch, the mean of an empty tensor is NaN.
/// </remarks>
public sealed class Mean : Layer
{
    /// <inheritdoc/>
    [DebuggerStepThrough]
    public override Shape OutputShape(Shape input) => default;

    /// <inheritdoc/>
    public override Equations Equations => new("computes the mean of all elements", "y = (1/n) Σᵢ xᵢ", "∂y/∂xᵢ = 1/n", "dX += dY / n");

    /// <inheritdoc/>
    public override ElementDependencies DependenciesFor(Shape input, Shape output, NodeContext context) => ElementDependencies.Mean;

    /// <inheritdoc/>
    public override void Forward(Tensor x, Tensor y, NodeContext context)
    {
        double sum = 0;
        for (int i = 0; i < x.Span.Length; i++)
        {
            sum += x.Span[i];
        }

        y.Span[0] = (float)(sum / x.Span.Length);    // y = (1/n) Σ x
    }

    /// <inheritdoc/>
    public override void Backward(Tensor x, Tensor y, Tensor dY, Tensor? dX, NodeContext context)
    {
        for (int i = 0; dX is not null && i < x.Span.Length; i++)
        {
            dX.Span[i] += dY.Span[0] / x.Span.Length;    // dX += dY / n
        }
    }
}
