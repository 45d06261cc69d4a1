using System.Diagnostics;
using MiniNet.Graphs;
using MiniNet.Kernels;
using MiniNet.Tensors;

namespace MiniNet.Layers;

/// <summary>
/// Multiplies two matrices, or the two matrices in each row of a batch:
/// <code>
/// y = a·b                      a [n, k] or [n, p, k]   b [k, m] or [n, k, m]   y [n, m] or [n, p, m]
///
/// yᵢⱼ = Σₖ aᵢₖ bₖⱼ,  so with dY = ∂L/∂y:
/// ∂L/∂aᵢₖ = Σⱼ dYᵢⱼ bₖⱼ    dA += dY·bᵀ
/// ∂L/∂bₖⱼ = Σᵢ aᵢₖ dYᵢⱼ    dB += aᵀ·dY
/// </code>
/// </summary>
/// <remarks>Goodfellow, Bengio and Courville, "Deep Learning", 2016, section 6.5.6. PyTorch's <c>matmul</c> without broadcasting.</remarks>
public sealed class MatMul : BinaryLayer
{
    /// <inheritdoc/>
    [DebuggerStepThrough]
    public override Shape OutputShape(Shape a, Shape b) => (a.Rank, b.Rank) switch
    {
        (2, 2) when a[1] == b[0] || b[0] == Shape.Any => new Shape(a[0], b[1]), // the batch may determine the number of rows of b
        (3, 3) when a[0] == b[0] && a[2] == b[1] => new Shape(a[0], a[1], b[2]),
        _ => throw new ShapeException($"expects [n, k] and [k, m] or [n, p, k] and [n, k, m], got {a} and {b}"),
    };

    /// <inheritdoc/>
    public override long CountMultiplications(Shape input, Shape output) => (long)output.Rows * output.Columns * input[input.Rank - 1];

    /// <inheritdoc/>
    public override Equations Equations =>
        new("multiplies two matrices", "y = a·b", "∂y/∂a = bᵀ,  ∂y/∂b = aᵀ", "dA += dY·bᵀ", "dB += aᵀ·dY");

    /// <inheritdoc/>
    public override void Forward(Tensor a, Tensor b, Tensor y, NodeContext context)
    {
        int products = a.Shape.Rank == 3 ? a.Shape.Rows : 1,
            p = a.Shape[a.Shape.Rank - 2], k = a.Shape[a.Shape.Rank - 1], m = b.Shape[b.Shape.Rank - 1];
        y.ClearLazily();
        for (int n = 0; n < products; n++)
        {
            Kernel.AddProduct(a.RowAsMatrix(n, p, k), b.RowAsMatrix(n, k, m), y.RowAsMatrix(n, p, m));                      // y += a·b
        }
    }

    /// <inheritdoc/>
    public override void Backward(Tensor a, Tensor b, Tensor y, Tensor dY, Tensor? dA, Tensor? dB, NodeContext context)
    {
        int products = a.Shape.Rank == 3 ? a.Shape.Rows : 1,
            p = a.Shape[a.Shape.Rank - 2], k = a.Shape[a.Shape.Rank - 1], m = b.Shape[b.Shape.Rank - 1];
        for (int n = 0; n < products; n++)
        {
            if (dA is not null)
            {
                Kernel.AddProductTransposed(dY.RowAsMatrix(n, p, m), b.RowAsMatrix(n, k, m), dA.RowAsMatrix(n, p, k));      // dA += dY·bᵀ
            }

            if (dB is not null)
            {
                Kernel.AddTransposedProduct(a.RowAsMatrix(n, p, k), dY.RowAsMatrix(n, p, m), dB.RowAsMatrix(n, k, m));      // dB += aᵀ·dY
            }
        }
    }
}
