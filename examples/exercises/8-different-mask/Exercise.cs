// Dropout: half of the elements, chosen at random, are set to 0, and the others are doubled. The network trains very badly.
// The derivative of m·x is m. Which m?
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
            float m = context.Random.NextSingle() < 0.5f ? 0 : 2;
            dX.Span[i] += dY.Span[i] * m;                       // ∂y/∂x = m
        }
    }
}
