using MiniNet.Graphs;
using MiniNet.Tensors;

namespace MiniNet.Tests.Graphs;

/// <summary>y = x. Counts the calls.</summary>
internal sealed class CallCounter : Layer
{
    public int Forwards { get; private set; }

    public int Backwards { get; private set; }

    public NodeContext? Context { get; private set; }

    public override Shape OutputShape(Shape input) => input;

    public override void Forward(Tensor x, Tensor y, NodeContext context)
    {
        Forwards++;
        Context = context;
        y.CopyFrom(x);
    }

    public override void Backward(Tensor x, Tensor y, Tensor dY, Tensor? dX, NodeContext context)
    {
        Backwards++;
        dX?.Add(dY);
    }
}
