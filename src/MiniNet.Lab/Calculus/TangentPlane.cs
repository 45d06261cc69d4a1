namespace MiniNet.Calculus;

/// <summary>
/// Represents the tangent plane (for one variable, the tangent line) to the surface z = f(x) at a point a, the first-order Taylor
/// polynomial:
/// <code>
/// z = f(a) + ∇f(a)·(x − a)
/// </code>
/// </summary>
/// <remarks>
/// Strang, "Calculus", 1991, section 13.3. The truncation error grows as |x − a|²; <see cref="SecondOrderTaylor"/> has the next term.
/// </remarks>
/// <param name="Variables">The names of the variables.</param>
/// <param name="Point">a.</param>
/// <param name="Value">f(a).</param>
/// <param name="Gradient">∇f(a).</param>
public sealed record TangentPlane(
    IReadOnlyList<string> Variables,
    IReadOnlyList<double> Point,
    double Value,
    IReadOnlyList<double> Gradient)
{
    /// <summary>Computes the tangent plane at a point.</summary>
    /// <param name="f">A scalar-valued function.</param>
    /// <param name="at">a, with n coordinates.</param>
    /// <returns>The tangent plane.</returns>
    /// <exception cref="ArgumentException">The number of coordinates is not n.</exception>
    /// <exception cref="InvalidOperationException">f has more than one output.</exception>
    /// <exception cref="UndefinedException">f or its gradient is not finite at the point.</exception>
    public static TangentPlane At(Function f, params ReadOnlySpan<double> at)
    {
        (double value, double[] gradient) = f.ValueAndGradient(at);
        double[] a = at.ToArray();
        return double.IsFinite(value) && Array.TrueForAll(gradient, double.IsFinite)
            ? new TangentPlane(f.Variables, a, value, gradient)
            : throw new UndefinedException(f, a, value, "at the point of tangency");
    }

    /// <summary>Evaluates the plane at x.</summary>
    /// <param name="x">The point, with n coordinates.</param>
    /// <returns>z.</returns>
    /// <exception cref="ArgumentException">The number of coordinates is not n.</exception>
    public double Evaluate(params ReadOnlySpan<double> x)
    {
        if (x.Length != Point.Count)
        {
            throw new ArgumentException($"The plane has {Point.Count} variable(s); {x.Length} number(s) were given.", nameof(x));
        }

        double z = Value;
        for (int i = 0; i < x.Length; i++)
        {
            z += Gradient[i] * (x[i] - Point[i]);
        }

        return z;
    }

    /// <summary>Returns the polynomial with its numbers: <c>z = 5 - 2·(y - 2)</c>.</summary>
    public override string ToString() =>
        $"z = {MathFormat.Number(Value)}"
        + $"{string.Concat(Gradient.Select((slope, i) => MathFormat.Term(slope, MathFormat.From(Variables[i], Point[i]))))}";
}
