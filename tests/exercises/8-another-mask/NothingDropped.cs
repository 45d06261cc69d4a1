using MiniNet.Graphs;
using MiniNet.Tensors;

// Wrong solution: the gradient is right, but nothing is dropped.
internal sealed class Drop : Layer
{
    public override Shape OutputShape(Shape input) => input;

    public override void Forward(Tensor x, Tensor y, Pass pass)
    {
        Tensor m = pass.Keep("m", x.Shape);
        for (int i = 0; i < x.Span.Length; i++)
        {
            m.Span[i] = 1;
            y.Span[i] = m.Span[i] * x.Span[i];                  // y = m ⊙ x
        }
    }

    public override void Backward(Tensor x, Tensor y, Tensor dY, Tensor? dX, Pass pass)
    {
        for (int i = 0; dX is not null && i < x.Span.Length; i++)
        {
            float m = pass.Keep("m", x.Shape).Span[i];
            dX.Span[i] += dY.Span[i] * m;                       // ∂y/∂x = m
        }
    }
}
