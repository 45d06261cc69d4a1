using MiniNet.Graphs;
using MiniNet.Tensors;

namespace MiniNet.Tests.Snippets;

/// <summary>
/// Represents a layer that multiplies each column by its own weight:
/// <code>
/// y = x ⊙ w              x [n, columns]   w [columns]   y [n, columns]
///
/// yᵢⱼ = xᵢⱼ wⱼ,  so with dY = ∂L/∂y:
/// ∂L/∂wⱼ  = Σᵢ dYᵢⱼ xᵢⱼ    dw += Σᵢ dYᵢ ⊙ xᵢ
/// ∂L/∂xᵢⱼ = dYᵢⱼ wⱼ        dX += dY ⊙ w
/// </code>
/// </summary>
public sealed class ColumnScale : Layer
{
    public ColumnScale(int columns)
    {
        Weight = new Parameter("weight", new Shape(columns), "w");
        Weight.Value.Span.Fill(1);
        Parameters = [Weight];
    }

    public Parameter Weight { get; }

    public override IReadOnlyList<Parameter> Parameters { get; }

    public override Equations Equations => new(
        "multiplies each column by its weight", "y = x ⊙ w", "∂y/∂x = w,  ∂y/∂w = x", "dw += Σᵢ dYᵢ ⊙ xᵢ", "dX += dY ⊙ w");

    public override Shape OutputShape(Shape input) => input.Rank == 2 && input.Columns == Weight.Value.Shape.Length
        ? input
        : throw ShapeException.Expected(Shape.Batch(Weight.Value.Shape.Length), input);

    public override void Forward(Tensor x, Tensor y, NodeContext context)
    {
        for (int i = 0; i < x.Shape.Rows; i++)
        {
            for (int j = 0; j < x.Shape.Columns; j++)
            {
                y[i, j] = x[i, j] * Weight.Value[j];                        // y = x ⊙ w
            }
        }
    }

    public override void Backward(Tensor x, Tensor y, Tensor dY, Tensor? dX, NodeContext context)
    {
        for (int i = 0; i < x.Shape.Rows; i++)
        {
            for (int j = 0; j < x.Shape.Columns; j++)
            {
                Weight.Gradient[j] += dY[i, j] * x[i, j];                   // dw += Σᵢ dYᵢ ⊙ xᵢ
                if (dX is not null)                                         // null if no earlier node needs it
                {
                    dX[i, j] += dY[i, j] * Weight.Value[j];                 // dX += dY ⊙ w
                }
            }
        }
    }
}
