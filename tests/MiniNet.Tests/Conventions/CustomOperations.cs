using MiniNet.Graphs;
using MiniNet.Optimizers;
using MiniNet.Tensors;

namespace MiniNet.Tests.Conventions;

/// <summary>
/// Subtracts the mean from each row of [n, D] and scales the result: y = a·(x − (1/D) Σₖ xₖ). The file uses public members only, as a user
/// would, and no other file knows the layer. MiniNet.Page.Tests compiles it, too, without access to internal members.
/// </summary>
public sealed class Centering(float scale) : Layer
{
    public override Equations Equations => new(
        "subtracts the mean of the row and multiplies by a",
        "y = a·(x − (1/D) Σₖ xₖ)",
        "∂yᵢ/∂xⱼ = a·(1[i = j] − 1/D)",
        "dX += a·(dY − (1/D) Σₖ dYₖ)")
    { Constants = [new("a", scale)] };

    public override ElementDependencies DependenciesFor(Shape input, Shape output, NodeContext context) =>
        ElementDependencies.Groups(input.Columns) with { Constants = [new("D", input.Columns)] };

    public override Shape OutputShape(Shape input) => input;

    public override void Forward(Tensor x, Tensor y, NodeContext context) => AddCentered(x, y, keep: 0);

    public override void Backward(Tensor x, Tensor y, Tensor dY, Tensor? dX, NodeContext context)
    {
        if (dX is not null)
        {
            AddCentered(dY, dX, keep: 1);
        }
    }

    // to = keep·to + a·(from − mean of the row)
    private void AddCentered(Tensor from, Tensor to, float keep)
    {
        for (int row = 0; row < from.Shape.Rows; row++)
        {
            float sum = 0;
            for (int k = 0; k < from.Shape.Columns; k++)
            {
                sum += from[row, k];
            }

            for (int k = 0; k < from.Shape.Columns; k++)
            {
                to[row, k] = (keep == 0 ? 0 : to[row, k]) + (scale * (from[row, k] - (sum / from.Shape.Columns)));
            }
        }
    }
}

/// <summary>Steps against the sign of a running mean m of the gradient.</summary>
public sealed class SignOfMean(IReadOnlyList<Parameter> parameters, float learningRate) : Optimizer(parameters, learningRate)
{
    private const float Alpha = 0.75f;
    private readonly Tensor[] means = [.. parameters.Select(parameter => new Tensor(parameter.Value.Shape, $"mean of {parameter.Name}"))];

    public override IReadOnlyList<Tensor> State => means;

    public override Equations Equations => new("steps against the sign of the running mean", "m = αm + (1 − α)g;  w −= η sign(m)")
    {
        Constants = [new("α", Alpha), new("η", LearningRate)],
    };

    public override IReadOnlyList<(string Symbol, Tensor Value)> StateOf(int index) => [("m", means[index])];

    protected override void Update(int index, Tensor w, Tensor g)
    {
        Span<float> m = means[index].Span;
        for (int i = 0; i < m.Length; i++)
        {
            m[i] = (Alpha * m[i]) + ((1 - Alpha) * g.Span[i]);
            w.Span[i] -= LearningRate * Math.Sign(m[i]);
        }
    }
}
