using System.Diagnostics;
using MiniNet.Graphs;
using MiniNet.Kernels;
using MiniNet.Tensors;

namespace MiniNet.Layers;

/// <summary>
/// Computes the logarithm of the softmax along the last dimension. i is the index in the other dimensions:
/// <code>
/// yᵢⱼ = xᵢⱼ − log Σₖ e^xᵢₖ                 x and y of the same shape, [n, …, classes]; y at most 0
/// ∂yᵢₖ/∂xᵢⱼ = 1[k = j] − e^xᵢⱼ / Σₗ e^xᵢₗ = 1[k = j] − e^yᵢⱼ,  so Σₖ dYᵢₖ ∂yᵢₖ/∂xᵢⱼ is
/// dXᵢⱼ += dYᵢⱼ − e^yᵢⱼ Σₖ dYᵢₖ
/// </code>
/// </summary>
/// <remarks>
/// The maximum of each row is subtracted first, which does not change y and prevents overflow. The logarithm is finite even for a
/// probability that is too small for a float. Goodfellow, Bengio and Courville, "Deep Learning", 2016, section 6.2.2.3. PyTorch's
/// <c>LogSoftmax(dim=-1)</c>.
/// </remarks>
public sealed class LogSoftmax : Layer
{
    /// <inheritdoc/>
    [DebuggerStepThrough]
    public override Shape OutputShape(Shape input) => input.Rank >= 2
        ? input
        : throw new ShapeException($"expects two dimensions or more, got {input}");

    /// <inheritdoc/>
    public override Equations Equations => new(
        "turns each row of scores into log-probabilities", "y = x − log Σₖ e^xₖ", "∂yₖ/∂xⱼ = 1[k = j] − e^yⱼ", "dX += dY − e^y ⊙ Σₖ dYₖ");

    /// <inheritdoc/>
    public override ElementDependencies DependenciesFor(Shape input, Shape output, NodeContext context) =>
        ElementDependencies.Groups(input[input.Rank - 1]);

    /// <inheritdoc/>
    public override void Forward(Tensor x, Tensor y, NodeContext context)
    {
        int classes = x.Shape[x.Shape.Rank - 1];
        Kernel.LogSoftmax(x.MatrixOf(classes), y.MatrixOf(classes));    // y = x − log Σ eˣ
    }

    /// <inheritdoc/>
    public override void Backward(Tensor x, Tensor y, Tensor dY, Tensor? dX, NodeContext context)
    {
        int classes = x.Shape[x.Shape.Rank - 1];
        if (dX is not null)
        {
            Kernel.LogSoftmaxBackward(y.MatrixOf(classes), dY.MatrixOf(classes), dX.MatrixOf(classes));    // dX += dY − eʸ Σ dY
        }
    }
}
