using MiniNet.Graphs;
using MiniNet.Tensors;

namespace MiniNet.Tests.Snippets;

/// <summary>
/// Represents the hinge loss for targets of −1 and 1 (Cortes and Vapnik, "Support-Vector Networks", 1995):
/// <code>
/// L = (1/N) Σ max(0, 1 − t·p)
/// ∂L/∂p = −t/N where t·p is below 1; otherwise 0
/// </code>
/// </summary>
public sealed class HingeLoss : Loss
{
    public override Equations Equations => new(
        "the mean hinge loss", "L = mean max(0, 1 − t·p)", "∂L/∂p = −t / N where t·p < 1; otherwise 0", "dP += dL · ∂L/∂p");

    public override void Check(Shape prediction, Targets targets) => RequireValues(prediction, targets, min: -1, max: 1);

    public override float Forward(Tensor p, Targets targets, NodeContext context)
    {
        float sum = 0;
        for (int i = 0; i < p.Span.Length; i++)
        {
            sum += MathF.Max(0, 1 - (targets.Values!.Span[i] * p.Span[i]));
        }

        return sum / p.Span.Length;                                         // L = (1/N) Σ max(0, 1 − t·p)
    }

    public override void Backward(Tensor p, Targets targets, float dL, Tensor dP, NodeContext context)
    {
        for (int i = 0; i < p.Span.Length; i++)
        {
            float t = targets.Values!.Span[i];
            dP.Span[i] += t * p.Span[i] < 1 ? dL * -t / p.Span.Length : 0;  // dP += dL · ∂L/∂p
        }
    }
}
