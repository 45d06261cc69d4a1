using MiniNet.Graphs;
using MiniNet.Tensors;

namespace MiniNet.Tests.Graphs;

/// <summary>y = x. Counts the calls.</summary>
internal sealed class Probe : Layer
{
    public int Forwards { get; private set; }

    public int Backwards { get; private set; }

    public Pass? Pass { get; private set; }

    public override Shape OutputShape(Shape input) => input;

    public override void Forward(Tensor x, Tensor y, Pass pass)
    {
        Forwards++;
        Pass = pass;
        y.CopyFrom(x);
    }

    public override void Backward(Tensor x, Tensor y, Tensor dY, Tensor? dX, Pass pass)
    {
        Backwards++;
        dX?.Add(dY);
    }
}
