// Solution: a gradient is the sum of the contributions of all consumers, so use +=. Assigning with = overwrites earlier ones.
internal sealed class Square : Layer
{
    public override Shape OutputShape(Shape input) => input;

    public override void Forward(Tensor x, Tensor y, NodeContext context)
    {
        for (int i = 0; i < x.Span.Length; i++)
        {
            y.Span[i] = x.Span[i] * x.Span[i];                  // y = x²
        }
    }

    public override void Backward(Tensor x, Tensor y, Tensor dY, Tensor? dX, NodeContext context)
    {
        for (int i = 0; dX is not null && i < x.Span.Length; i++)
        {
            dX.Span[i] += dY.Span[i] * 2 * x.Span[i];            // ∂y/∂x = 2x
        }
    }
}
