// Solution: use the mask of the forward pass, which context.Cache returns. A new mask would send gradients to elements that were dropped.
internal sealed class Drop : Layer
{
    public override Shape OutputShape(Shape input) => input;

    public override void Forward(Tensor x, Tensor y, NodeContext context)
    {
        Tensor m = context.Cache("m", x.Shape);
        for (int i = 0; i < x.Span.Length; i++)
        {
            m.Span[i] = context.Random.NextSingle() < 0.5f ? 0 : 2;
            y.Span[i] = m.Span[i] * x.Span[i];                  // y = m ⊙ x
        }
    }

    public override void Backward(Tensor x, Tensor y, Tensor dY, Tensor? dX, NodeContext context)
    {
        for (int i = 0; dX is not null && i < x.Span.Length; i++)
        {
            float m = context.Cache("m", x.Shape).Span[i];
            dX.Span[i] += dY.Span[i] * m;                       // ∂y/∂x = m
        }
    }
}
