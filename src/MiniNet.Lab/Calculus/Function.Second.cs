using MiniNet.GradientChecking;

namespace MiniNet.Calculus;

// Second derivatives, and derivatives along directions and paths, which are made of gradients.
public sealed partial class Function
{
    private const double Enough = 1e-3;
    private const int Widest = 3, Narrowest = 12, Finest = 24; // 2⁻³ to 2⁻¹² of the point's size, where rounding and curvature meet for most; to 2⁻²⁴ where those disagree

    /// <summary>∇f·u, the rate of change of f in a direction: greatest along the gradient, 0 along a level curve.</summary>
    /// <param name="at">x, n numbers.</param>
    /// <param name="direction">A direction, n numbers; u is that vector at length 1.</param>
    /// <returns>The derivative for each unit of way.</returns>
    /// <exception cref="ArgumentException">There are not n numbers, or the direction has no length or none that is finite.</exception>
    /// <exception cref="InvalidOperationException">f(x) is more than one number.</exception>
    public double DirectionalDerivative(ReadOnlySpan<double> at, ReadOnlySpan<double> direction)
    {
        double[] u = Unit(direction, at.Length, nameof(direction));
        return Gradient(at).Zip(u, (g, part) => g * part).Sum();
    }

    /// <summary>∇²f, n by n and symmetric: [i, j] = ∂²f/∂xᵢ∂xⱼ.</summary>
    /// <remarks>
    /// By central differences of the exact gradient, (∇f(x + h eⱼ) − ∇f(x − h eⱼ)) / 2h, with Richardson's extrapolation and the h that agrees best
    /// with its neighbours (Ridders, "Accurate Computation of F′(x) and F′(x)F″(x)", Advances in Engineering Software 4, 1982), then made symmetric. From 2⁻³ to 2⁻¹² of
    /// max(1, |x|), and where those do not agree to 2⁻²⁴, for functions with smaller features. Where f is smooth and float32 leaves its gradient five digits, the relative error is at most
    /// 1e-3. At a kink, such as a ReLU's, there is no second derivative, and what comes is a mean over the
    /// neighbourhood; where f or its gradient is not finite, at the point or beside it, it is NaN. It takes 23 gradients for each variable, with smaller features up to 83.
    /// </remarks>
    /// <param name="at">x, n numbers.</param>
    /// <returns>The Hessian.</returns>
    /// <exception cref="ArgumentException">There are not n numbers.</exception>
    /// <exception cref="InvalidOperationException">f(x) is more than one number.</exception>
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
            double[] column = AlongUnit(at, e, Size(at[j]), ref level);
            for (int i = 0; i < n; i++)
            {
                hessian[i, j] += column[i] / 2;
                hessian[j, i] += column[i] / 2;
            }
        }

        return hessian;
    }

    /// <summary>∇²f·v, by differences of the gradient along v: the Hessian of millions of weights need never be written down.</summary>
    /// <remarks>Pearlmutter, "Fast Exact Multiplication by the Hessian", Neural Computation 6, 1994, section 2, whose equation 1 is the difference used here. As exact as <see cref="Hessian"/>.</remarks>
    /// <param name="at">x, n numbers.</param>
    /// <param name="v">v, n numbers.</param>
    /// <returns>n numbers.</returns>
    /// <exception cref="ArgumentException">There are not n numbers, or v has no length or none that is finite.</exception>
    /// <exception cref="InvalidOperationException">f(x) is more than one number.</exception>
    public double[] HessianVectorProduct(ReadOnlySpan<double> at, ReadOnlySpan<double> v)
    {
        int? level = null;
        return HessianVectorProduct(at, v, ref level);
    }

    /// <summary>The same with the width of another product near by, which need not be looked for again.</summary>
    internal double[] HessianVectorProduct(ReadOnlySpan<double> at, ReadOnlySpan<double> v, ref int? level)
    {
        double[] u = Unit(v, at.Length, nameof(v));
        double length = VectorMath.Length(v), size = 0;
        for (int i = 0; i < at.Length; i++)
        {
            size += u[i] * u[i] * at[i] * at[i];
        }

        return [.. AlongUnit(at, u, Size(Math.Sqrt(size)), ref level).Select(rate => rate * length)];
    }

    /// <summary>df/dt along a path x(t), by the chain rule: Σ ∂f/∂xᵢ · dxᵢ/dt.</summary>
    /// <param name="path">x(t), n numbers for each t; smooth near t. Its rates are found by central differences in double precision.</param>
    /// <param name="t">When.</param>
    /// <returns>The derivative, with the terms it is made of.</returns>
    /// <exception cref="ArgumentException">The path does not give n numbers.</exception>
    /// <exception cref="InvalidOperationException">f(x) is more than one number.</exception>
    public TotalDerivative TotalDerivative(Func<double, double[]> path, double t)
    {
        double h = 1e-4 * Math.Max(1, Math.Abs(t));
        double[] at = path(t), gradient = Gradient(at);
        double[][] far = [path(t + h), path(t - h)], near = [path(t + (h / 2)), path(t - (h / 2))];
        if (far.Concat(near).Any(place => place.Length != at.Length))
        {
            throw new ArgumentException("The path gives more numbers at one time than at another.", nameof(path));
        }

        double[] rates = [.. at.Select((_, i) => ((8 * (near[0][i] - near[1][i])) - (far[0][i] - far[1][i])) / (6 * h))];
        return new TotalDerivative(Variables, at, gradient, rates);
    }

    /// <summary>d/dt ∇f(x + t u) at t = 0, from points 2 to the power of −level apart; the best level where none is given.</summary>
    private double[] AlongUnit(ReadOnlySpan<double> at, double[] u, double size, ref int? level)
    {
        double[] x = [.. at.ToArray().Select(number => (double)(float)number)];
        if (!Array.TrueForAll(GradientOrNaN(x), double.IsFinite))
        {
            return [.. u.Select(_ => double.NaN)]; // a pole: what lies on either side of it may well agree
        }

        if (level is { } known)
        {
            return Scan(x, u, size, known, known).Rates;
        }

        (double[] Rates, double Doubt, int? Level) first = Scan(x, u, size, Widest, Narrowest), scan = first;
        for (int narrowest = Narrowest + 4; !(scan.Doubt <= Enough * Greatest(scan.Rates)) && narrowest <= Finest; narrowest += 4)
        {
            scan = Scan(x, u, size, narrowest - 8, narrowest); // the function has smaller features
        }

        (double[] rates, _, level) = scan.Doubt <= Enough * Greatest(scan.Rates) ? scan : first;
        return rates;
    }

    /// <summary>
    /// From the narrowest width to the widest, the rates that agree best with those of the width before, and by how much they do not. Where they jump by more
    /// than rounding, the wider ones see other bends of the function, and may agree with one another all the same.
    /// </summary>
    private (double[] Rates, double Doubt, int? Level) Scan(double[] x, double[] u, double size, int widest, int narrowest)
    {
        double[] best = [.. u.Select(_ => double.NaN)], previous = best;
        double h = Math.ScaleB(size, -narrowest - 1), least = double.PositiveInfinity;
        int? found = null;
        (double[] narrow, _) = Difference(x, u, h);
        for (int k = narrowest; k >= widest; k--)
        {
            h = Math.ScaleB(size, -k);
            (double[] wide, double most) = Difference(x, u, h);
            double[] estimate = [.. narrow.Zip(wide, (n, w) => ((4 * n) - w) / 3)]; // the error of order h² falls out
            double rounding = Math.ScaleB(most, -24) / h, step = Apart(estimate, previous), apart = step + (Apart(estimate, narrow) / 64) + rounding;
            if (found is not null && step > Math.Max(Greatest(previous) / 2, 32 * rounding))
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

    private (double[] Rates, double Most) Difference(double[] x, double[] u, double h)
    {
        double[] above = GradientOrNaN(Moved(x, u, h)), below = GradientOrNaN(Moved(x, u, -h));
        return ([.. above.Zip(below, (a, b) => (a - b) / (2 * h))], Greatest(above) + Greatest(below));
    }

    // Unlike Enumerable.Max these let no NaN pass unseen.
    private static double Greatest(double[] v) => v.Aggregate(0.0, (most, part) => Math.Max(most, Math.Abs(part)));

    private static double Apart(double[] a, double[] b) => a.Zip(b).Aggregate(0.0, (most, pair) => Math.Max(most, Math.Abs(pair.First - pair.Second)));

    /// <summary>The gradient; NaN where f itself is not finite, as the logarithm of a number below 0, whose derivative is 1/x all the same.</summary>
    internal double[] GradientOrNaN(double[] at)
    {
        (double value, double[] gradient) = ValueAndGradient(at);
        if (!double.IsFinite(value))
        {
            Array.Fill(gradient, double.NaN);
        }

        return gradient;
    }

    private static double[] Moved(ReadOnlySpan<double> at, double[] u, double t)
    {
        double[] moved = at.ToArray();
        for (int i = 0; i < moved.Length; i++)
        {
            moved[i] += t * u[i];
        }

        return moved;
    }

    // A power of 2: x + h, with an x that float32 holds, is then hardly rounded.
    private static double Size(double x) => double.IsFinite(x) ? Math.ScaleB(1, Math.ILogB(Math.Max(1, Math.Abs(x)))) : double.NaN;

    private static double[] Unit(ReadOnlySpan<double> vector, int n, string name)
    {
        if (vector.Length != n)
        {
            throw new ArgumentException($"The point has {n} number(s), the direction {vector.Length}.", name);
        }

        double length = VectorMath.Length(vector);
        if (!(length > 0) || !double.IsFinite(length))
        {
            throw new ArgumentException("The direction needs a length that is finite and not 0.", name);
        }

        double[] u = vector.ToArray();
        for (int i = 0; i < u.Length; i++)
        {
            u[i] /= length;
        }

        return u;
    }
}
