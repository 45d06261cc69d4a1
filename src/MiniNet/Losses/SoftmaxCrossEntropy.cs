using System.Diagnostics;
using MiniNet.Graphs;
using MiniNet.Kernels;
using MiniNet.Tensors;

namespace MiniNet.Losses;

/// <summary>
/// The loss of a classifier: softmax turns each row of scores z (logits) into probabilities, and the loss is how surprised they are by the true class t.
/// <code>
/// pᵢⱼ = e^zᵢⱼ / Σₖ e^zᵢₖ                         z and p [n, classes], t one class index a row
/// L = −(1/n) Σᵢ log pᵢₜ = −(1/n) Σᵢ (zᵢₜ − log Σₖ e^zᵢₖ)
/// ∂L/∂zᵢⱼ = (pᵢⱼ − 1[j = t]) / n                the 1 from zᵢₜ itself, pᵢⱼ from the log of the sum
/// dZ += dL · (p − 1[j = t]) / n
/// </code>
/// </summary>
/// <remarks>
/// In nats. The greatest score of a row is subtracted first, which changes no p and lets nothing overflow. Softmax is part of the loss: the
/// network ends with plain scores. Goodfellow, Bengio and Courville, "Deep Learning", 2016, section 6.2.2.3. PyTorch's <c>CrossEntropyLoss</c>.
/// </remarks>
public sealed class SoftmaxCrossEntropy : Loss
{
    /// <summary>softmax(z), row by row: what a network's scores say in probabilities.</summary>
    /// <param name="z">Scores, [n, classes].</param>
    /// <returns>Probabilities, [n, classes]; each row adds up to 1.</returns>
    public static Tensor Softmax(Tensor z)
    {
        var p = new Tensor(z.Shape, "p");
        Kernel.Softmax(z.Matrix, p.Matrix);
        return p;
    }

    /// <inheritdoc/>
    [DebuggerStepThrough]
    public override void Check(Shape prediction, Targets targets)
    {
        if (prediction.Rank != 2 || targets.Values is not null || targets.Rows != prediction.Rows)
        {
            throw new ShapeException($"expects {prediction.Rows} class indices for scores {prediction}, got {targets}");
        }

        for (int i = 0; i < targets.Rows; i++)
        {
            if ((uint)targets.Classes[i] >= (uint)prediction.Columns)
            {
                throw new ShapeException($"expects classes 0 to {prediction.Columns - 1}, got {targets.Classes[i]} in row {i}");
            }
        }
    }

    /// <inheritdoc/>
    public override float Forward(Tensor z, Targets targets, Pass pass)
    {
        Tensor p = pass.Keep("p", z.Shape);
        return Kernel.SoftmaxCrossEntropy(z.Matrix, targets.Classes, p.Matrix);                 // L = −(1/n) Σᵢ log pᵢₜ
    }

    /// <inheritdoc/>
    public override void Backward(Tensor z, Targets targets, float dL, Tensor dZ, Pass pass)
    {
        Tensor p = pass.Keep("p", z.Shape);
        Kernel.SoftmaxCrossEntropyBackward(p.Matrix, targets.Classes, dL, dZ.Matrix);           // dZ += dL · (p − 1[j = t]) / n
    }
}
