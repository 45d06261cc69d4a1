using System.Globalization;
using System.Numerics.Tensors;
using MiniNet.Tensors;

namespace MiniNet.Calculus;

/// <summary>
/// How sharply a function curves upwards at a point: the largest eigenvalue λ of its Hessian, and the learning rate that it allows. A step of gradient
/// descent multiplies what is off along that eigenvector by 1 − ηλ, so that for λ above 0 steps grow instead of shrinking from
/// <code>
/// η = 2 / λ
/// </code>
/// on: that of plain SGD over all rows; momentum allows up to (1 + μ) times as much, and an optimizer that scales its steps, such as Adam, has another limit.
/// </summary>
/// <remarks>
/// By power iteration, v ← Hv / ‖Hv‖ (Golub and Van Loan, "Matrix Computations", 4th edition, 2013, section 7.3.1), with Hessian-vector products in place of H. The limit: LeCun, Simard and
/// Pearlmutter, "Automatic Learning Rate Maximization by On-Line Estimation of the Hessian's Eigenvectors", NIPS 1992. At a kink, such as a ReLU's, curvature is that of the neighbourhood.
/// </remarks>
/// <param name="Eigenvalue">λ. Below 0 the function curves downwards in every direction.</param>
/// <param name="Eigenvector">The direction of sharpest curvature, of length 1.</param>
/// <param name="Residual">‖Hv − λv‖ / |λ|: how far from an eigenvector v is; small where the power iteration has found one.</param>
/// <param name="Products">How many Hessian-vector products it took.</param>
public sealed record Sharpness(double Eigenvalue, IReadOnlyList<double> Eigenvector, double Residual, int Products)
{
    private const double Near = 1e-3;

    /// <summary>2/λ; infinite where nothing curves upwards.</summary>
    public double LearningRateLimit => Eigenvalue > 0 ? 2 / Eigenvalue : double.PositiveInfinity;

    /// <summary>Finds the largest eigenvalue at a point.</summary>
    /// <param name="f">The function, of a single number; the loss as a function of the weights, say.</param>
    /// <param name="at">The point, n numbers.</param>
    /// <param name="most">The most Hessian-vector products for each of the one or two iterations that it takes; at least 1.</param>
    /// <param name="seed">Decides the vector it starts from.</param>
    /// <param name="cancellation">Ends it between two products.</param>
    /// <returns>What was found, with the residual that says how well.</returns>
    /// <exception cref="ArgumentException">There are not n numbers.</exception>
    /// <exception cref="InvalidOperationException">f(x) is more than one number.</exception>
    /// <exception cref="UndefinedException">f or its derivatives are not finite there.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static Sharpness Of(Function f, ReadOnlySpan<double> at, int most = 100, ulong seed = 1, CancellationToken cancellation = default)
    {
        Require.AtLeast1(most);
        (Sharpness largest, double size) = Iterate(f, at, 0, most, seed, cancellation);
        if (largest.Eigenvalue >= 0 && largest.Residual <= Near)
        {
            return largest;
        }

        // The largest in size lies below 0, or two are of one size: of H + ‖H‖ none lies below 0. A Rayleigh quotient is never above the largest eigenvalue.
        (Sharpness above, _) = Iterate(f, at, size, most, seed, cancellation);
        return (above.Eigenvalue > largest.Eigenvalue ? above : largest) with { Products = above.Products + largest.Products };
    }

    /// <summary>λ, 2/λ and how well they are known.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"largest Hessian eigenvalue {Eigenvalue:G4}, learning rate below {LearningRateLimit:G4} ({Products} products, residual {Residual:G2})");

    private static (Sharpness Found, double Size) Iterate(Function f, ReadOnlySpan<double> at, double shift, int most, ulong seed, CancellationToken cancellation)
    {
        var random = new RandomStream(seed, "power iteration");
        var v = new double[at.Length];
        foreach (ref double number in v.AsSpan())
        {
            number = random.NextNormal();
        }

        double eigenvalue = 0, residual = double.PositiveInfinity, size = 0;
        int? level = null;
        int products = 0;
        while (products < most && residual > Near)
        {
            cancellation.ThrowIfCancellationRequested();
            TensorPrimitives.Divide(v, TensorPrimitives.Norm<double>(v), v);
            double[] product = f.HessianVectorProduct(at, v, ref level);
            products++;
            size = TensorPrimitives.Norm<double>(product);
            eigenvalue = TensorPrimitives.Dot<double>(v, product);
            var off = new double[v.Length];
            TensorPrimitives.MultiplyAdd(v, -eigenvalue, product, off);
            residual = TensorPrimitives.Norm<double>(off) / Math.Abs(eigenvalue);
            if (!double.IsFinite(eigenvalue))
            {
                throw new UndefinedException(f, at.ToArray(), eigenvalue, "where its curvature is asked for");
            }

            if (size == 0)
            {
                return (new Sharpness(0, v, 0, products), 0); // a constant or a plane
            }

            if (products < most && residual > Near)
            {
                TensorPrimitives.MultiplyAdd(v, shift, product, v); // v ← Hv + shift v
            }
        }

        return (new Sharpness(eigenvalue, v, residual, products), size);
    }
}
