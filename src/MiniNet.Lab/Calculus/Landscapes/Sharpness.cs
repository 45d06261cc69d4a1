using System.Globalization;
using System.Numerics.Tensors;
using MiniNet.Tensors;

namespace MiniNet.Calculus;

/// <summary>
/// Represents the sharpness of a function at a point: the largest eigenvalue λ of its Hessian, and the learning rate that it allows. A step
/// of gradient descent multiplies the deviation along that eigenvector by 1 − ηλ. For λ above 0, the deviation grows instead of shrinking
/// for η above
/// <code>
/// η = 2 / λ
/// </code>
/// This limit applies to plain SGD over all rows. Momentum allows up to (1 + μ) times as much, and an optimizer that scales its steps, such
/// as Adam, has another limit.
/// </summary>
/// <remarks>
/// Computed by power iteration, v ← Hv / ‖Hv‖ (Golub and Van Loan, "Matrix Computations", 4th edition, 2013, section 7.3.1), with
/// Hessian-vector products. The limit: LeCun, Simard and Pearlmutter, "Automatic Learning Rate Maximization by On-Line Estimation of the
/// Hessian's Eigenvectors", NIPS 1992. At a kink, such as a ReLU's, the curvature is that of the neighbourhood.
/// </remarks>
/// <param name="Eigenvalue">λ. If it is below 0, the function curves downwards in every direction.</param>
/// <param name="Eigenvector">The direction of largest curvature, of length 1.</param>
/// <param name="Residual">‖Hv − λv‖ / |λ|: the error of the eigenvector v; small if the power iteration has converged.</param>
/// <param name="Products">The number of Hessian-vector products computed.</param>
public sealed record Sharpness(double Eigenvalue, IReadOnlyList<double> Eigenvector, double Residual, int Products)
{
    private const double Near = 1e-3;

    /// <summary>Gets the limit of the learning rate, 2/λ; infinite if the function curves upwards in no direction.</summary>
    public double LearningRateLimit => Eigenvalue > 0 ? 2 / Eigenvalue : double.PositiveInfinity;

    /// <summary>Finds the largest eigenvalue at a point.</summary>
    /// <param name="f">A scalar-valued function, such as the loss as a function of the weights.</param>
    /// <param name="at">The point, with n coordinates.</param>
    /// <param name="maxProducts">
    /// The maximum number of Hessian-vector products per power iteration, at least 1. One or two iterations are run.
    /// </param>
    /// <param name="seed">The seed of the starting vector.</param>
    /// <param name="cancellation">Cancels between two products.</param>
    /// <returns>The sharpness, with the residual as a measure of accuracy.</returns>
    /// <exception cref="ArgumentException">The number of coordinates is not n.</exception>
    /// <exception cref="InvalidOperationException">f has more than one output.</exception>
    /// <exception cref="UndefinedException">f or its derivatives are not finite at the point.</exception>
    /// <exception cref="OperationCanceledException">The operation was cancelled.</exception>
    public static Sharpness Of(
        Function f,
        ReadOnlySpan<double> at,
        int maxProducts = 100,
        ulong seed = 1,
        CancellationToken cancellation = default)
    {
        Require.AtLeast1(maxProducts);
        (Sharpness largest, double size) = Iterate(f, at, 0, maxProducts, seed, cancellation);
        if (largest.Eigenvalue >= 0 && largest.Residual <= Near)
        {
            return largest;
        }

        // The eigenvalue of largest absolute value is negative, or two have the same absolute value. H + ‖H‖ I has no negative eigenvalues,
        // so iterate on that. A Rayleigh quotient is never above the largest eigenvalue.
        (Sharpness above, _) = Iterate(f, at, size, maxProducts, seed, cancellation);
        return (above.Eigenvalue > largest.Eigenvalue ? above : largest) with { Products = above.Products + largest.Products };
    }

    /// <summary>Describes λ, 2/λ and their accuracy.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"largest Hessian eigenvalue {Eigenvalue:G4}, learning rate below {LearningRateLimit:G4} "
            + $"({Products} products, residual {Residual:G2})");

    private static (Sharpness Found, double Size) Iterate(
        Function f,
        ReadOnlySpan<double> at,
        double shift,
        int maxProducts,
        ulong seed,
        CancellationToken cancellation)
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
        while (products < maxProducts && residual > Near)
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
                throw new UndefinedException(f, at.ToArray(), eigenvalue, "at the point of the curvature");
            }

            if (size == 0)
            {
                return (new Sharpness(0, v, 0, products), 0); // a constant or a plane
            }

            if (products < maxProducts && residual > Near)
            {
                TensorPrimitives.MultiplyAdd(v, shift, product, v); // v ← Hv + shift v
            }
        }

        return (new Sharpness(eigenvalue, v, residual, products), size);
    }
}
