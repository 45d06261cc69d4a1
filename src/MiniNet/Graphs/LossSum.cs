using System.Diagnostics;
using System.Globalization;
using MiniNet.Tensors;

namespace MiniNet.Graphs;

/// <summary>
/// Adds losses, each with a weight, which <see cref="Graph.AddLoss"/> does for a graph with several:
/// <code>
/// L = Σₖ wₖ Lₖ                 Lₖ and L are scalars
/// ∂L/∂Lₖ = wₖ
/// dLₖ += wₖ·dL
/// </code>
/// </summary>
/// <remarks>Goodfellow, Bengio and Courville, "Deep Learning", 2016, section 7.7 (multitask learning).</remarks>
internal sealed class LossSum(params float[] weights) : MergeLayer
{
    public override Equations Equations => new(
        "adds the losses",
        "y = " + string.Join(" + ", weights.Select([DebuggerStepThrough] (w, k) => Weighted(w) + SymbolOf(k))),
        string.Join(",  ", weights.Select([DebuggerStepThrough] (w, k) => $"∂y/∂{SymbolOf(k)} = {Text(w)}")),
        [.. weights.Select([DebuggerStepThrough] (w, k) => (Equation)$"d{SymbolOf(k).ToUpperInvariant()} += {Weighted(w)}dY")])
    {
        IsElementwise = true,
    };

    [DebuggerStepThrough]
    public override Shape OutputShape(IReadOnlyList<Shape> inputs) => default;

    public override void Forward(IReadOnlyList<Tensor> inputs, Tensor y, NodeContext context)
    {
        float sum = 0;
        for (int k = 0; k < weights.Length; k++)
        {
            sum += weights[k] * inputs[k].Span[0];
        }

        y.Span[0] = sum;
    }

    public override void Backward(
        IReadOnlyList<Tensor> inputs, Tensor y, Tensor dY, IReadOnlyList<Tensor?> inputGradients, NodeContext context)
    {
        for (int k = 0; k < weights.Length; k++)
        {
            if (inputGradients[k] is { } gradient)
            {
                gradient.Span[0] += weights[k] * dY.Span[0];
            }
        }
    }

    [DebuggerStepThrough]
    private static string Weighted(float weight) => weight == 1 ? "" : Text(weight) + "·";

    [DebuggerStepThrough]
    private static string Text(float weight) => weight.ToString(CultureInfo.InvariantCulture);
}
