// Solution: bⱼ is used once in every row, so its gradient is the sum over the rows.
internal sealed class Shift(int size) : Layer
{
    private readonly Parameter bias = new("bias", new Shape(size), "b");

    public override IReadOnlyList<Parameter> Parameters => [bias];

    public override Shape OutputShape(Shape input) => input;

    public override void Forward(Tensor x, Tensor y, NodeContext context)
    {
        for (int row = 0; row < x.Shape.Rows; row++)
        {
            for (int j = 0; j < x.Shape.Columns; j++)
            {
                y[row, j] = x[row, j] + bias.Value.Span[j];     // y = x + b, the same b for every row
            }
        }
    }

    public override void Backward(Tensor x, Tensor y, Tensor dY, Tensor? dX, NodeContext context)
    {
        dX?.Add(dY);
        bias.Gradient.AddColumnSums(dY);                        // db += Σᵢ dYᵢ
    }
}
