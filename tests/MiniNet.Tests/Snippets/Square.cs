using MiniNet.Graphs;
using MiniNet.Tensors;

namespace MiniNet.Tests.Snippets;

/// <summary>Represents y = x² with a mistake: the factor 2 is missing in Backward.</summary>
public sealed class Square : Layer
{
    public override Shape OutputShape(Shape input) => input;

    public override void Forward(Tensor x, Tensor y, NodeContext context)
    {
        for (int i = 0; i < x.Span.Length; i++)
        {
            y.Span[i] = x.Span[i] * x.Span[i];
        }
    }

    public override void Backward(Tensor x, Tensor y, Tensor dY, Tensor? dX, NodeContext context)
    {
        for (int i = 0; dX is not null && i < x.Span.Length; i++)
        {
            dX.Span[i] += dY.Span[i] * x.Span[i];       // wrong: 2 * x
        }
    }
}
