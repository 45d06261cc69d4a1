using MiniNet.Graphs;
using MiniNet.Tensors;

namespace MiniNet.Tests.Oracle;

/// <summary>Represents the loss L = Σ t·y, which passes t as dY to the operation before it.</summary>
internal sealed class WeightedSum : Loss
{
    public override void Check(Shape prediction, Targets targets) => Assert.Equal(prediction, targets.Values?.Shape);

    public override float Forward(Tensor y, Targets targets, NodeContext context)
    {
        float sum = 0;
        for (int i = 0; i < y.Span.Length; i++)
        {
            sum += targets.Values!.Span[i] * y.Span[i];
        }

        return sum;
    }

    public override void Backward(Tensor y, Targets targets, float dL, Tensor dY, NodeContext context)
    {
        for (int i = 0; i < y.Span.Length; i++)
        {
            dY.Span[i] += dL * targets.Values!.Span[i];
        }
    }
}
