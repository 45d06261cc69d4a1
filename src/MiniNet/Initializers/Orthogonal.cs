using MiniNet.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace MiniNet.Initializers;

/// <summary>
/// Draws a random orthogonal matrix: W·Wᵀ = gain² · I, or Wᵀ·W = gain² · I if W has more rows than columns. It preserves the norm of
/// vectors that pass through a deep linear network. A tensor with more than two dimensions is treated as a matrix of its first dimension by
/// all others.
/// <code>
/// aᵢ ~ N(0, 1), then for each i in turn:              modified Gram–Schmidt, a = r·q with rᵢᵢ above 0
/// aᵢ −= (aᵢ·qⱼ) qⱼ        for all j before i
/// qᵢ = aᵢ / ‖aᵢ‖
/// W = gain · q            its rows, or its columns where they are fewer
/// </code>
/// </summary>
/// <remarks>
/// Saxe, McClelland and Ganguli, "Exact solutions to the nonlinear dynamics of learning in deep linear neural networks", ICLR 2014. The
/// positive diagonal of r makes all rotations equally likely: Mezzadri, "How to generate random matrices from the classical compact
/// groups", 2007. PyTorch's <c>orthogonal_</c>.
/// </remarks>
/// <param name="gain">The factor by which W scales vectors, finite.</param>
/// <exception cref="ArgumentOutOfRangeException">The gain is NaN or infinite.</exception>
public sealed class Orthogonal(float gain = 1) : Initializer
{
    private readonly float gain = Require.Finite(gain);

    /// <inheritdoc/>
    /// <exception cref="ShapeException">The weight has fewer than two dimensions.</exception>
    public override void Fill(Tensor weight, int fanIn, int fanOut, RandomStream random)
    {
        (int rows, int columns) = weight.Shape.Rank >= 2
            ? (weight.Shape.Rows, weight.Shape.Columns)
            : throw new ShapeException($"Orthogonal needs at least two dimensions, got {weight.Shape}");
        var q = new double[Math.Min(rows, columns)][];
        for (int i = 0; i < q.Length; i++)
        {
            Span<double> a = q[i] = new double[Math.Max(rows, columns)];
            foreach (ref double element in a)
            {
                element = random.NextNormal();
            }

            for (int j = 0; j < i; j++)
            {
                TensorPrimitives.MultiplyAdd(q[j], -TensorPrimitives.Dot<double>(a, q[j]), a, a);  // aᵢ −= (aᵢ·qⱼ) qⱼ
            }

            TensorPrimitives.Divide(a, TensorPrimitives.Norm<double>(a), a);                        // qᵢ = aᵢ / ‖aᵢ‖
        }

        for (int k = 0; k < weight.Span.Length; k++)
        {
            (int row, int column) = (k / columns, k % columns);
            weight.Span[k] = (float)(gain * (rows <= columns ? q[row][column] : q[column][row]));
        }
    }
}
