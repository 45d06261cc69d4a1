// The sigmoid, s(x) = 1/(1 + e⁻ˣ), whose derivative is s(1 − s). The formula below is right, but is s the right variable?
internal sealed class Squash : Layer
{
    public override Shape OutputShape(Shape input) => input;

    public override void Forward(Tensor x, Tensor y, NodeContext context)
    {
        for (int i = 0; i < x.Span.Length; i++)
        {
            y.Span[i] = 1 / (1 + MathF.Exp(-x.Span[i]));        // y = 1/(1 + e⁻ˣ)
        }
    }

    public override void Backward(Tensor x, Tensor y, Tensor dY, Tensor? dX, NodeContext context)
    {
        for (int i = 0; dX is not null && i < x.Span.Length; i++)
        {
            float s = x.Span[i];
            dX.Span[i] += dY.Span[i] * s * (1 - s);
        }
    }
}
