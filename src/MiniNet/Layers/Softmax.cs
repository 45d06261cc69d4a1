using System.Diagnostics;
using MiniNet.Graphs;
using MiniNet.Kernels;
using MiniNet.Tensors;

namespace MiniNet.Layers;

/// <summary>
/// Turns scores into probabilities along the last dimension. i is the index in the other dimensions, and 1[k = j] is 1 where k = j, else 0:
/// <code>
/// yᵢⱼ = e^xᵢⱼ / Σₖ e^xᵢₖ                  x and y of the same shape, [n, …, classes]; each row of y adds up to 1
/// ∂yᵢₖ/∂xᵢⱼ = yᵢₖ (1[k = j] − yᵢⱼ),  so with ∂L/∂xᵢⱼ = Σₖ dYᵢₖ ∂yᵢₖ/∂xᵢⱼ:
/// dXᵢⱼ += yᵢⱼ (dYᵢⱼ − Σₖ dYᵢₖ yᵢₖ)
/// </code>
/// </summary>
/// <remarks>
/// The maximum of each row is subtracted first, which does not change y and prevents overflow. A classifier does not need this layer,
/// because <c>SoftmaxCrossEntropy</c> takes scores (logits). Goodfellow, Bengio and Courville, "Deep Learning", 2016, section 6.2.2.3.
/// PyTorch's <c>Softmax(dim=-1)</c>.
/// </remarks>
public sealed class Softmax : Layer
{
    /// <inheritdoc/>
    [DebuggerStepThrough]
    public override Shape OutputShape(Shape input) => input.Rank >= 2
        ? input
        : throw new ShapeException($"expects two dimensions or more, got {input}");

    /// <inheritdoc/>
    public override Equations Equations => new(
        "turns each row of scores into probabilities", "y = e^x / Σₖ e^xₖ", "∂yₖ/∂xⱼ = yₖ(1[k = j] − yⱼ)", "dX += y ⊙ (dY − Σₖ dYₖ yₖ)");

    /// <inheritdoc/>
    public override ElementDependencies DependenciesFor(Shape input, Shape output, NodeContext context) =>
        ElementDependencies.Groups(input[input.Rank - 1]);

    /// <inheritdoc/>
    public override void Forward(Tensor x, Tensor y, NodeContext context)
    {
        int classes = x.Shape[x.Shape.Rank - 1];
        Kernel.Softmax(x.MatrixOf(classes), y.MatrixOf(classes));    // y = eˣ / Σ eˣ
    }

    /// <inheritdoc/>
    public override void Backward(Tensor x, Tensor y, Tensor dY, Tensor? dX, NodeContext context)
    {
        int classes = x.Shape[x.Shape.Rank - 1];
        if (dX is not null)
        {
            Kernel.SoftmaxBackward(y.MatrixOf(classes), dY.MatrixOf(classes), dX.MatrixOf(classes));    // dX += y ⊙ (dY − Σ dY·y)
        }
    }
}
