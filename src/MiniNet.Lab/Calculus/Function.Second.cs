namespace MiniNet.Calculus;

// Second derivatives, and derivatives along directions and paths; all are computed from gradients.
public sealed partial class Function
{
    private const double RequiredAgreement = 1e-3;

    // From 2⁻³ to 2⁻¹² of the point's size, where truncation and rounding errors are balanced for most functions; otherwise down to 2⁻²⁴.
    private const int WidestLevel = 3, NarrowestLevel = 12, FinestLevel = 24;

    /// <summary>
    /// Computes the directional derivative ∇f·u, the rate of change of f in a direction: largest along the gradient, 0 along a level curve.
    /// </summary>
    /// <param name="at">x, with n coordinates.</param>
    /// <param name="direction">A direction, n numbers; u is this vector scaled to length 1.</param>
    /// <returns>The derivative per unit of length.</returns>
    /// <exception cref="ArgumentException">
    /// The number of coordinates is not n, or the length of the direction is 0 or not finite.
    /// </exception>
    /// <exception cref="InvalidOperationException">f has more than one output.</exception>
    public double DirectionalDerivative(ReadOnlySpan<double> at, ReadOnlySpan<double> direction)
    {
        double[] u = ToUnitVector(direction, at.Length, nameof(direction));
        return Gradient(at).Zip(u, (g, part) => g * part).Sum();
    }

    /// <summary>Computes the Hessian ∇²f, n by n and symmetric: [i, j] = ∂²f/∂xᵢ∂xⱼ.</summary>
    /// <remarks>
    /// Computed by central differences of the exact gradient, (∇f(x + h eⱼ) − ∇f(x − h eⱼ)) / 2h, with Richardson's extrapolation and the h
    /// that agrees best with its neighbours (Ridders, "Accurate Computation of F′(x) and F′(x)F″(x)", Advances in Engineering Software 4,
    /// 1982), then made symmetric. h ranges from 2⁻³ to 2⁻¹² of max(1, |x|), and down to 2⁻²⁴ for functions with smaller features, where
    /// those do not agree. Where f is smooth and float32 leaves its gradient five digits, the relative error is at most 1e-3. At a kink,
    /// such as a ReLU's, there is no second derivative, and the result is a mean over the neighbourhood. The result is NaN if f or its
    /// gradient is not finite at the point or next to it. The cost is 23 gradients per variable, up to 83 with smaller features.
    /// </remarks>
    /// <param name="at">x, with n coordinates.</param>
    /// <returns>The Hessian.</returns>
    /// <exception cref="ArgumentException">The number of coordinates is not n.</exception>
    /// <exception cref="InvalidOperationException">f has more than one output.</exception>
    public double[,] Hessian(params ReadOnlySpan<double> at)
    {
        RequireLength(at);
        int n = at.Length;
        var hessian = new double[n, n];
        for (int j = 0; j < n; j++)
        {
            var e = new double[n];
            e[j] = 1;
            int? level = null;
            double[] column = DerivativeAlong(at, e, StepScale(at[j]), ref level);
            for (int i = 0; i < n; i++)
            {
                hessian[i, j] += column[i] / 2;
                hessian[j, i] += column[i] / 2;
            }
        }

        return hessian;
    }

    /// <summary>
    /// Computes the Hessian-vector product ∇²f·v by differences of the gradient along v, without storing the Hessian, which would be too
    /// large for millions of weights.
    /// </summary>
    /// <remarks>
    /// Pearlmutter, "Fast Exact Multiplication by the Hessian", Neural Computation 6, 1994, section 2, whose equation 1 is the difference
    /// used here. As accurate as <see cref="Hessian"/>.
    /// </remarks>
    /// <param name="at">x, with n coordinates.</param>
    /// <param name="v">v, n numbers.</param>
    /// <returns>A vector of n numbers.</returns>
    /// <exception cref="ArgumentException">The number of coordinates is not n, or the length of v is 0 or not finite.</exception>
    /// <exception cref="InvalidOperationException">f has more than one output.</exception>
    public double[] HessianVectorProduct(ReadOnlySpan<double> at, ReadOnlySpan<double> v)
    {
        int? level = null;
        return HessianVectorProduct(at, v, ref level);
    }

    /// <summary>Computes the product with the step size found for a nearby product, which saves searching for it again.</summary>
    internal double[] HessianVectorProduct(ReadOnlySpan<double> at, ReadOnlySpan<double> v, ref int? level)
    {
        double[] u = ToUnitVector(v, at.Length, nameof(v));
        double length = VectorMath.Length(v), size = 0;
        for (int i = 0; i < at.Length; i++)
        {
            size += u[i] * u[i] * at[i] * at[i];
        }

        return [.. DerivativeAlong(at, u, StepScale(Math.Sqrt(size)), ref level).Select(rate => rate * length)];
    }

    /// <summary>Computes df/dt along a path x(t) by the chain rule: Σ ∂f/∂xᵢ · dxᵢ/dt.</summary>
    /// <param name="path">x(t), n numbers for each t; smooth near t. Its derivatives are central differences in double precision.</param>
    /// <param name="t">The value of the parameter t.</param>
    /// <returns>The derivative and its terms.</returns>
    /// <exception cref="ArgumentException">The path does not return n numbers.</exception>
    /// <exception cref="InvalidOperationException">f has more than one output.</exception>
    public TotalDerivative TotalDerivative(Func<double, double[]> path, double t)
    {
        double h = 1e-4 * Math.Max(1, Math.Abs(t));
        double[] at = path(t), gradient = Gradient(at);
        double[][] far = [path(t + h), path(t - h)], near = [path(t + (h / 2)), path(t - (h / 2))];
        if (far.Concat(near).Any(point => point.Length != at.Length))
        {
            throw new ArgumentException("The path returns vectors of different lengths for different t.", nameof(path));
        }

        double[] rates = [.. at.Select((_, i) => ((8 * (near[0][i] - near[1][i])) - (far[0][i] - far[1][i])) / (6 * h))];
        return new TotalDerivative(Variables, at, gradient, rates);
    }

    /// <summary>
    /// Computes d/dt ∇f(x + t u) at t = 0 with step size 2 to the power of −level; finds the best level if none is given.
    /// </summary>
    private double[] DerivativeAlong(ReadOnlySpan<double> at, double[] u, double size, ref int? level)
    {
        double[] x = [.. at.ToArray().Select(number => (double)(float)number)];
        if (!Array.TrueForAll(GradientOrNaN(x), double.IsFinite))
        {
            return [.. u.Select(_ => double.NaN)]; // a pole: the values on both sides of it could agree by chance
        }

        if (level is { } known)
        {
            return Scan(x, u, size, known, known).Rates;
        }

        (double[] Rates, double Uncertainty, int? Level) first = Scan(x, u, size, WidestLevel, NarrowestLevel), scan = first;
        for (int narrowest = NarrowestLevel + 4; !(scan.Uncertainty <= RequiredAgreement * MaxAbs(scan.Rates))
            && narrowest <= FinestLevel; narrowest += 4)
        {
            scan = Scan(x, u, size, narrowest - 8, narrowest); // the function has smaller features
        }

        (double[] rates, _, level) = scan.Uncertainty <= RequiredAgreement * MaxAbs(scan.Rates) ? scan : first;
        return rates;
    }

    /// <summary>
    /// Tries step sizes from the smallest to the largest and returns the rates that agree best with those of the previous step size, and
    /// their disagreement. Stops where the rates jump by more than rounding: larger steps then span other features of the function, even if
    /// they agree with one another.
    /// </summary>
    private (double[] Rates, double Uncertainty, int? Level) Scan(double[] x, double[] u, double size, int widest, int narrowest)
    {
        double[] best = [.. u.Select(_ => double.NaN)], previous = best;
        double h = Math.ScaleB(size, -narrowest - 1), least = double.PositiveInfinity;
        int? found = null;
        (double[] narrow, _) = Difference(x, u, h);
        for (int k = narrowest; k >= widest; k--)
        {
            h = Math.ScaleB(size, -k);
            (double[] wide, double most) = Difference(x, u, h);
            double[] estimate = [.. narrow.Zip(wide, (n, w) => ((4 * n) - w) / 3)]; // cancels the error of order h²
            double rounding = Math.ScaleB(most, -24) / h,
                step = MaxDifference(estimate, previous),
                apart = step + (MaxDifference(estimate, narrow) / 64) + rounding;
            if (found is not null && step > Math.Max(MaxAbs(previous) / 2, 32 * rounding))
            {
                break;
            }

            if (apart < least || widest == narrowest)
            {
                (best, least, found) = (estimate, apart, k);
            }

            (previous, narrow) = (estimate, wide);
        }

        return (best, least, found);
    }

    private (double[] Rates, double Maximum) Difference(double[] x, double[] u, double h)
    {
        double[] above = GradientOrNaN(PointAlong(x, u, h)), below = GradientOrNaN(PointAlong(x, u, -h));
        return ([.. above.Zip(below, (a, b) => (a - b) / (2 * h))], MaxAbs(above) + MaxAbs(below));
    }

    // Unlike Enumerable.Max, these propagate NaN.
    private static double MaxAbs(double[] v) => v.Aggregate(0.0, (most, part) => Math.Max(most, Math.Abs(part)));

    private static double MaxDifference(double[] a, double[] b) =>
        a.Zip(b).Aggregate(0.0, (most, pair) => Math.Max(most, Math.Abs(pair.First - pair.Second)));

    /// <summary>
    /// Computes the gradient, or NaN where f itself is not finite. The logarithm of a negative number, for example, is NaN, but its
    /// derivative is 1/x.
    /// </summary>
    internal double[] GradientOrNaN(double[] at)
    {
        (double value, double[] gradient) = ValueAndGradient(at);
        if (!double.IsFinite(value))
        {
            Array.Fill(gradient, double.NaN);
        }

        return gradient;
    }

    private static double[] PointAlong(ReadOnlySpan<double> at, double[] u, double t)
    {
        double[] shifted = at.ToArray();
        for (int i = 0; i < shifted.Length; i++)
        {
            shifted[i] += t * u[i];
        }

        return shifted;
    }

    // A power of 2, so that x + h is hardly rounded for a float32 x.
    private static double StepScale(double x) => double.IsFinite(x) ? Math.ScaleB(1, Math.ILogB(Math.Max(1, Math.Abs(x)))) : double.NaN;

    private static double[] ToUnitVector(ReadOnlySpan<double> vector, int n, string name)
    {
        if (vector.Length != n)
        {
            throw new ArgumentException($"The point has {n} coordinate(s), but the direction has {vector.Length}.", name);
        }

        double length = VectorMath.Length(vector);
        if (!(length > 0) || !double.IsFinite(length))
        {
            throw new ArgumentException("The length of the direction must be finite and not 0.", name);
        }

        double[] u = vector.ToArray();
        for (int i = 0; i < u.Length; i++)
        {
            u[i] /= length;
        }

        return u;
    }
}
