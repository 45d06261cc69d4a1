// A layer that mixes columns: y = x·W. W is square, so the shapes of all products below match and no error is reported. But the
// gradient dX is wrong. Write ∂L/∂xᵢₖ = Σⱼ dYᵢⱼ Wₖⱼ as a matrix product, and compare.
internal sealed class Mixer(int size) : Layer
{
    private readonly Parameter weight = new("weight", new Shape(size, size), "W");

    public override IReadOnlyList<Parameter> Parameters => [weight];

    public override Shape OutputShape(Shape input) => input;

    public override void Forward(Tensor x, Tensor y, NodeContext context) => y.SetProduct(x, weight.Value);    // y = x·W

    public override void Backward(Tensor x, Tensor y, Tensor dY, Tensor? dX, NodeContext context)
    {
        weight.Gradient.AddProduct(x.T, dY);
        dX?.AddProduct(dY, weight.Value);
    }

    protected override void Initialize(RandomStream random)
    {
        foreach (ref float w in weight.Value.Span)
        {
            w = random.NextNormal();
        }
    }
}
