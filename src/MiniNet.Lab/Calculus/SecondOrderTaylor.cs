namespace MiniNet.Calculus;

/// <summary>
/// Represents the second-order Taylor polynomial of a function at a point a, with H = ∇²f(a):
/// <code>
/// z = f(a) + ∇f(a)·(x − a) + ½ (x − a)ᵀ H (x − a)
/// </code>
/// </summary>
/// <remarks>
/// Strang, "Calculus", 1991, section 13.6. The truncation error grows as |x − a|³. H is as accurate as <see cref="Function.Hessian"/>.
/// </remarks>
/// <param name="Plane">The constant and the first-order terms.</param>
/// <param name="Hessian">H, n by n; not copied.</param>
public sealed record SecondOrderTaylor(TangentPlane Plane, double[,] Hessian)
{
    /// <summary>Computes the polynomial at a point.</summary>
    /// <param name="f">A scalar-valued function.</param>
    /// <param name="at">a, with n coordinates.</param>
    /// <returns>The polynomial.</returns>
    /// <exception cref="ArgumentException">The number of coordinates is not n.</exception>
    /// <exception cref="InvalidOperationException">f has more than one output.</exception>
    /// <exception cref="UndefinedException">f or one of its derivatives is not finite at the point.</exception>
    public static SecondOrderTaylor At(Function f, params ReadOnlySpan<double> at)
    {
        var plane = TangentPlane.At(f, at);
        double[,] hessian = f.Hessian(at);
        return hessian.Cast<double>().All(double.IsFinite)
            ? new SecondOrderTaylor(plane, hessian)
            : throw new UndefinedException(f, plane.Point, plane.Value, "at the expansion point");
    }

    /// <summary>Evaluates the polynomial at x.</summary>
    /// <param name="x">The point, with n coordinates.</param>
    /// <returns>z.</returns>
    /// <exception cref="ArgumentException">The number of coordinates is not n.</exception>
    public double Evaluate(params ReadOnlySpan<double> x)
    {
        double z = Plane.Evaluate(x);
        for (int i = 0; i < x.Length; i++)
        {
            for (int j = 0; j < x.Length; j++)
            {
                z += 0.5 * Hessian[i, j] * (x[i] - Plane.Point[i]) * (x[j] - Plane.Point[j]);
            }
        }

        return z;
    }

    /// <summary>Returns the polynomial with its numbers: <c>z = 5 - 2·(y - 2) - (x - 1)² - (x - 1)·(y - 2) - (y - 2)²</c>.</summary>
    public override string ToString()
    {
        string text = Plane.ToString();
        for (int i = 0; i < Plane.Point.Count; i++)
        {
            string dx = MathFormat.From(Plane.Variables[i], Plane.Point[i]);
            text += MathFormat.Term(Hessian[i, i] / 2, dx + "²");
            for (int j = i + 1; j < Plane.Point.Count; j++)
            {
                text += MathFormat.Term(Hessian[i, j], $"{dx}·{MathFormat.From(Plane.Variables[j], Plane.Point[j])}");
            }
        }

        return text;
    }
}
